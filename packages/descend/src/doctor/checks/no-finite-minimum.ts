/** There is no minimum at a finite distance. */

import { type Check, type Draft, type Remedy, short } from "../check.js";
import { rayScan } from "../instruments/ray-scan.js";
import { linearScores } from "../linear-model.js";

/** Growth of ‖x‖ from the middle of the run to its end. */
const GROWTH = 1.01;
/** Share of what L-BFGS still gains that the way ahead must hold. */
const HOLDS = 0.5;

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
    const whole = run.params.map((x, i) => x - settled.startParams[i]!);
    const fromStart = rayScan(probe, settled.startParams, whole, floor);
    // What came to rest on the way is no part of where the run is heading: on from its end along the second half alone, that has to hold what is left
    const halfway = run.snapshots.findLast(({ step }) => step <= last.step / 2);
    const onwards =
      fromStart.falls || halfway === undefined
        ? undefined
        : rayScan(
            probe,
            run.params,
            run.params.map((x, i) => x - halfway.params[i]!),
            floor,
          );
    const holds = onwards?.falls === true && onwards.fall > Math.max(10 * floor, HOLDS * examination.drop.value);
    const scan = holds ? onwards : fromStart;
    const belowBound = run.lastValue < settled.lowerBound - 10 * floor;
    if (!scan.falls && !(outcome === "unbounded" && (belowBound || scan.fall > 0)) && !separated) return undefined;
    // A fall to a value that is reached, as of a hinge, has a minimum; one that only flattens out far away must still have been falling at the end
    const tail = scan.values.filter(Number.isFinite);
    if (outcome === "stationary" && !named && !separated && run.reason !== "max-steps") return undefined;
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
    const [nearer, far] = [fromStart.values.at(-4), fromStart.values.at(-1)!];
    const endless = far === Number.NEGATIVE_INFINITY || (nearer !== undefined && nearer < 0 && far < 1.5 * 64 * nearer);
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
        : `The objective falls along the ray of the parameters as far as was looked: ${short(sign * run.value)} at the end of the run, ${short(sign * tail.at(-1)!)} at ${short(2 ** (tail.length - 1))} times the distance.`,
      values: { value: sign * run.value, far: sign * tail.at(-1)!, separated: String(separated) },
      remedies,
    };
  },
};

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
