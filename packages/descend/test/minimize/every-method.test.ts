/**
 * What every method of the catalogues keeps to as a descent; the oracles are counts of what the engine is asked for, the descent that was
 * never interrupted, and the definition of a step.
 */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDescent } from "../../src/minimize/minimize.js";
import type { DescentOptions } from "../../src/minimize/options.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { chain } from "../../src/optim/chain.js";
import { methodCatalogue } from "../../src/optim/methods/catalogue.js";
import { searchMethodCatalogue } from "../../src/optim/search-catalogue.js";
import { scaleByAdafactor } from "../../src/optim/transforms/scale-by-adafactor.js";
import { scaleByLearningRate } from "../../src/optim/transforms/scale-by-learning-rate.js";

const rules = methodCatalogue.map(({ name }) => name);
const searches = searchMethodCatalogue.map(({ name }) => name);
/** Steps of a generation are dear; those of others are not. */
const stepsOf = (name: string): number => (searches.includes(name) ? 12 : 60);

/** Where the first question of a kind comes later: values alone are asked when a step is not taken at once. */
const firstSteps: Record<string, number> = { barzilaiBorwein: 20 };

interface Params {
  readonly m: readonly (readonly number[])[];
  readonly b: number;
}
/** A valley with a matrix in it, for rules that act on matrices. */
const valley = ({ m, b }: Params): number =>
  (m[0]![0]! - 1) ** 2 +
  10 * (m[0]![1]! - m[0]![0]! ** 2) ** 2 +
  (m[1]![0]! + 2 * m[1]![1]! - b) ** 2 +
  0.1 * (m[1]![1]! - 2) ** 2 +
  b ** 4;
const start: Params = {
  m: [
    [-0.5, 0.4],
    [0.3, -0.2],
  ],
  b: 0.7,
};
/** Steps are counted, nothing ends them. */
const endless: DescentOptions = { stopping: { relativeGradientTolerance: 0, patience: 1e9 }, certify: false };

function frozen<T>(tree: T): T {
  if (typeof tree === "object" && tree !== null) {
    for (const part of Object.values(tree)) frozen(part);
    Object.freeze(tree);
  }
  return tree;
}

describe("after its first step, a descent", () => {
  let modules = 0;
  let instances = 0;
  const memories: WebAssembly.Memory[] = [];
  beforeEach(() => {
    const { Module, Instance, Memory } = WebAssembly;
    const counted = <T extends new (...args: never[]) => object>(Original: T, made: (object: object) => void): T =>
      new Proxy(Original, {
        construct(target, args) {
          const object = Reflect.construct(target, args) as object;
          made(object);
          return object;
        },
      });
    vi.stubGlobal("WebAssembly", {
      validate: WebAssembly.validate,
      Module: counted(Module, () => modules++),
      Instance: counted(Instance, () => instances++),
      Memory: counted(Memory, (memory) => memories.push(memory as WebAssembly.Memory)),
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    memories.length = 0;
  });

  it.each([...rules, ...searches])("compiles nothing and takes no more memory: %s", (method) => {
    const descent = createDescent(valley, start, { ...endless, method });
    descent.step(firstSteps[method] ?? 1);
    expect(modules).toBeGreaterThan(0);
    const before = { modules, instances, memories: memories.length, bytes: memories.map(({ buffer }) => buffer.byteLength) };
    expect(descent.step(stepsOf(method))).toBeGreaterThan(0);
    expect({ modules, instances, memories: memories.length, bytes: memories.map(({ buffer }) => buffer.byteLength) }).toEqual(before);
  });
});

describe.each([...rules, ...searches])("%s", (method) => {
  it("keeps the shape of the start, and leaves start and options as they were", () => {
    const given = frozen(structuredClone(start));
    const options = frozen({ ...endless, method });
    const descent = createDescent(valley, given, options);
    descent.step(5);
    const { params } = descent;
    expect(given).toEqual(start);
    expect(Object.keys(params)).toEqual(["m", "b"]);
    expect(params.m.map((row) => row.length)).toEqual([2, 2]);
    expect(typeof params.b).toBe("number");
  });
});

describe.each(rules)("the rule %s", (method) => {
  it("resumes to the same bits at 20 random steps, through JSON", () => {
    const options = { ...endless, method };
    const straight = createDescent(valley, start, options);
    // Some diverge here before that
    const total = straight.step(200);
    const first = createDescent(valley, start, options);
    const steps = Array.from({ length: 20 }, (_, trial) => 1 + Math.floor((total - 1) * threefryUniform(5, 0, trial))).sort(
      (a, b) => a - b,
    );
    for (const at of steps) {
      first.step(at - first.steps);
      const checkpoint = JSON.parse(JSON.stringify(first.checkpoint()));
      const second = createDescent(valley, start, { ...options, checkpoint });
      expect(second.steps).toBe(at);
      second.step(total - at);
      expect(second.params).toEqual(straight.params);
      expect(second.value).toBe(straight.value);
      expect(second.state).toEqual(straight.state);
    }
  });

  it("never commits a point where a formula is not a number, beside a slope that grows without bound", () => {
    // √(x − 1) is not a number below 1
    const edge = createDescent("sqrt(x - 1) + x", { x: 1.05 }, { method, methodOptions: { learningRate: 0.5 } });
    edge.step(200);
    expect(Number.isFinite(edge.params.x) && Number.isFinite(edge.value)).toBe(true);
  });

  it.each([
    ["gradient", "non-finite-gradient"],
    ["value", "non-finite-value"],
  ])("never commits a step to where the %s is not a number", (what, reason) => {
    let calls = 0;
    const bad = (): boolean => calls > 6;
    const objective = (x: readonly number[]): number => {
      calls++;
      return what === "value" && bad() ? Number.NaN : (x[0]! - 3) ** 2 + x[1]! ** 2;
    };
    const gradient = (x: readonly number[]): number[] => (what === "gradient" && bad() ? [Number.NaN, 1] : [2 * (x[0]! - 3), 2 * x[1]!]);
    const descent = createDescent(objective as never, [1, 1], { ...endless, method, gradient: gradient as never, checkGradient: false });
    descent.step(50);
    expect(descent.reasons).toEqual([reason]);
    const { params, value, state } = descent as unknown as { params: number[]; value: number; state: Record<string, Float64Array> };
    expect(params.every(Number.isFinite)).toBe(true);
    // The value belongs to the point
    expect(value).toBe((params[0]! - 3) ** 2 + params[1]! ** 2);
    for (const part of Object.values(state)) expect([...part].every(Number.isFinite)).toBe(true);
  });
});

describe("in batches of 8 of 48 rows", () => {
  const loss = (p: { w: number[]; b: number }, row: { x: number; y: number }): number =>
    (p.w[0]! * row.x + p.w[1]! * row.x ** 2 + p.b - row.y) ** 2;
  const x = Float64Array.from({ length: 48 }, (_, i) => Math.sin(5 * i));
  const data = { x, y: x.map((xi) => 1 + 2 * xi) };
  const begin = { w: [0.5, -0.5], b: 0.25 };
  /** Steps: the first, within an epoch of six, at the end of one, after it, and the last but one. */
  const places = [1, 9, 30, 31, 60];

  it.each(rules)("resumes to the same bits, through JSON, within epochs and between them: %s", (method) => {
    const options = { ...endless, data, batch: 8, seed: 11, method, methodOptions: { learningRate: 0.02 } };
    const whole = createDescent(loss, begin, options);
    const saved = places.map((place) => {
      whole.step(place - whole.steps);
      return JSON.stringify(whole.checkpoint());
    });
    whole.step(61 - whole.steps);
    for (const [k, place] of places.entries()) {
      const rest = createDescent(loss, begin, { ...options, checkpoint: JSON.parse(saved[k]!) });
      rest.step(61 - place);
      expect(rest.params, `from step ${place}`).toEqual(whole.params);
      expect(rest.state, `from step ${place}`).toEqual(whole.state);
    }
  });
});

describe("a rule that asks for the number format", () => {
  it("is told: the floor of Adafactor is 2⁻²³ in float32 and 2⁻⁵² in float64", () => {
    // At the first step the mean square is g², so a gradient of 1e-9 has the direction g/max(|g|, ε₁),
    // and the length is α·max(ε₂, rms(x)) = 0.01
    const move = (precision: "float64" | "float32", machineFloor: boolean): number => {
      const method = chain(scaleByAdafactor({ relativeStep: 0.01, machineFloor }), scaleByLearningRate(1));
      const descent = createDescent("1e-9 x", { x: 1 }, { ...endless, method, precision });
      descent.step();
      return 1 - descent.params.x;
    };
    expect(move("float64", true)).toBeCloseTo(0.01, 12);
    expect(move("float32", false)).toBeCloseTo(0.01, 6);
    expect(move("float32", true)).toBeCloseTo((0.01 * 1e-9) / 2 ** -23, 6);
  });
});
