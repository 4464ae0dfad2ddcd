import { describe, expect, it } from "vitest";
import { localRegression } from "../../src/models/local-regression.js";

/** Ezekiel's cars: speed in miles an hour and distance to stop in feet, as R has them. */
const speed = [4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25]; // biome-ignore format: a table
const distance = [2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85]; // biome-ignore format: a table

describe("local regression", () => {
  // Certified: R's lowess(cars), which prints these values for the first speeds
  it("with three robust fits is R's lowess of the cars", () => {
    const smooth = localRegression({ features: { speed }, target: distance, robustness: 3 });
    const lowess = [4.965459, 13.124495, 15.858633, 18.579691, 21.280313, 24.129277, 27.119549, 30.027276, 32.962506];
    smooth.predict({ speed: [4, 7, 8, 9, 10, 11, 12, 13, 14] }).forEach((value, i) => {
      expect(value).toBeCloseTo(lowess[i]!, 5);
    });
  });

  // Closed form: a local polynomial of degree d gives polynomials up to d back, whatever the weights
  it.each([
    [1, (a: number, b: number) => 3 - 2 * a + 0.5 * b],
    [2, (a: number, b: number) => 3 - 2 * a + 0.5 * b + a * a - a * b + 2 * b * b],
  ] as const)("of degree %i gives polynomials of that degree back, in two features of different units", (degree, f) => {
    const a = Array.from({ length: 60 }, (_, i) => Math.sin(i));
    const b = Array.from({ length: 60 }, (_, i) => 1000 * Math.cos(1.7 * i));
    const target = a.map((value, i) => f(value, b[i]! / 1000));
    const local = localRegression({ features: { a, b }, target, degree, span: 0.5 });
    const [first, second] = local.predict({ a: [0.2, -0.6], b: [300, -100] }) as unknown as [number, number];
    expect(first).toBeCloseTo(f(0.2, 0.3), 9);
    expect(second).toBeCloseTo(f(-0.6, -0.1), 9);
  });

  // Closed form: three rows within reach of x = 1, d/h = 1/2 and 0: weights (1 − 1/8)³ and 1
  it("of degree 0 is the mean weighted by (1 − (d/h)³)³", () => {
    const local = localRegression({ features: { x: [0, 1, 2, 3, 9] }, target: [10, 20, 60, 7, 7], degree: 0, span: 0.8 });
    const w = (7 / 8) ** 3;
    expect(local.predict({ x: [1] })[0]).toBeCloseTo((10 * w + 20 + 60 * w) / (1 + 2 * w), 12);
  });

  it("follows the data more closely with a smaller span", () => {
    const x = Array.from({ length: 100 }, (_, i) => i / 10);
    const y = x.map((value) => Math.sin(2 * value));
    const error = (span: number): number =>
      Math.max(
        ...localRegression({ features: { x }, target: y, span })
          .predict({ x })
          .map((value, i) => Math.abs(value - y[i]!)),
      );
    expect(error(0.1)).toBeLessThan(0.1);
    expect(error(0.8)).toBeGreaterThan(0.5);
  });

  it("refuses spans and degrees that are none", () => {
    for (const options of [{ span: 0 }, { span: 2 }, { degree: 3 as never }, { robustness: -1 }]) {
      expect(() => localRegression({ features: { x: [1, 2] }, target: [1, 2], ...options })).toThrow(
        expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }),
      );
    }
  });
});
