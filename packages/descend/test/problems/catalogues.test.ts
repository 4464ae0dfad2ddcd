import { describe, expect, it } from "vitest";
import { classicProblems } from "../../src/problems/classic.js";
import { moreGarbowHillstromProblems } from "../../src/problems/more-garbow-hillstrom.js";
import { expectClose, expectSameAsCalled, samplePoint } from "../graph/compare-with-graph.js";
import { referenceJson } from "../reference-data.js";

/** Starts and values in reference/*.json were computed in 60 digits. */
interface Certified {
  name: string;
  n: number;
  start: number[];
  fStart: number;
  fMin?: number;
}

const classic = referenceJson<{ functions: Certified[] }>("test-functions.json")?.functions;
const moreGarbowHillstrom = referenceJson<{ problems: (Certified & { number: number })[] }>("more-garbow-hillstrom.json")?.problems;

const catalogues = [
  { title: "classic problems", problems: classicProblems, certified: classic, size: 30 },
  { title: "problems of Moré, Garbow and Hillstrom", problems: moreGarbowHillstromProblems, certified: moreGarbowHillstrom, size: 22 },
];

for (const { title, problems, certified, size } of catalogues) {
  describe(title, () => {
    it(`are ${size} under different names`, () => {
      expect(new Set(problems.map(({ name }) => name)).size).toBe(size);
    });

    it.each(problems)("$name has the stated value at its minima and no lower value nearby", ({ objective, minima, dimension, start }) => {
      expect(start.length).toBe(dimension);
      for (const { x, value, kind } of minima) {
        expect(x.length).toBe(dimension);
        const got = objective([...x]);
        // Rounding of the coordinates moves the value by ½ f″ δ²; large residuals that cancel lose relative digits.
        const scale = Math.max(1, Math.abs(value));
        expect(Math.abs(got - value)).toBeLessThanOrEqual(1e-9 * scale);
        if (kind === "saddle") continue;
        for (let seed = 1; seed <= 8; seed++) {
          const nearby = x.map((c, i) => c + 1e-3 * Math.max(1, Math.abs(c)) * samplePoint(dimension, seed, 1)[i]!);
          expect(objective(nearby)).toBeGreaterThanOrEqual(got - 1e-9 * scale);
        }
      }
    });

    it.each(problems)(
      "$name is read from its source and agrees with being called, at the start and elsewhere",
      ({ objective, dimension, start }) => {
        const nearby = (seed: number): number[] => start.map((c, i) => c + 0.3 * samplePoint(dimension, seed, 1)[i]!);
        expectSameAsCalled(objective, dimension, { points: [[...start], nearby(1), nearby(2)], rtol: 1e-10 });
      },
    );

    it.each(problems.filter(({ scalable }) => scalable))(
      "$name can be read in 400 variables with at most 260 nodes",
      ({ name, objective }) => {
        // Triangular sums are unrolled in one direction.
        if (name === "DiscreteIntegralEquation" || name === "Watson") return;
        const nodes = expectSameAsCalled(objective, 400, { points: [samplePoint(400, 1, 0.5)], rtol: 1e-9 });
        expect(nodes).toBeLessThanOrEqual(260);
      },
    );

    describe.skipIf(certified === undefined)("against certified values (needs ../shared/reference)", () => {
      it.each(certified ?? [])("$name has the certified value at its start to 1e-10", ({ name, n, start, fStart }) => {
        const problem = problems.find((each) => each.name === name);
        expect(problem?.dimension).toBe(n);
        expect(problem?.start).toEqual(start);
        expectClose(problem!.objective([...start]) / fStart, 1, 1e-10);
      });
    });
  });
}
