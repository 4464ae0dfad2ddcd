/** Oracle: what a rule that drives other rules must equal: these rules run by themselves. */

import { describe, expect, it } from "vitest";
import { tensor } from "../../src/graph/tensor-functions.js";
import { accumulate } from "../../src/optim/accumulate.js";
import { averaged } from "../../src/optim/averaged.js";
import { chain } from "../../src/optim/chain.js";
import { lookAhead } from "../../src/optim/look-ahead.js";
import { adam } from "../../src/optim/methods/adam.js";
import { gradientDescent } from "../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../src/optim/methods/momentum.js";
import { onPlateau } from "../../src/optim/on-plateau.js";
import { freeze, partition } from "../../src/optim/partition.js";
import { stepDecay } from "../../src/optim/schedules/step-decay.js";
import { stateEntries } from "../../src/optim/state.js";
import { switchAt, type Trigger } from "../../src/optim/switch-at.js";
import { addNoise } from "../../src/optim/transforms/add-noise.js";
import { clipByRelativeNorm } from "../../src/optim/transforms/clip-by-relative-norm.js";
import { trackAverage } from "../../src/optim/transforms/track-average.js";
import { applyRule, runRule } from "./run-rule.js";

const bowl = (x: Float64Array): number[] => Array.from(x, (xi, i) => (i + 1) * xi);
const start = [1, -2, 3, 0.5];

describe("partition", () => {
  const leaves = [
    { path: ".w", offset: 0, shape: [2] },
    { path: ".b", offset: 2, shape: [1] },
    { path: ".v", offset: 3, shape: [] },
  ];

  it("equals separate optimizers on separate parameters, bit for bit", () => {
    const method = partition({ fast: adam({ learningRate: 0.1 }), slow: momentum({ learningRate: 0.01 }) }, ({ path }) =>
      path === ".b" ? "slow" : "fast",
    );
    const together = runRule(method, start, { steps: 30, gradient: bowl, leaves }).iterates;
    const fast = runRule(adam({ learningRate: 0.1 }), [1, -2, 0.5], { steps: 30, gradient: ([a, b, d]) => [a!, 2 * b!, 4 * d!] }).iterates;
    const slow = runRule(momentum({ learningRate: 0.01 }), [3], { steps: 30, gradient: ([c]) => [3 * c!] }).iterates;
    together.forEach((x, k) => {
      expect([...x]).toEqual([fast[k]![0], fast[k]![1], slow[k]![0], fast[k]![2]]);
    });
  });

  it("leaves frozen parameters where they are", () => {
    const method = partition({ on: gradientDescent(), off: freeze() }, ({ path }) => (path === ".w" ? "off" : "on"));
    const last = runRule(method, start, { steps: 5, gradient: bowl, leaves }).iterates[5]!;
    expect([last[0], last[1]]).toEqual([1, -2]);
    expect(last[2]).toBeLessThan(3);
  });

  it("refuses a group without a rule, by the name of the leaf", () =>
    expect(() =>
      runRule(
        partition({ on: gradientDescent() }, ({ path }) => path),
        start,
        { steps: 1, gradient: bowl, leaves },
      ),
    ).toThrow(expect.objectContaining({ code: "OPTION_UNKNOWN", details: expect.objectContaining({ option: ".w", known: ["on"] }) })));
});

describe("lookAhead", () => {
  it("with rate 1 is the inner method", () => {
    const inner = adam({ learningRate: 0.1 });
    const plain = runRule(inner, start, { steps: 20, gradient: bowl }).iterates;
    runRule(lookAhead(inner, { every: 4, rate: 1 }), start, { steps: 20, gradient: bowl }).iterates.forEach((x, k) => {
      x.forEach((value, i) => {
        expect(value).toBeCloseTo(plain[k]![i]!, 14);
      });
    });
  });

  it("goes back half way every k steps", () => {
    const { iterates } = runRule(lookAhead(gradientDescent({ learningRate: 1 }), { every: 3, rate: 0.5 }), [0], {
      steps: 6,
      gradient: () => [-2],
    });
    expect(iterates.map(([x]) => x)).toEqual([0, 2, 4, 3, 5, 7, 6]);
  });
});

describe("accumulate", () => {
  it("is the inner method on means of k gradients, with its own count of steps", () => {
    const inner = momentum({ learningRate: stepDecay({ initial: 0.5, every: 1, factor: 0.5 }) });
    const gradients = [4, 8, 0, 2, -2, -6];
    const { iterates } = runRule(accumulate(inner, 2), [0], { steps: 6, gradient: (_x, step) => [gradients[step]!] });
    const plain = runRule(inner, [0], { steps: 3, gradient: (_x, step) => [[6, 1, -4][step]!] }).iterates;
    expect(iterates.map(([x]) => x)).toEqual([0, 0, plain[1]![0], plain[1]![0], plain[2]![0], plain[2]![0], plain[3]![0]]);
  });

  it("of every single step is the inner method to the bit", () => {
    const inner = adam();
    expect(runRule(accumulate(inner, 1), start, { steps: 9, gradient: bowl }).iterates).toEqual(
      runRule(inner, start, { steps: 9, gradient: bowl }).iterates,
    );
  });
});

describe("switchAt", () => {
  const first = adam({ learningRate: 0.1 });
  const second = momentum({ learningRate: 0.02 });

  it("at 0 is the second method, at the end the first, to the bit", () => {
    const run = (step: number): Float64Array[] => runRule(switchAt(step, first, second), start, { steps: 15, gradient: bowl }).iterates;
    expect(run(0)).toEqual(runRule(second, start, { steps: 15, gradient: bowl }).iterates);
    expect(run(15)).toEqual(runRule(first, start, { steps: 15, gradient: bowl }).iterates);
  });

  it("in between starts the second one fresh where the first one stopped", () => {
    const { iterates } = runRule(switchAt(6, first, second), start, { steps: 15, gradient: bowl });
    expect(iterates.slice(0, 7)).toEqual(runRule(first, start, { steps: 6, gradient: bowl }).iterates);
    expect(iterates.slice(6)).toEqual(runRule(second, iterates[6]!, { steps: 9, gradient: bowl }).iterates);
  });
});

describe("switchAt by a trigger", () => {
  const first = adam({ learningRate: 0.1 });
  const second = momentum({ learningRate: 0.02 });
  const value = (x: Float64Array): number => x.reduce((sum, xi, i) => sum + ((i + 1) * xi * xi) / 2, 0);

  it("that never fires is the first method, one that always does the second, to the bit", () => {
    const always: Trigger = { name: "always", init: () => ({}), test: (state) => ({ fires: tensor(1), state }) };
    const run = (when: number | Trigger): Float64Array[] =>
      runRule(switchAt(when, first, second), start, { steps: 15, gradient: bowl, value }).iterates;
    expect(run(always)).toEqual(runRule(second, start, { steps: 15, gradient: bowl }).iterates);
    expect(run(onPlateau({ patience: 1000 }))).toEqual(runRule(first, start, { steps: 15, gradient: bowl }).iterates);
    expect(run(Number.POSITIVE_INFINITY)).toEqual(run(onPlateau({ patience: 1000 })));
  });

  it("on a plateau turns at the first step beyond its patience, and for good", () => {
    const values = [9, 8, 8, 8, 8, 8, 1, 1, 1];
    const rule = switchAt(onPlateau({ patience: 2 }), gradientDescent({ learningRate: 1 }), gradientDescent({ learningRate: 0.5 }));
    const { updates } = runRule(rule, [0], { steps: 9, gradient: () => [1], value: (_x, step) => values[step]! });
    // The best value, 8, is first seen at step 1; steps 2, 3, 4 do not improve it.
    expect(updates.map(([u]) => u)).toEqual([-1, -1, -1, -1, -0.5, -0.5, -0.5, -0.5, -0.5]);
  });

  it("gives the second method its start where it takes over, also of what it remembers", () => {
    const { iterates, states } = runRule(switchAt(4, gradientDescent({ learningRate: 0.1 }), averaged(gradientDescent())), start, {
      steps: 5,
      gradient: bowl,
    });
    const alone = runRule(averaged(gradientDescent()), iterates[4]!, { steps: 1, gradient: bowl });
    expect(states[5]!.get("second.trackAverage.average")).toEqual(alone.states[1]!.get("trackAverage.average"));
  });

  it("carries momentum over when asked: the same method on both sides is as one", () => {
    const whole = runRule(momentum({ learningRate: 0.02 }), start, { steps: 15, gradient: bowl }).iterates;
    const both = switchAt(6, momentum({ learningRate: 0.02 }), momentum({ learningRate: 0.02 }), { carry: "momentum" });
    expect(runRule(both, start, { steps: 15, gradient: bowl }).iterates).toEqual(whole);
    const fresh = switchAt(6, momentum({ learningRate: 0.02 }), momentum({ learningRate: 0.02 }));
    expect(runRule(fresh, start, { steps: 15, gradient: bowl }).iterates).not.toEqual(whole);
  });

  it("carries what a function says, and refuses momentum where there is none", () => {
    const scaled = switchAt(2, adam(), momentum({ learningRate: 1, momentum: 0.5 }), {
      carry: (from, fresh) => ({
        ...fresh,
        addMomentum: {
          m: stateEntries(from)
            .find(({ path }) => path.endsWith("m"))!
            .tensor.mul(10),
        },
      }),
    });
    const { updates, states } = runRule(scaled, [0], { steps: 3, gradient: () => [1] });
    // Adam's mean after two gradients of 1 is 0.19; then m = 0.5·1.9 + 1.
    expect(states[2]!.get("first.scaleByAdam.m")![0]).toBeCloseTo(0.19, 15);
    expect(updates[2]![0]).toBeCloseTo(-1.95, 14);
    expect(() => runRule(switchAt(2, gradientDescent(), adam(), { carry: "momentum" }), [0], { steps: 1, gradient: () => [1] })).toThrow(
      expect.objectContaining({ code: "OPTIONS_CONFLICT" }),
    );
    expect(() => switchAt(2, adam(), adam(), { carry: "all" as never })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});

describe("clipByRelativeNorm", () => {
  const leaves = [
    { path: ".w", offset: 0, shape: [2, 2] },
    { path: ".b", offset: 4, shape: [2] },
  ];

  it("bounds each column of a matrix and each vector by its own parameters", () => {
    // Columns of w: (3, 4) and (0, 0); b: (6, 8). Updates: (30, 40) and (0.03, 0.04); (0.1, 0).
    const params = [3, 0, 4, 0, 6, 8];
    const u = applyRule(clipByRelativeNorm(0.1, { smallestNorm: 0.01 }), [30, 0.03, 40, 0.04, 0.1, 0], { params, leaves });
    const expected = [0.3, 0.0006, 0.4, 0.0008, 0.1, 0];
    u.forEach((ui, i) => {
      expect(ui).toBeCloseTo(expected[i]!, 15);
    });
  });

  it("neither overflows nor hides what is not a number", () => {
    const params = [3, 3, 4, 4, 6, 8];
    const u = applyRule(clipByRelativeNorm(0.1), [3e200, 0, 4e200, 0, Number.NaN, 0], { params, leaves });
    expect(u[0]).toBeCloseTo(0.3, 15);
    expect(u[4]).toBeNaN();
  });
});

describe("trackAverage", () => {
  it("keeps the plain mean of the iterates after its start", () => {
    const method = chain(gradientDescent({ learningRate: 1 }), trackAverage({ from: 1 }));
    const { iterates, states } = runRule(method, [0], { steps: 8, gradient: (_x, step) => [-step] });
    // Gains are 1, 1, 1, 1/2, 1/3, …: the mean of the iterates from number 3 on.
    const mean = iterates.slice(3).reduce((sum, [x]) => sum + x!, 0) / 6;
    expect(states[8]!.get("trackAverage.average")![0]).toBeCloseTo(mean, 13);
  });
});

describe("addNoise", () => {
  const run = (seed: number): Float64Array[] =>
    runRule(addNoise({ deviation: 2, seed }), new Float64Array(500), { steps: 8, gradient: (x) => new Float64Array(x.length) }).updates;

  it("is normal with the deviation asked for: mean, variance and kurtosis of 4000 numbers", () => {
    const z = run(3)
      .flatMap((update) => [...update])
      .map((u) => u / 2);
    const moment = (k: number): number => z.reduce((sum, zi) => sum + zi ** k, 0) / z.length;
    // Standard errors of the moments 1, 2, 4: 1/√N, √(2/N), √(96/N); four of them are allowed.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(4000));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / 4000));
  });

  it("is the same for the same seed, other at other steps and seeds", () => {
    expect(run(3)).toEqual(run(3));
    expect(run(3)[0]).not.toEqual(run(4)[0]);
    expect(run(3)[0]).not.toEqual(run(3)[1]);
  });
});
