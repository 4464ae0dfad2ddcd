/** What is no method of one tensor: to make tensors, and to put several together. */

import * as build from "./build.js";
import * as derived from "./derived.js";
import { elementCount, hasRows, ROWS, type Shape } from "./graph.js";
import { notATensor } from "./nested-constant.js";
import { type Operand, Tensor, toNode } from "./tensor.js";

/** A constant tensor: a number is a scalar, nested arrays give the shape. Tensors in an array are stacked. */
export function tensor(values: Operand): Tensor {
  return values instanceof Tensor ? values : Tensor.of(toNode(values, "tensor"));
}

/** `value` everywhere in `shape`. */
export function full(shape: Shape, value: number): Tensor {
  return Tensor.of(build.constant(value, shape));
}

/** 0 everywhere in `shape`; `[]` is a scalar. */
export function zeros(shape: Shape): Tensor {
  return full(shape, 0);
}

/** 1 everywhere in `shape`; `[]` is a scalar. */
export function ones(shape: Shape): Tensor {
  return full(shape, 1);
}

/** `whenTrue` where `condition` is nonzero, `whenFalse` elsewhere. Both are evaluated; only the one chosen has a derivative. */
export function where(condition: Operand, whenTrue: Operand, whenFalse: Operand): Tensor {
  return Tensor.of(build.ternary("select", toNode(condition, "where"), toNode(whenTrue, "where"), toNode(whenFalse, "where")));
}

/**
 * Tensors one after the other along an axis.
 *
 * @param axis - default: the first that is not the row axis.
 */
export function concat(parts: readonly Operand[], axis?: number): Tensor {
  const nodes = parts.map((part) => toNode(part, "concat"));
  if (nodes.length === 0) throw notATensor(undefined, "concat");
  return Tensor.of(build.concat(nodes, axis ?? (hasRows(nodes[0]!) ? 1 : 0)));
}

/** Operands of one shape (after broadcasting) as the entries along a new axis, the first that is not the row axis. */
export function stack(parts: readonly Operand[]): Tensor {
  const nodes = parts.map((part) => toNode(part, "stack"));
  if (nodes.length === 0) throw notATensor(undefined, "stack");
  return Tensor.of(derived.stack(nodes));
}

/**
 * Uniform random numbers in [0, 1), a pure function of (seed, stream, place).
 *
 * Element i (row-major) of a static shape has place first + i; in a row tensor [rows, k] element j of row r of the table has
 * place first + r·k + j, so a row's numbers do not depend on the batch it is in.
 *
 * @param options.seed - whole number ≥ 0.
 * @param options.stream - whole number ≥ 0, e.g. the step count: another stream, other numbers. Default 0.
 * @param options.first - whole number ≥ 0. Default 0.
 */
export function random(shape: Shape, options: { seed: Operand; stream?: Operand; first?: Operand }): Tensor {
  const count = elementCount(shape);
  const inRow = build.reshape(
    build.constant(
      Array.from({ length: count }, (_, i) => i),
      [count],
    ),
    shape.filter((d) => d !== ROWS),
  );
  let place = inRow;
  if (shape[0] === ROWS) {
    const row = build.reshape(build.rowIndex(), [ROWS, ...shape.slice(1).map(() => 1)]);
    place = build.binary("add", build.binary("mul", row, build.constant(count)), inRow);
  }
  const counter = build.binary("add", toNode(options.first ?? 0, "random"), place);
  return Tensor.of(build.ternary("random", toNode(options.seed, "random"), toNode(options.stream ?? 0, "random"), counter));
}
