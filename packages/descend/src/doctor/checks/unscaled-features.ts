/** Scales and offsets of the columns, not the model, make the problem ill-conditioned. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import type { DataPanel } from "../instruments/data-panel.js";
import { standardizeRemedies } from "../remedies.js";

/** Ratio of deviations, or of mean to deviation. */
const RATIO = 10;
/** Condition number ÷ that after standardizing. */
const WORSE = 10;

export const unscaledFeatures: Check = {
  id: "unscaled-features",
  explains: ["nonfinite", "diverged", "oscillating", "unfinished"],
  examine(examination): Draft | undefined {
    const panel = examination.features;
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
    const named = extremeColumns(panel, scaleRatio >= offsetRatio);
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
      text: `The columns differ in ${which} by a factor ${short(scale)} (${named}): the condition number is ${short(condition)}, and ${short(standardizedCondition)} once they are standardized.`,
      values: {
        ratio: scale,
        which,
        columns: named,
        condition: Number.isFinite(condition) ? condition : "Infinity",
        standardized: Number.isFinite(standardizedCondition) ? standardizedCondition : "Infinity",
      },
      remedies: standardizeRemedies(examination, true),
    };
  },
};

/** The columns that show it: those of the largest and the smallest deviation, or that which is farthest from 0 in units of its own. */
function extremeColumns({ columns, varying }: DataPanel, byScale: boolean): string {
  const size = (k: number): number => (byScale ? columns[k]!.deviation : Math.abs(columns[k]!.mean) / columns[k]!.deviation);
  const order = [...varying].sort((a, b) => size(b) - size(a)).map((k) => columns[k]!.name);
  return byScale ? `${order[0]!}, ${order.at(-1)!}` : order[0]!;
}
