import { element } from "./element.js";
import { type FigureOptions, wordsOf } from "./figure.js";
import { droppedCaption, finitePoints, type Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { renderFrame } from "./frame.js";
import { linePath, lineSample, markers } from "./marks.js";

export interface CalibrationCurveSpec extends FigureOptions {
  /** Predicted probability of the event, in [0, 1]. */
  readonly probability: Numbers;
  /** 1 where the event happened, else 0. */
  readonly outcome: Numbers;
  /** What the event is, such as "malignant". */
  readonly event?: string;
  /** Groups of equal size. Default 10, fewer where fewer probabilities differ. */
  readonly groups?: number;
}

/** A group of rows with similar predictions. */
export interface CalibrationGroup {
  readonly meanProbability: number;
  readonly observedShare: number;
  readonly rows: number;
  /** Wilson's 95 % interval of the share. */
  readonly low: number;
  readonly high: number;
}

/** Do events predicted with 70 % happen 70 times of 100? Observed shares over predicted probabilities. */
export function calibrationCurve(spec: CalibrationCurveSpec): string {
  const words = wordsOf(spec);
  const { x: probability, y: outcome, dropped } = finitePoints(spec.probability, spec.outcome);
  const groups = calibrationGroups(probability, outcome, spec.groups ?? 10);
  const event = spec.event === undefined ? "" : ` (${spec.event})`;
  return renderFrame({
    ...spec,
    kind: "calibration-curve",
    description:
      spec.description ??
      groups.map(({ meanProbability, observedShare }) => `${formatValue(meanProbability, 3)}: ${formatValue(observedShare, 3)}.`).join(" "),
    legend: [
      { label: words.fit, sample: lineSample(0) },
      {
        label: `${words.predicted} = ${words.observedShare}`,
        sample: element("path", { class: "df-line df-rule df-thin", "stroke-dasharray": "5 3", d: "M0,6L22,6" }),
      },
    ],
    x: { label: words.probability + event, extent: [0, 1] },
    y: { label: words.observedShare + event, extent: [0, 1] },
    height: (width) => Math.min(width, 330),
    caption: [
      ...(spec.caption ?? []),
      ...(groups.length === 0 ? [] : [words.calibrationBars(words.count(groups.length))]),
      ...droppedCaption(words, dropped),
    ],
    draw:
      groups.length === 0
        ? undefined
        : ({ x, y }) => {
            const px = groups.map(({ meanProbability }) => x.position(meanProbability));
            const py = groups.map(({ observedShare }) => y.position(observedShare));
            const bars = groups.map(({ low, high }, k) => linePath([px[k]!, px[k]!], [y.position(low), y.position(high)])).join("");
            return (
              element("path", {
                class: "df-line df-rule df-thin",
                "stroke-dasharray": "5 3",
                d: linePath([x.position(0), x.position(1)], [y.position(0), y.position(1)]),
              }) +
              element("path", { class: "df-line df-series-0 df-thin", d: bars }) +
              element("path", { class: "df-line df-series-0", d: linePath(px, py) }) +
              markers(0, px, py, 4)
            );
          },
  });
}

/** Rows sorted by probability, cut into groups of equal size; rows with the same probability stay together. */
export function calibrationGroups(probability: Numbers, outcome: Numbers, count: number): CalibrationGroup[] {
  const rows = probability.length;
  const order = Int32Array.from({ length: rows }, (_, i) => i).sort((a, b) => probability[a]! - probability[b]!);
  const groups: CalibrationGroup[] = [];
  let start = 0;
  for (let k = 1; k <= count && start < rows; k++) {
    let end = Math.max(start + 1, Math.round((k * rows) / count));
    while (end < rows && probability[order[end]!] === probability[order[end - 1]!]) end++;
    let sum = 0;
    let events = 0;
    for (let i = start; i < end; i++) {
      sum += probability[order[i]!]!;
      if (outcome[order[i]!]! >= 0.5) events++;
    }
    groups.push({
      meanProbability: sum / (end - start),
      observedShare: events / (end - start),
      rows: end - start,
      ...wilson(events, end - start),
    });
    start = end;
  }
  return groups;
}

/** Wilson 1927: the shares p for which |k/n − p| ≤ z·√(p(1−p)/n), with z = 1.96. */
function wilson(events: number, rows: number): { low: number; high: number } {
  const z2 = 1.96 ** 2;
  const share = events / rows;
  const middle = (share + z2 / (2 * rows)) / (1 + z2 / rows);
  const half = (1.96 * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows * rows))) / (1 + z2 / rows);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
