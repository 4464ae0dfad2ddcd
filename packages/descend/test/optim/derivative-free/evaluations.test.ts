/** How many values it takes: literature and SciPy 1.17 as oracles, with a margin of half as many again. */

import { describe, expect, it } from "vitest";
import { cmaes } from "../../../src/optim/derivative-free/cmaes.js";
import { differentialEvolution } from "../../../src/optim/derivative-free/differential-evolution.js";
import { geneticAlgorithm } from "../../../src/optim/derivative-free/genetic-algorithm.js";
import { nelderMead } from "../../../src/optim/derivative-free/nelder-mead.js";
import { powell } from "../../../src/optim/derivative-free/powell.js";
import { simulatedAnnealing } from "../../../src/optim/derivative-free/simulated-annealing.js";
import type { SearchMethod } from "../../../src/optim/search-method.js";
import { boxOf, runSearch } from "./run-search.js";

const rosenbrock = ([x, y]: Float64Array): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
const rastrigin = (x: Float64Array): number => 10 * x.length + x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v), 0);

describe("Rosenbrock's valley from (−1.2, 1)", () => {
  it("takes nelderMead no more than 1.5 times the 159 values of SciPy, to SciPy's f of 8.2e-10", () => {
    const run = runSearch(nelderMead() as SearchMethod, rosenbrock, [-1.2, 1], { target: 8.2e-10 });
    expect(run.reachedAfter).toBeLessThanOrEqual(238);
    expect(run.ended).toBe(true);
    expect(Math.abs(run.last.params[0]! - 1)).toBeLessThan(1e-7);
  });

  it("takes powell no more than 1.5 times the 607 values of SciPy until it ends", () => {
    const run = runSearch(powell() as SearchMethod, rosenbrock, [-1.2, 1]);
    expect(run.evaluations).toBeLessThanOrEqual(910);
    expect(Math.abs(run.last.params[0]! - 1)).toBeLessThan(1e-7);
  });

  it("takes cmaes fewer than 1350 values to 1e-10, whatever the seed (some 500 to 900 are usual)", () => {
    for (let seed = 0; seed < 20; seed++) {
      const run = runSearch(cmaes() as SearchMethod, rosenbrock, [-1.2, 1], { seed, target: 1e-10 });
      expect(run.reachedAfter, `seed ${seed}`).toBeLessThan(1350);
    }
  });
});

describe("Rastrigin's 121 basins in two dimensions", () => {
  it.each([
    ["geneticAlgorithm", geneticAlgorithm()],
    ["simulatedAnnealing", simulatedAnnealing()],
    ["differentialEvolution", differentialEvolution()],
  ] as const)("%s finds the lowest of them for at least 95 of 100 seeds", (_, method) => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const run = runSearch(method as SearchMethod, rastrigin, [3, -4], {
        seed,
        box: boxOf([-5.12, -5.12], [5.12, 5.12]),
        maxEvaluations: 50_000,
      });
      if (run.last.value < 1e-8) found++;
    }
    expect(found).toBeGreaterThanOrEqual(95);
  });
});

describe("McKinnon's function", () => {
  it("does not hold nelderMead where the simplex collapses: (0, 0), not the minimum (0, −0.5)", () => {
    // τ = 2, θ = 6, φ = 60: contractions toward the origin without end. Source: McKinnon 1998, equation 1.
    const mckinnon = ([x, y]: Float64Array): number => (x! <= 0 ? 360 * x! ** 2 : 6 * x! ** 2) + y! + y! ** 2;
    for (const start of [
      [0, 0],
      [1, 1],
      [1e-9, 0],
    ]) {
      const run = runSearch(nelderMead() as SearchMethod, mckinnon, start);
      expect(run.last.value).toBeCloseTo(-0.25, 12);
    }
  });
});
