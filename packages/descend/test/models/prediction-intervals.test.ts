import { describe, expect, it } from "vitest";
import { fit } from "../../src/models/fit.js";
import { modelFromJSON, type RegressionModel } from "../../src/models/model.js";
import { threefryUniform } from "../../src/numeric/random.js";

/** Brownlee's table: air flow, water temperature, acid concentration → loss. */
const stackLoss = [
  [80, 27, 89, 42], [80, 27, 88, 37], [75, 25, 90, 37], [62, 24, 87, 28], [62, 22, 87, 18], [62, 23, 87, 18], [62, 24, 93, 19],
  [62, 24, 93, 20], [58, 23, 87, 15], [58, 18, 80, 14], [58, 18, 89, 14], [58, 17, 88, 13], [58, 18, 82, 11], [58, 19, 93, 12],
  [50, 18, 89, 8], [50, 18, 86, 7], [50, 19, 72, 8], [50, 19, 79, 8], [50, 20, 80, 9], [56, 20, 82, 15], [70, 20, 91, 15],
] as const; // biome-ignore format: a table
const features = stackLoss.map((row) => row.slice(0, 3));
const target = stackLoss.map((row) => row[3]);

describe("intervals of predictions", () => {
  // Certified: R's predict(lm(stack.loss ~ ., stackloss), …) for 72, 20, 85, as printed with three decimals
  it.each([
    ["row", 16.466, 32.697],
    ["mean", 20.218, 28.945],
  ] as const)("of a %s are R's for the stack loss table", (of, lower, upper) => {
    const model = modelFromJSON(JSON.stringify(fit({ features, target }))) as RegressionModel;
    const predicted = model.predict([[72, 20, 85]], { interval: 0.95, of });
    expect(predicted.values[0]).toBeCloseTo(24.582, 3);
    expect(predicted.lower[0]).toBeCloseTo(lower, 3);
    expect(predicted.upper[0]).toBeCloseTo(upper, 3);
    expect(predicted.values[0]).toBe(model.predict([[72, 20, 85]])[0]);
  });

  // Closed form: ŷ ± t·s·√(1 + 1/n + (x − x̄)²/Sxx), t of 3 degrees of freedom at 95 % certified as 3.182446305283709
  it.each(["standard", "min-max", "robust", "none"] as const)(
    "on one feature have the textbook's form, whatever the scale inside: %s",
    (scale) => {
      const x = [1, 2, 3, 5, 9];
      const y = [2, 3, 5, 4, 9];
      const mean = 4;
      const sxx = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const slope = x.reduce((sum, value, i) => sum + (value - mean) * y[i]!, 0) / sxx;
      const intercept = 23 / 5 - slope * mean;
      const s = Math.sqrt(x.reduce((sum, value, i) => sum + (y[i]! - intercept - slope * value) ** 2, 0) / 3);
      const fitted = fit({ features: { x }, target: y, scale });
      const { lower, upper } = fitted.predict({ x: [7] }, { interval: 0.95 }) as { lower: Float64Array; upper: Float64Array };
      const half = 3.182446305283709 * s * Math.sqrt(1 + 1 / 5 + (7 - mean) ** 2 / sxx);
      expect(lower[0]).toBeCloseTo(intercept + 7 * slope - half, 10);
      expect(upper[0]).toBeCloseTo(intercept + 7 * slope + half, 10);
      // The slope's own interval: t·s/√Sxx
      const [low, high] = fitted.coefficients[1]!.interval!;
      expect((high - low) / 2).toBeCloseTo((3.182446305283709 * s) / Math.sqrt(sxx), 10);
    },
  );

  // Closed form without intercept: ŷ ± t·s·√(1 + x²/Σx²)
  it("without intercept start from zero", () => {
    const x = [1, 2, 3, 4];
    const y = [1.1, 1.9, 3.2, 3.9];
    const squares = 30;
    const slope = x.reduce((sum, value, i) => sum + value * y[i]!, 0) / squares;
    const s = Math.sqrt(x.reduce((sum, value, i) => sum + (y[i]! - slope * value) ** 2, 0) / 3);
    const { upper } = fit({ model: "linear", features: { x }, target: y, intercept: false }).predict({ x: [10] }, { interval: 0.95 });
    expect(upper[0]).toBeCloseTo(10 * slope + 3.182446305283709 * s * Math.sqrt(1 + 100 / squares), 10);
  });

  it("hold so large a share of new rows: 90 % of 150, within four standard deviations of the count", () => {
    const normal = (i: number): number =>
      Math.sqrt(-2 * Math.log(threefryUniform(7, 1, i) || 1)) * Math.cos(2 * Math.PI * threefryUniform(7, 2, i));
    const row = (i: number): { x: number; y: number } => ({ x: threefryUniform(7, 3, i), y: 3 - 2 * threefryUniform(7, 3, i) + normal(i) });
    let held = 0;
    // Every new row has a fit of its own: intervals of one fit share its luck
    for (let trial = 0; trial < 150; trial++) {
      const rows = Array.from({ length: 9 }, (_, i) => row(9 * trial + i));
      const learned = rows.slice(0, 8);
      const { lower, upper } = fit({
        model: "linear",
        features: { x: learned.map(({ x }) => x) },
        target: learned.map(({ y }) => y),
      }).predict({ x: [rows[8]!.x] }, { interval: 0.9 });
      if (lower[0]! <= rows[8]!.y && rows[8]!.y <= upper[0]!) held++;
    }
    expect(Math.abs(held - 135)).toBeLessThan(4 * Math.sqrt(150 * 0.9 * 0.1));
  });

  it("are refused where theory has none, and for shares that are none", () => {
    const ridge = fit({ model: "ridge", features, target });
    expect(() => ridge.predict(features, { interval: 0.95 })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
    const cut = fit({ model: "linear", features, target, method: "gradient-descent", maxSteps: 1 });
    expect(() => cut.predict(features, { interval: 0.95 })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
    const linear = fit({ model: "linear", features, target });
    expect(() => linear.predict(features, { interval: 95 })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});
