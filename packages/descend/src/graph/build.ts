/**
 * Constructors of nodes: they check shapes, insert broadcasts, and fold what is known at once.
 *
 * Folding keeps IEEE semantics: x·0 is not 0 (x may be NaN), but x·1, x+0, x−0, x/1 and −(−x) are x. (x+0 turns
 * −0 into 0; that difference is accepted.)
 */

import { invariant, ShapeError } from "../errors.js";
import {
  type BinaryOp,
  type ElementwiseOp,
  elementCount,
  formatShape,
  makeNode,
  type Node,
  ROWS,
  type Shape,
  sameShape,
  type TernaryOp,
  type UnaryOp,
} from "./graph.js";
import { elementwisePrimitives } from "./primitives.js";

/** A literal: one number repeated over `shape`, or all elements row-major (length must fit). */
export function constant(value: number | ArrayLike<number>, shape: Shape = typeof value === "number" ? [] : [value.length]): Node {
  if (typeof value === "number") return makeNode("constant", [], shape, { value });
  if (shape.includes(ROWS) || value.length !== elementCount(shape)) {
    throw new ShapeError("SHAPE_MISMATCH", `constant: expected ${formatShape(shape)}, got ${value.length} values.`, {
      where: "constant",
      expected: formatShape(shape),
      got: `${value.length} values`,
    });
  }
  if (value.length === 1) return makeNode("constant", [], shape, { value: value[0]! });
  return makeNode("constant", [], shape, { value: Float64Array.from(value) });
}

/** The contents of a cell. */
export function input(name: string, shape: Shape): Node {
  return makeNode("input", [], shape, { name });
}

/** Number of rows of the batch being evaluated. */
export function rowCount(): Node {
  return makeNode("rowCount", [], [], {});
}

/** Index in the table of each row of the batch. */
export function rowIndex(): Node {
  return makeNode("rowIndex", [], [ROWS], {});
}

/** The one number a constant holds everywhere, or undefined. */
export function uniformValue(node: Node): number | undefined {
  return node.op === "constant" && typeof node.attributes.value === "number" ? node.attributes.value : undefined;
}

export function unary(op: UnaryOp, x: Node): Node {
  const known = uniformValue(x);
  if (known !== undefined) return constant(elementwisePrimitives[op].apply(known, 0, 0), x.shape);
  if (op === "neg" && x.op === "neg") return x.inputs[0]!;
  return makeNode(op, [x], x.shape, {});
}

export function binary(op: BinaryOp, left: Node, right: Node): Node {
  const shape = broadcastShapes(op, [left.shape, right.shape]);
  const l = uniformValue(left);
  const r = uniformValue(right);
  if (l !== undefined && r !== undefined) return constant(elementwisePrimitives[op].apply(l, r, 0), shape);
  if (
    (op === "add" && r === 0) ||
    (op === "sub" && r === 0) ||
    (op === "mul" && r === 1) ||
    (op === "div" && r === 1) ||
    (op === "pow" && r === 1)
  ) {
    return broadcast(left, shape);
  }
  if ((op === "add" && l === 0) || (op === "mul" && l === 1)) return broadcast(right, shape);
  if (op === "sub" && l === 0) return unary("neg", broadcast(right, shape));
  if (op === "mul" && r === -1) return unary("neg", broadcast(left, shape));
  if (op === "mul" && l === -1) return unary("neg", broadcast(right, shape));
  if (op === "pow" && r !== undefined && Number.isInteger(r) && Math.abs(r) <= 16) return broadcast(integerPower(left, r), shape);
  return makeNode(op, [broadcast(left, shape), broadcast(right, shape)], shape, {});
}

/** x^n by repeated squaring, at most 8 multiplications for |n| ≤ 16; a negative n divides at the end. */
function integerPower(x: Node, n: number): Node {
  if (n === 0) return constant(1, x.shape);
  if (n < 0) return binary("div", constant(1), integerPower(x, -n));
  let result: Node | undefined;
  let square = x;
  for (let rest = n; ; square = binary("mul", square, square)) {
    if (rest % 2 === 1) result = result === undefined ? square : binary("mul", result, square);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
  }
}

export function ternary(op: TernaryOp, a: Node, b: Node, c: Node): Node {
  const shape = broadcastShapes(op, [a.shape, b.shape, c.shape]);
  if (op === "select") {
    const condition = uniformValue(a);
    if (condition !== undefined) return broadcast(condition !== 0 ? b : c, shape);
  }
  return makeNode(op, [broadcast(a, shape), broadcast(b, shape), broadcast(c, shape)], shape, {});
}

/** Any elementwise primitive on its operands. */
export function elementwise(op: ElementwiseOp, operands: readonly Node[]): Node {
  const arity = elementwisePrimitives[op].arity;
  invariant(operands.length === arity, `${op} takes ${arity} operands`);
  if (arity === 1) return unary(op as UnaryOp, operands[0]!);
  if (arity === 2) return binary(op as BinaryOp, operands[0]!, operands[1]!);
  return ternary(op as TernaryOp, operands[0]!, operands[1]!, operands[2]!);
}

/** Shape of elementwise operands together, by NumPy's rules: matched from the right, length 1 stretches. */
export function broadcastShapes(where: string, shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((s) => s.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let length = 1;
    for (const shape of shapes) {
      const d = shape[axis - (rank - shape.length)];
      if (d === undefined || d === 1 || d === length) continue;
      if (length !== 1) throw shapeMismatch(where, shapes);
      length = d;
    }
    if (length === ROWS && axis !== 0) {
      const got = shapes.map(formatShape).join(" and ");
      throw new ShapeError("ROW_AXIS_MISUSED", `${where}: the row axis must come first in every operand, got ${got}.`, { where, got });
    }
    result.push(length);
  }
  return result;
}

function shapeMismatch(where: string, shapes: readonly Shape[]): ShapeError {
  const [expected, ...rest] = shapes.map(formatShape);
  return new ShapeError(
    "SHAPE_MISMATCH",
    `${where}: the shapes ${shapes.map(formatShape).join(" and ")} do not fit together; axes are matched from the right and must be equal or 1.`,
    { where, expected: expected!, got: rest.join(" and ") },
  );
}

/** `x` repeated to `shape`; `x` itself if it has that shape. */
export function broadcast(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const together = broadcastShapes("broadcast", [x.shape, shape]);
  if (!sameShape(together, shape)) throw shapeMismatch("broadcast", [shape, x.shape]);
  const known = uniformValue(x);
  if (known !== undefined) return constant(known, shape);
  if (x.op === "broadcast") return broadcast(x.inputs[0]!, shape);
  return makeNode("broadcast", [x], shape, {});
}

/** Sorted, distinct, non-negative axes; all of them when `axes` is undefined. */
export function normalizeAxes(where: string, shape: Shape, axes?: readonly number[]): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const rank = shape.length;
  const normalized = axes.map((axis) => {
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
      throw new ShapeError(
        "AXIS_OUT_OF_RANGE",
        `${where}: expected an axis from ${-rank} to ${rank - 1} of ${formatShape(shape)}, got ${axis}.`,
        {
          where,
          axis,
          rank,
        },
      );
    }
    return axis < 0 ? axis + rank : axis;
  });
  return [...new Set(normalized)].sort((a, b) => a - b);
}

/** Sum over `axes` (default: all). Summing over the row axis adds up the rows of the batch. */
export function sum(x: Node, axes?: readonly number[]): Node {
  const normalized = normalizeAxes("sum", x.shape, axes);
  if (normalized.length === 0) return x;
  return makeNode(
    "sum",
    [x],
    x.shape.filter((_, axis) => !normalized.includes(axis)),
    { axes: normalized },
  );
}

/** Largest element over `axes` (default: all). */
export function reduceMax(x: Node, axes?: readonly number[]): Node {
  const normalized = normalizeAxes("max", x.shape, axes);
  if (normalized.length === 0) return x;
  if (normalized.some((axis) => x.shape[axis] === 0)) throw shapeMismatch("max of no elements", [x.shape]);
  return makeNode(
    "reduceMax",
    [x],
    x.shape.filter((_, axis) => !normalized.includes(axis)),
    { axes: normalized },
  );
}

/** Same elements in another shape; a row axis must be in front of both. */
export function reshape(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  if (elementCount(x.shape) !== elementCount(shape) || (x.shape[0] === ROWS) !== (shape[0] === ROWS) || shape.lastIndexOf(ROWS) > 0) {
    throw new ShapeError("SHAPE_MISMATCH", `reshape: ${formatShape(x.shape)} does not have the elements of ${formatShape(shape)}.`, {
      where: "reshape",
      expected: formatShape(shape),
      got: formatShape(x.shape),
    });
  }
  const known = uniformValue(x);
  if (known !== undefined) return constant(known, shape);
  if (x.op === "reshape") return reshape(x.inputs[0]!, shape);
  return makeNode("reshape", [x], shape, {});
}

/** Axes reordered: axis i of the result is axis permutation[i] of x (default: reversed, row axis kept in front). */
export function transpose(x: Node, permutation?: readonly number[]): Node {
  const rank = x.shape.length;
  const rows = x.shape[0] === ROWS;
  const axes =
    permutation ??
    (rows ? [0, ...Array.from({ length: rank - 1 }, (_, i) => rank - 1 - i)] : Array.from({ length: rank }, (_, i) => rank - 1 - i));
  if (axes.length !== rank || [...axes].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new ShapeError(
      "SHAPE_MISMATCH",
      `transpose: expected a permutation of the ${rank} axes of ${formatShape(x.shape)}, got [${axes.join(", ")}].`,
      {
        where: "transpose",
        expected: `a permutation of ${rank} axes`,
        got: `[${axes.join(", ")}]`,
      },
    );
  }
  if (rows && axes[0] !== 0) {
    throw new ShapeError("ROW_AXIS_MISUSED", `transpose: the row axis of ${formatShape(x.shape)} must stay in front.`, {
      where: "transpose",
      got: `[${axes.join(", ")}]`,
    });
  }
  if (axes.every((axis, i) => axis === i)) return x;
  return makeNode(
    "transpose",
    [x],
    axes.map((axis) => x.shape[axis]!),
    { permutation: axes },
  );
}

/** Elements start ≤ i < stop along an axis other than the row axis. */
export function slice(x: Node, axis: number, start: number, stop: number): Node {
  const [normal] = normalizeAxes("slice", x.shape, [axis]);
  const length = x.shape[normal!]!;
  if (length === ROWS) {
    throw new ShapeError("ROW_AXIS_MISUSED", "slice: rows cannot be sliced; choose them by the batch.", {
      where: "slice",
      got: formatShape(x.shape),
    });
  }
  if (!Number.isInteger(start) || !Number.isInteger(stop) || start < 0 || stop > length || start > stop) {
    throw new ShapeError("SHAPE_MISMATCH", `slice: expected 0 ≤ start ≤ stop ≤ ${length}, got ${start} and ${stop}.`, {
      where: "slice",
      expected: `0 ≤ start ≤ stop ≤ ${length}`,
      got: `${start}, ${stop}`,
    });
  }
  if (start === 0 && stop === length) return x;
  const shape = x.shape.map((d, i) => (i === normal ? stop - start : d));
  const known = uniformValue(x);
  if (known !== undefined) return constant(known, shape);
  if (x.op === "slice" && x.attributes.axis === normal) {
    return slice(x.inputs[0]!, normal, x.attributes.start + start, x.attributes.start + stop);
  }
  return makeNode("slice", [x], shape, { axis: normal!, start, stop });
}

/** Element `index` along an axis, which disappears: `element(x, 3)` of a vector is a scalar. */
export function element(x: Node, index: number, axis = 0): Node {
  const [normal] = normalizeAxes("element", x.shape, [axis]);
  return reshape(
    slice(x, normal!, index, index + 1),
    x.shape.filter((_, i) => i !== normal),
  );
}

/** Operands one after the other along an axis other than the row axis. */
export function concat(parts: readonly Node[], axis = 0): Node {
  invariant(parts.length > 0, "concat needs an operand");
  const first = parts[0]!;
  if (parts.length === 1) return first;
  const [normal] = normalizeAxes("concat", first.shape, [axis]);
  let length = 0;
  for (const part of parts) {
    const fits = part.shape.length === first.shape.length && part.shape.every((d, i) => i === normal || d === first.shape[i]);
    if (!fits || part.shape[normal!] === ROWS) throw shapeMismatch("concat", [first.shape, part.shape]);
    length += part.shape[normal!]!;
  }
  return makeNode(
    "concat",
    parts,
    first.shape.map((d, i) => (i === normal ? length : d)),
    { axis: normal! },
  );
}

/** Scalars (or equal shapes) as the entries along a new axis 0 (axis 1 if they have rows). */
export function stack(parts: readonly Node[]): Node {
  const axis = parts[0]?.shape[0] === ROWS ? 1 : 0;
  return concat(
    parts.map((part) => reshape(part, [...part.shape.slice(0, axis), 1, ...part.shape.slice(axis)])),
    axis,
  );
}

/** Rows of `table` [k, ...rest] at `indices` [...any]: shape [...any, ...rest]. `table` has no row axis. */
export function gather(table: Node, indices: Node): Node {
  if (table.shape.length === 0 || table.shape[0] === ROWS) throw shapeMismatch("gather", [table.shape, indices.shape]);
  return makeNode("gather", [table, indices], [...indices.shape, ...table.shape.slice(1)], {});
}

/** Values [...any, ...rest] added at `indices` [...any] into zeros of shape [size, ...rest]. */
export function scatterAdd(indices: Node, values: Node, size: number): Node {
  const lead = indices.shape.length;
  if (!sameShape(values.shape.slice(0, lead), indices.shape)) throw shapeMismatch("scatterAdd", [indices.shape, values.shape]);
  return makeNode("scatterAdd", [indices, values], [size, ...values.shape.slice(lead)], { size });
}

/**
 * Products of a and b summed over paired axes (see the primitive `dot`).
 *
 * @param contract - pairs [axis of a, axis of b] that are summed over; lengths must agree.
 * @param batch - pairs that are walked together; they come first in the result. A row axis may be
 * batch, contracted, or free in one operand.
 */
export function dot(
  a: Node,
  b: Node,
  contract: readonly (readonly [number, number])[],
  batch: readonly (readonly [number, number])[] = [],
): Node {
  const pairs = [...batch, ...contract];
  for (const [i, j] of pairs) {
    normalizeAxes("dot", a.shape, [i]);
    normalizeAxes("dot", b.shape, [j]);
    if (a.shape[i] !== b.shape[j]) throw shapeMismatch("dot", [a.shape, b.shape]);
  }
  const freeA = a.shape.map((_, i) => i).filter((i) => !pairs.some(([p]) => p === i));
  const freeB = b.shape.map((_, j) => j).filter((j) => !pairs.some(([, q]) => q === j));
  const shape = [...batch.map(([i]) => a.shape[i]!), ...freeA.map((i) => a.shape[i]!), ...freeB.map((j) => b.shape[j]!)];
  if (shape.lastIndexOf(ROWS) > 0) {
    const got = `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
    throw new ShapeError("ROW_AXIS_MISUSED", `dot: the row axis would not be in front of the result of ${got}.`, { where: "dot", got });
  }
  return makeNode("dot", [a, b], shape, { contract, batch });
}

/**
 * Matrix product by NumPy's rules: last axis of a with the second-to-last (or only) axis of b. The leading axes of a `b` with three
 * or more axes are walked together with those of a, which must be the same.
 */
export function matmul(a: Node, b: Node): Node {
  if (a.shape.length === 0 || b.shape.length === 0) throw shapeMismatch("matmul", [a.shape, b.shape]);
  const i = a.shape.length - 1;
  const j = Math.max(0, b.shape.length - 2);
  const lead = b.shape.length > 2 ? b.shape.slice(0, -2) : [];
  const leadFits = lead.length === 0 || sameShape(lead, a.shape.slice(0, -2));
  if (a.shape[i] !== b.shape[j] || a.shape[i] === ROWS || !leadFits) throw shapeMismatch("matmul", [a.shape, b.shape]);
  return dot(
    a,
    b,
    [[i, j]],
    lead.map((_, axis) => [axis, axis] as const),
  );
}
