/** No learning rate moves the slow direction within the budget. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { lbfgsRemedy, nesterovRemedy } from "../remedies.js";

/** Decays of the slow mode, e^−x, that the budget allows at the best rate. */
const DECAYS = 3;
/** Of the limit of stability. */
const SOUND = 0.1;
/** Steps needed at the present rate ÷ steps made, where curvature alone does not tell. */
const TOO_MANY = 20;

export const illConditioned: Check = {
  id: "ill-conditioned",
  explains: ["unfinished"],
  examine(examination, judgment): Draft | undefined {
    const { settled, run, stability, krylov } = examination;
    const { method } = settled;
    if (method.family === "search" || run.reason === "gradient-tolerance") return undefined;
    const panel = examination.data;
    if (panel !== undefined && panel.condition > 10 * panel.standardizedCondition) return undefined;
    const number = stability === undefined ? 1 : Math.max(stability.atLowest, stability.atLast);
    if (!(number >= SOUND)) return undefined;
    const best = examination.stableRate ?? 0.9 * (2 / krylov.largest);
    const gain = method.family === "heavy-ball" || method.family === "nesterov" ? 1 / (1 - method.momentum) : 1;
    const slow = krylov.slowCurvature;
    const decays = method.family === "adaptive" ? Number.NaN : best * slow * run.steps * gain;
    const { needed } = examination.pace;
    const crawls = needed > TOO_MANY * run.steps;
    if (!(decays < DECAYS) && !crawls) return undefined;
    const condition = krylov.largest / slow;
    const predicted = Math.ceil(Math.sqrt(condition) * Math.log(1e3 * Math.max(2, judgment.gapShare * 1e3)));
    const evidence = [
      examination.note("decays-at-best-rate", decays, { threshold: DECAYS, how: "0.9 of the limit × slow curvature × steps" }),
      examination.note("condition", condition, { how: "largest ÷ slow curvature at the end of the run" }),
      examination.measurements["steps-needed"]!,
    ];
    if (Number.isFinite(examination.turning)) evidence.push(examination.measurements["cosine-of-steps"]!);
    const stiff = decays < DECAYS;
    const times = needed / Math.max(1, run.steps);
    const byDecays = Number.isFinite(decays) ? confidenceOf(DECAYS, Math.max(decays, 1e-9) / (crawls ? 2 : 1)) : 0.6;
    return {
      confidence: Math.max(byDecays, crawls ? confidenceOf(times, TOO_MANY / 2) : 0),
      evidence,
      text: stiff
        ? `Curvatures differ by a factor ${short(condition)}: even at the largest stable rate the slow direction shrinks by e^−${short(decays)} in ${run.steps} steps.`
        : `At its present pace the run takes ${short(times)} times the ${run.steps} steps it had, with a rate that is ${short(100 * number)} % of the stable limit: a valley that bends or narrows.`,
      values: stiff
        ? { condition: Number.isFinite(condition) ? condition : "Infinity", decays, steps: run.steps }
        : { times: Number.isFinite(times) ? times : "Infinity", steps: run.steps, share: number },
      remedies: [
        ...lbfgsRemedy(examination).map((remedy) => ({
          ...remedy,
          ...(Number.isFinite(predicted) ? { prediction: { quantity: "steps", value: predicted } } : {}),
        })),
        ...nesterovRemedy(examination),
      ],
    };
  },
};
