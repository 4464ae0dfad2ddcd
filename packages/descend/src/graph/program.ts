/**
 * A program: named cells of memory, and procedures that read and write them.
 *
 * This is the waist between what is computed (objectives, derivatives, update rules: all graphs) and how it is
 * executed. Two executors give it meaning: `interpret.ts`, the reference, and the WebAssembly compiler.
 *
 * One *pass* of a procedure evaluates its graph on the current cells. With a row range the passes over the table
 * go tile by tile: every sum over the row axis is the sum of tile sums, added in a tree that depends only on the
 * number of rows, never on how the work is shared.
 */

import { invariant } from "../errors.js";
import { formatShape, hasRows, type Node, ROWS, type Shape, sameShape, topologicalOrder } from "./graph.js";

/** The number format of a whole program. */
export type DType = "float64" | "float32";

/** Named memory. A shape that starts with ROWS makes it a column (or block of columns) of the table. */
export interface Cell {
  readonly name: string;
  readonly shape: Shape;
}

/** One result of a pass, stored in a cell of the same shape. */
export interface Write {
  readonly cell: string;
  readonly node: Node;
  /** The next pass waits for this: it may be computed in another form that is ready sooner, which changes it by rounding. Default false. */
  readonly urgent?: boolean;
}

/** Rows `start ≤ i < start + count` of the table; both are scalars that do not depend on rows. */
export interface RowRange {
  readonly start: Node;
  readonly count: Node;
}

/**
 * A copy of the cell `from`, as it was before this pass, into `to`, made if `when` is nonzero and the pass is committed. Each pass stores
 * a cell at most once: `to` is no other keep's or write's cell. Cells with rows are not kept.
 */
export interface Keep {
  readonly from: string;
  readonly to: string;
  readonly when: Node;
}

/** How a procedure may be run many times without leaving it. All nodes are scalars. */
export interface Repeat {
  /** What a pass must satisfy. If any is zero the pass is dropped: nothing is written, kept or recorded, and the run ends. */
  readonly require: readonly Node[];
  /** Reasons to end the run after this pass, which is committed: any that is nonzero. */
  readonly stop: readonly Node[];
  readonly keeps?: readonly Keep[];
  /** Values appended to the record of each committed pass, one after the other, flattened. */
  readonly record?: readonly Node[];
}

/** A graph bound to cells. Its `input` nodes name the cells it reads. */
export interface Procedure {
  readonly name: string;
  readonly writes: readonly Write[];
  /** Needed when the graph has a row axis. */
  readonly rows?: RowRange;
  /** Absent: each run is one pass, always committed. */
  readonly repeat?: Repeat;
}

export interface Program {
  readonly dtype: DType;
  readonly cells: readonly Cell[];
  readonly procedures: readonly Procedure[];
  /**
   * The rows are read as they are passed over, by {@link Executable.streamRows}, in place of being
   * stored; no procedure writes some. Default false.
   */
  readonly streamed?: boolean | undefined;
}

/**
 * A table that is read as it is passed over: fills `into` with the bytes of its blocks of rows from
 * `place` on, in the order of the cells with rows.
 */
export type ReadRows = (into: Uint8Array, place: number) => void;

/** What a run of a procedure came to. */
export interface RunResult {
  /** Committed passes. */
  readonly passes: number;
  /**
   * Why the run ended: bit k if requirement k of the last pass failed; bit r + k if reason k to stop held, r being the number of
   * requirements. 0 if `times` was used up.
   */
  readonly code: number;
}

/** A program in memory, ready to run. */
export interface Executable {
  readonly dtype: DType;
  /**
   * The values of a cell without row axis, row-major. A view of live memory where there is one: copy what must outlive the next
   * run, and do not keep it (the place may move).
   */
  read(cell: string): Float64Array | Float32Array;
  write(cell: string, values: ArrayLike<number>): void;
  /** Makes room for a table of `rows` rows (forgetting the old one). */
  allocateRows(rows: number): void;
  /**
   * Stores rows `first, first+1, …` of a table cell from row-major values (length: rows × elements of one row).
   *
   * @param order - which row of `values` comes first, second, …: as many as there are. Default: as they are.
   */
  writeRows(cell: string, values: ArrayLike<number>, first?: number, order?: Int32Array): void;
  /**
   * In the place of `allocateRows` and `writeRows`, for a program that was compiled to have its rows streamed: each pass reads them anew.
   * The bits of results are those of the table in memory.
   */
  streamRows?: (rows: number, read: ReadRows) => void;
  /**
   * Runs a procedure `times` times (default 1), or until its code is nonzero or a pass is dropped.
   * Neither allocates nor compiles.
   */
  run(procedure: string, times?: number): RunResult;
  /**
   * The record of the last run of the procedure: `passes` rows of the flattened `record` values. At most
   * {@link recordCapacity} passes are run at once.
   */
  record(procedure: string): Float64Array | Float32Array;
  /** Passes that one run of a recording procedure can hold; `run` refuses more with OPTION_OUT_OF_RANGE. */
  recordCapacity(procedure: string): number;
}

/**
 * Throws an InternalError unless every procedure reads, writes and keeps cells that exist with the shapes they have, at most once each,
 * its conditions are scalars, and it has a row range if its graph has rows.
 */
export function validateProgram(program: Program): void {
  const shapes = new Map(program.cells.map((cell) => [cell.name, cell.shape]));
  invariant(shapes.size === program.cells.length, "cells have different names");
  invariant(new Set(program.procedures.map((p) => p.name)).size === program.procedures.length, "procedures have different names");
  const hasShape = (cell: string, shape: Shape): boolean => shapes.has(cell) && sameShape(shapes.get(cell)!, shape);
  for (const procedure of program.procedures) {
    const { name, writes, rows, repeat } = procedure;
    const scalars = [
      rows?.start,
      rows?.count,
      ...(repeat?.require ?? []),
      ...(repeat?.stop ?? []),
      ...(repeat?.keeps ?? []).map((keep) => keep.when),
    ];
    for (const node of scalars)
      invariant(node === undefined || node.shape.length === 0, `the conditions and row range of "${name}" are scalars`);
    for (const { cell, node } of writes)
      invariant(hasShape(cell, node.shape), () => `"${name}" writes ${formatShape(node.shape)} to the cell "${cell}"`);
    for (const { from, to } of repeat?.keeps ?? []) {
      invariant(
        shapes.has(from) && hasShape(to, shapes.get(from)!) && shapes.get(from)![0] !== ROWS,
        `"${name}" keeps "${from}" in "${to}"`,
      );
    }
    const targets = [...writes.map((write) => write.cell), ...(repeat?.keeps ?? []).map((keep) => keep.to)];
    invariant(new Set(targets).size === targets.length, `"${name}" stores each cell at most once`);
    for (const node of repeat?.record ?? []) invariant(!hasRows(node), `"${name}" records no rows`);
    for (const node of topologicalOrder(procedureOutputs(procedure))) {
      if (node.op === "input")
        invariant(
          hasShape(node.attributes.name, node.shape),
          () => `"${name}" reads "${node.attributes.name}" as ${formatShape(node.shape)}`,
        );
      const needsRows = hasRows(node) || node.op === "rowCount";
      invariant(!needsRows || rows !== undefined, () => `"${name}" has rows and says which`);
    }
    for (const node of topologicalOrder([rows?.start, rows?.count].filter((n) => n !== undefined))) {
      invariant(!hasRows(node) && node.op !== "rowCount", `the row range of "${name}" does not depend on rows`);
    }
  }
}

/** Every node a pass of the procedure evaluates for its own sake. */
export function procedureOutputs(procedure: Procedure): Node[] {
  const { writes, rows, repeat } = procedure;
  const outputs = writes.map((write) => write.node);
  if (rows !== undefined) outputs.push(rows.start, rows.count);
  if (repeat !== undefined)
    outputs.push(...repeat.require, ...repeat.stop, ...(repeat.keeps ?? []).map((keep) => keep.when), ...(repeat.record ?? []));
  return outputs;
}
