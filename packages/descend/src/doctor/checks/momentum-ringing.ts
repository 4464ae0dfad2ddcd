/** The heavy ball rings in the slow mode: complex roots, whose envelope falls by β a step however the rate is chosen. */

import { type Check, confidenceOf, type Draft, type Remedy, short } from "../check.js";
import { consecutiveValues, mean } from "../outcome.js";
import { lbfgsRemedy } from "../remedies.js";

/** β^T above which the ringing has not died down. */
const REMAINS = 1e-3;
/** Relative error of the period. */
const PERIOD_ERROR = 0.25;

export const momentumRinging: Check = {
  id: "momentum-ringing",
  explains: ["unfinished", "oscillating", "diverged"],
  examine(examination): Draft | undefined {
    const { settled, run, krylov, stability } = examination;
    const { method } = settled;
    const beta = method.momentum;
    if ((method.family !== "heavy-ball" && method.family !== "nesterov") || settled.stochastic || stability === undefined) return undefined;
    const rate = (method.learningRate ?? examination.effectiveRate ?? 0) * (method.options.form === "ema" ? 1 - beta : 1);
    const theta = krylov.slowCurvature;
    if (!(theta > 0) || stability.atLowest > 1) return undefined;
    // z² − (1 + β − ηθ)·z + β, or (1 + β)(1 − ηθ) and β(1 − ηθ) for Nesterov
    const shrink = 1 - rate * theta;
    const sum = method.family === "nesterov" ? (1 + beta) * shrink : 1 + beta - rate * theta;
    const product = method.family === "nesterov" ? beta * shrink : beta;
    if (!(product > 0) || !(sum * sum < 4 * product)) return undefined;
    const left = product ** (run.steps / 2);
    if (!(left > REMAINS)) return undefined;
    const predicted = Math.PI / Math.acos(Math.min(1, sum / (2 * Math.sqrt(product))));
    const observed = periodOf(run.entries);
    if (observed === undefined || Math.abs(observed / predicted - 1) > PERIOD_ERROR) return undefined;
    const { first, settled: settling } = overshoot(run.entries, examination.floor);
    const critical = (1 - Math.sqrt(Math.min(1, rate * theta))) ** 2;
    const momentum = critical < 1e-6 ? 0 : Number(critical.toPrecision(4));
    const remedies: Remedy[] = [
      {
        id: "critical-damping",
        patch: { methodOptions: { momentum }, ...(method.learningRate === undefined ? {} : { learningRate: method.learningRate }) },
        fixLevel: "solver",
        text: `Lower the momentum to ${momentum}: the slow mode is then critically damped.`,
        values: { momentum },
      },
      ...lbfgsRemedy(examination),
    ];
    const shape = [
      examination.note("first-overshoot", first, { how: "rise of the value from its first minimum to the maximum after it" }),
      examination.note("settling-step", settling, {
        unit: "steps",
        how: "last step at which the value is above a twentieth of that rise over its lowest",
      }),
    ];
    return {
      confidence: 0.9 - Math.abs(observed / predicted - 1),
      evidence: [
        examination.note("envelope", left, {
          threshold: REMAINS,
          how: "what is left of the amplitude: (product of the roots)^(steps/2) of the characteristic polynomial at the slow curvature",
        }),
        examination.note("period", observed, {
          unit: "steps",
          threshold: predicted,
          how: `period with the largest part in the values of consecutive steps; predicted ${short(predicted)}`,
        }),
        ...shape,
      ],
      text: `Momentum ${beta} rings with a period of ${short(observed)} steps (predicted ${short(predicted)}); after ${run.steps} steps ${short(100 * left)} % of the amplitude is left.`,
      values: { momentum: beta, period: observed, predictedPeriod: predicted, envelope: left, confidence: confidenceOf(left, REMAINS) },
      remedies,
    };
  },
};

/** The first rise after a fall, and the last step that is still a twentieth of it above the lowest value. */
function overshoot(
  entries: readonly { readonly step: number; readonly value: number }[],
  floor: number,
): { first: number; settled: number } {
  const known = entries.filter(({ value }) => Number.isFinite(value));
  const turn = known.findIndex(({ value }, k) => k + 1 < known.length && known[k + 1]!.value > value + floor);
  if (turn < 0) return { first: 0, settled: 0 };
  let top = turn;
  while (top + 1 < known.length && known[top + 1]!.value > known[top]!.value) top++;
  const first = known[top]!.value - known[turn]!.value;
  const lowest = Math.min(...known.map(({ value }) => value));
  return { first, settled: known.findLast(({ value }) => value > lowest + first / 20)?.step ?? 0 };
}

/** Frequencies tried, from one and a half periods in the run to one in two steps. */
const FREQUENCIES = 240;

/** The period with the largest part in the values of consecutive steps, less their mean and slope; undefined of fewer than 12. */
function periodOf(entries: readonly { readonly step: number; readonly value: number }[]): number | undefined {
  const values = consecutiveValues(entries).filter(Number.isFinite);
  const n = values.length;
  if (n < 12) return undefined;
  const middle = (n - 1) / 2;
  const average = mean(values);
  const slope = mean(values.map((value, t) => (t - middle) * (value - average))) / mean(values.map((_, t) => (t - middle) ** 2));
  const rest = values.map((value, t) => value - average - slope * (t - middle));
  let best = 0;
  let period: number | undefined;
  for (let k = 0; k < FREQUENCIES; k++) {
    const frequency = (1.5 / n) * (n / 3) ** (k / (FREQUENCIES - 1));
    let [re, im] = [0, 0];
    rest.forEach((value, t) => {
      re += value * Math.cos(2 * Math.PI * frequency * t);
      im += value * Math.sin(2 * Math.PI * frequency * t);
    });
    const power = re * re + im * im;
    if (power > best) [best, period] = [power, 1 / frequency];
  }
  return period;
}
