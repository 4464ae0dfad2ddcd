/** Momentum rings: the modes that carry the gap have complex roots, whose envelope falls by √β a step however the rate is chosen. */

import { mean } from "../../numeric/averages.js";
import { characteristicOf, type LinearRecurrence } from "../../optim/linear-recurrence.js";
import { type Check, type Draft, type Remedy, short } from "../check.js";
import { stabilityOfMethod } from "../instruments/stability.js";
import { consecutiveValues } from "../outcome.js";
import { lbfgsRemedy } from "../remedies.js";

/** What is left of the amplitude from which the ringing has not died down. */
const REMAINS = 1e-3;
/** Relative error of the period. */
const PERIOD_ERROR = 0.25;
/** Share of the gap in modes that swing; and share of it from which a mode is more than rounding, and has to be damped. */
const SWINGING = 0.5;
const CARRIES = 1e-3;

export const momentumRinging: Check = {
  id: "momentum-ringing",
  explains: ["unfinished", "oscillating", "diverged"],
  examine(examination): Draft | undefined {
    const { settled, run, krylov, stability } = examination;
    const { method } = settled;
    if ((method.family !== "heavy-ball" && method.family !== "nesterov") || settled.stochastic) return undefined;
    const rate = method.learningRate ?? examination.effectiveRate;
    const recurrence = rate === undefined ? undefined : stabilityOfMethod(method, rate)?.recurrence;
    if (recurrence === undefined || stability === undefined || stability.atLowest > 1) return undefined;
    const swinging = krylov.modes.flatMap((mode) => swingOf(recurrence, mode));
    const share = swinging.reduce((sum, mode) => sum + mode.share, 0);
    const beta = recurrence.beta;
    if (!(share > SWINGING)) return undefined;
    const slowest = swinging.find((mode) => mode.share > CARRIES) ?? swinging[0]!;
    const left = slowest.envelope ** run.steps;
    if (!(left > REMAINS)) return undefined;
    const observed = periodOf(run.entries);
    if (observed === undefined) return undefined;
    // Of several modes the one that is seen need not be the one that is displaced most at the
    // point that was kept: that is a matter of phase
    const error = (period: number): number => Math.abs(observed / period - 1);
    const predicted = swinging.map(({ period }) => period).reduce((best, period) => (error(period) < error(best) ? period : best));
    if (error(predicted) > PERIOD_ERROR) return undefined;
    const { first, settled: settling } = overshoot(run.entries, examination.floor);
    const critical = (1 - Math.sqrt(Math.min(1, recurrence.learningRate * recurrence.weight * slowest.curvature))) ** 2;
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
      confidence: 0.95 - error(predicted),
      evidence: [
        examination.note("envelope", left, {
          threshold: REMAINS,
          how: "what is left of the amplitude: (product of the roots)^(steps/2) of the characteristic polynomial at the slow curvature",
        }),
        examination.note("swinging-share", share, {
          threshold: SWINGING,
          how: "share of the predicted gap in curvatures whose roots are complex",
        }),
        examination.note("period", observed, {
          unit: "steps",
          threshold: predicted,
          how: `period with the largest part in the values of consecutive steps; of the curvatures in the gap the nearest predicts ${short(predicted)}`,
        }),
        ...shape,
      ],
      text: `Momentum ${beta} rings with a period of ${short(observed)} steps (predicted ${short(predicted)}); after ${run.steps} steps ${short(100 * left)} % of the amplitude is left.`,
      values: { momentum: beta, period: observed, predictedPeriod: predicted, envelope: left },
      remedies,
    };
  },
};

interface Swing {
  readonly curvature: number;
  readonly share: number;
  /** √(product of the roots), a step; and steps a period of the value takes, two of which make one of the parameters. */
  readonly envelope: number;
  readonly period: number;
}

/** One entry for a curvature whose roots are complex, none else. */
function swingOf(recurrence: LinearRecurrence, { curvature, share }: { curvature: number; share: number }): Swing[] {
  const { trace, determinant } = characteristicOf(recurrence, recurrence.learningRate * curvature);
  if (!(determinant > 0) || !(trace * trace < 4 * determinant)) return [];
  const envelope = Math.sqrt(determinant);
  return [{ curvature, share, envelope, period: Math.PI / Math.acos(trace / (2 * envelope)) }];
}

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
