/** Oracle: closed forms of first steps and of constant gradients. */

import { describe, expect, it } from "vitest";
import { input } from "../../../src/graph/build.js";
import { topologicalOrder } from "../../../src/graph/graph.js";
import { Tensor } from "../../../src/graph/tensor.js";
import { adabelief } from "../../../src/optim/methods/adabelief.js";
import { adadelta } from "../../../src/optim/methods/adadelta.js";
import { adagrad } from "../../../src/optim/methods/adagrad.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { adamw } from "../../../src/optim/methods/adamw.js";
import { amsgrad } from "../../../src/optim/methods/amsgrad.js";
import { lamb } from "../../../src/optim/methods/lamb.js";
import { lars } from "../../../src/optim/methods/lars.js";
import { lion } from "../../../src/optim/methods/lion.js";
import { radam } from "../../../src/optim/methods/radam.js";
import { rmsprop } from "../../../src/optim/methods/rmsprop.js";
import { signDescent } from "../../../src/optim/methods/sign-descent.js";
import { yogi } from "../../../src/optim/methods/yogi.js";
import { mapState, stateEntries } from "../../../src/optim/state.js";
import type { Transformation } from "../../../src/optim/transformation.js";
import { runRule } from "../run-rule.js";

const gradient = [3, -0.02, 0, 1e-9];
const first = (method: Transformation): number[] => [...runRule(method, [1, 1, 1, 1], { steps: 1, gradient: () => gradient }).updates[0]!];

describe("the first update", () => {
  it("of Adam is −α·g/(|g| + ε), within 4 ulps", () => {
    first(adam({ learningRate: 0.25, epsilon: 1e-8 })).forEach((update, i) => {
      const g = gradient[i]!;
      const expected = (-0.25 * g) / (Math.abs(g) + 1e-8);
      expect(Math.abs(update - expected)).toBeLessThanOrEqual(4 * 2 ** -53 * Math.abs(expected));
    });
  });

  it("of Adam is that in float32 to its own digits", () => {
    const [a] = runRule(adam({ learningRate: 0.25 }), [1], { steps: 1, gradient: () => [3], dtype: "float32" }).updates[0]!;
    expect(Math.abs(a! + 0.25)).toBeLessThan(1e-7);
  });

  it("of AMSGrad is Adam's", () => expect(first(amsgrad({ learningRate: 0.1 }))).toEqual(first(adam({ learningRate: 0.1 }))));

  it("of Adagrad and sign descent is α·sign(g)", () => {
    expect(first(signDescent({ learningRate: 0.5 })).map((x) => x + 0)).toEqual([-0.5, 0.5, 0, -0.5]);
    const [a, b, c] = first(adagrad({ learningRate: 0.5, epsilon: 0, initialAccumulator: 1e-300 }));
    expect([a, b, c! + 0]).toEqual([-0.5, 0.5, 0]);
  });

  it("of Lion is −α·sign(g)", () => expect(first(lion({ learningRate: 0.5 })).map((x) => x + 0)).toEqual([-0.5, 0.5, 0, -0.5]));

  it("of Adadelta (ρ = 0.95, ε = 1e-6) is 4.472e-3 for a large gradient", () =>
    expect(first(adadelta({ decay: 0.95, epsilon: 1e-6 }))[0]).toBeCloseTo(-Math.sqrt(1e-6 / 0.05), 8));

  it("of RMSProp (ρ = 0.9) is η·3.16228, with ε in either place", () => {
    expect(first(rmsprop({ learningRate: 0.01, decay: 0.9 }))[0]).toBeCloseTo(-0.01 / Math.sqrt(0.1), 9);
    const inside = first(rmsprop({ learningRate: 1, decay: 0.9, epsilon: 0.19, epsilonPlace: "inside" }));
    expect(inside[0]).toBeCloseTo(-3 / Math.sqrt(0.9 + 0.19), 14);
    expect(inside[2]! + 0).toBe(0);
  });

  it("of Yogi grows v by (1−β₂)·g² from its start", () => {
    const [a] = first(yogi({ learningRate: 1, initialAccumulator: 1e-6, epsilon: 1e-3 }));
    const m = (0.9 * 1e-6 + 0.1 * 3) / 0.1;
    const v = (1e-6 + 0.001 * 9) / 0.001;
    expect(a).toBeCloseTo(-m / (Math.sqrt(v) + 1e-3), 12);
  });

  it("of AdaBelief divides by the surprise |g − m| = β₁·|g|", () =>
    expect(first(adabelief({ learningRate: 1 }))[0]).toBeCloseTo(-1 / 0.9, 12));

  it("of RAdam is plain: the mean itself, while few squares have been seen", () =>
    expect(first(radam({ learningRate: 1 }))[0]).toBeCloseTo(-3, 14));

  it("of LAMB has the length α·‖x‖ in each leaf", () => {
    const leaves = [
      { path: ".a", offset: 0, shape: [2] },
      { path: ".b", offset: 2, shape: [1] },
    ];
    const [a, b, c] = runRule(lamb({ learningRate: 0.1 }), [3, 4, -2], { steps: 1, gradient: () => [7, 7, 1e-3], leaves }).updates[0]!;
    expect(Math.hypot(a!, b!)).toBeCloseTo(0.5, 14);
    expect(c).toBeCloseTo(-0.2, 14);
  });

  it("of LARS has the length α·η·‖x‖ in each leaf, and 0 for a gradient of 0", () => {
    const leaves = [
      { path: ".a", offset: 0, shape: [2] },
      { path: ".b", offset: 2, shape: [1] },
    ];
    const [a, b, c] = runRule(lars({ learningRate: 2, trustCoefficient: 0.01 }), [3, 4, -2], {
      steps: 1,
      gradient: () => [1, 2, 0],
      leaves,
    }).updates[0]!;
    expect(Math.hypot(a!, b!)).toBeCloseTo(0.1, 14);
    expect(c! + 0).toBe(0);
  });
});

describe("the cost of Adam", () => {
  it("is one division and one root per parameter and two divisions per step, and no power", () => {
    const cell = (name: string, shape: readonly number[]): Tensor => Tensor.of(input(name, shape));
    const leaves = [{ path: "", offset: 0, shape: [4] }];
    const context = { params: cell("x", [4]), gradient: cell("g", [4]), value: cell("f", []), step: cell("t", []), leaves };
    const rule = adam();
    const { updates, state } = rule.update(
      context.gradient,
      mapState(rule.init(context.params, { leaves }), (part, path) => cell(path, part.shape)),
      context,
    );
    const nodes = topologicalOrder([updates.node, ...stateEntries(state).map(({ tensor }) => tensor.node)]);
    const count = (op: string, rank: number): number => nodes.filter((node) => node.op === op && node.shape.length === rank).length;
    expect([count("div", 1), count("sqrt", 1), count("div", 0), count("sqrt", 0), count("pow", 0)]).toEqual([1, 1, 2, 0, 0]);
  });
});

describe("weight decay", () => {
  it("in AdamW multiplies a parameter without gradient by 1 − α·λ at each step", () => {
    const { iterates } = runRule(adamw({ learningRate: 0.1, weightDecay: 0.2 }), [5], { steps: 30, gradient: () => [0] });
    iterates.forEach(([x], k) => {
      expect(Math.abs(x! / (5 * 0.98 ** k) - 1)).toBeLessThan(40 * 2 ** -53);
    });
  });

  it("in Adam with an L2 penalty moves it by α instead", () => {
    const { updates } = runRule(adam({ learningRate: 0.1 }), [5], { steps: 1, gradient: ([x]) => [0.2 * x!] });
    expect(updates[0]![0]).toBeCloseTo(-0.1, 8);
  });
});

describe("Adam's denominator", () => {
  it("never shrinks in AMSGrad: after a spike its steps stay smaller", () => {
    const spike = { steps: 2000, gradient: (_x: Float64Array, step: number) => [step === 0 ? 100 : 1] };
    const last = (method: Transformation): number => Math.abs(runRule(method, [0], spike).updates.at(-1)![0]!);
    expect(last(adam({ learningRate: 1, beta2: 0.99 }))).toBeCloseTo(1, 6);
    // V = (1−β₂)·100², so the step is 1/√(V/(1−β₂ᵗ)) = 0.1.
    expect(last(amsgrad({ learningRate: 1, beta2: 0.99 }))).toBeCloseTo(0.1, 6);
  });
});
