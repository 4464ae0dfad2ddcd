/** Flat to rounding, far from any solution. */

import { twoNorm } from "../../numeric/blas1.js";
import { type Check, type Draft, short } from "../check.js";

export const plateau: Check = {
  id: "plateau",
  explains: ["flat", "poor"],
  examine(examination, { outcome }): Draft | undefined {
    const { run, settled, floor, achieved, probe, end } = examination;
    // Convex losses over tables have one basin, and no other start to look for
    if (settled.table !== undefined && settled.table.model.kind !== "sigmoid-squares") return undefined;
    const { best } = examination.restarts;
    if (best === undefined) return undefined;
    const gain = run.value - best.value;
    if (!(gain > 0.05 * achieved + 10 * floor && (gain > 0.05 * Math.abs(run.value) || outcome === "flat"))) return undefined;
    const size = twoNorm(end.gradient);
    // The gradient times any length the parameters have is less than rounding, and so are long steps
    const scale = Math.max(twoNorm(run.params), twoNorm(settled.startParams), 1);
    const direction = size > 0 ? end.gradient.map((g) => -g / size) : run.params.map(() => 1 / Math.sqrt(run.params.length));
    const longest = Math.max(
      ...[0.01, 0.03, 0.1].map((c) => Math.abs(probe.value(run.params.map((x, i) => x + c * scale * direction[i]!)) - run.value)),
    );
    const flat = longest <= Math.max(10 * floor, 1e-6 * gain);
    if (!flat && outcome !== "flat") return undefined;
    const { sign } = settled;
    return {
      confidence: flat ? 0.95 : 0.7,
      evidence: [
        examination.note("gradient-at-end", size, { how: "‖g‖₂ at the end of the run" }),
        examination.note("change-along-gradient", longest, {
          threshold: 10 * floor,
          how: "largest change of the value within a tenth of the parameters along the gradient",
        }),
        examination.measurements["best-restart"]!,
      ],
      text: `The objective is flat where the run stands: within a tenth of the parameters it changes by ${short(longest)}, and another start reaches ${short(sign * best.value)}.`,
      values: { gradientNorm: size, change: longest, better: sign * best.value },
      remedies: [
        { id: "start-with-slope", patch: { start: Array.from(best.start) }, fixLevel: "start", text: "Start where there is a slope." },
        {
          id: "start-with-slope-lbfgs",
          patch: { start: Array.from(best.start), method: "lbfgs" },
          fixLevel: "start",
          text: "Start where there is a slope, with L-BFGS.",
        },
        { id: "better-start", patch: { start: Array.from(best.params) }, fixLevel: "start", text: "Start from the best of the restarts." },
      ],
    };
  },
};
