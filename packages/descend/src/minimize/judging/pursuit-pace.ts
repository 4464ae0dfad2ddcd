/** How much smaller gradients must get before it is worth looking again whether a point is a minimizer. */

/** What the tolerance of a pursued gradient is multiplied by, as often as it takes. */
export const PURSUIT_FACTOR = 0.01;
/** Factors at once at most: a tolerance that rounding does not allow would end a descent that could have ended well. */
const MAX_FACTORS = 3;
/** A distance that shrinks by less for a factor says nothing of what is to come. */
const SLOWEST = 1.5;

/**
 * Newton's step grows shorter no faster than the gradient gets smaller, and where the minimum is flat more slowly: like its cube root at x⁴. How fast is seen from one
 * look to the next.
 */
export class PursuitPace {
  /** By how much a factor shortens the distance. */
  private rate: number = 1 / PURSUIT_FACTOR;
  private last: { readonly excess: number; readonly factors: number } | undefined;

  /**
   * @param excess - how far it is, in units of how far it may be; > 0.
   * @returns factors by which the gradient must get smaller for that to be near 1 at the earliest, at least 1.
   */
  factors(excess: number): number {
    const { last } = this;
    if (last !== undefined) this.rate = Math.min(1 / PURSUIT_FACTOR, Math.max(SLOWEST, (last.excess / excess) ** (1 / last.factors)));
    const needed = Math.floor(Math.log(excess) / Math.log(this.rate));
    const factors = needed >= 1 ? Math.min(MAX_FACTORS, needed) : 1;
    this.last = { excess, factors };
    return factors;
  }
}
