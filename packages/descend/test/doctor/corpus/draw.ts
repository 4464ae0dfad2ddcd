/** Random numbers of the corpus: counter-based, so a case is a function of its seed alone. */

import { threefryUniform } from "../../../src/numeric/random.js";

export class Draw {
  private readonly seed: number;
  private readonly stream: number;
  private counter = 0;

  constructor(seed: number, stream = 0) {
    this.seed = seed;
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
