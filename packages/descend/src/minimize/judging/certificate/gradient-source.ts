import { dot } from "../../../numeric/blas1.js";
import { coordinateScales, type PointEvidence, randomDirection, valueRounding } from "./point-evidence.js";
import { short, type Test } from "./test.js";

/** Share of what the descent has gained from which a change of the value is more than jitter. */
const VISIBLE = 1e-9;

/**
 * Is the gradient that of the objective here? Its slope along a direction from chance against a central difference of values.
 *
 * At jumps and poles the derivative of a formula may vanish where the values do not level off.
 */
export function gradientSourceTest(point: PointEvidence): Test {
  const { params, gradient, value, roundoff, gradientScale } = point;
  const scales = coordinateScales(point);
  const direction = randomDirection(params.length, point.seed + 101).map((d, i) => d * scales[i]!);
  const h = roundoff ** (1 / 3);
  const at = (t: number): number => point.evaluate(params.map((x, i) => x + t * direction[i]!));
  const [right, left, halfRight, halfLeft] = [at(h), at(-h), at(h / 2), at(-h / 2)];
  const coarse = (right - left) / (2 * h);
  const fine = (halfRight - halfLeft) / h;
  const uncertainty = Math.abs(fine - coarse) + (8 * roundoff * Math.max(Math.abs(right), Math.abs(left), Math.abs(value))) / h;
  const largest = direction.reduce((sum, d) => sum + Math.abs(d), 0);
  const threshold = 4 * uncertainty + h * gradientScale * largest;
  // Of a smooth function half the distance halves the change; across a jump it stays.
  const [change, halfChange] = [Math.abs(right - left), Math.abs(halfRight - halfLeft)];
  const jumps = halfChange > 0.75 * change && change > Math.max(valueRounding(point), VISIBLE * Math.abs(point.startValue - value));
  const error = Math.abs(fine - dot(gradient, direction));
  return {
    name: "gradient-source",
    // Where values are not finite nearby, there is nothing to compare with.
    passed: !(error > threshold) && !jumps,
    value: error,
    threshold,
    evidence: jumps
      ? `values jump by ${short(halfChange)} from one side of the point to the other`
      : `along a direction from chance values change by ${short(fine)}, the gradient says ${short(dot(gradient, direction))}`,
  };
}
