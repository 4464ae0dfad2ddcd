/**
 * Drives an update rule on the interpreter: the smallest loop there is, with the gradient computed by the test.
 */

import { input } from "../../src/graph/build.js";
import { type Node, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { Tensor } from "../../src/graph/tensor.js";
import type { Schedule } from "../../src/optim/schedules/schedule.js";
import { mapState, stateEntries } from "../../src/optim/state.js";
import type { Transformation } from "../../src/optim/transformation.js";
import type { Leaf } from "../../src/tree/tree.js";

export interface RunRuleOptions {
  readonly steps: number;
  readonly gradient: (x: Float64Array, step: number) => ArrayLike<number>;
  /** Default 0 at every step. */
  readonly value?: (x: Float64Array, step: number) => number;
  /** Default: one leaf of all parameters. */
  readonly leaves?: readonly Leaf[];
  readonly dtype?: "float64" | "float32";
  /** Goes on from a state, counting steps from `step`; the start is where it stood. */
  readonly resume?: { readonly state: Readonly<Record<string, ArrayLike<number>>>; readonly step: number };
}

export interface RuleRun {
  /** The start and the parameters after each step. */
  readonly iterates: Float64Array[];
  /** What was added at each step. */
  readonly updates: Float64Array[];
  /** The state before the first step and after each, by path. */
  readonly states: Map<string, Float64Array>[];
}

/** A rule run for some steps: x ← x + update. */
export function runRule(rule: Transformation, start: ArrayLike<number>, options: RunRuleOptions): RuleRun {
  const n = start.length;
  const leaves = options.leaves ?? [{ path: "", offset: 0, shape: [n] }];
  const cell = (name: string, shape: readonly number[]): Tensor => Tensor.of(input(name, shape));
  const context = {
    params: cell("params", [n]),
    gradient: cell("gradient", [n]),
    value: cell("value", []),
    step: cell("step", []),
    leaves,
    ...(rule.probe === undefined ? {} : { probeGradient: cell("probeGradient", [n]) }),
  };
  const probe = rule.probe?.(context.params, context.gradient, { leaves }).node;
  const initial = rule.init(context.params, { leaves });
  const { updates, state } = rule.update(
    context.gradient,
    mapState(initial, (part, path) => cell(`state.${path}`, part.shape)),
    context,
  );

  const paths = stateEntries(initial).map(({ path }) => path);
  const after = new Map(stateEntries(state).map(({ path, tensor }) => [path, tensor.node]));
  const outputs: Node[] = [context.params.add(updates).node, updates.node, ...paths.map((path) => after.get(path)!)];
  validate(outputs);

  const bindings = new Map<string, ArrayLike<number>>([["params", Float64Array.from(start)]]);
  const first = evaluate(
    stateEntries(initial).map(({ tensor }) => tensor.node),
    { inputs: bindings },
  );
  paths.forEach((path, i) => {
    bindings.set(`state.${path}`, options.resume?.state[path] ?? first[i]!);
  });
  const firstStep = options.resume?.step ?? 0;

  const run: RuleRun = { iterates: [Float64Array.from(start)], updates: [], states: [new Map(paths.map((path, i) => [path, first[i]!]))] };
  for (let step = 0; step < options.steps; step++) {
    const x = run.iterates[step]!;
    bindings.set("gradient", options.gradient(x, firstStep + step));
    bindings.set("value", [options.value?.(x, firstStep + step) ?? 0]);
    bindings.set("step", [firstStep + step]);
    if (probe !== undefined) {
      const [point] = evaluate([probe], { inputs: bindings }, options.dtype === undefined ? {} : { dtype: options.dtype });
      bindings.set("probeGradient", options.gradient(point as Float64Array, firstStep + step));
    }
    const [next, update, ...parts] = evaluate(outputs, { inputs: bindings }, options.dtype === undefined ? {} : { dtype: options.dtype });
    run.iterates.push(next!);
    run.updates.push(update!);
    run.states.push(new Map(paths.map((path, i) => [path, parts[i]!])));
    bindings.set("params", next!);
    paths.forEach((path, i) => {
      bindings.set(`state.${path}`, parts[i]!);
    });
  }
  return run;
}

/** The values of a schedule at steps 0 … count−1. */
export function scheduleValues(schedule: Schedule, count: number): number[] {
  const step = input("step", []);
  const node = schedule(Tensor.of(step)).node;
  return Array.from({ length: count }, (_, k) => evaluate([node], { inputs: { step: [k] } })[0]![0]!);
}

/** What one application of a stateless rule makes of a vector. */
export function applyRule(
  rule: Transformation,
  vector: ArrayLike<number>,
  options: Partial<RunRuleOptions> & { params?: ArrayLike<number> } = {},
): Float64Array {
  return runRule(rule, options.params ?? new Float64Array(vector.length), { steps: 1, ...options, gradient: () => vector }).updates[0]!;
}
