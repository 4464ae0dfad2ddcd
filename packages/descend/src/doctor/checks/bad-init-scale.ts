/** The start is so far out that the budget goes into coming back. */

import { dot, twoNorm } from "../../numeric/blas1.js";
import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { largestCurvature } from "../instruments/krylov-probe.js";

/** Distance from the start to the best point ÷ size of the best point, or of a point whose parameters are all 1. */
const FAR = 30;
/** Curvature toward the solution, at the start ÷ there, from which the two are different country. */
const UNLIKE = 10;

export const badInitScale: Check = {
  id: "bad-init-scale",
  explains: ["nonfinite", "diverged", "unfinished", "flat"],
  examine(examination, { outcome }): Draft | undefined {
    const { settled, run, floor } = examination;
    if (settled.kind !== "function" || !Number.isFinite(run.startValue)) return undefined;
    // A start that is not far from where the parameters are 1 need not be tried nearer
    if (twoNorm(settled.startParams) < FAR * Math.sqrt(settled.layout.size)) return undefined;
    const nearer = examination.once("nearer-start", () => {
      // The same start, shrunk toward the origin
      const walks = [0.1, 0.01].map((share) => {
        const start = settled.startParams.map((x) => share * x);
        return { start, walk: examination.walk(start, 20, 24) };
      });
      return walks.filter(({ walk }) => Number.isFinite(walk.value)).sort((a, b) => a.walk.value - b.walk.value)[0];
    });
    if (nearer === undefined) return undefined;
    const end = nearer.walk.params;
    const size = Math.max(twoNorm(end), Math.sqrt(settled.layout.size));
    const distance = twoNorm(settled.startParams.map((x, i) => x - end[i]!)) / size;
    if (
      !(distance > FAR) ||
      !(run.value - nearer.walk.value > 0.05 * Math.max(examination.achieved * 0.01, Math.abs(nearer.walk.value)) + 10 * floor)
    )
      return undefined;
    // A quadratic looks the same from any distance: the start is to blame where the slopes there do not tell how far it is
    const across = end.map((x, i) => x - settled.startParams[i]!);
    const [outside, inside] = [settled.startParams, end].map((params) => dot(examination.probe.hessianVector(params)(across), across));
    const likeness = outside! / inside!;
    if (likeness > 1 / UNLIKE && likeness < UNLIKE) return undefined;
    // A rate that is too large near the solution as well is no matter of the start.
    const { stability } = examination;
    const rate = settled.method.learningRate;
    if ((outcome === "diverged" || outcome === "nonfinite") && stability !== undefined && rate !== undefined) {
      const there = Math.max(
        ...[nearer.start, nearer.walk.params].map((params) => largestCurvature(examination.probe, params, settled.seed, undefined, 6)),
      );
      if (!((rate * there) / stability.limit < 1)) return undefined;
    }
    const start = Array.from(nearer.start);
    const { sign } = settled;
    return {
      confidence: confidenceOf(distance, FAR) * (outcome === "flat" ? 1 : 0.8),
      evidence: [
        examination.note("distance-of-start", distance, {
          threshold: FAR,
          how: "‖start − best point‖ ÷ max(‖best point‖, √n); best after 20 steps of L-BFGS from the start shrunk tenfold and a hundredfold",
        }),
        examination.note("curvature-at-start", likeness, {
          threshold: 1 / UNLIKE,
          how: "curvature along the way from the start to the best point, at the start ÷ at that point; 1 on a quadratic",
        }),
        examination.note("value-from-nearer", sign * nearer.walk.value, { how: "value there" }),
      ],
      text: `The start is ${short(distance)} times as far from the solution as its parameters are large; from a nearer start the same problem reaches ${short(sign * nearer.walk.value)}.`,
      values: { distance, nearer: sign * nearer.walk.value },
      remedies: [
        { id: "nearer-start", patch: { start }, fixLevel: "start", text: "Start nearer to the scale of the solution." },
        { id: "nearer-start-lbfgs", patch: { start, method: "lbfgs" }, fixLevel: "start", text: "Start nearer, with L-BFGS." },
      ],
    };
  },
};
