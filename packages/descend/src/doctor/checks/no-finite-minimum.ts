/** There is no minimum at a finite distance. */

import { dot } from "../../numeric/blas1.js";
import { type Check, type Draft, type Remedy, short } from "../check.js";
import type { Examination } from "../examination.js";
import { rayScan } from "../instruments/ray-scan.js";
import { linearScores } from "../linear-model.js";

/** Growth of ‖x‖ from the middle of the run to its end. */
const GROWTH = 1.01;
/** Share of what L-BFGS still gains that the way ahead must hold. */
const HOLDS = 0.5;
/** Share of the linear fall that curvature takes back, from which it is more than rounding. */
const BENDS = 1e-6;
/** Difference from the parabola, as a share of what curvature takes back, up to which a fall is its. */
const ALIKE = 0.1;

export const noFiniteMinimum: Check = {
  id: "no-finite-minimum",
  explains: ["unbounded", "unfinished", "flat", "stationary", "nonfinite"],
  examine(examination, { outcome }): Draft | undefined {
    const { settled, run, floor, probe } = examination;
    if (outcome === "nonfinite" && run.steps === 0) return undefined;
    const last = run.entries.at(-1)!;
    const middle = run.entries.findLast(({ step }) => step <= last.step / 2) ?? run.entries[0]!;
    const growth = last.paramsNorm / Math.max(middle.paramsNorm, Number.MIN_VALUE);
    const separated = separates(examination);
    const named = run.verdict === "unbounded" || run.verdict === "infimum-not-attained";
    if (outcome !== "unbounded" && !named && !separated && !(growth > GROWTH && run.value < run.startValue)) return undefined;
    const before = probe.spent;
    const toEnd = (from: Float64Array): Float64Array => run.params.map((x, i) => x - from[i]!);
    const whole = toEnd(settled.startParams);
    const fromStart = rayScan(probe, settled.startParams, whole, floor);
    // What came to rest on the way is no part of where the run is heading: on from its end along the
    // second half alone, that has to hold what is left
    const halfway = run.snapshots.findLast(({ step }) => step <= last.step / 2);
    const onwards = fromStart.falls || halfway === undefined ? undefined : rayScan(probe, run.params, toEnd(halfway.params), floor);
    const holds = onwards?.falls === true && onwards.fall > Math.max(10 * floor, HOLDS * examination.drop.value);
    const scan = holds ? onwards : fromStart;
    const belowBound = run.lastValue < settled.lowerBound - 10 * floor;
    if (!scan.falls && !(outcome === "unbounded" && (belowBound || scan.fall > 0)) && !separated) return undefined;
    // A fall to a value that is reached, as of a hinge, has a minimum; one that only flattens out far
    // away must still have been falling at the end
    const tail = scan.values.filter(Number.isFinite);
    if (outcome === "stationary" && !named && !separated && run.reason !== "max-steps") return undefined;
    const far = 2 ** (tail.length - 1);
    const [along, distance] = holds ? [toEnd(halfway!.params), far] : [whole, far - 1];
    if (outcome !== "unbounded" && !named && !separated && isParabola(examination, along, distance, tail.at(-1)!)) return undefined;
    const evidence = [
      examination.note("fall-along-ray", scan.fall, {
        threshold: 0,
        how: holds
          ? "fall from the end of the run on, along its second half, up to 2¹⁶ times as far"
          : "value at the end of the run − value 2¹⁶ times as far from the start",
        cost: probe.spent - before,
      }),
      examination.note("growth-of-parameters", growth, { threshold: GROWTH, how: "‖x‖₂ at the end ÷ at half the steps" }),
    ];
    const curvature = examination.once(
      "start-curvature",
      () =>
        Math.abs(
          probe
            .hessianVector(settled.startParams)(unit(settled.layout.size))
            .reduce((sum, v) => sum + v, 0),
        ) || 1,
    );
    const l2 = Number((1e-2 * Math.max(curvature, 1e-6)).toPrecision(2));
    // A fall that outgrows the square of the distance is held by no penalty
    const [nearer, farthest] = [fromStart.values.at(-4), fromStart.values.at(-1)!];
    const endless = farthest === Number.NEGATIVE_INFINITY || (nearer !== undefined && nearer < 0 && farthest < 1.5 * 64 * nearer);
    const remedies: Remedy[] = [
      {
        id: "penalty",
        patch: { l2, method: "lbfgs", batch: "full", relativeGradientTolerance: 1e-8 },
        fixLevel: "model",
        aim: "stationary",
        automatic: !endless,
        text: `Add a penalty ½·${short(l2)}·‖x‖² on the parameters.`,
        values: { l2 },
      },
      {
        id: "larger-penalty",
        patch: { l2: Number((100 * l2).toPrecision(2)), method: "lbfgs", batch: "full", relativeGradientTolerance: 1e-8 },
        fixLevel: "model",
        aim: "stationary",
        automatic: !endless,
        text: `Add a larger penalty, ½·${short(100 * l2)}·‖x‖².`,
        values: { l2: 100 * l2 },
      },
      { id: "bounds", patch: {}, automatic: false, fixLevel: "model", text: "Bound the parameters to where they make sense." },
    ];
    const { sign } = settled;
    return {
      confidence: separated || belowBound || named ? 0.95 : 0.8,
      evidence,
      text: separated
        ? "The classes separate: every row has a positive margin, and the loss falls for ever as the weights grow."
        : `The objective falls along the ray of the parameters as far as was looked: ${short(sign * run.value)} at the end of the run, ${short(sign * tail.at(-1)!)} at ${short(far)} times the distance.`,
      values: { value: sign * run.value, far: sign * tail.at(-1)!, separated: String(separated) },
      remedies,
    };
  },
};

/**
 * Whether the fall so far out is that of a parabola whose bottom is farther still: steps that are
 * far too short do not make a minimum infinite.
 *
 * @param reached - the value at `distance` times `along` from the end.
 */
function isParabola({ end, probe, run }: Examination, along: Float64Array, distance: number, reached: number): boolean {
  const slope = distance * dot(end.gradient, along);
  const bend = (distance ** 2 * dot(probe.hessianVector(run.params)(along), along)) / 2;
  if (!(slope < 0 && bend > BENDS * -slope && 2 * bend < -slope)) return false;
  return Math.abs(reached - (end.value + slope + bend)) < ALIKE * (bend + Math.abs(slope) * Number.EPSILON);
}

function unit(n: number): Float64Array {
  return new Float64Array(n).fill(1 / Math.sqrt(n));
}

/** Every row on its side of the boundary, without a penalty that would hold the weights. */
function separates(examination: Parameters<Check["examine"]>[0]): boolean {
  const { settled, drop } = examination;
  const { table } = settled;
  if (table === undefined || table.model.kind !== "logistic" || (table.model.l2 ?? 0) > 0) return false;
  if (!table.target.length || Array.from(table.target).some((y) => y !== 0 && y !== 1)) return false;
  const scores = linearScores(table.columns, table.rows, settled.toOriginal(drop.walk.params), table.intercept, 1);
  return scores.every((score, i) => (table.target[i] === 1 ? score > 0 : score < 0));
}
