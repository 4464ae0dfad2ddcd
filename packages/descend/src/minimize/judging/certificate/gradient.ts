import { maxNorm } from "../../../numeric/blas1.js";
import { isSingle, type PointEvidence } from "./point-evidence.js";
import { short, type Test } from "./test.js";

/** Is the gradient small against the largest one on the way? ‖g‖∞ ≤ 10⁻⁶ of it, 10⁻³ in float32. */
export function gradientTest(point: PointEvidence): Test {
  const norm = maxNorm(point.gradient);
  const threshold = (isSingle(point) ? 1e-3 : 1e-6) * point.gradientScale;
  return {
    name: "gradient",
    passed: norm <= threshold,
    value: norm,
    threshold,
    evidence: `‖g‖∞ = ${short(norm)}, the largest seen was ${short(point.gradientScale)}`,
  };
}
