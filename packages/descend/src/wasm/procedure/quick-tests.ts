/**
 * Tests of a pass that is one of many: conditions under which nothing happens that a pass rarely sees. They may be stricter than what the
 * procedure asks, since a pass that fails one of them is made again by the function that asks exactly; so one comparison stands for several.
 *
 * - A running maximum m ← max(m, a, b) stays what it is while a ≤ m and b ≤ m. It is then the same in all passes that follow each other.
 * - x ≤ t for a finite t that no pass changes says that x is finite, is no NaN, and does not exceed t.
 * - |a − b| ≤ 0 is not the case if a ≠ b.
 */

import type { Value, ValueGraph } from "../lower/value.js";
import type { PassPlan } from "./pass-plan.js";
import { isAlways, isNever } from "./pass-tests.js";

export interface QuickTests {
  /** Must be finite before the first pass; no pass changes them. */
  readonly finite: readonly Value[];
  /** Hold in a pass where nothing happens. */
  readonly hold: readonly Value[];
  /** Do not hold in such a pass. */
  readonly fail: readonly Value[];
  /** New values that are the old ones in such a pass. */
  readonly unchanged: ReadonlySet<Value>;
}

export function quickTests(plan: PassPlan): QuickTests {
  const { values, tests } = plan;
  const unchanged = new Set<Value>();
  /** What each value may not exceed. */
  const limits = new Map<Value, Value>();
  const fixed = fixedLoads(plan);
  for (const { cell, values: written } of plan.smallWrites) {
    if (plan.carried.has(cell)) continue;
    const old = plan.oldValues(cell);
    written.forEach((value, i) => {
      const largest = runningMaximum(value, old[i]!);
      if (largest === undefined) return;
      unchanged.add(value);
      fixed.add(old[i]!);
      for (const part of partsOf(largest, "max")) limits.set(part, old[i]!);
    });
  }
  const fail: Value[] = [];
  for (const condition of tests.stop) {
    const [limit, x] = condition.args;
    if (condition.op === "less" && fixed.has(limit!) && !limits.has(x!)) limits.set(x!, limit!);
    else if (!isNever(condition)) fail.push(widened(values, condition));
  }
  const finite = new Set<Value>();
  const hold: Value[] = [];
  for (const condition of tests.require.flatMap((required) => partsOf(required, "and"))) {
    const [x, bound] = condition.args;
    const limit = condition.op === "less" && bound!.constant === Number.POSITIVE_INFINITY ? limits.get(x!) : undefined;
    if (limit === undefined) {
      if (!isAlways(condition)) hold.push(condition);
    } else finite.add(limit);
  }
  for (const [x, limit] of limits) hold.push(values.binary("lessEqual", x, limit));
  return { finite: [...finite], hold, fail, unchanged };
}

/** The elements of cells that no pass writes. */
function fixedLoads(plan: PassPlan): Set<Value> {
  const written = new Set([...plan.smallWrites.map(({ cell }) => cell), ...plan.keeps.map(({ to }) => to)]);
  const cells = [...plan.memory.cells.values()].filter(({ cell, small }) => small && !written.has(cell.name));
  return new Set(cells.flatMap(({ cell }) => plan.oldValues(cell.name)));
}

/** m of `m > old ? m : old`. */
function runningMaximum(value: Value, old: Value): Value | undefined {
  const [condition, larger, kept] = value.args;
  if (value.op !== "select" || kept !== old || condition!.op !== "less") return undefined;
  return condition!.args[0] === old && condition!.args[1] === larger ? larger : undefined;
}

function partsOf(value: Value, op: "and" | "max"): Value[] {
  return value.op === op ? value.args.flatMap((arg) => partsOf(arg, op)) : [value];
}

/** A condition that holds wherever the given one does, and is cheaper. */
function widened(values: ValueGraph, condition: Value): Value {
  const [a, b] = condition.args;
  if (condition.op === "and") return values.binary("mul", widened(values, a!), widened(values, b!));
  const difference = a?.op === "abs" ? a.args[0]! : undefined;
  if (condition.op !== "lessEqual" || b!.op !== "constant" || b!.constant !== 0 || difference?.op !== "sub") return condition;
  return values.binary("equal", difference.args[0]!, difference.args[1]!);
}
