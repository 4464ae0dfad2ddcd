/** Oracle: rules of one's own against their recurrences in plain numbers. */

import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/graph/tensor.js";
import { tensor, where, zeros } from "../../src/graph/tensor-functions.js";
import { chain, named } from "../../src/optim/chain.js";
import { mapState, selectState, stateEntries } from "../../src/optim/state.js";
import { stateless, type Transformation } from "../../src/optim/transformation.js";
import { clipByValue } from "../../src/optim/transforms/clip-by-value.js";
import { scaleBy } from "../../src/optim/transforms/scale-by.js";
import { scaleByLearningRate } from "../../src/optim/transforms/scale-by-learning-rate.js";
import { applyRule, runRule } from "./run-rule.js";

describe("a rule of one's own", () => {
  it("needs five lines and no types when it remembers nothing", () => {
    const signs: Transformation = {
      name: "signs",
      init: () => ({}),
      update: (updates, state) => ({ updates: updates.sign().mul(-0.25), state }),
    };
    expect([...runRule(signs, [1, -1], { steps: 2, gradient: (x) => x }).iterates[2]!]).toEqual([0.5, -0.5]);
  });

  it("has a typed state when it remembers something", () => {
    const damped: Transformation<{ mean: Tensor }> = {
      name: "damped",
      init: (params) => ({ mean: zeros(params.shape) }),
      update(updates, { mean }) {
        const next = mean.mul(0.5).add(updates.mul(0.5));
        return { updates: next.mul(-1), state: { mean: next } };
      },
    };
    const { iterates, states } = runRule(chain(clipByValue(4), damped), [0], { steps: 3, gradient: () => [8] });
    expect(iterates.map(([x]) => x)).toEqual([0, -2, -5, -8.5]);
    expect(states.map((state) => state.get("damped.mean")![0])).toEqual([0, 2, 3, 3.5]);
  });

  it("may look at params, value, raw gradient and step", () => {
    const polyak = stateless("polyak", (_updates, { gradient, value }) => gradient.mul(value.div(gradient.square().sum()).neg()));
    // On ½x² Polyak's step with the known minimum 0 halves x.
    const { iterates } = runRule(chain(scaleBy(7), polyak), [8], { steps: 3, gradient: (x) => x, value: ([x]) => (x! * x!) / 2 });
    expect(iterates.map(([x]) => x)).toEqual([8, 4, 2, 1]);
    const late = stateless("late", (updates, { step, params }) => where(step.less(2), 0, updates.add(params)));
    expect(runRule(late, [1], { steps: 3, gradient: () => [1] }).updates.map(([u]) => u)).toEqual([0, 0, 2]);
  });
});

describe("chain", () => {
  it("applies its rules from left to right", () => {
    expect([...applyRule(chain(clipByValue(1), scaleBy(10)), [5])]).toEqual([10]);
    expect([...applyRule(chain(scaleBy(10), clipByValue(1)), [5])]).toEqual([1]);
    expect([...applyRule(chain(), [5])]).toEqual([5]);
  });

  it("is named by its rules unless it is given a name", () => {
    const rule = chain(clipByValue(1), scaleByLearningRate(0.1));
    expect(rule.name).toBe("chain(clipByValue, scaleByLearningRate)");
    expect(named("mine", rule).name).toBe("mine");
  });
});

describe("states", () => {
  const state = { m: zeros([3]), inner: { w: tensor(2) } };

  it("list their tensors by path", () => expect(stateEntries(state).map(({ path }) => path)).toEqual(["m", "inner.w"]));

  it("are mapped in place", () => {
    const mapped = mapState(state, (part, path) => (path === "m" ? part : part.add(1)));
    expect([mapped.m === state.m, mapped.inner.w === state.inner.w]).toEqual([true, false]);
  });

  it("are not selected between when their shapes differ", () =>
    expect(() => selectState(tensor(1), { m: zeros([2]) }, { m: zeros([3]) })).toThrow(expect.objectContaining({ code: "INTERNAL" })));
});
