/** Contracts that every method of the catalogue keeps; the oracle of the parabola is its minimum, 3. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/errors.js";
import { zeros } from "../../../src/graph/tensor-functions.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { methodCatalogue } from "../../../src/optim/methods/catalogue.js";
import { findMethod, resolveMethod } from "../../../src/optim/resolve-method.js";
import { stateEntries } from "../../../src/optim/state.js";
import { runRule } from "../run-rule.js";

const root = new URL("../../../../../", import.meta.url);

/** Rates for (x−3)² from 0 with 400 steps; a method not named here takes 0.1. */
const rates: Record<string, number> = {
  adagrad: 1,
  adadelta: 10,
  lars: 3,
  averagedGradientDescent: 0.1,
  lion: 0.01,
  signDescent: 0.01,
  lamb: 0.01,
  muon: 0.01,
  normalizedGradientDescent: 0.01,
  sam: 0.01,
  polyakStep: 1,
  noisyGradientDescent: 0.05,
  dog: 1,
  dAdaptation: 1,
  dAdaptedAdam: 1,
  prodigy: 1,
  scheduleFree: 0.5,
  scheduleFreeAdamw: 0.1,
};

describe.each(methodCatalogue.map((record) => [record.name, record] as const))("%s", (name, record) => {
  it("solves the parabola", () => {
    // Methods in proportion to the parameter cannot leave 0.
    const method = record.create({ learningRate: rates[name] ?? 0.1, ...("weightDecay" in record.options ? { weightDecay: 0 } : {}) });
    const { iterates } = runRule(method, [1], {
      steps: 600,
      gradient: ([x]) => [2 * (x! - 3)],
      value: ([x]) => (x! - 3) ** 2,
      // Muon's own part is for matrices.
      leaves: [{ path: "", offset: 0, shape: name === "muon" ? [1, 1] : [1] }],
    });
    expect(Math.abs(iterates.at(-1)![0]! - 3)).toBeLessThan(0.03);
  });

  it("has a state of finite numbers that survives JSON and keeps its shapes", () => {
    const { states } = runRule(record.create(), [1, -2, 3], { steps: 3, gradient: (x) => x.map((xi) => 2 * xi) });
    const shapes = stateEntries(record.create().init(zeros([3]), { leaves: [{ path: "", offset: 0, shape: [3] }] }));
    for (const state of states) {
      expect([...state.keys()]).toEqual(shapes.map(({ path }) => path));
      for (const { path, tensor } of shapes) {
        const values = state.get(path)!;
        expect(values).toHaveLength(tensor.shape.reduce((a, b) => a * b, 1));
        expect(JSON.parse(JSON.stringify([...values]))).toEqual([...values]);
        expect([...values].every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("goes on with the same bits from a state that went through JSON", () => {
    const gradient = (x: Float64Array): Float64Array => x.map((xi) => Math.sin(3 * xi) + xi);
    const whole = runRule(record.create({ learningRate: 0.05 }), [1, -2], { steps: 12, gradient });
    for (const step of [1, 5, 11]) {
      const state = JSON.parse(JSON.stringify(Object.fromEntries([...whole.states[step]!].map(([path, values]) => [path, [...values]]))));
      const rest = runRule(record.create({ learningRate: 0.05 }), whole.iterates[step]!, {
        steps: 12 - step,
        gradient,
        resume: { state, step },
      });
      expect(rest.iterates).toEqual(whole.iterates.slice(step));
    }
  });

  it("rests at a gradient of 0 unless it decays weights", () => {
    const options = "weightDecay" in record.options ? { weightDecay: 0 } : {};
    const { updates } = runRule(record.create(options), [1, -2], { steps: 5, gradient: () => [0, 0] });
    // Yogi starts from a small mean of its own; noise of deviation 0.1 and rate 0.01 stays within six deviations.
    const most: Record<string, number> = { yogi: 1e-4, noisyGradientDescent: 6e-3 };
    for (const update of updates) for (const u of update) expect(Math.abs(u)).toBeLessThanOrEqual(most[name] ?? 0);
  });

  it("gives NaN for a gradient of NaN, so that the loop can refuse it", () => {
    const [update] = runRule(record.create(), [1, -2], { steps: 1, gradient: () => [Number.NaN, 1] }).updates;
    expect(update![0]).toBeNaN();
  });

  it("keeps the defaults and ranges of its table, and refuses what is outside", () => {
    for (const [option, spec] of Object.entries(record.options)) {
      expect(spec.default, option).toBeDefined();
      expect(() => record.create({ [option]: spec.default })).not.toThrow();
      const wrong = spec.kind === "boolean" || spec.kind === "choice" ? "neither" : Number.NaN;
      expect(() => record.create({ [option]: wrong }), option).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    }
    expect(() => record.create({ learningRat: 1 })).toThrow(
      expect.objectContaining({
        code: "OPTION_UNKNOWN",
        details: expect.objectContaining({ option: "learningRat", nearest: "learningRate" }),
      }),
    );
  });

  it("takes a schedule wherever its table says so", () => {
    for (const [option, spec] of Object.entries(record.options)) {
      if (spec.kind !== "hyperparameter") continue;
      const constant = runRule(record.create({ [option]: spec.default }), [1, -2], { steps: 4, gradient: (x) => x });
      const scheduled = runRule(
        record.create({ [option]: (step: { mul(k: number): { add(k: unknown): unknown } }) => step.mul(0).add(spec.default) }),
        [1, -2],
        { steps: 4, gradient: (x) => x },
      );
      scheduled.iterates.forEach((x, k) => {
        x.forEach((value, i) => {
          expect(value).toBeCloseTo(constant.iterates[k]![i]!, 12);
        });
      });
    }
  });

  it("has a page that gives every option, and a source in the references", () => {
    const page = new URL(record.page, root);
    expect(existsSync(page), record.page).toBe(true);
    const text = readFileSync(page, "utf8");
    for (const [option, spec] of Object.entries(record.options)) expect(text, option).toContain(`| \`${option}\` | ${spec.default} |`);
    expect(readFileSync(new URL("docs/references.bib", root), "utf8")).toContain(`{${record.source},`);
  });
});

describe("the catalogue", () => {
  it("has no name or alias twice", () => {
    const names = methodCatalogue
      .flatMap((record) => [record.name, ...record.aliases])
      .map((name) => name.toLowerCase().replaceAll("-", ""));
    expect(new Set(names).size).toBe(names.length);
  });

  it("finds methods by alias, whatever the case and the hyphens", () => {
    expect(findMethod("SGD")?.name).toBe("gradientDescent");
    expect(findMethod("Widrow-Hoff")?.name).toBe("gradientDescent");
    expect(findMethod("lms")?.name).toBe("gradientDescent");
    expect(findMethod("gradient_descent")?.name).toBe("gradientDescent");
    expect(findMethod("heavyball")?.name).toBe("momentum");
  });

  it("resolves names with options, and takes rules as they are", () => {
    expect(resolveMethod("adam", { learningRate: 0.1 }).name).toBe("adam");
    const rule = adam();
    expect(resolveMethod(rule)).toBe(rule);
    expect(() => resolveMethod(rule, { learningRate: 1 })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
  });

  it("names the nearest method where there is none of that name", () => {
    expect(() => resolveMethod("momentun")).toThrow(OptionError);
    expect(() => resolveMethod("momentun")).toThrow(
      expect.objectContaining({
        code: "OPTION_UNKNOWN",
        details: expect.objectContaining({ option: "momentun", nearest: "momentum" }),
      }),
    );
  });

  it("says where, what was expected, what it got, and what is usual", () =>
    expect(() => adam({ beta2: 1.2 })).toThrow("adam({ beta2 }): expected 0 ≤ beta2 < 1, got 1.2. The usual value is 0.999."));
});
