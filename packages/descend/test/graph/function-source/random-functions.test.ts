import fc from "fast-check";
import { expect, it } from "vitest";
import { readFunction } from "../../../src/graph/function-source.js";
import { evaluate } from "../../../src/graph/interpret.js";
import { Tensor } from "../../../src/graph/tensor.js";
import { type AnyFunction, nodeOf, samplePoint, vector } from "../compare-with-graph.js";

/**
 * Random functions of an array of 20 numbers: expressions, branches, early returns, loops long enough to be read at once, arrays
 * that are filled and changed. The oracle is the function itself, called with numbers.
 */

const N = 20;

interface Context {
  /** Loop counters in scope. */
  readonly counters: readonly string[];
  readonly depth: number;
  readonly inLoop: boolean;
}

type Text = fc.Arbitrary<string>;

const number: Text = fc.constantFrom("0", "1", "2", "0.5", "-1.25", "3");

function index({ counters }: Context): Text {
  const fixed = fc.integer({ min: 0, max: N - 1 }).map(String);
  if (counters.length === 0) return fixed;
  const counter = fc.constantFrom(...counters);
  return fc.oneof(
    { weight: 4, arbitrary: counter },
    fc.tuple(counter, fc.constantFrom("+ 1", "+ 3", `+ ${N - 1}`, "* 3")).map(([i, by]) => `(${i} ${by}) % ${N}`),
    counter.map((i) => `${N - 1} - ${i}`),
    fixed,
  );
}

function expression(context: Context, depth = 3): Text {
  const leaf = fc.oneof(
    number,
    fc.constantFrom("a", "b", "c"),
    index(context).map((i) => `x[${i}]`),
    index(context).map((i) => `y[${i}]`),
    ...(context.counters.length === 0 ? [] : [fc.constantFrom(...context.counters)]),
  );
  if (depth === 0) return leaf;
  const inner = expression(context, depth - 1);
  return fc.oneof(
    leaf,
    fc.tuple(inner, fc.constantFrom("+", "-", "*"), inner).map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc.tuple(fc.constantFrom("Math.sin", "Math.tanh", "Math.abs", "square", "-"), inner).map(([f, e]) => `${f}(${e})`),
    fc.tuple(fc.constantFrom("Math.max", "Math.min", "Math.hypot"), inner, inner).map(([f, l, r]) => `${f}(${l}, ${r})`),
    fc.tuple(condition(context, depth - 1), inner, inner).map(([t, l, r]) => `(${t} ? ${l} : ${r})`),
    fc.tuple(inner, inner).map(([l, r]) => `(${l}) / (1 + square(${r}))`),
  );
}

function condition(context: Context, depth = 1): Text {
  const inner = expression(context, Math.max(0, depth - 1));
  const comparison = fc.tuple(inner, fc.constantFrom("<", ">", "<=", ">="), inner).map(([l, op, r]) => `${l} ${op} ${r}`);
  const onCounter =
    context.counters.length === 0
      ? []
      : [fc.tuple(fc.constantFrom(...context.counters), fc.constantFrom("> 0", "< 12", "% 2 === 0", "!== 3")).map(([i, t]) => `${i} ${t}`)];
  return fc.oneof(
    comparison,
    ...onCounter,
    fc.tuple(comparison, fc.constantFrom("&&", "||"), comparison).map(([l, op, r]) => `(${l} ${op} ${r})`),
    comparison.map((t) => `!(${t})`),
  );
}

function statement(context: Context): Text {
  const value = expression(context, 2);
  const variable = fc.constantFrom("a", "b", "c");
  const simple: Text[] = [
    fc.tuple(variable, value).map(([v, e]) => `${v} = Math.sin(${e});`),
    fc.tuple(variable, fc.constantFrom("+=", "-="), value).map(([v, op, e]) => `${v} ${op} ${e};`),
    fc.tuple(variable, value).map(([v, e]) => `${v} = Math.max(${v}, ${e});`),
    fc.tuple(variable, value).map(([v, e]) => `${v} *= Math.cos(${e});`),
    fc.tuple(index(context), value).map(([i, e]) => `y[${i}] = Math.tanh(${e});`),
    value.map((e) => `r.push(${e});`),
    fc.tuple(condition(context), variable, value).map(([t, v, e]) => `${t} && (${v} = ${v} + ${e});`),
  ];
  if (context.depth === 0) return fc.oneof(...simple);
  const deeper = { ...context, depth: context.depth - 1 };
  const body = block(deeper);
  const name = `i${context.counters.length}`;
  const loopBody = block({ counters: [...context.counters, name], depth: context.depth - 1, inLoop: true });
  const leave: Text[] = context.inLoop
    ? [condition(context).map((t) => `if (${t}) continue;`), condition(context).map((t) => `if (${t}) break;`)]
    : [];
  const count = context.counters.length === 0 ? fc.constantFrom(3, N, N) : fc.constantFrom(2, 5, N);
  return fc.oneof(
    ...simple,
    fc.tuple(condition(context), body).map(([t, s]) => `if (${t}) { ${s} }`),
    fc.tuple(condition(context), body, body).map(([t, s, u]) => `if (${t}) { ${s} } else { ${u} }`),
    { weight: 3, arbitrary: fc.tuple(count, loopBody).map(([n, s]) => `for (let ${name} = 0; ${name} < ${n}; ${name}++) { ${s} }`) },
    fc
      .tuple(variable, expression({ ...context, counters: [...context.counters, "k"] }, 2))
      .map(([v, e]) => `${v} += x.map((v, k) => v - ${e}).reduce((s, v) => s + v, 0) / ${N};`),
    fc.tuple(condition(context), value).map(([t, e]) => `if (${t}) return ${e};`),
    ...leave,
  );
}

function block(context: Context): Text {
  return fc.array(statement(context), { minLength: 1, maxLength: 3 }).map((statements) => statements.join(" "));
}

const program: Text = fc
  .array(statement({ counters: [], depth: 2, inLoop: false }), { minLength: 2, maxLength: 5 })
  .map(
    (statements) =>
      `(x) => { const square = (v) => v * v; let a = 1, b = x[0], c = 0; const y = x.slice(); const r = []; ${statements.join(" ")} return a + b - c + y[2] * y[${N - 1}] + r.reduce((s, v) => s + v, 0); }`,
  );

/** Arrays whose length depends on a condition have no graph, and some nests unroll beyond the limit; both are refused by name. */
const refusals = /length depends on a condition|more than 200000 operations/;

it("random functions give what they give when called", () => {
  let compared = 0;
  fc.assert(
    fc.property(program, fc.integer({ min: 1, max: 1000 }), (text, seed) => {
      const fn = new Function(`return ${text};`)() as AnyFunction & ((x: number[]) => number);
      let result: ReturnType<typeof readFunction>;
      try {
        result = readFunction(fn, [vector(N)]);
      } catch (error) {
        expect((error as Error).message).toMatch(refusals);
        return;
      }
      const point = samplePoint(N, seed, 1.5);
      const want = fn(point.slice());
      // Where rounding decides a branch, the order of a sum may too: such points say nothing.
      const disturbed = [1e-12, -1e-12].map((e) => fn(point.map((v, i) => v * (1 + e * (i + 1)))));
      if (!Number.isFinite(want) || disturbed.some((each) => !(Math.abs(each - want) <= 1e-8 * Math.max(1, Math.abs(want))))) return;
      const got = result instanceof Tensor ? evaluate([nodeOf(result)], { inputs: { p: point } })[0]![0]! : (result as number);
      expect(Math.abs(got - want) / Math.max(1, Math.abs(want)), `${got} instead of ${want}`).toBeLessThanOrEqual(1e-8);
      compared++;
    }),
    { numRuns: 150, seed: 20240611, endOnFailure: false },
  );
  expect(compared).toBeGreaterThan(75);
});
