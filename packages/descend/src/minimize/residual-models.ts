/**
 * Residuals as the methods of least squares see them, from a compiled graph or from a function called from outside.
 *
 * A small problem hands its whole Jacobian to a factorization by reflections. One with many rows sums JᵀJ and Jᵀr inside the program,
 * a tile at a time, and never has a Jacobian in memory; where these normal equations lose too many digits, the Jacobian is made after all.
 */

import { jacobianColumns } from "../autodiff/jacobian.js";
import { binary, constant, stack, sum } from "../graph/build.js";
import { elementCount, hasRows, type Node, ROWS, type Shape } from "../graph/graph.js";
import type { Cell, Executable, Procedure, Program, Write } from "../graph/program.js";
import { twoNorm } from "../numeric/blas1.js";
import { factorByGram, factorByReflections, scaledCondition, type TriangularFactor } from "../numeric/triangular-factor.js";
import type { ResidualModel } from "../optim/least-squares/levenberg-marquardt.js";
import { compile } from "../wasm/compile.js";
import { PARAMS, VALUE } from "./cells.js";
import type { ReadResidual, ResidualCall } from "./residual-function.js";
import { storeTable, type Table } from "./rows.js";

/** Residuals that count what is asked of them. */
export interface CountedModel extends ResidualModel {
  /** Number of residuals. */
  readonly size: number;
  readonly evaluations: { value: number; gradient: number };
  /** As `linearize`, but from the Jacobian itself whatever its size. */
  linearizeExactly(params: Float64Array): TriangularFactor;
  /** Whether a factor came from the Jacobian itself. */
  isExact(factor: TriangularFactor): boolean;
  /** r, [size]: a copy. */
  residuals(params: Float64Array): Float64Array;
}

/** How J is reduced to a triangle. */
export type LinearSolver = "qr" | "normal-equations";

/** Entries of J up to which it is made and reflected: 8 MB. */
const ENTRIES_FOR_QR = 1_000_000;
/** Condition of the scaled J beyond which normal equations have less than about six digits. */
const MAX_GRAM_CONDITION = 1e5;
/** Parameters up to which JᵀJ is summed entry by entry, fused with the residuals. */
const FEW = 24;

const RESIDUAL = "residual";
const GRAM = "gram";
const PRODUCT = "product";
const COLUMN_PREFIX = "jacobian.";

/** The solver for `rows` rows of residuals with `n` parameters each. */
export function chooseSolver(size: number, n: number): LinearSolver {
  return size * n <= ENTRIES_FOR_QR || n > FEW ? "qr" : "normal-equations";
}

export function compiledModel({ residual, params }: Extract<ReadResidual, { kind: "graph" }>, table: Table | undefined, solver: LinearSolver): CountedModel {
  const n = params.shape[0]!;
  const perRow = hasRows(residual) ? elementCount(residual.shape.slice(1)) : elementCount(residual.shape);
  const size = hasRows(residual) ? table!.rows * perRow : perRow;
  const rows = table === undefined ? {} : { rows: { start: constant(0), count: constant(table.rows) } };
  const cells: Cell[] = [
    { name: PARAMS, shape: [n] },
    { name: VALUE, shape: [] },
    ...(table?.columns ?? []).map((column) => ({ name: column.cell, shape: [ROWS, ...column.inner] as Shape })),
  ];
  const columns = jacobianColumns(residual, params);
  const squares = sum(binary("mul", residual, residual));
  const sumOfSquares: Procedure = { name: "sumOfSquares", writes: [{ cell: VALUE, node: squares }], ...rows };
  const build = (more: readonly Cell[], writes: readonly Write[]): Executable => {
    const program: Program = { dtype: "float64", cells: [...cells, ...more], procedures: [sumOfSquares, { name: "linearize", writes, ...rows }] };
    const executable = compile(program);
    storeTable(executable, table);
    return executable;
  };
  const buildJacobian = (): Executable => {
    const { shape } = residual;
    return build(
      [{ name: RESIDUAL, shape }, ...columns.map((_, j) => ({ name: COLUMN_PREFIX + j, shape }))],
      [{ cell: RESIDUAL, node: residual }, ...columns.map((node, j) => ({ cell: COLUMN_PREFIX + j, node }))],
    );
  };
  const buildGram = (): Executable => {
    const full = columns.map((column) => (hasRows(column) ? column : binary("add", column, binary("mul", residual, constant(0)))));
    const entry = (a: Node, b: Node): Node => sum(binary("mul", a, b));
    const upper = full.flatMap((a, i) => full.slice(i).map((b) => entry(a, b)));
    return build(
      [{ name: GRAM, shape: [upper.length] }, { name: PRODUCT, shape: [n] }],
      [{ cell: VALUE, node: squares }, { cell: GRAM, node: stack(upper) }, { cell: PRODUCT, node: stack(full.map((a) => entry(a, residual))) }],
    );
  };
  let jacobian: Executable | undefined;
  let gram: Executable | undefined;
  const fromGram = new WeakSet<TriangularFactor>();
  const evaluations = { value: 0, gradient: 0 };

  const linearizeExactly = (at: Float64Array): TriangularFactor => {
    jacobian ??= buildJacobian();
    jacobian.write(PARAMS, at);
    jacobian.run("linearize");
    evaluations.value++;
    evaluations.gradient++;
    const matrix = new Float64Array(size * n);
    for (let j = 0; j < n; j++) matrix.set(jacobian.read(COLUMN_PREFIX + j), j * size);
    return factorByReflections(matrix, size, n, Float64Array.from(jacobian.read(RESIDUAL)));
  };
  return {
    size,
    evaluations,
    norm(at) {
      const executable = (solver === "qr" ? (jacobian ??= buildJacobian()) : (gram ??= buildGram()));
      executable.write(PARAMS, at);
      executable.run("sumOfSquares");
      evaluations.value++;
      return Math.sqrt(executable.read(VALUE)[0]!);
    },
    linearize(at) {
      if (solver === "qr" || jacobian !== undefined) return linearizeExactly(at);
      gram ??= buildGram();
      gram.write(PARAMS, at);
      gram.run("linearize");
      evaluations.value++;
      evaluations.gradient++;
      const factor = factorByGram(unpacked(gram.read(GRAM), n), gram.read(PRODUCT), n, Math.sqrt(gram.read(VALUE)[0]!));
      if (!(scaledCondition(factor) <= MAX_GRAM_CONDITION)) return linearizeExactly(at);
      fromGram.add(factor);
      return factor;
    },
    linearizeExactly,
    isExact: (factor) => !fromGram.has(factor),
    residuals(at) {
      jacobian ??= buildJacobian();
      jacobian.write(PARAMS, at);
      jacobian.run("linearize");
      return Float64Array.from(jacobian.read(RESIDUAL));
    },
  };
}

/** A symmetric matrix from its upper triangle, row by row. */
function unpacked(upper: ArrayLike<number>, n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  let next = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      matrix[i * n + j] = upper[next]!;
      matrix[j * n + i] = upper[next++]!;
    }
  }
  return matrix;
}

/** Residuals of a function that is called; their derivatives are central differences. */
export function calledModel(call: ResidualCall, start: Float64Array): CountedModel {
  const n = start.length;
  const evaluations = { value: 0, gradient: 0 };
  const counted = (at: Float64Array): Float64Array => {
    evaluations.value++;
    return call(at);
  };
  const size = counted(start).length;
  const linearizeExactly = (at: Float64Array): TriangularFactor => {
    const residual = counted(at).slice();
    evaluations.gradient++;
    const matrix = new Float64Array(size * n);
    const moved = Float64Array.from(at);
    for (let j = 0; j < n; j++) {
      const step = DIFFERENCE_STEP * Math.max(Math.abs(at[j]!), SMALLEST_SCALE * Math.max(1, Math.abs(start[j]!)));
      moved[j] = at[j]! + step;
      const ahead = counted(moved);
      const above = moved[j]! - at[j]!;
      moved[j] = at[j]! - step;
      const behind = counted(moved);
      const below = at[j]! - moved[j]!;
      moved[j] = at[j]!;
      for (let i = 0; i < size; i++) matrix[j * size + i] = quotient(behind[i]!, residual[i]!, ahead[i]!, below, above);
    }
    return factorByReflections(matrix, size, n, residual);
  };
  return { size, evaluations, norm: (at) => twoNorm(counted(at)), linearize: linearizeExactly, linearizeExactly, isExact: () => true, residuals: (at) => counted(at).slice() };
}

/** ∛2⁻⁵²: truncation h² and rounding ε/h meet. */
const DIFFERENCE_STEP = 2 ** (-52 / 3);
/** A parameter near 0 is moved as if it were this share of its start, or of 1. */
const SMALLEST_SCALE = 1e-3;

/** The central quotient, or the one-sided one where the residual is finite on one side only. */
function quotient(behind: number, here: number, ahead: number, below: number, above: number): number {
  if (Number.isFinite(ahead) && Number.isFinite(behind)) return (ahead - behind) / (above + below);
  return Number.isFinite(ahead) ? (ahead - here) / above : (here - behind) / below;
}
