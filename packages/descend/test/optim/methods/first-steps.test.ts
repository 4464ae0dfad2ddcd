/**
 * Oracle: the first steps of adaptive methods in closed form, weight decay with a gradient of 0, and subgradients of sums of magnitudes.
 */

import { describe, expect, it } from "vitest";
import { createDescent, maximize, minimize } from "../../../src/minimize/minimize.js";
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

describe("every method, compiled", () => {
  const loss = (p: { w: number[]; b: number }, row: { x: number; y: number }): number =>
    (p.w[0]! * row.x + p.w[1]! * row.x ** 2 + p.b - row.y) ** 2;
  const x = Float64Array.from({ length: 48 }, (_, i) => Math.sin(5 * i));
  const data = { x, y: x.map((xi) => 1 + 2 * xi) };
  const start = () => ({ w: [0.5, -0.5], b: 0.25 });

  it.each(methodCatalogue.map(({ name, create }) => [name, create] as const))(
    "resumes to the same bits at 20 places, leaves its arguments alone, keeps shapes, and never commits what is not a number: %s",
    (_, create) => {
      const given = start();
      const options = () => ({ data, batch: 8, seed: 11, method: create({ learningRate: 0.02 }) });
      const whole = createDescent(loss, given, options());
      const saved: string[] = [];
      const places = Array.from({ length: 20 }, (_, k) => 1 + ((7 * k * k + 3 * k) % 60));
      const points: string[] = [];
      for (let step = 1; step <= 61; step++) {
        whole.step();
        points[step] = JSON.stringify(whole.params);
        if (places.includes(step)) saved[step] = JSON.stringify(whole.checkpoint());
      }
      expect(given).toEqual(start());
      expect(Object.keys(whole.params)).toEqual(["w", "b"]);
      for (const place of new Set(places)) {
        const rest = createDescent(loss, start(), { ...options(), checkpoint: JSON.parse(saved[place]!) });
        rest.step(61 - place);
        expect(JSON.stringify(rest.params), `from step ${place}`).toBe(points[61]);
      }
      // √(x − 1) is not a number below 1, and its slope grows without bound towards it.
      const edge = createDescent("sqrt(x - 1) + x", { x: 1.05 }, { method: create({ learningRate: 0.5 }) });
      edge.step(200);
      expect(Number.isFinite(edge.params.x) && Number.isFinite(edge.value)).toBe(true);
    },
  );
});
