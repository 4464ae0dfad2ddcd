/** Random numbers of the corpus: counter-based, so a case is a function of its seed alone. */

import { threefryUniform } from "../../../src/numeric/random.js";

let corpus = 0;

/**
 * Draws another corpus: other tables, rotations and noise, and other starts where there is nothing else
 * to draw. To be called before a case is made.
 *
 * @param seed - whole number ≥ 0; 0 is the corpus that thresholds were looked at with.
 */
export function drawCorpus(seed: number): void {
  corpus = seed;
}

/** A seed of a case itself, for its batches. */
export function caseSeed(seed: number): number {
  return seed + 1000 * corpus;
}

/** A start moved by up to a fifteenth of its size, zeros left where they are; in corpus 0 as it is. */
export function moved<T extends Readonly<Record<string, number>>>(start: T, outwards = false): T {
  if (corpus === 0) return start;
  const words = Object.keys(start).length + Object.values(start).reduce((sum, x) => sum + Math.abs(Math.round(1000 * x)), 0);
  const factor = new Draw(words % 100_003, 13).uniform(outwards ? 1 : 14 / 15, 16 / 15);
  return Object.fromEntries(Object.entries(start).map(([name, x]) => [name, factor * x])) as T;
}

export class Draw {
  private readonly seed: number;
  private readonly stream: number;
  private counter = 0;

  constructor(seed: number, stream = 0) {
    this.seed = seed + 1_000_003 * corpus;
    this.stream = stream;
  }

  uniform(low = 0, high = 1): number {
    return low + (high - low) * threefryUniform(this.seed, this.stream, this.counter++);
  }

  /** Box and Muller 1958; the second number of each pair is not used, so that every draw takes two counts. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  normals(count: number): number[] {
    return Array.from({ length: count }, () => this.normal());
  }

  /** 0 or 1. */
  bernoulli(probability: number): number {
    return this.uniform() < probability ? 1 : 0;
  }

  /** Knuth's product of uniforms; fine for means below about 50. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > limit; product *= this.uniform()) count++;
    return count;
  }

  /** n orthonormal vectors: Gram and Schmidt, twice, on normal ones. */
  rotation(n: number): number[][] {
    const vectors: number[][] = [];
    while (vectors.length < n) {
      const v = this.normals(n);
      for (let pass = 0; pass < 2; pass++) {
        for (const u of vectors) {
          const along = u.reduce((sum, x, i) => sum + x * v[i]!, 0);
          u.forEach((x, i) => {
            v[i]! -= along * x;
          });
        }
      }
      const length = Math.hypot(...v);
      vectors.push(v.map((x) => x / length));
    }
    return vectors;
  }
}
