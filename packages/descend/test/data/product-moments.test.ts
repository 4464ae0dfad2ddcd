import { describe, expect, it } from "vitest";
import { createMomentTable } from "../../src/data/moment-table.js";
import { polynomialFeatures } from "../../src/data/polynomial-features.js";
import { createProductMoments } from "../../src/data/product-moments.js";
import { OptionError, ShapeError } from "../../src/errors.js";
import { fit } from "../../src/models/fit.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { distance } from "../models/reference-tables.js";

const rows = 700;
const noise = (stream: number, i: number): number => threefryUniform(8, stream, i) - 0.5;
const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
/** Far from 0 for its spread, as years are. */
const year = column((i) => 2020 + 12 * noise(0, i));
const b = column((i) => 1e-3 * (noise(0, i) + noise(1, i)));
const target = column((i) => 0.2 * (year[i]! - 2018) ** 2 + 2000 * b[i]! + 300 * b[i]! * (year[i]! - 2020) + noise(2, i));
const names = ["year", "b"];
const counts = column((i) => 1 + Math.floor(4 * (noise(3, i) + 0.5)));

function standIn(degree: number, given?: Float64Array) {
  const moments = createProductMoments([2020, 0], degree);
  const cuts = [0, 1, 8, 300, 300, 700];
  for (let k = 1; k < cuts.length; k++) {
    const part = (values: Float64Array): Float64Array => values.subarray(cuts[k - 1], cuts[k]);
    moments.add([year, b, target].map(part), given && part(given));
  }
  const { columns, weights } = moments.rowsAlike();
  const terms = polynomialFeatures({ names, columns: [year, b], rows }, degree).names;
  const features = Object.fromEntries(terms.map((name, k) => [name, columns[k]!]));
  return { features, target: columns.at(-1)!, weights, degree, productsOf: names };
}

describe("moments of products", () => {
  it.each([
    [2, "linear"],
    [3, "linear"],
    [2, { kind: "ridge", alpha: 5 }],
    [2, { kind: "lasso", alpha: 0.02 }],
  ] as const)("are fitted like the polynomial of the rows, of degree %i: %s (oracle: the rows in memory)", (degree, model) => {
    for (const given of [undefined, counts]) {
      const few = fit({ model, ...standIn(degree, given) });
      const all = fit({ model, features: { year, b }, target, degree, weights: given });
      expect(few.terms).toEqual(all.terms);
      expect(few.featureNames).toEqual(names);
      // Coefficients of powers of a year make up for each other: it is the predictions that both know
      const at = { year: [2010, 2016, 2020, 2026], b: [1e-4, -3e-4, 0, 4e-4] };
      expect(distance(few.predict(at), all.predict(at))).toBeLessThan(degree === 2 ? 1e-8 : 1e-5);
      expect(Math.abs(few.objective / all.objective - 1)).toBeLessThan(1e-9);
    }
  });

  it("keep the digits that moments of the powers themselves lose (oracle: the power, which a model of it gives)", () => {
    const cubes = column((i) => (year[i]! - 2018) ** 3);
    const { columns, names: terms } = polynomialFeatures({ names: ["year"], columns: [year], rows }, 3);
    const plain = createMomentTable(4);
    plain.add([...columns, cubes]);
    const shifted = createProductMoments([2020], 3);
    shifted.add([year, cubes]);
    const errors = [plain, shifted].map((moments) => {
      const { columns: values, weights } = moments.rowsAlike();
      const features = Object.fromEntries(terms.map((name, k) => [name, values[k]!]));
      const few = fit({ features, target: values[3]!, weights, degree: 3, productsOf: ["year"] });
      return distance(few.predict({ year: [2014, 2021, 2026] }) as Float64Array, [-64, 27, 512]);
    });
    expect(errors[0]).toBeGreaterThan(1e-6);
    expect(errors[1]).toBeLessThan(1e-8);
  });

  it("are constant where products are, such as those of two levels of one column (oracle: their values)", () => {
    const level = (of: number): Float64Array => column((i) => (Math.floor(3 * (noise(5, i) + 0.5)) === of ? 1 : 0));
    const [first, second] = [level(1), level(2)];
    const moments = createProductMoments([0.3, 0.4], 2);
    moments.add([first, second, target]);
    const { columns } = moments.rowsAlike();
    // x, y, x², x·y, y²
    expect(new Set(columns[3])).toHaveProperty("size", 1);
    expect(Math.abs(columns[3]![0]!)).toBeLessThan(1e-15);
    expect(distance(columns[2]!, columns[0]!)).toBeLessThan(1e-14);
  });

  it("are refused with their names in another order, and for too many", () => {
    const { features, ...options } = standIn(2);
    const others = Object.fromEntries(Object.entries(features).reverse());
    expect(() => fit({ ...options, features: others })).toThrow(ShapeError);
    expect(() => fit({ ...options, features, degree: 3 })).toThrow(ShapeError);
    expect(() => createProductMoments(new Float64Array(100), 5)).toThrow(OptionError);
  });
});
