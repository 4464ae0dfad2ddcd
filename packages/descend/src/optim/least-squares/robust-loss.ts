/**
 * Losses that grow slower than squares, so that outliers count less.
 *
 * Σ C²·ρ((r/C)²) takes the place of Σ r². With z = (r/C)² and w = max(ρ′ + 2zρ″, ε), the residual r·ρ′/√w and the rows √w·∇r have the
 * gradient of the sum, and products of rows that approach its Hessian.
 *
 * Source: Triggs et al. 2000, "Bundle adjustment", section 4.3, for the second derivative; the losses are those of SciPy's `least_squares`.
 */

export type RobustLoss = "soft-l1" | "huber" | "cauchy" | "arctan";

/** ρ(z), ρ′(z), ρ″(z) for z ≥ 0; ρ(z) ≈ z for small z. */
export type LossFunction = (z: number) => readonly [value: number, slope: number, curvature: number];

export const robustLosses: Readonly<Record<RobustLoss, LossFunction>> = {
  /** 2(√(1 + z) − 1): like Huber's, smooth. */
  "soft-l1": (z) => {
    const root = Math.sqrt(1 + z);
    return [(2 * z) / (root + 1), 1 / root, -0.5 / root ** 3];
  },
  /** z up to 1, then 2√z − 1. */
  huber: (z) => (z <= 1 ? [z, 1, 0] : [2 * Math.sqrt(z) - 1, 1 / Math.sqrt(z), -0.5 / z ** 1.5]),
  /** ln(1 + z): outliers hardly count; not convex. */
  cauchy: (z) => [Math.log1p(z), 1 / (1 + z), -1 / (1 + z) ** 2],
  /** arctan z: outliers count no more than a bounded amount; not convex. */
  arctan: (z) => [Math.atan(z), 1 / (1 + z * z), (-2 * z) / (1 + z * z) ** 2],
};

const EPSILON = 2 ** -52;

/** √(Σ C²·ρ((r/C)²)): what takes the place of ‖r‖₂. */
export function robustNorm(loss: LossFunction, scale: number, residual: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < residual.length; i++) total += loss((residual[i]! / scale) ** 2)[0];
  return scale * Math.sqrt(total);
}

/**
 * Residuals and rows as a method for squares must see them.
 *
 * @param residual - r, [m]; overwritten.
 * @param columns - J, [m, n] column-major; overwritten.
 */
export function weighByLoss(loss: LossFunction, scale: number, residual: Float64Array, columns: Float64Array): void {
  const m = residual.length;
  const roots = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const z = (residual[i]! / scale) ** 2;
    const [, slope, curvature] = loss(z);
    roots[i] = Math.sqrt(Math.max(slope + 2 * z * curvature, EPSILON));
    residual[i]! *= slope / roots[i]!;
  }
  for (let k = 0; k < columns.length; k++) columns[k]! *= roots[k % m]!;
}
