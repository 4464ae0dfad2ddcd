/** Contracts that every method that searches keeps; the oracles are minima in closed form. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createDescent, minimize } from "../../src/minimize/minimize.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { methodCatalogue } from "../../src/optim/methods/catalogue.js";
import { findMethod } from "../../src/optim/resolve-method.js";
import { searchMethodCatalogue } from "../../src/optim/search-catalogue.js";
import { answered, type SearchPoint, type SearchState } from "../../src/optim/search-method.js";
import { answerWith } from "./answer-with.js";

const root = new URL("../../../../", import.meta.url);

/** (x₀ − 3)² + 10·(x₁ + 1)² + x₀·x₁: its minimum solves 2x₀ + x₁ = 6, x₀ + 20x₁ = −20. */
const parabola = ([x, y]: number[]): number => (x! - 3) ** 2 + 10 * (y! + 1) ** 2 + x! * y!;
const parabolaMinimum = [140 / 39, -46 / 39];
const rosenbrock = ([x, y]: number[]): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
/** Defined for x > 0 only; its minimum is at 1. */
const logarithm = ([x]: number[]): number => x! - Math.log(x!);

describe.each(searchMethodCatalogue.map((record) => [record.name, record] as const))("%s", (name, record) => {
  it("is what its record says", () => {
    const method = record.create();
    expect(method).toMatchObject({ kind: "search", name, uses: record.uses, handles: record.handles });
  });

  it("solves the parabola and is sure of it", () => {
    const solution = minimize(parabola, [10, 10], { method: record.create() });
    expect(solution.verdict).toBe("converged");
    expect(solution.method).toBe(name);
    solution.params.forEach((x, i) => {
      expect(Math.abs(x - parabolaMinimum[i]!)).toBeLessThan(1e-6);
    });
  });

  it("keeps shapes, and leaves point, state and problem as they are", () => {
    const method = record.create();
    const start = Float64Array.of(-1.2, 1);
    const problem = { size: 2, start, box: undefined, integers: undefined, seed: 1 };
    const answer = answerWith(rosenbrock);
    const { values, vector } = answer({ kind: "gradient", params: start });
    let point: SearchPoint = { params: start, value: values[0]!, gradient: record.uses === "values" ? undefined : vector! };
    let state: SearchState = answered(method.init(point, problem), answer);
    for (let step = 0; step < 8; step++) {
      const before = structuredClone({ point, state, problem });
      const after = answered(method.step(point, state, problem), answer);
      expect({ point, state, problem }).toEqual(before);
      expect(after).toBeDefined();
      expect(after!.point.params).toHaveLength(2);
      expect(after!.point.gradient?.length).toBe(record.uses === "values" ? undefined : 2);
      ({ point, state } = after!);
    }
    expect(rosenbrock([...start])).toBeCloseTo(24.2, 12);
  });

  it("resumes to the same bits at 20 random steps, through JSON", () => {
    const options = { method: record.create(), stopping: { relativeGradientTolerance: 0, stepTolerance: 0 }, certify: false };
    const straight = createDescent(rosenbrock, [-1.2, 1], options);
    straight.step(24);
    const total = straight.steps;
    // A step of Powell's is a sweep of line minima: nothing is left to search after 14.
    expect(total).toBeGreaterThan(name === "powell" ? 12 : 15);
    const first = createDescent(rosenbrock, [-1.2, 1], options);
    const places = Array.from({ length: 20 }, (_, trial) => Math.floor(total * threefryUniform(7, 1, trial))).sort((a, b) => a - b);
    for (const at of places) {
      first.step(at - first.steps);
      const second = createDescent(rosenbrock, [-1.2, 1], { ...options, checkpoint: JSON.parse(JSON.stringify(first.checkpoint())) });
      second.step(24 - at);
      expect(second.params).toEqual(straight.params);
      expect(second.value).toBe(straight.value);
      expect(second.evaluations).toEqual(straight.evaluations);
      expect(second.state).toEqual(straight.state);
    }
  });

  it("never commits a point where the objective is not a number", () => {
    const descent = createDescent(logarithm, [0.01], { method: record.create() });
    for (let step = 0; step < 60 && descent.reasons.length === 0; step++) {
      descent.step();
      expect(Number.isFinite(descent.value)).toBe(true);
      expect(descent.params[0]).toBeGreaterThan(0);
    }
    expect(minimize(logarithm, [0.01], { method: record.create() }).params[0]).toBeCloseTo(1, 5);
  });

  it("is found by its name and its aliases, and takes its options beside the name", () => {
    for (const spelled of [name, name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), ...record.aliases]) {
      expect(findMethod(spelled)).toBe(record);
    }
    const methodOptions = Object.fromEntries(Object.entries(record.options).map(([option, spec]) => [option, spec.default]));
    const named = createDescent(rosenbrock, [-1.2, 1], { method: name, methodOptions });
    const given = createDescent(rosenbrock, [-1.2, 1], { method: record.create() });
    named.step(5);
    given.step(5);
    expect(named.params).toEqual(given.params);
  });

  it("keeps the defaults and ranges of its table, and refuses what is outside", () => {
    for (const [option, spec] of Object.entries(record.options)) {
      expect(() => record.create({ [option]: spec.default })).not.toThrow();
      const wrong = spec.kind === "boolean" || spec.kind === "choice" ? "neither" : Number.NaN;
      expect(() => record.create({ [option]: wrong }), option).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    }
    expect(() => record.create({ notAnOption: 1 })).toThrow(expect.objectContaining({ code: "OPTION_UNKNOWN" }));
  });

  it("has a page that gives every option, and a source in the references", () => {
    const page = new URL(record.page, root);
    expect(existsSync(page), record.page).toBe(true);
    const text = readFileSync(page, "utf8");
    for (const [option, spec] of Object.entries(record.options))
      expect(text, option).toContain(`| \`${option}\` | ${spec.default ?? spec.otherwise} |`);
    expect(readFileSync(new URL("docs/references.bib", root), "utf8")).toContain(`{${record.source},`);
    expect(readFileSync(new URL("docs/methods/README.md", root), "utf8")).toContain(`[\`${name}\`](${record.page.split("/").at(-1)})`);
  });
});

describe("the catalogue of searches", () => {
  it("has no name or alias twice, also not among the update rules", () => {
    const names = [...searchMethodCatalogue, ...methodCatalogue]
      .flatMap((record) => [record.name, ...record.aliases])
      .map((name) => name.toLowerCase().replaceAll("-", ""));
    expect(new Set(names).size).toBe(names.length);
  });

  it("refuses options beside a method that has its own", () => {
    const method = searchMethodCatalogue[0]!.create();
    expect(() => minimize(rosenbrock, [-1.2, 1], { method, methodOptions: {} })).toThrow(
      expect.objectContaining({ code: "OPTIONS_CONFLICT", details: { options: ["methodOptions", "method"] } }),
    );
  });
});
