/** At rest where there is a way down. */

import { twoNorm } from "../../numeric/blas1.js";
import { type Check, type Draft, short } from "../check.js";

export const saddlePoint: Check = {
  id: "saddle-point",
  explains: ["stationary-saddle"],
  examine(examination): Draft | undefined {
    const { krylov, run, settled } = examination;
    const gain = examination.once<number>("saddle-gain", () => 0);
    const scale = Math.max(1e-3, twoNorm(run.params), twoNorm(settled.startParams), 0.1);
    const displaced = (sign: number): number[] => Array.from(run.params, (x, i) => x + sign * 1e-2 * scale * krylov.lowestVector[i]!);
    const values = [1, -1].map((sign) => examination.walk(displaced(sign), 15).value);
    const sign = values[0]! <= values[1]! ? 1 : -1;
    return {
      confidence: 0.95,
      evidence: [
        examination.measurements["lowest-curvature"]!,
        examination.note("gain-along-negative-curvature", gain, {
          threshold: 0.05 * examination.achieved,
          how: "15 steps of L-BFGS from either side of the point, displaced by a hundredth along the lowest curvature",
        }),
      ],
      text: `The run rests at a saddle: the curvature is ${short(krylov.lowest)} along one direction, and going along it gains ${short(gain)}.`,
      values: { lowestCurvature: krylov.lowest, gain: Number.isFinite(gain) ? gain : "Infinity" },
      remedies: [
        {
          id: "displace",
          patch: { start: displaced(sign) },
          fixLevel: "start",
          text: "Start from this point, displaced along the negative curvature.",
          prediction: { quantity: "lowest-curvature", value: 0 },
        },
        { id: "displace-lbfgs", patch: { start: displaced(sign), method: "lbfgs" }, fixLevel: "start", text: "The same with L-BFGS." },
        { id: "displace-other", patch: { start: displaced(-sign) }, fixLevel: "start", text: "Start displaced the other way." },
      ],
    };
  },
};
