/**
 * Random draws in sequence, from a counter that is part of a method's state: what was drawn before a stop is not drawn again after it.
 */

import { threefryUniform } from "../../numeric/random.js";

/** 2·√(2/e): half-width of the rectangle around the normal density in the ratio of uniforms, times 2. */
const NORMAL_WIDTH = 1.7155277699214135;

export class Draws {
  private readonly seed: number;
  private readonly stream: number;
  private next: number;

  /**
   * @param stream - a number of its own for every method, so that none shares its draws with another.
   * @param counter - where to go on: {@link counter} of the step before, 0 at first.
   */
  constructor(seed: number, stream: number, counter: number) {
    this.seed = seed;
    this.stream = stream;
    this.next = counter;
  }

  /** Numbers used so far. */
  get counter(): number {
    return this.next;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return threefryUniform(this.seed, this.stream, this.next++);
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number, 0 ≤ … < count. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /**
   * Standard normal, by the ratio of uniforms: x = v/u is taken if x² ≤ −4·ln u.
   *
   * The logarithm only decides; x itself comes from one division, so its bits do not depend on the host's logarithm.
   * Source: Kinderman and Monahan 1977.
   */
  normal(): number {
    for (;;) {
      const u = 1 - this.uniform();
      const x = (NORMAL_WIDTH * (this.uniform() - 0.5)) / u;
      if (x * x <= -4 * Math.log(u)) return x;
    }
  }

  /** 0 … count − 1 in random order. Source: Fisher and Yates, as in Knuth 1997, algorithm 3.4.2P. */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}
