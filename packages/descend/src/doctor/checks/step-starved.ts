/** Steps have been taken away from a descent that still has a gradient. */

import { median } from "../../numeric/averages.js";
import { type Check, confidenceOf, type Draft, type Remedy, short } from "../check.js";
import { lbfgsRemedy, stableRateRemedy } from "../remedies.js";

/** Largest ÷ last effective rate, of a schedule and of a sum of squares that grows, which shrinks as √steps at most. */
const SHRUNK = { schedule: 30, accumulator: 8 };

export const stepStarved: Check = {
  id: "step-starved",
  explains: ["unfinished"],
  examine(examination): Draft | undefined {
    const { settled, run } = examination;
    const { method } = settled;
    if (method.family === "search" || run.reason === "gradient-tolerance") return undefined;
    const rates = examination.effectiveRates;
    if (rates.length < 6) return undefined;
    const medians = rates.slice(2).map((_, k) => median(rates.slice(k, k + 3).map(({ rate }) => rate)));
    const most = Math.max(...medians);
    const last = medians.at(-1)!;
    const shrinkage = most / last;
    const threshold = SHRUNK[method.name === "adagrad" ? "accumulator" : "schedule"];
    if (!(shrinkage > threshold)) return undefined;
    // Falling to the end, not a jump somewhere: what is left of the steps cannot reach the minimum.
    const reach = last * run.entries.at(-1)!.gradientNorm * run.budget;
    const { distance } = examination.krylov;
    if (!(reach < 0.3 * distance)) return undefined;
    const accumulates = method.name === "adagrad";
    const remedies: Remedy[] = [];
    if (accumulates && method.learningRate !== undefined) {
      const learningRate = Number(Math.min(method.learningRate, (4 * distance) / run.budget).toPrecision(3));
      remedies.push({
        id: "adam",
        patch: { method: "adam", learningRate },
        fixLevel: "solver",
        text: `Take Adam, which forgets old gradients, with the rate ${short(learningRate)}.`,
        values: { learningRate },
      });
    } else remedies.push(...stableRateRemedy(examination));
    remedies.push(...lbfgsRemedy(examination));
    return {
      confidence: confidenceOf(shrinkage, threshold / 3),
      evidence: [
        examination.note("shrinkage-of-rate", shrinkage, { threshold, how: "largest ÷ last median of three ‖Δx‖/‖g‖ in a row" }),
        examination.note("reach", reach / distance, {
          threshold: 0.3,
          how: "last effective rate × ‖g‖ × budget ÷ length of the Newton step in the Krylov space of the gradient",
        }),
      ],
      text: `Steps per gradient have shrunk ${short(shrinkage)} times; another budget of such steps reaches ${short((100 * reach) / distance)} % of the way.`,
      values: { shrinkage, reach: reach / distance },
      remedies,
    };
  },
};
