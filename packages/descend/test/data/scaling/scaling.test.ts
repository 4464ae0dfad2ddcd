import { readFileSync } from "node:fs";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { quantileOf } from "../../../src/data/quantile-of.js";
import { learnScaling, type ScalingKind, scalingFromJSON } from "../../../src/data/scaling/scaling.js";
import { unitNorm } from "../../../src/data/scaling/unit-norm.js";

const kinds: readonly ScalingKind[] = ["standard", "min-max", "max-abs", "robust", "none", "power", "quantile", "normal", "whitening"];

const rows = 1500;
const column = (f: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => f(i));
/** Skewed, far from 0 for its spread, tiny, and with ties. */
const features = {
  skewed: column((i) => Math.exp(3 * Math.sin(i * i))),
  far: column((i) => 1e6 + 5 * Math.cos(i * i * i)),
  tiny: column((i) => 1e-6 * Math.sin(i) ** 5),
  ties: column((i) => i % 7),
};
const names = Object.keys(features) as (keyof typeof features)[];

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const covariance = (a: Float64Array, b: Float64Array): number => mean(a.map((value, i) => (value - mean(a)) * (b[i]! - mean(b))));

describe("a scaling", () => {
  it.each(kinds)("%s is undone to 10⁻¹² of the largest value, also after JSON", (kind) => {
    const scaling = scalingFromJSON(JSON.stringify(learnScaling(features, { kind })));
    const back = scaling.undo(scaling.apply(features));
    for (const name of names) {
      const largest = features[name].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      features[name].forEach((value, i) => {
        expect(Math.abs(back[name]![i]! - value)).toBeLessThanOrEqual(1e-12 * largest);
      });
    }
  });

  it("standard gives mean 0 and deviation 1", () => {
    const scaled = learnScaling(features).apply(features);
    for (const name of names) {
      expect(mean(scaled[name]!)).toBeCloseTo(0, 9);
      expect(covariance(scaled[name]!, scaled[name]!)).toBeCloseTo(1, 9);
    }
  });

  test.prop([fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 2, maxLength: 20 })])(
    "min-max reaches from 0 to 1, exactly at both ends",
    (values) => {
      // Ranges whose squares do not underflow
      fc.pre(Math.max(...values) - Math.min(...values) > 1e-140);
      const scaled = learnScaling({ x: values }, { kind: "min-max" }).apply({ x: values }).x!;
      expect([Math.min(...scaled), Math.max(...scaled)]).toEqual([0, 1]);
      expect(scaled[values.indexOf(Math.max(...values))]).toBe(1);
    },
  );

  it("max-abs keeps zeros and signs and reaches 1", () => {
    expect(Array.from(learnScaling({ x: [0, -4, 2] }, { kind: "max-abs" }).apply({ x: [0, -4, 2] }).x!)).toEqual([0, -1, 0.5]);
  });

  it("robust is not moved by an outlier: quartiles at 1 and 3 around 2 (closed form)", () => {
    const { centers, scales } = learnScaling({ x: [0, 1, 2, 3, 4e9] }, { kind: "robust" }).toJSON() as unknown as Record<string, number[]>;
    expect([centers, scales]).toEqual([[2], [2]]);
  });

  it("quantile is the share of the rows below, ties in the middle, ends at 0 and 1", () => {
    const scaled = learnScaling({ x: [5, 1, 1, 7, 6] }, { kind: "quantile" }).apply({ x: [5, 1, 7, 6, 0, 9, 3] }).x!;
    // Of the sorted 1 1 5 6 7 the ranks are 0 1 2 3 4
    expect(Array.from(scaled)).toEqual([0.5, 0, 1, 0.75, 0, 1, 0.25]);
  });

  it("normal has the quantiles of a normal distribution", () => {
    const scaled = learnScaling({ x: features.skewed }, { kind: "normal" }).apply({ x: features.skewed }).x!;
    // Certified: the quartiles of the normal distribution
    const [lower, middle, upper] = quantileOf(scaled, [0.25, 0.5, 0.75]) as [number, number, number];
    expect([lower, middle, upper].map((value) => Math.round(1000 * value) / 1000)).toEqual([-0.674, 0, 0.674].map((v) => v + 0));
  });

  it("whitening leaves covariance 1 and columns that stay near their own", () => {
    const scaled = learnScaling(features, { kind: "whitening" }).apply(features);
    const standard = learnScaling(features).apply(features);
    for (const a of names) {
      for (const b of names) expect(covariance(scaled[a]!, scaled[b]!)).toBeCloseTo(a === b ? 1 : 0, 9);
      expect(covariance(scaled[a]!, standard[a]!)).toBeGreaterThan(0.9);
    }
  });

  // Oracle: SciPy's stats.yeojohnson (oracles/scaling.py). At a maximum λ has half the digits of the likelihood
  it.each(["skewed", "both"])("power finds the likeliest λ of a column: %s", (which) => {
    const oracle = JSON.parse(readFileSync(new URL("../../oracles/scaling.json", import.meta.url), "utf8"))[which];
    const scaling = learnScaling({ x: oracle.x }, { kind: "power" });
    expect((scaling.toJSON() as unknown as { lambdas: number[] }).lambdas[0]).toBeCloseTo(oracle.lambda, 6);
    scaling.apply({ x: oracle.x }).x!.forEach((value, i) => {
      expect(value).toBeCloseTo(oracle.y[i], 6);
    });
  });

  it("is learned from some rows and holds for others", () => {
    const scaling = learnScaling({ x: [0, 10] }, { kind: "min-max" });
    expect(Array.from(scaling.apply({ x: [5, 20] }).x!)).toEqual([0.5, 2]);
  });

  it("refuses kinds it does not know, and whitening of columns that depend on each other, by name", () => {
    expect(() => learnScaling(features, { kind: "minmax" as never })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    const dependent = { a: [1, 2, 3, 5], b: [2, 4, 6, 10], c: [1, 0, 1, 0] };
    expect(() => learnScaling(dependent, { kind: "whitening" })).toThrow(expect.objectContaining({ code: "MATRIX_SINGULAR" }));
  });
});

describe("quantiles of a column", () => {
  it("are those of Hyndman and Fan's definition 7 (closed form)", () => {
    expect(quantileOf([4, 1, 3, 2], [0, 0.25, 0.5, 1])).toEqual([1, 1.75, 2.5, 4]);
  });

  test.prop([fc.array(fc.tuple(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), fc.nat({ max: 3 })), { minLength: 1, maxLength: 12 })])(
    "with whole weights are those of the column with repeated values",
    (pairs) => {
      const repeated = pairs.flatMap(([value, count]) => new Array<number>(count).fill(value));
      fc.pre(repeated.length > 0);
      const shares = [0, 0.1, 0.25, 0.5, 0.8, 1];
      const weighted = quantileOf(
        pairs.map(([value]) => value),
        shares,
        pairs.map(([, count]) => count),
      );
      expect(weighted).toEqual(quantileOf(repeated, shares));
    },
  );
});

describe("rows of unit norm", () => {
  it.each([
    ["two", [0.6, -0.8]],
    ["one", [3 / 7, -4 / 7]],
    ["max", [0.75, -1]],
  ] as const)("by the norm %s keep their direction; rows of zeros stay", (norm, expected) => {
    const { features: scaled, norms } = unitNorm({ x: [3, 0], y: [-4, 0] }, norm);
    expect([scaled.x![0], scaled.y![0]]).toEqual(expected);
    expect([scaled.x![1], scaled.y![1], norms[1]]).toEqual([0, 0, 1]);
    expect(scaled.y![0]! * norms[0]!).toBe(-4);
  });
});
