/**
 * Residuals as the methods of least squares see them, from a compiled graph or from a function called from outside.
 *
 * A small problem hands its whole Jacobian to a factorization by reflections. A larger one sums JᵀJ and Jᵀr inside the program, a tile at a
 * time, without ever having a Jacobian in memory; where these normal equations lose too many digits, the Jacobian is made after all, from
 * there to the end of the fit.
 */

import { jacobianColumns } from "../../autodiff/jacobian.js";
import { binary, constant, input, stack, sum } from "../../graph/build.js";
import { elementCount, hasRows, type Node, ROWS, type Shape } from "../../graph/graph.js";
import type { Cell, Executable, Program, Write } from "../../graph/program.js";
import { dot, twoNorm } from "../../numeric/blas1.js";
import type { Box } from "../../numeric/box.js";
import { factorByGram, factorByReflections, scaledCondition, type TriangularFactor } from "../../numeric/triangular-factor.js";
import type { ResidualModel } from "../../optim/least-squares/levenberg-marquardt.js";
import { compile } from "../../wasm/compile.js";
import type { Table } from "../objective/rows.js";
import { PARAMS, VALUE } from "../steppers/cells.js";
import type { ReadResidual, ResidualCall } from "./residual-function.js";

/** Residuals that count what is asked of them. */
export interface CountedModel extends ResidualModel {
  /** Number of residuals. */
  readonly size: number;
  readonly evaluations: { value: number; gradient: number };
  /** Jᵀr, [n]: a copy. */
  product(params: Float64Array): Float64Array;
  /** r, [size]: a copy. */
  residuals(params: Float64Array): Float64Array;
  /** r, [size], and J, [size, n] column-major: copies. */
  jacobian(params: Float64Array): { readonly residual: Float64Array; readonly columns: Float64Array };
}

/** How J is reduced to a triangle. */
export type LinearSolver = "qr" | "normal-equations";

/** Entries of J up to which it is made and reflected: there that costs less than another program. */
const ENTRIES_FOR_QR = 2000;
/** Entries of J up to which it is reflected if normal equations have too few digits: 400 MB. */
const MOST_ENTRIES = 50_000_000;
/** Condition of the scaled J up to which normal equations are as good as reflections: ten digits are left of the standard deviations. */
const MAX_GRAM_CONDITION = 1e3;
/** Condition up to which they are put up with where J would be too large. */
const WORST_GRAM_CONDITION = 1e7;
/** Parameters up to which JᵀJ is summed entry by entry, fused with the residuals. */
const FEW = 24;

const SUM_OF_SQUARES = "sumOfSquares";
const LINEARIZE = "linearize";
const ROW_COUNT = "rowCount";
const RESIDUAL = "residual";
const GRAM = "gram";
const PRODUCT = "product";
const COLUMN_PREFIX = "jacobian.";

/** The solver for `rows` rows of residuals with `n` parameters each. */
export function chooseSolver(size: number, n: number): LinearSolver {
  return size * n <= ENTRIES_FOR_QR || n > FEW ? "qr" : "normal-equations";
}

/**
 * The compiled program of a residual, for any table with the same columns: made once, used for many fits.
 *
 * Two executables, each made when first asked for: one stores r and the columns of J, one sums JᵀJ and Jᵀr.
 */
export class ResidualProgram {
  /** Whether a fit is under way in these cells. */
  busy = false;
  readonly parameters: number;
  /** Residuals of a row, or, without rows, of everything. */
  readonly perRow: number;
  private readonly residual: Node;
  private readonly columns: readonly Node[];
  private readonly tableCells: readonly Cell[];
  private readonly executables = new Map<LinearSolver, Executable>();
  private table: Table | undefined;

  constructor({ residual, params }: Extract<ReadResidual, { kind: "graph" }>, table: Table | undefined) {
    this.parameters = params.shape[0]!;
    this.perRow = elementCount(hasRows(residual) ? residual.shape.slice(1) : residual.shape);
    this.residual = residual;
    this.columns = jacobianColumns(residual, params);
    this.tableCells = (table?.columns ?? []).map((column) => ({ name: column.cell, shape: [ROWS, ...column.inner] as Shape }));
  }

  /** The table of the fits to come; executables made later get it too. */
  load(table: Table | undefined): void {
    this.table = table;
    for (const executable of this.executables.values()) this.store(executable);
  }

  /** The executable with the procedures of a solver, {@link SUM_OF_SQUARES} and {@link LINEARIZE}. */
  executable(solver: LinearSolver): Executable {
    const known = this.executables.get(solver);
    if (known !== undefined) return known;
    const made = compile(solver === "qr" ? this.jacobianProgram() : this.gramProgram());
    this.store(made);
    this.executables.set(solver, made);
    return made;
  }

  /** Bytes that all cells take together, about. */
  get numbers(): number {
    return this.executables.size * (this.table?.columns ?? []).reduce((total, column) => total + column.values.length, 0);
  }

  private store(executable: Executable): void {
    this.table?.store(executable);
    if (this.table !== undefined) executable.write(ROW_COUNT, [this.table.rows]);
  }

  private jacobianProgram(): Program {
    const { residual, columns } = this;
    return this.program(
      [{ name: RESIDUAL, shape: residual.shape }, ...columns.map((_, j) => ({ name: COLUMN_PREFIX + j, shape: residual.shape }))],
      [{ cell: RESIDUAL, node: residual }, ...columns.map((node, j) => ({ cell: COLUMN_PREFIX + j, node }))],
    );
  }

  private gramProgram(): Program {
    const { residual, columns, parameters } = this;
    const inner = (a: Node, b: Node): Node => sum(binary("mul", a, b));
    const upper = columns.flatMap((a, i) => columns.slice(i).map((b) => inner(a, b)));
    const product = stack(columns.map((a) => inner(a, residual)));
    return this.program(
      [
        { name: GRAM, shape: [upper.length] },
        { name: PRODUCT, shape: [parameters] },
      ],
      [
        { cell: VALUE, node: inner(residual, residual) },
        { cell: GRAM, node: stack(upper) },
        { cell: PRODUCT, node: product },
      ],
    );
  }

  private program(more: readonly Cell[], writes: readonly Write[]): Program {
    const { residual, tableCells } = this;
    const rows = tableCells.length === 0 ? {} : { rows: { start: constant(0), count: input(ROW_COUNT, []) } };
    const counted = tableCells.length === 0 ? [] : [{ name: ROW_COUNT, shape: [] }];
    return {
      dtype: "float64",
      cells: [{ name: PARAMS, shape: [this.parameters] }, { name: VALUE, shape: [] }, ...counted, ...more, ...tableCells],
      procedures: [
        { name: SUM_OF_SQUARES, writes: [{ cell: VALUE, node: sum(binary("mul", residual, residual)) }], ...rows },
        { name: LINEARIZE, writes, ...rows },
      ],
    };
  }
}

/** The model of a program whose table is loaded. */
export function compiledModel(program: ResidualProgram, rows: number, solver: LinearSolver): CountedModel {
  const n = program.parameters;
  const size = rows * program.perRow;
  const evaluations = { value: 0, gradient: 0 };
  const largestCondition = size * n <= MOST_ENTRIES ? MAX_GRAM_CONDITION : WORST_GRAM_CONDITION;
  let exactly = solver === "qr";
  // Reused by each factorization: the factor keeps nothing of them
  let matrix: Float64Array | undefined;

  const at = (which: LinearSolver, params: Float64Array, procedure: string): Executable => {
    const executable = program.executable(which);
    executable.write(PARAMS, params);
    executable.run(procedure);
    return executable;
  };
  const linearizeExactly = (params: Float64Array): TriangularFactor => {
    exactly = true;
    const executable = at("qr", params, LINEARIZE);
    evaluations.gradient++;
    matrix ??= new Float64Array(size * n);
    for (let j = 0; j < n; j++) matrix.set(executable.read(COLUMN_PREFIX + j), j * size);
    return factorByReflections(matrix, size, n, executable.read(RESIDUAL).slice() as Float64Array);
  };
  // The sums are made together with the value, so that an accepted trial costs nothing more
  let place: Float64Array | undefined;
  const sumsAt = (params: Float64Array): Executable => {
    const executable = program.executable("normal-equations");
    if (place === undefined || params.some((x, j) => x !== place![j])) {
      at("normal-equations", params, LINEARIZE);
      evaluations.value++;
      evaluations.gradient++;
      place = params.slice();
    }
    return executable;
  };
  return {
    size,
    evaluations,
    norm(params) {
      if (!exactly) return Math.sqrt(sumsAt(params).read(VALUE)[0]!);
      evaluations.value++;
      return Math.sqrt(at("qr", params, SUM_OF_SQUARES).read(VALUE)[0]!);
    },
    linearize(params) {
      if (exactly) return linearizeExactly(params);
      const executable = sumsAt(params);
      const norm = Math.sqrt(executable.read(VALUE)[0]!);
      const factor = factorByGram(unpacked(executable.read(GRAM), n), executable.read(PRODUCT), n, norm);
      if (scaledCondition(factor) <= largestCondition || !Number.isFinite(norm)) return factor;
      return linearizeExactly(params);
    },
    product(params) {
      if (!exactly) return sumsAt(params).read(PRODUCT).slice() as Float64Array;
      evaluations.gradient++;
      const executable = at("qr", params, LINEARIZE);
      const residual = executable.read(RESIDUAL);
      return Float64Array.from({ length: n }, (_, j) => dot(executable.read(COLUMN_PREFIX + j), residual));
    },
    residuals: (params) => at("qr", params, LINEARIZE).read(RESIDUAL).slice() as Float64Array,
    jacobian(params) {
      const executable = at("qr", params, LINEARIZE);
      evaluations.value++;
      evaluations.gradient++;
      const columns = new Float64Array(size * n);
      for (let j = 0; j < n; j++) columns.set(executable.read(COLUMN_PREFIX + j), j * size);
      return { residual: executable.read(RESIDUAL).slice() as Float64Array, columns };
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

/** Residuals of a function that is called; their derivatives are central differences, one-sided at the faces of a box. */
export function calledModel(call: ResidualCall, start: Float64Array, box?: Box): CountedModel {
  const n = start.length;
  const evaluations = { value: 0, gradient: 0 };
  const counted = (at: Float64Array): Float64Array => {
    evaluations.value++;
    return call(at);
  };
  const size = counted(start).length;
  const outside = new Float64Array(size).fill(Number.NaN);
  const within = (j: number, x: Float64Array): boolean => box === undefined || (x[j]! >= box.lower[j]! && x[j]! <= box.upper[j]!);
  const derivatives = (at: Float64Array): { residual: Float64Array; matrix: Float64Array } => {
    const residual = counted(at).slice();
    evaluations.gradient++;
    const matrix = new Float64Array(size * n);
    const moved = Float64Array.from(at);
    for (let j = 0; j < n; j++) {
      const usual = DIFFERENCE_STEP * Math.max(Math.abs(at[j]!), SMALLEST_SCALE * Math.max(1, Math.abs(start[j]!)));
      const room = box === undefined ? Number.POSITIVE_INFINITY : box.upper[j]! - box.lower[j]!;
      if (room === 0) continue;
      const step = Math.min(usual, room / 2);
      moved[j] = at[j]! + step;
      const ahead = within(j, moved) ? counted(moved) : outside;
      const above = moved[j]! - at[j]!;
      moved[j] = at[j]! - step;
      const behind = within(j, moved) ? counted(moved) : outside;
      const below = at[j]! - moved[j]!;
      moved[j] = at[j]!;
      for (let i = 0; i < size; i++) matrix[j * size + i] = quotient(behind[i]!, residual[i]!, ahead[i]!, below, above);
    }
    return { residual, matrix };
  };
  const linearizeExactly = (at: Float64Array): TriangularFactor => {
    const { residual, matrix } = derivatives(at);
    return factorByReflections(matrix, size, n, residual);
  };
  const product = (at: Float64Array): Float64Array => {
    const { residual, matrix } = derivatives(at);
    return Float64Array.from({ length: n }, (_, j) => dot(matrix.subarray(j * size, (j + 1) * size), residual));
  };
  return {
    size,
    evaluations,
    norm: (at) => twoNorm(counted(at)),
    linearize: linearizeExactly,
    product,
    residuals: (at) => counted(at).slice(),
    jacobian(at) {
      const { residual, matrix } = derivatives(at);
      return { residual, columns: matrix };
    },
  };
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
