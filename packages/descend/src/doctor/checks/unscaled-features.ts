/** Scales and offsets of the columns, not the model, make the problem ill-conditioned. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { standardizeRemedies } from "../remedies.js";

/** Ratio of deviations, or of mean to deviation. */
const RATIO = 10;
/** Condition number ÷ that after standardizing. */
const WORSE = 10;

export const unscaledFeatures: Check = {
  id: "unscaled-features",
  explains: ["nonfinite", "diverged", "oscillating", "unfinished"],
  examine(examination): Draft | undefined {
    const panel = examination.data;
    const { settled, run } = examination;
    if (
      panel === undefined ||
      settled.patch.standardize !== undefined ||
      (settled.method.family === "search" && run.reason === "gradient-tolerance")
    )
      return undefined;
    const { scaleRatio, offsetRatio, condition, standardizedCondition } = panel;
    const factor = condition / standardizedCondition;
    const standardized = Number.isFinite(standardizedCondition) ? standardizedCondition : 0;
    const worse = Number.isFinite(factor) ? factor : standardized > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    if (!(Math.max(scaleRatio, offsetRatio) > RATIO) || !(worse > WORSE || (Number.isNaN(worse) && scaleRatio > 100))) return undefined;
    const [scale, which] = scaleRatio >= offsetRatio ? [scaleRatio, "scale"] : [offsetRatio, "offset"];
    const evidence = [
      examination.note("scale-ratio", scaleRatio, { threshold: RATIO, how: "largest ÷ smallest deviation of the columns that vary" }),
      examination.note("offset-ratio", offsetRatio, { threshold: RATIO, how: "largest |mean| ÷ deviation" }),
      examination.note("condition-of-table", condition, { how: "largest ÷ smallest eigenvalue of (1 X)ᵀ(1 X)/n" }),
      examination.note("condition-standardized", standardizedCondition, { how: "the same of the correlations" }),
    ];
    return {
      confidence: Number.isNaN(worse) ? 0.8 : confidenceOf(worse, WORSE / 2),
      evidence,
      text: `The columns differ in ${which} by a factor ${short(scale)}: the condition number is ${short(condition)}, and ${short(standardizedCondition)} once they are standardized.`,
      values: {
        ratio: scale,
        which,
        condition: Number.isFinite(condition) ? condition : "Infinity",
        standardized: Number.isFinite(standardizedCondition) ? standardizedCondition : "Infinity",
      },
      remedies: standardizeRemedies(examination, true),
    };
  },
};
