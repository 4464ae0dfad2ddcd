/**
 * Oracle: the first steps of adaptive methods in closed form, weight decay with a gradient of 0, and subgradients of sums of magnitudes.
 */

import { describe, expect, it } from "vitest";
import { maximize, minimize } from "../../../src/minimize/minimize.js";
import { chain } from "../../../src/optim/chain.js";
import { adadelta } from "../../../src/optim/methods/adadelta.js";
import { adagrad } from "../../../src/optim/methods/adagrad.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { adamw } from "../../../src/optim/methods/adamw.js";
import { methodCatalogue } from "../../../src/optim/methods/catalogue.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { rmsprop } from "../../../src/optim/methods/rmsprop.js";
import { inverseTimeDecay } from "../../../src/optim/schedules/inverse-time-decay.js";
import { addDecayedWeights } from "../../../src/optim/transforms/add-decayed-weights.js";
import { runRule } from "../run-rule.js";

const gradient = [3, -0.02, 40];
const firstStep = (method: ReturnType<typeof adam>): Float64Array =>
  runRule(method, [1, 1, 1], { steps: 1, gradient: () => gradient }).updates[0]!;

describe("the first step", () => {
  it.each([
    ["of Adagrad is α·sign(g)", adagrad({ learningRate: 0.3 }), 0.3, 1e-8],
    ["of Adam is α·sign(g)", adam({ learningRate: 0.3 }), 0.3, 1e-6],
    ["of Adadelta is √ε/√((1−ρ)·g² + ε)·g, about √(ε/(1−ρ))", adadelta({ decay: 0.95, epsilon: 1e-6 }), 4.472e-3, 0.03],
    ["of RMSProp is α/√(1−ρ)·sign(g)", rmsprop({ learningRate: 0.1, decay: 0.9 }), Math.sqrt(0.1), 2e-6],
  ])("%s", (_, method, length, tolerance) => {
    firstStep(method).forEach((u, i) => {
      expect(Math.abs(u / (-Math.sign(gradient[i]!) * length) - 1)).toBeLessThan(tolerance);
    });
  });

  it("of Adadelta is exactly that: with ρ = 0.95, ε = 1e-6 and g = 1, 4.4721e-3", () => {
    const [u] = runRule(adadelta({ decay: 0.95, epsilon: 1e-6 }), [0], { steps: 1, gradient: () => [1] }).updates[0]!;
    expect(u).toBeCloseTo(-Math.sqrt(1e-6 / (0.05 + 1e-6)), 15);
  });
});

describe("under a constant gradient", () => {
  it("Adagrad's steps fall like 1/√t", () => {
    const { updates } = runRule(adagrad({ learningRate: 1, epsilon: 0 }), [0], { steps: 100, gradient: () => [-7] });
    for (const t of [1, 4, 25, 100]) expect(updates[t - 1]![0]).toBeCloseTo(1 / Math.sqrt(t), 14);
  });

  it("a weight without gradient shrinks by exactly 1 − α·λ in AdamW, and moves by about α with decay in front of Adam", () => {
    const decoupled = runRule(adamw({ learningRate: 0.125, weightDecay: 0.5 }), [2], { steps: 3, gradient: () => [0] }).iterates;
    expect(decoupled.map(([x]) => x)).toEqual([2, 2 * 0.9375, 2 * 0.9375 ** 2, 2 * 0.9375 ** 3]);
    const coupled = runRule(chain(addDecayedWeights(0.5), adam({ learningRate: 0.125 })), [2], { steps: 1, gradient: () => [0] });
    expect(coupled.updates[0]![0]).toBeCloseTo(-0.125, 7);
  });
});

describe("subgradients", () => {
  it("with steps that fall like 1/√k lead to the minimum of |x − 1| + |y + 2|", () => {
    const method = gradientDescent({ learningRate: inverseTimeDecay({ initial: 1, power: 0.5 }) });
    const { params } = minimize("abs(x - 1) + abs(y + 2)", { x: 5, y: 5 }, { method, maxSteps: 2_000_000 });
    expect(Math.abs(params.x - 1)).toBeLessThan(1e-3);
    expect(Math.abs(params.y + 2)).toBeLessThan(1e-3);
  });
});

describe("maximize", () => {
  it.each(methodCatalogue.map(({ name, create }) => [name, create] as const))(
    "takes the steps of minimizing −f to the bit: %s",
    (_, create) => {
      const options = () => ({ method: create({ learningRate: 0.01 }), maxSteps: 40, certify: false, history: true });
      const up = maximize("x^3 - 3x^2 - 9x + 2", { x: -0.2 }, options());
      const down = minimize("-(x^3 - 3x^2 - 9x + 2)", { x: -0.2 }, options());
      expect(up.history!.params).toEqual(down.history!.params);
      expect(up.history!.value).toEqual(down.history!.value.map((v) => -v));
    },
  );

  it("finds the local maximum 7 at −1, minimize the local minimum −25 at 3", () => {
    const method = gradientDescent({ learningRate: 0.02 });
    const top = maximize("x^3 - 3x^2 - 9x + 2", { x: 0 }, { method });
    expect([top.converged, top.params.x, top.value]).toEqual([true, expect.closeTo(-1, 7), expect.closeTo(7, 12)]);
    const bottom = minimize("x^3 - 3x^2 - 9x + 2", { x: 1 }, { method });
    expect([bottom.converged, bottom.params.x, bottom.value]).toEqual([true, expect.closeTo(3, 7), expect.closeTo(-25, 12)]);
  });
});
