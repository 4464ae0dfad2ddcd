/**
 * Plain JavaScript functions as a way to write an objective.
 *
 * The source of the function is read and evaluated on symbolic values: what is known (lengths, counters, constants) is
 * calculated at once with JavaScript's semantics, everything else becomes nodes of a graph. Conditions on numbers known
 * later become `select`; loops become sums over vectors where their iterations are independent, and are unrolled elsewhere.
 */

import type { Node as SyntaxNode } from "acorn";
import { evaluate } from "./function-source/expressions.js";
import { defineGlobals } from "./function-source/globals.js";
import { parseFunction, unreadable } from "./function-source/locate.js";
import { CannotVectorize, Session } from "./function-source/session.js";
import { callFunction, execute, executeBlock } from "./function-source/statements.js";
import { fromOutside, type SymbolicValue, toOutside } from "./function-source/tensors.js";
import { Binding, Closure, Scope } from "./function-source/values.js";

export type { SymbolicValue };

/** What the source may use beside its parameters. */
export interface ReadFunctionOptions {
  /** Values of names defined outside of the function: numbers, arrays, records, and functions that are read in their turn. */
  readonly constants?: Readonly<Record<string, unknown>>;
}

/**
 * The result of a function on symbolic arguments, from its source; the function itself is never called.
 *
 * A tensor of shape [] or [ROWS] acts as a number (one for each row), [k] or [ROWS, k] as an array of k numbers, [a, b] as an
 * array of arrays. Methods that only tensors have are called on them, so `x.square().sum()` works beside `x[0] ** 2`.
 * An array at an index that depends on parameters or data is gathered: the index is truncated and clamped. If the array itself
 * differs from row to row, the element is chosen among all, and is 0 for an index beyond the ends.
 *
 * @param args - trees of tensors, numbers, strings and booleans.
 * @returns a tensor or a known value, or a tree of them; an array of numbers not all known becomes one tensor.
 * @throws TraceError SOURCE_UNREADABLE (construct, line and column in the function's own source, from 1) and NAME_UNKNOWN for
 * a variable that is neither the function's nor in `constants`; ShapeError from methods of tensors.
 *
 * Differences from JavaScript: a % b is a − b·trunc(a/b); Math.round(x) is ⌊x + ½⌋; Math.hypot does not scale; powers with small
 * whole exponents are products; sums over many iterations are added in another order.
 *
 * @example
 * readFunction(([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, [Tensor.of(input("params", [2]))]) // a scalar tensor
 */
export function readFunction(
  fn: (...args: never[]) => unknown,
  args: readonly SymbolicValue[],
  options: ReadFunctionOptions = {},
): SymbolicValue {
  const node = parseFunction(fn);
  const global = new Scope(undefined, true);
  const session = new Session(global);
  session.reader = {
    evaluate: (expression, scope) => evaluate(session, expression, scope),
    execute: (statement, scope) => execute(session, statement, scope),
    executeAll: (statements, scope) => executeBlock(session, statements, scope),
    call: (callee, values, at: SyntaxNode) => callFunction(session, callee, values, at),
  };
  const constants = Object.entries(options.constants ?? {});
  const source = Function.prototype.toString.call(fn);
  defineGlobals(session, (name) => constants.length > 0 || source.includes(name));
  const scope = new Scope(global, true);
  const closureOf = (each: (...args: never[]) => unknown): Closure => new Closure(parseFunction(each), scope);
  for (const [name, value] of constants) {
    scope.bindings.set(name, new Binding(fromOutside(session, value, closureOf), session.now()));
  }
  const values = args.map((arg) => fromOutside(session, arg, closureOf));
  try {
    return toOutside(session, callFunction(session, new Closure(node, scope), values, node), node);
  } catch (error) {
    // Outside of loops there is nothing to fall back to.
    if (error instanceof CannotVectorize) throw unreadable(error.message, session.current, "Use known indices, or methods of tensors.");
    throw error;
  }
}
