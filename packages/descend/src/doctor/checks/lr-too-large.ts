/** The step is beyond the limit of stability somewhere on the path. */

import { median } from "../../numeric/averages.js";
import { type Check, confidenceOf, type Draft, type Remedy, short } from "../check.js";

export const lrTooLarge: Check = {
  id: "lr-too-large",
  explains: ["nonfinite", "diverged", "oscillating", "unfinished"],
  examine(examination, { outcome }): Draft | undefined {
    const { settled, run } = examination;
    const { method } = settled;
    if (method.family === "search" || method.learningRate === undefined) return undefined;
    // A start without a value has no curvature either
    if (!Number.isFinite(run.startValue)) return undefined;
    const { stability } = examination;
    const scans = outcome === "nonfinite" && run.steps < 2 ? [] : examination.scans;
    const overshoots = scans.filter(({ scan }) => !(scan.atOne > 0)).length;
    const atRest =
      stability === undefined ? 0 : outcome === "unfinished" ? Math.min(stability.atLowest, stability.atLast) : stability.largest;
    const unstable = atRest > 1;
    // Momentum carries uphill at rates that are stable: there only the curvature tells
    const inertia = stability !== undefined && method.family !== "gradient" && method.momentum > 0;
    const overshooting = (!inertia || unstable) && (overshoots >= 2 || (overshoots >= 1 && scans.length === 1));
    if (!unstable && !overshooting) return undefined;
    // A run that still gets somewhere in spite of a curvature it met on the way is judged by what its steps do.
    if (outcome === "unfinished" && !(unstable && overshooting)) return undefined;
    const evidence = [
      ...(stability === undefined ? [] : [examination.measurements["stability-number"]!]),
      ...scans.map((_, k) => examination.measurements[`step-scan-${k + 1}`]!),
    ];
    const growth = growthRate(run.entries.map(({ step, value }) => ({ step, value })));
    if (growth !== undefined)
      evidence.push(
        examination.note("growth-of-value", growth, {
          unit: "per step",
          threshold: 1,
          how: "median ratio of consecutive values before the end",
        }),
      );
    const number = stability === undefined ? Number.NaN : Math.max(atRest, stability.atStart);
    const stable = examination.stableRate;
    const remedies: Remedy[] = [];
    if (stable !== undefined && stable < method.learningRate && method.adjustable) {
      remedies.push({
        id: "stable-rate",
        patch: { learningRate: Number(stable.toPrecision(4)) },
        fixLevel: "solver",
        text: `Take the learning rate ${short(stable)}: 0.9 of the limit at the largest curvature of a sound descent.`,
        values: { learningRate: stable },
        prediction: { quantity: "stability-number", value: 0.9 },
      });
    }
    if (method.adjustable) {
      remedies.push({
        id: "tenth-of-rate",
        patch: { learningRate: Number((method.learningRate / 10).toPrecision(4)) },
        fixLevel: "solver",
        text: `Take a tenth of the learning rate, ${short(method.learningRate / 10)}.`,
        values: { learningRate: method.learningRate / 10 },
      });
    }
    if (!settled.stochastic) {
      remedies.splice(1, 0, {
        id: "line-search",
        patch: { method: "lbfgs" },
        fixLevel: "solver",
        text: "Let a line search find the length of the steps: L-BFGS.",
      });
    }
    return {
      confidence: unstable ? confidenceOf(number, 1) * (overshooting ? 1 : 0.9) + (overshooting ? 0.03 : 0) : 0.6,
      evidence,
      text: unstable
        ? `The learning rate ${short(method.learningRate)} is ${short(number)} times what ${method.name} can take at the curvature it meets.`
        : `The method's own next step raises the objective at ${overshoots} of ${scans.length} points looked at.`,
      values: {
        learningRate: method.learningRate,
        stabilityNumber: Number.isFinite(number) ? number : "NaN",
        overshoots,
        method: method.name,
      },
      remedies,
    };
  },
};

/** Median growth of values per step over the last ten that grow. */
function growthRate(values: readonly { readonly step: number; readonly value: number }[]): number | undefined {
  const ratios: number[] = [];
  for (let k = values.length - 1; k > 0 && ratios.length < 10; k--) {
    const [after, before] = [values[k]!, values[k - 1]!];
    if (after.step === before.step + 1 && before.value > 0 && after.value > before.value) ratios.push(after.value / before.value);
  }
  return ratios.length >= 3 ? median(ratios) : undefined;
}
