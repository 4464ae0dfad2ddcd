/** Oracles: falls whose end is known in closed form, with normal noise from a fixed generator; and constant values. */

import { describe, expect, it } from "vitest";
import { createDescent } from "../../../src/minimize/minimize.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { chain } from "../../../src/optim/chain.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { scaleByTrend } from "../../../src/optim/transforms/scale-by-trend.js";

/** Normal numbers by Box and Muller. */
function normals(seed: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - threefryUniform(seed, 0, i)));
    return radius * Math.cos(2 * Math.PI * threefryUniform(seed, 1, i));
  });
}

/** The scale after each step of a descent that sees these values one after the other. */
function scales(values: ArrayLike<number>, options: Parameters<typeof scaleByTrend>[0] = {}): number[] {
  const method = chain(gradientDescent({ learningRate: 0 }), scaleByTrend(options));
  const v = Float64Array.from(values);
  const descent = createDescent(
    (p: { m: number }, row: { v: number }) => row.v + p.m,
    { m: 0 },
    { data: { v }, batch: 1, shuffle: false, method },
  );
  return Array.from({ length: v.length - 1 }, () => {
    descent.step();
    return descent.state["scaleByTrend.scale"]![0]!;
  });
}

/** The step at which the scale first drops for the values `fall(t) + noise`. */
function firstDrop(fall: (t: number) => number, seed: number, steps: number): number {
  const drop = scales(normals(seed, steps).map((noise, t) => noise + fall(t))).findIndex((scale) => scale !== 1);
  return drop < 0 ? Number.POSITIVE_INFINITY : drop;
}

/** From this step on the rest of amplitude·ratio^t is below the standard error of the mean of the last third of the values so far. */
function endOfFall(amplitude: number, ratio: number): number {
  let t = 1;
  while (amplitude * ratio ** t > Math.sqrt(3 / t)) t++;
  return t;
}

describe("scaleByTrend", () => {
  it.each([
    [100, 0.99],
    [1000, 0.98],
    [10_000, 0.98],
  ])("drops near the end of a fall of %d times the noise by the factor %d a step", (amplitude, ratio) => {
    const end = endOfFall(amplitude, ratio);
    const drops = Array.from({ length: 41 }, (_, seed) => firstDrop((t) => amplitude * ratio ** t, seed, 2 * end) / end).sort(
      (a, b) => a - b,
    );
    expect(Math.abs(drops[20]! - 1)).toBeLessThan(0.1);
    // Eight of ten
    expect(drops[4]!).toBeGreaterThan(0.8);
    expect(drops[36]!).toBeLessThan(1.21);
    expect(drops[0]!).toBeGreaterThan(0.7);
    expect(drops[40]!).toBeLessThan(1.35);
  });

  it("does not drop while the value falls, however noisy", () => {
    for (let seed = 0; seed < 5; seed++) expect(firstDrop((t) => -0.05 * t, seed, 1500)).toBe(Number.POSITIVE_INFINITY);
  });

  it("is the same for values in other units and from another zero", () => {
    const values = normals(3, 900).map((noise, t) => noise + 100 * 0.98 ** t);
    const plain = scales(values);
    expect(scales(values.map((v) => 1024 * v))).toEqual(plain);
    // The sums are rounded elsewhere, which no test of this run is near enough to notice.
    expect(scales(values.map((v) => v - 4096))).toEqual(plain);
  });

  it("then falls like 1/t: a phase without a trend lasts 1/factor times as long as the one before", () => {
    const seen = scales(
      normals(5, 6000).map((noise, t) => noise + 100 * 0.98 ** t),
      { factor: 0.5, smallestScale: 0.125 },
    );
    expect([...new Set(seen)]).toEqual([1, 0.5, 0.25, 0.125]);
    const [a, b, c] = [0.5, 0.25, 0.125].map((scale) => seen.indexOf(scale)) as [number, number, number];
    expect((b - a) / (a + 1)).toBeGreaterThanOrEqual(2);
    expect((c - b) / (b - a)).toBeGreaterThanOrEqual(2);
    expect((c - b) / (b - a)).toBeLessThan(2.5);
  });

  it("brings a stochastic descent nearer to the minimum than its constant rate, and resumes to the same bits", () => {
    const y = normals(9, 256);
    const loss = (p: { m: number }, row: { y: number }): number => 0.5 * (p.m - row.y) ** 2;
    const mean = y.reduce((sum, yi) => sum + yi, 0) / 256;
    const options = (seed: number, method: ReturnType<typeof gradientDescent>) => ({ data: { y }, batch: 4, seed, method });
    const falling = () => chain(gradientDescent({ learningRate: 0.05 }), scaleByTrend({ factor: 0.5 }));
    const error = (seed: number, method: ReturnType<typeof gradientDescent>): number => {
      const descent = createDescent(loss, { m: 30 }, options(seed, method));
      descent.step(6000);
      return (descent.params.m - mean) ** 2;
    };
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const total = (make: () => ReturnType<typeof gradientDescent>): number => seeds.reduce((sum, seed) => sum + error(seed, make()), 0);
    expect(total(falling)).toBeLessThan(0.5 * total(() => gradientDescent({ learningRate: 0.05 })));

    const whole = createDescent(loss, { m: 30 }, options(1, falling()));
    whole.step(333);
    const saved = JSON.parse(JSON.stringify(whole.checkpoint()));
    whole.step(1500);
    const rest = createDescent(loss, { m: 30 }, { ...options(1, falling()), checkpoint: saved });
    rest.step(1500);
    expect(rest.checkpoint().cells).toEqual(whole.checkpoint().cells);
  });
});
