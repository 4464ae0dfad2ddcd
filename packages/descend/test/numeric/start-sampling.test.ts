/**
 * Evenly spread points; oracles: the first points that SciPy 1.17 gives (qmc.Sobol, unscrambled), and the counts that define the designs.
 */

import { describe, expect, it } from "vitest";
import { latinHypercube } from "../../src/numeric/latin-hypercube.js";
import { MAX_SOBOL_DIMENSIONS, sobolPoint } from "../../src/numeric/sobol.js";
import { wilsonInterval } from "../../src/numeric/wilson-interval.js";

const SCIPY_1000 = [
  0.2197265625, 0.0966796875, 0.5185546875, 0.6767578125, 0.2802734375, 0.9072265625, 0.0458984375, 0.8994140625, 0.5009765625,
  0.0693359375, 0.0849609375, 0.2548828125, 0.1611328125, 0.3837890625, 0.1435546875, 0.3701171875, 0.7197265625, 0.3447265625,
  0.9912109375, 0.7255859375, 0.5224609375,
];

describe("Sobol's sequence", () => {
  it("begins with the published points", () => {
    const expected = [
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
      [0.875, 0.875, 0.125, 0.375, 0.875],
      [0.625, 0.125, 0.875, 0.625, 0.625],
      [0.125, 0.625, 0.375, 0.125, 0.125],
    ];
    expect(expected.map((_, i) => Array.from(sobolPoint(i, 5), (x) => x / 2 ** 32))).toEqual(expected);
  });

  it("is that of SciPy in all dimensions, at point 1000", () => {
    expect(Array.from(sobolPoint(1000, MAX_SOBOL_DIMENSIONS), (x) => x / 2 ** 32)).toEqual(SCIPY_1000);
  });

  it("puts one of 2^m points into each slice across every coordinate", () => {
    for (let j = 0; j < MAX_SOBOL_DIMENSIONS; j++) {
      const slices = Array.from({ length: 256 }, (_, i) => sobolPoint(256 + i, MAX_SOBOL_DIMENSIONS)[j]! >>> 24);
      expect(new Set(slices).size).toBe(256);
    }
  });
});

describe("a Latin hypercube", () => {
  it.each([1, 2, 7, 100])("of %i points has one in each slice across every coordinate, the same for the same seed", (count) => {
    const points = latinHypercube(count, 3, 5);
    for (let j = 0; j < 3; j++) {
      const slices = Array.from({ length: count }, (_, i) => Math.floor(points[i * 3 + j]! * count + 1e-12));
      expect([...slices].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
    expect(latinHypercube(count, 3, 5)).toEqual(points);
    expect(latinHypercube(count, 3, 6)).not.toEqual(points);
  });
});

describe("Wilson's interval", () => {
  it("is that of the literature (Newcombe 1998, table I)", () => {
    const [low, high] = wilsonInterval(81, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
    expect(wilsonInterval(15, 148)[0]).toBeCloseTo(0.0624, 4);
    expect(wilsonInterval(15, 148)[1]).toBeCloseTo(0.1605, 4);
  });

  it("reaches the ends where all or none succeed, and no further", () => {
    expect(wilsonInterval(0, 20)[0]).toBe(0);
    expect(wilsonInterval(0, 20)[1]).toBeCloseTo(0.1611, 4);
    expect(wilsonInterval(20, 20)[1]).toBe(1);
  });
});
