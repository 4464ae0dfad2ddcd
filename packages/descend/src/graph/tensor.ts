/**
 * Traced arrays: an objective written with method chaining, which builds the graph as it runs.
 *
 * Axes are counted as in NumPy, the row axis included: in a tensor [rows, 3] axis 0 is the rows and axis 1 (or −1) the
 * three columns. Operations that cannot act on rows (`at`, `slice`, iteration, and `concat` and `stack` in
 * `tensor-functions.ts`) default to the first axis after them.
 */

import { ShapeError, TraceError } from "../errors.js";
import * as build from "./build.js";
import * as derived from "./derived.js";
import { type BinaryOp, elementCount, formatShape, hasRows, type Node, ROWS, type Shape, type UnaryOp } from "./graph.js";
import { nestedConstant } from "./nested-constant.js";

/** What stands for an array: a tensor, a number repeated everywhere, a typed array, or nested arrays of these of equal lengths. */
export type Operand = Tensor | number | ArrayLike<number> | readonly Operand[];
/** One axis or several; negative axes count from the last. */
export type Axes = number | readonly number[];

/**
 * An immutable array known only by its shape: an expression of parameters and columns.
 *
 * Elementwise methods broadcast by NumPy's rules. Comparisons give 1 or 0.
 *
 * @example
 * const loss = (p, rows) => rows.x.matmul(p.w).add(p.b).sub(rows.y).square().mean();
 */
export class Tensor {
  readonly node: Node;

  private constructor(node: Node) {
    this.node = node;
  }

  /** The tensor of a graph node. */
  static of(node: Node): Tensor {
    return new Tensor(node);
  }

  /** Lengths of the axes; a leading −1 is the row axis. */
  get shape(): Shape {
    return this.node.shape;
  }

  get rank(): number {
    return this.node.shape.length;
  }

  /** Length of the first axis that is not the row axis: what iteration gives. */
  get length(): number {
    return this.node.shape[this.firstAxis("length")]!;
  }

  // Arithmetic

  add(other: Operand): Tensor {
    return this.binary("add", other);
  }
  sub(other: Operand): Tensor {
    return this.binary("sub", other);
  }
  mul(other: Operand): Tensor {
    return this.binary("mul", other);
  }
  div(other: Operand): Tensor {
    return this.binary("div", other);
  }
  pow(exponent: Operand): Tensor {
    return this.binary("pow", exponent);
  }
  /** Angle of the point (other, this), in [−π, π]. */
  atan2(other: Operand): Tensor {
    return this.binary("atan2", other);
  }
  /** The smaller of two, element by element. */
  minimum(other: Operand): Tensor {
    return this.binary("min", other);
  }
  /** The larger of two, element by element. */
  maximum(other: Operand): Tensor {
    return this.binary("max", other);
  }
  /** Elements below `lower` become `lower`, above `upper` become `upper`. */
  clip(lower: Operand, upper: Operand): Tensor {
    return this.maximum(lower).minimum(upper);
  }

  neg(): Tensor {
    return this.unary("neg");
  }
  abs(): Tensor {
    return this.unary("abs");
  }
  sign(): Tensor {
    return this.unary("sign");
  }
  floor(): Tensor {
    return this.unary("floor");
  }
  ceil(): Tensor {
    return this.unary("ceil");
  }
  trunc(): Tensor {
    return this.unary("trunc");
  }
  square(): Tensor {
    return new Tensor(derived.square(this.node));
  }
  sqrt(): Tensor {
    return this.unary("sqrt");
  }
  /** Real cube root. */
  cbrt(): Tensor {
    return new Tensor(derived.cbrt(this.node));
  }
  exp(): Tensor {
    return this.unary("exp");
  }
  expm1(): Tensor {
    return this.unary("expm1");
  }
  /** Natural logarithm. */
  log(): Tensor {
    return this.unary("log");
  }
  log1p(): Tensor {
    return this.unary("log1p");
  }
  log2(): Tensor {
    return new Tensor(derived.log2(this.node));
  }
  log10(): Tensor {
    return new Tensor(derived.log10(this.node));
  }
  sin(): Tensor {
    return this.unary("sin");
  }
  cos(): Tensor {
    return this.unary("cos");
  }
  tan(): Tensor {
    return this.unary("tan");
  }
  asin(): Tensor {
    return this.unary("asin");
  }
  acos(): Tensor {
    return this.unary("acos");
  }
  atan(): Tensor {
    return this.unary("atan");
  }
  sinh(): Tensor {
    return this.unary("sinh");
  }
  cosh(): Tensor {
    return this.unary("cosh");
  }
  tanh(): Tensor {
    return this.unary("tanh");
  }
  /** 1 / (1 + e⁻ˣ). */
  sigmoid(): Tensor {
    return this.unary("sigmoid");
  }
  /** log(1 + eˣ). */
  softplus(): Tensor {
    return this.unary("softplus");
  }
  /** x where x > 0, else 0; the derivative at 0 is 0, and NaN stays NaN. */
  relu(): Tensor {
    const { node } = this;
    return new Tensor(build.ternary("select", build.binary("lessEqual", node, build.constant(0)), build.constant(0), node));
  }
  /** Error function. */
  erf(): Tensor {
    return this.unary("erf");
  }
  /** log |Γ(x)|. */
  lgamma(): Tensor {
    return this.unary("lgamma");
  }
  /** The same value, a constant to differentiation. */
  stopGradient(): Tensor {
    return this.unary("stopGradient");
  }

  // Comparisons: 1 where they hold, 0 elsewhere

  less(other: Operand): Tensor {
    return this.binary("less", other);
  }
  lessEqual(other: Operand): Tensor {
    return this.binary("lessEqual", other);
  }
  greater(other: Operand): Tensor {
    return new Tensor(derived.greater(this.node, toNode(other, "greater")));
  }
  greaterEqual(other: Operand): Tensor {
    return new Tensor(derived.greaterEqual(this.node, toNode(other, "greaterEqual")));
  }
  equal(other: Operand): Tensor {
    return this.binary("equal", other);
  }
  notEqual(other: Operand): Tensor {
    return new Tensor(derived.notEqual(this.node, toNode(other, "notEqual")));
  }
  and(other: Operand): Tensor {
    return new Tensor(derived.and(this.node, toNode(other, "and")));
  }
  or(other: Operand): Tensor {
    return new Tensor(derived.or(this.node, toNode(other, "or")));
  }
  not(): Tensor {
    return new Tensor(derived.not(this.node));
  }
  /** This tensor as a condition: `whenTrue` where it is nonzero, `whenFalse` elsewhere, as `where` has it. */
  select(whenTrue: Operand, whenFalse: Operand): Tensor {
    return new Tensor(build.ternary("select", this.node, toNode(whenTrue, "select"), toNode(whenFalse, "select")));
  }

  // Reductions. Without axes: over all elements, rows included

  /** @param options.keepDims - the axes stay, with length 1. Default false. */
  sum(axes?: Axes, options: { keepDims?: boolean } = {}): Tensor {
    return this.reduce(build.sum, axes, options);
  }
  /** Mean; over the row axis it divides by the number of rows of the batch. */
  mean(axes?: Axes, options: { keepDims?: boolean } = {}): Tensor {
    return this.reduce(derived.mean, axes, options);
  }
  /** Largest element. Of two tensors: {@link maximum}. */
  max(axes?: Axes, options: { keepDims?: boolean } = {}): Tensor {
    return this.reduce(build.reduceMax, axes, options);
  }
  /** Smallest element. Of two tensors: {@link minimum}. */
  min(axes?: Axes, options: { keepDims?: boolean } = {}): Tensor {
    return this.reduce(derived.reduceMin, axes, options);
  }
  /** Σ (x − mean)² / count. */
  variance(axes?: Axes, options: { keepDims?: boolean } = {}): Tensor {
    return this.reduce(derived.variance, axes, options);
  }
  /** √(Σ x²). Its derivative at 0 is not a number; the square, `x.square().sum()`, is smooth. */
  twoNorm(axes?: Axes, options: { keepDims?: boolean } = {}): Tensor {
    return this.reduce(derived.twoNorm, axes, options);
  }
  /** log Σ eˣ without overflow; −∞ where all elements are −∞. */
  logSumExp(axes?: Axes, options: { keepDims?: boolean } = {}): Tensor {
    return this.reduce(derived.logSumExp, axes, options);
  }
  /** eˣ / Σ eˣ over an axis. Default the last. */
  softmax(axes: Axes = -1): Tensor {
    return new Tensor(derived.softmax(this.node, axisList(axes)));
  }
  /** log softmax(x), finite where softmax rounds to 0. Default over the last axis. */
  logSoftmax(axes: Axes = -1): Tensor {
    return new Tensor(derived.logSoftmax(this.node, axisList(axes)));
  }

  // Products

  /**
   * Matrix product: last axis with the second-to-last (or only) axis of `other`; leading axes of an
   * `other` with three or more are walked together.
   */
  matmul(other: Operand): Tensor {
    return new Tensor(build.matmul(this.node, toNode(other, "matmul")));
  }

  /** Sum of products over the last axis: a scalar for two vectors, one number a row for two tensors [rows, k]. */
  dot(other: Operand): Tensor {
    const right = toNode(other, "dot");
    if (this.rank === 1 && right.shape.length === 1) return new Tensor(build.dot(this.node, right, [[0, 0]]));
    if (this.rank > 1 && right.shape.length === 1 && !hasRows(right)) return this.matmul(other);
    return this.mul(other).sum(-1);
  }

  /**
   * Products summed over paired axes: `pairs` are [axis here, axis of `other`]. Result: `batch` axes,
   * other axes of this, other axes of `other`.
   */
  contract(other: Operand, pairs: readonly (readonly [number, number])[], batch: readonly (readonly [number, number])[] = []): Tensor {
    return new Tensor(build.dot(this.node, toNode(other, "contract"), pairs, batch));
  }

  // Shape

  /** Axes in another order. Default: reversed, rows kept in front. */
  transpose(permutation?: readonly number[]): Tensor {
    return new Tensor(build.transpose(this.node, permutation));
  }

  /** The same elements row-major. The first −1 of a row tensor is its rows; one −1 of another is what fits. */
  reshape(shape: Shape): Tensor {
    return new Tensor(build.reshape(this.node, hasRows(this.node) ? shape : inferLength(this.shape, shape)));
  }

  /** All elements in one axis; of each row in a row tensor: [rows, n]. */
  flatten(): Tensor {
    const count = elementCount(this.shape);
    return this.reshape(hasRows(this.node) ? [ROWS, count] : [count]);
  }

  /** A new axis of length 1 in front of axis `axis` of the result. */
  expandDims(axis: number): Tensor {
    const [place] = build.normalizeAxes("expandDims", [...this.shape, 1], [axis]);
    return new Tensor(build.reshape(this.node, [...this.shape.slice(0, place), 1, ...this.shape.slice(place)]));
  }

  /** Without the axis `axis`, which must have length 1. */
  squeeze(axis: number): Tensor {
    const [place] = build.normalizeAxes("squeeze", this.shape, [axis]);
    return new Tensor(
      build.reshape(
        this.node,
        this.shape.filter((_, i) => i !== place),
      ),
    );
  }

  broadcastTo(shape: Shape): Tensor {
    return new Tensor(build.broadcast(this.node, shape));
  }

  /**
   * Elements start ≤ i < stop along an axis; negative ends count from the end, as in Array.prototype.slice.
   *
   * @param stop - default: the end.
   * @param axis - default: the first that is not the row axis.
   */
  slice(start: number, stop?: number, axis: number = this.firstAxis("slice")): Tensor {
    const [normal] = build.normalizeAxes("slice", this.shape, [axis]);
    const length = this.shape[normal!]!;
    const end = stop ?? length;
    return new Tensor(build.slice(this.node, normal!, start < 0 ? start + length : start, end < 0 ? end + length : end));
  }

  /**
   * Element `index` along an axis, which disappears; a negative index counts from the end.
   *
   * @param axis - default: the first that is not the row axis.
   * @throws ShapeError AXIS_OUT_OF_RANGE, SHAPE_MISMATCH
   */
  at(index: number, axis: number = this.firstAxis("at")): Tensor {
    const [normal] = build.normalizeAxes("at", this.shape, [axis]);
    const length = this.shape[normal!]!;
    const i = index < 0 ? index + length : index;
    if (length !== ROWS && (!Number.isInteger(i) || i < 0 || i >= length)) {
      throw new ShapeError("SHAPE_MISMATCH", `at(${index}): axis ${normal} of ${formatShape(this.shape)} has ${length} elements.`, {
        where: "at",
        expected: `an index from ${-length} to ${length - 1}`,
        got: String(index),
      });
    }
    return new Tensor(build.element(this.node, i, normal!));
  }

  /** Rows of this table [k, ...] at whole-number `indices` of any shape, clamped to 0 ≤ i < k. */
  gather(indices: Operand): Tensor {
    return new Tensor(build.gather(this.node, toNode(indices, "gather")));
  }

  /** These values [...any, ...rest] added at `indices` [...any] into zeros [size, ...rest]. */
  scatterAdd(indices: Operand, size: number): Tensor {
    return new Tensor(build.scatterAdd(toNode(indices, "scatterAdd"), this.node, size));
  }

  /** Elements along the first axis that is not the row axis, so that `const [x, y] = p` works. */
  *[Symbol.iterator](): IterableIterator<Tensor> {
    const axis = this.firstAxis("iteration");
    for (let i = 0; i < this.shape[axis]!; i++) yield this.at(i, axis);
  }

  /** `Tensor [rows, 3]`; a tensor has no values to print. */
  toString(): string {
    return `Tensor ${formatShape(this.shape)}`;
  }

  /** @throws TraceError BRANCH_ON_TRACER, always: an operator, a comparison or a Math function asked for a number. */
  [Symbol.toPrimitive](): never {
    throw new TraceError(
      "BRANCH_ON_TRACER",
      `A tensor (${formatShape(this.shape)}) was used as a JavaScript number, by an operator such as + or <, by Math, or as an index; its value is not known while the objective is traced.`,
      { where: this.toString() },
      { hint: "Use its methods (.add(), .less(), where(), gather()), or write the objective as a plain function of numbers." },
    );
  }

  valueOf(): never {
    return this[Symbol.toPrimitive]();
  }

  private unary(op: UnaryOp): Tensor {
    return new Tensor(build.unary(op, this.node));
  }

  private binary(op: BinaryOp, other: Operand): Tensor {
    return new Tensor(build.binary(op, this.node, toNode(other, op)));
  }

  private reduce(reduction: (x: Node, axes?: readonly number[]) => Node, axes: Axes | undefined, options: { keepDims?: boolean }): Tensor {
    const list = build.normalizeAxes("axes", this.shape, axes === undefined ? undefined : axisList(axes));
    const reduced = reduction(this.node, list);
    return new Tensor(options.keepDims === true ? derived.keepAxes(reduced, this.shape, list) : reduced);
  }

  private firstAxis(where: string): number {
    const axis = hasRows(this.node) ? 1 : 0;
    if (axis < this.rank) return axis;
    throw new ShapeError("AXIS_OUT_OF_RANGE", `${where}: ${this.toString()} has no axis to index${axis === 1 ? " beside its rows" : ""}.`, {
      where,
      axis,
      rank: this.rank,
    });
  }
}

function axisList(axes: Axes): readonly number[] {
  return typeof axes === "number" ? [axes] : axes;
}

function inferLength(from: Shape, shape: Shape): Shape {
  const unknown = shape.indexOf(-1);
  if (unknown < 0) return shape;
  const rest = elementCount(shape);
  return shape.map((d, axis) => (axis === unknown ? elementCount(from) / rest : d));
}

/**
 * The node of an operand.
 *
 * @throws TraceError NOT_A_TENSOR if it is neither a tensor, a number, nor a nested array of numbers of one shape.
 */
export function toNode(value: Operand, where: string): Node {
  if (value instanceof Tensor) return value.node;
  if (typeof value === "number") return build.constant(value);
  if (holdsTensor(value)) return derived.stack((value as readonly Operand[]).map((part) => toNode(part, where)));
  return nestedConstant(value, where);
}

function holdsTensor(value: unknown): boolean {
  return value instanceof Tensor || (Array.isArray(value) && value.some(holdsTensor));
}
