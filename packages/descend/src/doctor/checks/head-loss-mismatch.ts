/** A target that the output and the loss of the model are not made for. */

import { type Check, type Draft, type Remedy, short } from "../check.js";

export const headLossMismatch: Check = {
  id: "head-loss-mismatch",
  explains: ["any"],
  examine(examination, { outcome, quality }): Draft | undefined {
    const { settled } = examination;
    const { table } = settled;
    if (table === undefined || settled.patch.recodeTarget !== undefined) return undefined;
    const { model, target } = table;
    const lowest = target.length > 0 ? Math.min(...Array.from(target)) : 0;
    const highest = Math.max(...Array.from(target));
    const range = [
      examination.note("target-lowest", lowest, { how: "smallest value of the target" }),
      examination.note("target-highest", highest, { how: "largest value of the target" }),
    ];
    const values = { lowest, highest, model: model.kind };
    if (model.kind === "logistic" || model.kind === "sigmoid-squares") {
      if (lowest < 0 || highest > 1) {
        const distinct = new Set(Array.from(target)).size;
        const remedies: Remedy[] = [];
        if (distinct === 2) {
          const scale = 1 / (highest - lowest);
          const offset = lowest === 0 ? 0 : -lowest * scale;
          remedies.push({
            id: "recode",
            patch: { recodeTarget: { scale, offset } },
            fixLevel: "data",
            text: `Code the two labels ${lowest} and ${highest} as 0 and 1.`,
            values: { lowest, highest },
          });
          remedies.push({
            id: "recode-lbfgs",
            patch: { recodeTarget: { scale, offset }, method: "lbfgs", batch: "full" },
            fixLevel: "data",
            text: "Code the labels as 0 and 1, and let L-BFGS choose the steps.",
          });
        } else
          remedies.push({
            id: "linear",
            patch: { model: { kind: "linear" } },
            fixLevel: "model",
            text: "The target is a number, no class: take squares.",
            automatic: false,
          });
        return {
          confidence: 0.97,
          evidence: range,
          text: `The target runs from ${short(lowest)} to ${short(highest)}; a ${model.kind} model needs 0 and 1.`,
          values,
          remedies,
        };
      }
      if (model.kind === "logistic") return undefined;
      // Squares of a sigmoid are flat where it is wrong: harmless where the run came through, a cause where it did not
      const failed = outcome !== "stationary" || quality.includes("poor");
      return {
        level: failed ? "failure" : "note",
        confidence: failed ? 0.85 : 0.6,
        evidence: [examination.note("target-values", new Set(Array.from(target)).size, { how: "distinct values of the target" }), ...range],
        text: "Squared errors of a sigmoid are not convex, and flat wherever the sigmoid is wrong and sure; cross entropy is neither.",
        values,
        remedies: [
          { id: "cross-entropy", patch: { model: { kind: "logistic" } }, fixLevel: "model", text: "Take cross entropy with the sigmoid." },
          {
            id: "cross-entropy-lbfgs",
            patch: { model: { kind: "logistic" }, method: "lbfgs", batch: "full" },
            fixLevel: "model",
            text: "Take cross entropy, with L-BFGS.",
          },
        ],
      };
    }
    if (model.kind === "poisson" && lowest < 0) {
      return {
        confidence: 0.97,
        evidence: range,
        text: `A Poisson model counts; the target goes down to ${short(lowest)}.`,
        values,
        remedies: [
          {
            id: "linear",
            patch: { model: { kind: "linear" } },
            fixLevel: "model",
            aim: "stationary",
            text: "Take squares for a target of both signs.",
          },
          {
            id: "linear-lbfgs",
            patch: { model: { kind: "linear" }, method: "lbfgs", batch: "full" },
            fixLevel: "model",
            aim: "stationary",
            text: "Take squares, with L-BFGS.",
          },
        ],
      };
    }
    if (model.kind === "softmax" && Array.from(target).some((y) => !Number.isInteger(y) || y < 0)) {
      return {
        confidence: 0.97,
        evidence: range,
        text: "Classes are numbered from 0; the target holds something else.",
        values,
        remedies: [{ id: "recode", patch: {}, automatic: false, fixLevel: "data", text: "Number the classes 0, 1, 2, …." }],
      };
    }
    return undefined;
  },
};
