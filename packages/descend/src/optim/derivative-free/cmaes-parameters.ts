/**
 * The constants of CMA-ES for n parameters and a population of λ.
 *
 * Source: Hansen 2016, "The CMA evolution strategy: a tutorial", table 1 and equations 49–58, negative weights included.
 */

export interface CmaesParameters {
  /** w, [λ]: of the ranks, best first; the first μ are positive and sum to 1, the others negative. */
  readonly weights: Float64Array;
  /** μ: members that the mean comes from. */
  readonly parents: number;
  /** μ_eff = 1/Σ wᵢ² of the positive weights. */
  readonly effective: number;
  /** Learning rates of the covariance: c₁ from the path, c_μ from the members. */
  readonly rankOne: number;
  readonly rankMany: number;
  /** c_c and c_σ: how fast the two paths forget. */
  readonly pathRate: number;
  readonly stepRate: number;
  /** d_σ: damping of the step size. */
  readonly damping: number;
  /** E‖N(0, I)‖. */
  readonly expectedNorm: number;
}

/** λ = 4 + ⌊3·ln n⌋. */
export function usualPopulation(n: number): number {
  return 4 + Math.floor(3 * Math.log(n));
}

export function cmaesParameters(n: number, population: number): CmaesParameters {
  const raw = Array.from({ length: population }, (_, k) => Math.log((population + 1) / 2) - Math.log(k + 1));
  const parents = Math.floor(population / 2);
  const sums = (from: number, to: number): { sum: number; effective: number } => {
    const part = raw.slice(from, to);
    const sum = part.reduce((total, w) => total + w, 0);
    return { sum: Math.abs(sum), effective: sum ** 2 / part.reduce((total, w) => total + w * w, 0) };
  };
  const positive = sums(0, parents);
  const negative = sums(parents, population);
  const effective = positive.effective;
  const rankOne = 2 / ((n + 1.3) ** 2 + effective);
  const rankMany = Math.min(1 - rankOne, (2 * (0.25 + effective + 1 / effective - 2)) / ((n + 2) ** 2 + effective));
  const stepRate = (effective + 2) / (n + effective + 5);
  // How much the negative weights sum to: no more than keeps the covariance positive definite.
  const negativeSum =
    rankMany > 0
      ? Math.min(1 + rankOne / rankMany, 1 + (2 * negative.effective) / (effective + 2), (1 - rankOne - rankMany) / (n * rankMany))
      : 0;
  return {
    weights: Float64Array.from(raw, (w) => (w >= 0 ? w / positive.sum : (negativeSum * w) / negative.sum)),
    parents,
    effective,
    rankOne,
    rankMany,
    pathRate: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    stepRate,
    damping: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + stepRate,
    expectedNorm: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}
