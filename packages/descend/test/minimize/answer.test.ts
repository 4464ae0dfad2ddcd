/** Oracles: averages in closed form, and the values of the objective at the points returned. */

import { describe, expect, it } from "vitest";
import { createDescent, minimize } from "../../src/minimize/minimize.js";
import { accumulate } from "../../src/optim/accumulate.js";
import { averaged } from "../../src/optim/averaged.js";
import { lookAhead } from "../../src/optim/look-ahead.js";
import { gradientDescent } from "../../src/optim/methods/gradient-descent.js";
import { scheduleFree } from "../../src/optim/methods/schedule-free.js";
import { freeze, partition } from "../../src/optim/partition.js";

const rows = 64;
const y = Float64Array.from({ length: rows }, (_, i) => Math.sin(12.3 * i) + 2);
const mean = y.reduce((sum, yi) => sum + yi, 0) / rows;
const loss = (p: { m: number }, row: { y: number }): number => 0.5 * (p.m - row.y) ** 2;
const fullLoss = (m: number): number => y.reduce((sum, yi) => sum + (0.5 * (m - yi) ** 2) / rows, 0);

describe("the point a rule recommends", () => {
  it("is the solution of a descent over batches, with its value over all rows", () => {
    const descent = createDescent(
      loss,
      { m: 0 },
      { data: { y }, batch: 4, method: averaged(gradientDescent({ learningRate: 0.2 }), { from: 50 }), maxSteps: 2000 },
    );
    const { params, value } = descent.run().solution();
    expect(params.m).toBe(descent.state["trackAverage.average"]![0]);
    expect(params.m).not.toBe(descent.params.m);
    expect(Math.abs(value - fullLoss(params.m))).toBeLessThan(1e-15);
    expect(Math.abs(params.m - mean)).toBeLessThan(Math.abs(descent.params.m - mean));
  });

  it("beats the last iterate of stochastic descent on 95 % of seeds", () => {
    let wins = 0;
    for (let seed = 0; seed < 100; seed++) {
      const options = { data: { y }, batch: 1, seed, maxSteps: 640 };
      const averaging = averaged(gradientDescent({ learningRate: 0.1 }), { from: 100 });
      const descent = createDescent(loss, { m: 0 }, { ...options, method: averaging });
      const { params } = descent.run().solution();
      if (fullLoss(params.m) < fullLoss(descent.params.m)) wins++;
    }
    expect(wins).toBeGreaterThanOrEqual(95);
  });

  it("is not the solution of a full descent where the best point seen is lower", () => {
    const rule = averaged(gradientDescent({ learningRate: 0.1 }));
    const { params, value } = minimize("x^2", { x: 1 }, { method: rule, maxSteps: 10, certify: false });
    expect(params.x).toBeCloseTo(0.8 ** 10, 14);
    expect(value).toBeCloseTo(0.8 ** 20, 14);
  });

  it("is the solution of a full descent where it is lower: an average of points on both sides of a kink", () => {
    const rule = averaged(gradientDescent({ learningRate: 0.5 }), { from: 10 });
    const { value } = minimize("abs(x)", { x: 0.2 }, { method: rule, maxSteps: 4001, certify: false });
    // The iterates are 0.2 and −0.3 in turn, so the average tends to −0.05.
    expect(value).toBeCloseTo(0.05, 3);
  });

  it("is evaluated by calling an objective that cannot be compiled", () => {
    const counted = { calls: 0 };
    const outside = (p: { x: number }): number => {
      counted.calls++;
      return Math.abs(p.x);
    };
    const rule = averaged(gradientDescent({ learningRate: 0.5 }), { from: 10 });
    const { value, gradientSource } = minimize(
      outside,
      { x: 0.2 },
      { method: rule, maxSteps: 401, certify: false, gradient: "central-difference" },
    );
    expect(gradientSource).toBe("finite-difference");
    expect(Math.abs(value - 0.05)).toBeLessThan(0.01);
  });

  it.each([
    ["lookAhead", lookAhead(gradientDescent({ learningRate: 0.1 }), { every: 100 }), "slow"],
    ["scheduleFree", scheduleFree({ learningRate: 0.1 }), "average"],
    ["accumulate", accumulate(scheduleFree({ learningRate: 0.1 }), 2), "inner.average"],
    ["partition", partition({ on: scheduleFree({ learningRate: 0.1 }), off: freeze() }, () => "on"), "on.average"],
  ])("comes through %s", (_, method, path) => {
    const descent = createDescent(loss, { m: 0 }, { data: { y }, batch: 4, method, maxSteps: 33 });
    const { params } = descent.run().solution();
    expect(params.m).toBe(descent.state[path]![0]);
  });

  it("is the nearest allowed one where the parameters have bounds", () => {
    // The base sequence runs on beyond the bound; its average would, too.
    const rule = scheduleFree({ learningRate: 0.5 });
    const descent = createDescent(loss, { m: 0 }, { data: { y }, batch: 4, method: rule, maxSteps: 200, bounds: { m: [null, 1] } });
    expect(descent.run().solution().params.m).toBe(1);
    expect(descent.state.average![0]).toBeGreaterThan(1);
  });

  it("does not disturb the descent: it goes on with the same bits", () => {
    const options = { data: { y }, batch: 4, method: averaged(gradientDescent({ learningRate: 0.2 })), maxSteps: 100 };
    const [asked, silent] = [createDescent(loss, { m: 0 }, options), createDescent(loss, { m: 0 }, options)];
    asked.step(30);
    asked.solution();
    asked.step(30);
    silent.step(60);
    expect(asked.checkpoint().cells).toEqual(silent.checkpoint().cells);
  });
});
