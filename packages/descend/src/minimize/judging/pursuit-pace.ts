/** How much smaller gradients must get before it is worth looking again whether a point is a minimizer. */

/** What the tolerance of a pursued gradient is multiplied by, as often as it takes. */
export const PURSUIT_FACTOR = 0.01;
/** Factors at once at most: a tolerance that rounding does not allow would end a descent that could have ended well. */
const MAX_FACTORS = 3;
/** A distance that shrinks by less for a factor says nothing of what is to come. */
const SLOWEST = 1.5;
/**
 * One that shrinks by less than this for all factors together is that of a slope as of exp: the end is far, and at twice as many factors.
 */
const STANDS_STILL = 1.1;
/**
 * As a share of the parameters: a distance that stays as long as these are is that of a value which
 * falls by a power of them, and never arrives.
 */
const SHORT = 0.1;

/** How the tolerance of the gradient goes on. */
export interface Pursuit {
  /** By how many factors {@link PURSUIT_FACTOR} it gets smaller. */
  readonly factors: number;
  /** How many of them count against those that are allowed in all: one, where the end is far. */
  readonly counted: number;
}

/**
 * Newton's step grows shorter no faster than the gradient gets smaller, and where the minimum is flat more slowly: like its cube root at
 * x⁴. How fast is seen from one look to the next. Where it does not at all, the value falls exponentially along the way, and the gradient
 * with it by hundreds of orders of magnitude.
 */
export class PursuitPace {
  /** By how much a factor shortens the distance. */
  private rate: number = 1 / PURSUIT_FACTOR;
  private most: number = MAX_FACTORS;
  private last: { readonly excess: number; readonly factors: number } | undefined;
  private readonly unit: number;

  /** @param unit - of the excess, as a share of the parameters. */
  constructor(unit: number) {
    this.unit = unit;
  }

  /**
   * @param excess - how far it is, in units of how far it may be; > 0.
   * @param left - factors that are still allowed.
   * @returns factors by which the gradient must get smaller for the distance to be near 1 at the earliest, at least 1.
   */
  next(excess: number, left: number): Pursuit {
    const { last } = this;
    const stands = last !== undefined && last.factors >= MAX_FACTORS && last.excess < STANDS_STILL * excess && excess * this.unit < SHORT;
    if (stands) this.most *= 2;
    else this.most = MAX_FACTORS;
    if (last !== undefined) this.rate = Math.min(1 / PURSUIT_FACTOR, Math.max(SLOWEST, (last.excess / excess) ** (1 / last.factors)));
    const needed = Math.floor(Math.log(excess) / Math.log(this.rate));
    const factors = stands ? this.most : needed >= 1 ? Math.min(MAX_FACTORS, left, needed) : 1;
    this.last = { excess, factors };
    return { factors, counted: stands ? 1 : factors };
  }
}
