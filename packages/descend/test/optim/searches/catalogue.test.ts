/** Contracts of every line search; the oracles are the conditions each promises, checked with derivatives in closed form. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { searchCatalogue } from "../../../src/optim/searches/catalogue.js";
import { searchedOn } from "../../../src/optim/searches/line-search.js";

interface Phi {
  readonly value: (a: number) => number;
  readonly slope: (a: number) => number;
}

/** The test functions of Moré and Thuente 1994, section 5, and some of the kinds met in practice. */
const BETA = 0.004;
const GAMMA = (b: number): number => Math.sqrt(1 + b * b) - b;
const yanai = (b1: number, b2: number): Phi => ({
  value: (a) => GAMMA(b1) * Math.hypot(1 - a, b2) + GAMMA(b2) * Math.hypot(a, b1),
  slope: (a) => (GAMMA(b1) * (a - 1)) / Math.hypot(1 - a, b2) + (GAMMA(b2) * a) / Math.hypot(a, b1),
});
const functions: Record<string, Phi> = {
  "first of Moré and Thuente": { value: (a) => -a / (a * a + 2), slope: (a) => (a * a - 2) / (a * a + 2) ** 2 },
  "second of Moré and Thuente": {
    value: (a) => (a + BETA) ** 5 - 2 * (a + BETA) ** 4,
    slope: (a) => 5 * (a + BETA) ** 4 - 8 * (a + BETA) ** 3,
  },
  "fourth of Moré and Thuente": yanai(0.001, 0.001),
  "fifth of Moré and Thuente": yanai(0.01, 0.001),
  "sixth of Moré and Thuente": yanai(0.001, 0.01),
  parabola: { value: (a) => (a - 1) ** 2, slope: (a) => 2 * (a - 1) },
  "parabola far away": { value: (a) => 1e-6 * (a - 1e4) ** 2, slope: (a) => 2e-6 * (a - 1e4) },
  quartic: { value: (a) => (a - 2) ** 4, slope: (a) => 4 * (a - 2) ** 3 },
  "logarithmic barrier": { value: (a) => -a - Math.log(1 - a) / 10, slope: (a) => -1 + 1 / (10 * (1 - a)) },
  "square root that ends": { value: (a) => -Math.sqrt(2 - a) - 2 * a + a * a, slope: (a) => 0.5 / Math.sqrt(2 - a) - 2 + 2 * a },
};

describe.each(searchCatalogue.map((record) => [record.name, record] as const))("%s", (_, record) => {
  const cases = Object.entries(functions).flatMap(([name, phi]) =>
    [1e-3, 1e-1, 1, 10, 1e3].map((initial) => [name, initial, phi] as const),
  );

  it.each(cases)("keeps its promise on the %s from a first trial of %d", (name, initial, { value, slope }) => {
    const [f0, g0] = [value(0), slope(0)];
    const trials: number[] = [];
    const found = searchedOn(record.create(), { value: f0, slope: g0, initial }, (a) => {
      trials.push(a);
      return { value: value(a), slope: slope(a) };
    });
    expect(found, name).toBeDefined();
    const { stepSize } = found!;
    expect(stepSize).toBeGreaterThan(0);
    expect(found!.value).toBe(value(stepSize));
    expect(trials.length).toBeLessThanOrEqual(30);
    // Conditions that all of them imply: a ten thousandth of the decrease that the slope promises, or, by
    // slopes, no rise and the approximate condition.
    const decreases = found!.value <= f0 + 1e-4 * stepSize * g0;
    const decreasesBySlope = record.curvature && found!.value <= f0 + 1e-6 * Math.abs(f0) && slope(stepSize) <= (2e-4 - 1) * g0;
    expect(decreases || decreasesBySlope).toBe(true);
    if (record.curvature) expect(slope(stepSize)).toBeGreaterThanOrEqual(0.9 * g0);
  });

  it("shrinks until it finds where the function is defined", () => {
    for (const limit of [1e-2, 1e-6, 1e-10]) {
      const value = (a: number): number => (a < limit ? -a : Number.NaN);
      const found = searchedOn(record.create(), { value: 0, slope: -1, initial: 1 }, (a) => ({
        value: value(a),
        slope: a < limit ? -1 : Number.NaN,
      }));
      expect(found, `defined below ${limit}`).toBeDefined();
      expect(found!.stepSize).toBeLessThan(limit);
      expect(found!.stepSize).toBeGreaterThan(limit / 1e4);
    }
  });

  it("never tries beyond the maximum", () => {
    const trials: number[] = [];
    const found = searchedOn(record.create(), { value: 0, slope: -1, initial: 1, maximum: 3 }, (a) => {
      trials.push(a);
      return { value: -a, slope: -1 };
    });
    expect(Math.max(...trials)).toBeLessThanOrEqual(3);
    expect(found).toBeDefined();
  });

  it("gives up where no trial is lower", () => {
    const found = searchedOn(record.create(), { value: 0, slope: -1, initial: 1 }, (a) => ({ value: a, slope: 1 }));
    expect(found).toBeUndefined();
  });

  it("is checked, and described on its page", () => {
    for (const [option, spec] of Object.entries(record.options)) {
      expect(() => record.create({ [option]: spec.default })).not.toThrow();
      expect(() => record.create({ [option]: Number.NaN })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    }
    expect(() => record.create({ neither: 1 })).toThrow(expect.objectContaining({ code: "OPTION_UNKNOWN" }));
    const root = new URL("../../../../../", import.meta.url);
    expect(existsSync(new URL(record.page, root))).toBe(true);
    expect(readFileSync(new URL(record.page, root), "utf8")).toContain(`\`${record.name}\``);
    expect(readFileSync(new URL("docs/references.bib", root), "utf8")).toContain(`{${record.source},`);
  });
});

describe("a reference above the value", () => {
  it("lets backtracking take a step that rises", () => {
    const search = searchCatalogue.find(({ name }) => name === "backtracking")!.create();
    const phi = (a: number): { value: number; slope: number } => ({ value: 1 + (a - 0.4) ** 2, slope: 2 * (a - 0.4) });
    const start = { value: phi(0).value, slope: phi(0).slope, initial: 1 };
    expect(searchedOn(search, start, phi)!.stepSize).toBeLessThan(1);
    expect(searchedOn(search, { ...start, reference: 1.4 }, phi)!.stepSize).toBe(1);
  });
});
