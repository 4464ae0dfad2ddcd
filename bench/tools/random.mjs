/** Seeded inputs. The same seed gives the same numbers everywhere, so that peers in other languages can be handed the same data. */

/** A generator of uniform numbers in [0, 1) with 32 bits: mulberry32. */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A generator of nearly normal numbers, mean 0 and variance 1: the sum of four uniform ones (Irwin and Hall), fast and free of logarithms. */
export function normal(seed) {
  const next = uniform(seed);
  return () => (next() + next() + next() + next() - 2) * Math.sqrt(3);
}

/** A table y = x·w + bias + noise with `columns` normal columns, row-major. */
export function linearTable(rows, columns, seed, noise = 0.1) {
  const next = normal(seed);
  const weights = Float64Array.from({ length: columns }, next);
  const x = new Float64Array(rows * columns);
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0.5;
    for (let d = 0; d < columns; d++) {
      const value = next();
      x[i * columns + d] = value;
      sum += value * weights[d];
    }
    y[i] = sum + noise * next();
  }
  return { x, y, rows, columns };
}

/** A table of normal columns and labels 0 or 1, drawn with the probability 1/(1 + exp(−x·w − 0.25)). In float32 values. */
export function logisticTable(rows, columns, seed) {
  const next = normal(seed);
  const coin = uniform(seed + 1);
  const weights = Float64Array.from({ length: columns }, () => 0.3 * next());
  const x = new Float32Array(rows * columns);
  const y = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0.25;
    for (let d = 0; d < columns; d++) {
      x[i * columns + d] = next();
      sum += x[i * columns + d] * weights[d];
    }
    y[i] = coin() < 1 / (1 + Math.exp(-sum)) ? 1 : 0;
  }
  return { x, y, rows, columns };
}
