/** Points of a descent at equal distances, in bounded memory: when it is full, every other one is let go and the distance doubles. */

/** Points kept at most, and numbers in all of them. */
const CAPACITY = 24;
const MAX_NUMBERS = 4e6;

export class Snapshots {
  private readonly capacity: number;
  private every: number;
  private kept: { readonly step: number; readonly params: Float64Array }[] = [];

  /** @param every - steps between two points in the beginning. */
  constructor(size: number, every: number) {
    this.capacity = Math.min(CAPACITY, Math.floor(MAX_NUMBERS / size)) & ~1;
    this.every = every;
  }

  /** Steps until the next point. */
  stepsLeft(step: number): number {
    return this.capacity === 0 ? Number.POSITIVE_INFINITY : this.every - (step % this.every);
  }

  /** Keeps the point after `step` steps if it is one of those to keep. */
  take(step: number, params: ArrayLike<number>): void {
    if (this.capacity === 0 || step % this.every !== 0 || step === this.kept.at(-1)?.step) return;
    this.kept.push({ step, params: Float64Array.from(params) });
    if (this.kept.length < this.capacity) return;
    this.every *= 2;
    this.kept = this.kept.filter((point) => point.step % this.every === 0);
  }

  /** Points kept since a step, in order, without the one at `last`. */
  between(first: number, last: number): readonly Float64Array[] {
    return this.kept.filter(({ step }) => step >= first && step < last).map(({ params }) => params);
  }
}
