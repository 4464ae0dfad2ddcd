/** The table of metrics and the confusion matrix over evaluated cases. */

import type { Evaluation } from "./evaluate.js";

export interface Rate {
  readonly count: number;
  readonly of: number;
  /** Wilson's interval at 95 %. */
  readonly low: number;
  readonly high: number;
}

export interface Score {
  readonly detection: Rate;
  readonly falseAlarms: Rate;
  readonly strict: Rate;
  readonly lenient: Rate;
  readonly topTwo: Rate;
  readonly repaired: Rate;
  readonly repairedOfAutomatic: Rate;
  readonly harmed: Rate;
  /** Of the gaps closed: median, and the tenth percentile. */
  readonly closedMedian: number;
  readonly closedTenth: number;
  readonly brier: number;
  /** Diagnosis ÷ max(a tenth of the run, 200), the worst case. */
  readonly diagnosisOverhead: number;
}

/** Of a diagnosis, in units of max(a tenth of the run, 200 gradients). */
export function overhead({ run, diagnosis }: Evaluation["costs"]): number {
  return diagnosis / Math.max(0.1 * run, 200);
}

/** Source: Wilson 1927. */
export function wilson(count: number, of: number): Rate {
  const z = 1.96;
  if (of === 0) return { count, of, low: 0, high: 1 };
  const p = count / of;
  const center = (p + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  return { count, of, low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

export function score(evaluations: readonly Evaluation[]): Score {
  const sick = evaluations.filter(({ kind }) => kind === "sick");
  const well = evaluations.filter(({ kind }) => kind !== "sick");
  const rate = (list: readonly Evaluation[], holds: (evaluation: Evaluation) => boolean): Rate =>
    wilson(list.filter(holds).length, list.length);
  const closed = sick
    .map((each) => each.closed)
    .filter((share) => !Number.isNaN(share))
    .sort((a, b) => a - b);
  const quantile = (q: number): number => closed[Math.floor(q * (closed.length - 1))] ?? Number.NaN;
  const detected = sick.filter(({ found }) => found.length > 0);
  return {
    detection: rate(sick, ({ found }) => found.length > 0),
    falseAlarms: rate(well, ({ found }) => found.length > 0),
    strict: rate(sick, ({ correct }) => correct),
    lenient: rate(sick, ({ lenient }) => lenient),
    topTwo: rate(sick, ({ found, truth }) => found.slice(0, 2).includes(truth)),
    repaired: rate(sick, ({ repaired }) => repaired),
    repairedOfAutomatic: rate(
      sick.filter(({ automatic }) => automatic),
      ({ repaired }) => repaired,
    ),
    harmed: rate(evaluations, ({ harmed }) => harmed),
    closedMedian: quantile(0.5),
    closedTenth: quantile(0.1),
    brier: detected.reduce((sum, { confidence, correct }) => sum + (confidence - (correct ? 1 : 0)) ** 2, 0) / Math.max(1, detected.length),
    diagnosisOverhead: Math.max(0, ...evaluations.map(({ costs }) => overhead(costs))),
  };
}

const percent = ({ count, of, low, high }: Rate): string =>
  `${count}/${of} = ${((100 * count) / Math.max(1, of)).toFixed(1)} %  (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;

export function scoreLines(result: Score): string[] {
  const rows: [string, string, string][] = [
    ["detection", percent(result.detection), "≥ 99 %"],
    ["false alarms", percent(result.falseAlarms), "≤ 1 %"],
    ["cause, strict", percent(result.strict), "≥ 85 %"],
    ["cause, lenient", percent(result.lenient), "≥ 95 %"],
    ["cause among the first two", percent(result.topTwo), ""],
    ["repaired, of those with an automatic remedy", percent(result.repairedOfAutomatic), "≥ 95 %"],
    ["repaired, of all", percent(result.repaired), "≥ 90 %"],
    ["harmed", percent(result.harmed), "0"],
    ["gap closed, median", result.closedMedian.toFixed(4), "≥ 0.99"],
    ["gap closed, tenth percentile", result.closedTenth.toFixed(4), "≥ 0.9"],
    ["Brier score of the confidence", result.brier.toFixed(3), "≤ 0.1"],
    ["diagnosis ÷ max(a tenth of the run, 200 gradients), worst", result.diagnosisOverhead.toFixed(2), "≤ 1"],
  ];
  return rows.map(([name, value, aim]) => `${name.padEnd(58)} ${value.padEnd(34)} ${aim}`);
}

/** Truths by what was found first; only what is not on the diagonal is listed in words. */
export function confusionLines(evaluations: readonly Evaluation[]): string[] {
  const truths = [...new Set(evaluations.filter(({ kind }) => kind === "sick").map(({ truth }) => truth))];
  return truths.map((truth) => {
    const own = evaluations.filter((each) => each.kind === "sick" && each.truth === truth);
    const counts = new Map<string, number>();
    for (const { found } of own) counts.set(found[0] ?? "nothing", (counts.get(found[0] ?? "nothing") ?? 0) + 1);
    const others = [...counts].filter(([id]) => id !== truth).map(([id, count]) => `${id} ${count}`);
    const repaired = own.filter((each) => each.repaired).length;
    return `${truth.padEnd(22)} ${String(counts.get(truth) ?? 0).padStart(2)}/${own.length}   repaired ${repaired}/${own.length}   ${others.join(", ")}`;
  });
}
