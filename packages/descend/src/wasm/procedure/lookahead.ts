/**
 * Conditions that a pass can test for the one after it, since they compare carried numbers and sums of them: x + u = x, say, where u is the
 * update that the pass hands on.
 *
 * It is done for the sake of order. What the next pass waits for then stands before a branch, so an engine computes it first. Left to itself
 * it puts off what only the end of a pass needs, and the next pass waits for numbers that nobody else waits for.
 */

import type { Value } from "../lower/value.js";
import type { PassPlan } from "./pass-plan.js";

export interface Lookahead {
  /** From each condition that can be tested a pass early to itself in the next pass. */
  readonly conditions: ReadonlyMap<Value, Value>;
  /** The sums among what they compare, likewise. */
  readonly sums: ReadonlyMap<Value, Value>;
}

export function lookahead(plan: PassPlan, conditions: readonly Value[]): Lookahead {
  const written = new Map<Value, Value>();
  for (const { cell, values } of plan.smallWrites) {
    plan.variables.get(cell)?.forEach((variable, i) => {
      written.set(variable, values[i]!);
    });
  }
  /** A value as it is in the next pass; undefined if that takes more than a sum. */
  const later = (value: Value, sums: Map<Value, Value>): Value | undefined => {
    if (value.op === "variable") return written.get(value);
    if (value.op !== "add" && value.op !== "equal" && value.op !== "and") return undefined;
    const [a, b] = value.args.map((arg) => later(arg, sums));
    if (a === undefined || b === undefined) return undefined;
    const next = plan.values.binary(value.op === "and" ? "mul" : value.op, a, b);
    if (value.op === "add") sums.set(value, next);
    return next;
  };
  const early = { conditions: new Map<Value, Value>(), sums: new Map<Value, Value>() };
  for (const condition of conditions) {
    const sums = new Map<Value, Value>();
    const next = later(condition, sums);
    if (next === undefined) continue;
    early.conditions.set(condition, next);
    for (const [sum, value] of sums) early.sums.set(sum, value);
  }
  return early;
}
