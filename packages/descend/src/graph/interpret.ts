/**
 * The reference semantics of graphs and programs: one array a node, one primitive after the other.
 *
 * It is slow and short on purpose: what it computes is what the compiled program must compute, bit for bit on + − × ÷ √ and
 * sums (whose order `numeric/sum.ts` fixes), within stated ulps elsewhere.
 */

import { invariant, OptionError } from "../errors.js";
import { threefryUniform32 } from "../numeric/random.js";
import { type SumOrder, sumOrder } from "../numeric/sum.js";
import { elementCount, hasRows, type Node, ROWS, topologicalOrder } from "./graph.js";
import { elementwisePrimitives } from "./primitives.js";
import { type DType, type Executable, type Procedure, type Program, type RunResult, validateProgram } from "./program.js";
import {
  broadcastTo,
  concatenated,
  concreteLengths,
  type Dense,
  dotted,
  gathered,
  largest,
  scattered,
  sliced,
  summed,
  transposed,
} from "./structural.js";

/** What the `input` nodes of a graph hold, and which rows of the table are looked at. */
export interface Bindings {
  /** Values by cell name, row-major. A cell with rows holds the whole table. */
  readonly inputs: Readonly<Record<string, ArrayLike<number>>> | ReadonlyMap<string, ArrayLike<number>>;
  /** Default: all rows of the table. Needed if the graph has rows and no input has. */
  readonly rows?: { readonly start: number; readonly count: number };
}

/** How to evaluate. */
export interface EvaluateOptions {
  /** In float32 every input and every result of a primitive is rounded. Default "float64". */
  readonly dtype?: DType;
  /** Rows of a tile, for the order of sums over rows. Default 128. */
  readonly tileRows?: number;
}

/**
 * The values of nodes.
 *
 * @returns one array a node, row-major; of a node with rows, those of the batch.
 */
export function evaluate(outputs: readonly Node[], bindings: Bindings = { inputs: {} }, options: EvaluateOptions = {}): Float64Array[] {
  const nodes = topologicalOrder(outputs);
  const { inputs } = bindings;
  const lookup = (name: string): ArrayLike<number> | undefined =>
    inputs instanceof Map ? inputs.get(name) : (inputs as Readonly<Record<string, ArrayLike<number>>>)[name];
  const evaluator = new Evaluator(options.dtype ?? "float64", lookup, sumOrder(options.dtype ?? "float64", options.tileRows));
  if (bindings.rows !== undefined) {
    evaluator.setRows(bindings.rows.start, bindings.rows.count);
  } else {
    const column = nodes.find((node) => node.op === "input" && hasRows(node));
    if (column?.op === "input") evaluator.setRows(0, (lookup(column.attributes.name)?.length ?? 0) / elementCount(column.shape));
  }
  return outputs.map((node) => evaluator.value(node));
}

/** Values of nodes on demand, each computed once. */
class Evaluator {
  private readonly known = new Map<Node, Float64Array>();
  private rows: { start: number; count: number } | undefined;
  private readonly dtype: DType;
  private readonly lookup: (name: string) => ArrayLike<number> | undefined;
  private readonly order: SumOrder;

  constructor(dtype: DType, lookup: (name: string) => ArrayLike<number> | undefined, order: SumOrder) {
    this.dtype = dtype;
    this.lookup = lookup;
    this.order = order;
  }

  setRows(start: number, count: number): void {
    invariant(
      Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 0,
      `the rows ${start} + ${count} are whole numbers`,
    );
    this.rows = { start, count };
  }

  value(output: Node): Float64Array {
    const known = this.known.get(output);
    if (known !== undefined) return known;
    for (const node of topologicalOrder([output])) {
      if (!this.known.has(node)) this.known.set(node, this.compute(node));
    }
    return this.known.get(output)!;
  }

  scalar(node: Node): number {
    return this.value(node)[0]!;
  }

  private rowsNow(): { start: number; count: number } {
    invariant(this.rows !== undefined, "a graph with rows is evaluated with a row range");
    return this.rows;
  }

  private lengths(node: Node): number[] {
    return concreteLengths(node.shape, hasRows(node) ? this.rowsNow().count : 0);
  }

  private dense(node: Node): Dense {
    return { lengths: this.lengths(node), values: this.known.get(node)! };
  }

  private compute(node: Node): Float64Array {
    const lengths = this.lengths(node);
    const values = this.apply(node, lengths);
    const count = lengths.reduce((a, b) => a * b, 1);
    invariant(values.length === count, `node ${node.id} (${node.op}) has ${count} elements, got ${values.length}`);
    return this.dtype === "float32" ? values.map(Math.fround) : values;
  }

  private apply(node: Node, lengths: readonly number[]): Float64Array {
    const operand = (i: number): Dense => this.dense(node.inputs[i]!);
    switch (node.op) {
      case "constant": {
        const { value } = node.attributes;
        if (typeof value !== "number") return Float64Array.from(value);
        return new Float64Array(lengths.reduce((a, b) => a * b, 1)).fill(value);
      }
      case "input":
        return this.input(node.attributes.name, node);
      case "rowCount":
        return Float64Array.of(this.rowsNow().count);
      case "rowIndex":
        return Float64Array.from({ length: lengths[0]! }, (_, i) => this.rowsNow().start + i);
      case "sum":
        return summed(operand(0), node.attributes.axes, hasRows(node.inputs[0]!), this.order);
      case "reduceMax":
        return largest(operand(0), node.attributes.axes);
      case "broadcast":
        return broadcastTo(operand(0), lengths);
      case "reshape":
        return operand(0).values;
      case "transpose":
        return transposed(operand(0), node.attributes.permutation);
      case "slice":
        return sliced(operand(0), node.attributes);
      case "concat":
        return concatenated(
          node.inputs.map((part) => this.dense(part)),
          node.attributes.axis,
          lengths,
        );
      case "gather":
        return gathered(operand(0), operand(1));
      case "scatterAdd":
        return scattered(operand(0), operand(1), node.attributes.size, this.order.round);
      case "dot":
        return dotted(node, operand(0), operand(1), this.order);
      default: {
        // An elementwise primitive: operands have the shape of the result, or one element.
        const [a, b, c] = node.inputs.map((operandNode) => this.known.get(operandNode)!);
        const apply = node.op === "random" && this.dtype === "float32" ? threefryUniform32 : elementwisePrimitives[node.op].apply;
        const out = new Float64Array(lengths.reduce((p, q) => p * q, 1));
        for (const part of [a, b, c])
          invariant(part === undefined || part.length === out.length, `the operands of ${node.op} have its shape`);
        for (let i = 0; i < out.length; i++) out[i] = apply(a![i]!, b === undefined ? 0 : b[i]!, c === undefined ? 0 : c[i]!);
        return out;
      }
    }
  }

  private input(name: string, node: Node): Float64Array {
    const values = this.lookup(name);
    invariant(values !== undefined, `the cell "${name}" has values`);
    const size = elementCount(node.shape);
    if (!hasRows(node)) return Float64Array.from(values);
    const { start, count } = this.rowsNow();
    invariant((start + count) * size <= values.length, `the rows ${start} + ${count} of "${name}" exist`);
    return Float64Array.from({ length: count * size }, (_, i) => values[start * size + i]!);
  }
}

/** Passes one run of a recording procedure can hold. */
const RECORD_CAPACITY = 65536;

/** How to interpret a program. */
export interface InterpretOptions {
  /** Rows of a tile, for the order of sums over rows. Default 128. */
  readonly tileRows?: number;
}

/**
 * A program run by the reference semantics, with the same interface as the compiled program. It also reads table cells.
 *
 * A pass evaluates all nodes of the procedure on the cells as they are. If it is committed, keeps are copied from the cells as they
 * were before the pass, then all writes are stored, then the record is extended.
 */
export function interpretProgram(program: Program, options: InterpretOptions = {}): Executable {
  validateProgram(program);
  const { dtype } = program;
  const order = sumOrder(dtype, options.tileRows);
  const make = (length: number): Float64Array | Float32Array => (dtype === "float64" ? new Float64Array(length) : new Float32Array(length));
  const shapes = new Map(program.cells.map((cell) => [cell.name, cell.shape]));
  const memory = new Map(program.cells.map((cell) => [cell.name, make(cell.shape[0] === ROWS ? 0 : elementCount(cell.shape))]));
  const procedures = new Map(program.procedures.map((procedure) => [procedure.name, procedure]));
  const records = new Map<string, number[]>();

  const contents = (name: string): Float64Array | Float32Array => {
    const values = memory.get(name);
    invariant(values !== undefined, `the program has a cell "${name}"`);
    return values;
  };
  const procedureNamed = (name: string): Procedure => {
    const procedure = procedures.get(name);
    invariant(procedure !== undefined, `the program has a procedure "${name}"`);
    return procedure;
  };

  /** One pass; tells whether it was committed and its code. */
  const pass = (procedure: Procedure, record: number[]): { committed: boolean; code: number } => {
    const evaluator = new Evaluator(dtype, (name) => memory.get(name), order);
    let firstRow = 0;
    if (procedure.rows !== undefined) {
      firstRow = evaluator.scalar(procedure.rows.start);
      evaluator.setRows(firstRow, evaluator.scalar(procedure.rows.count));
    }
    const { repeat } = procedure;
    const bits = (conditions: readonly Node[], holds: (value: number) => boolean): number =>
      conditions.reduce((code, node, k) => (holds(evaluator.scalar(node)) ? code + 2 ** k : code), 0);
    const failed = bits(repeat?.require ?? [], (value) => value === 0);
    if (failed !== 0) return { committed: false, code: failed };
    const code = 2 ** (repeat?.require.length ?? 0) * bits(repeat?.stop ?? [], (value) => value !== 0);
    const written = procedure.writes.map((write) => evaluator.value(write.node));
    const kept = (repeat?.keeps ?? [])
      .filter((keep) => evaluator.scalar(keep.when) !== 0)
      .map((keep) => ({ to: keep.to, values: contents(keep.from).slice() }));
    for (const node of repeat?.record ?? []) record.push(...evaluator.value(node));
    for (const { to, values } of kept) contents(to).set(values);
    procedure.writes.forEach((write, i) => {
      const first = hasRows(write.node) ? firstRow * elementCount(write.node.shape) : 0;
      contents(write.cell).set(written[i]!, first);
    });
    return { committed: true, code };
  };

  return {
    dtype,
    read: contents,
    write(cell, values): void {
      const target = contents(cell);
      invariant(target.length === values.length, `the cell "${cell}" holds ${target.length} values, got ${values.length}`);
      target.set(values);
    },
    allocateRows(rows): void {
      for (const [name, shape] of shapes) if (shape[0] === ROWS) memory.set(name, make(rows * elementCount(shape)));
    },
    writeRows(cell, values, first = 0, order): void {
      const elements = elementCount(shapes.get(cell)!);
      const ordered =
        order === undefined ? values : Array.from(values, (_, i) => values[order[Math.floor(i / elements)]! * elements + (i % elements)]!);
      contents(cell).set(ordered, first * elements);
    },
    run(name, times = 1): RunResult {
      const procedure = procedureNamed(name);
      if (times > this.recordCapacity(name)) {
        throw new OptionError("OPTION_OUT_OF_RANGE", `run(${name}): expected at most ${RECORD_CAPACITY} passes, got ${times}.`, {
          option: "times",
          expected: `at most ${RECORD_CAPACITY}`,
          got: times,
        });
      }
      const record: number[] = [];
      records.set(name, record);
      for (let passes = 0; passes < times; passes++) {
        const { committed, code } = pass(procedure, record);
        if (!committed) return { passes, code };
        if (code !== 0) return { passes: passes + 1, code };
      }
      return { passes: times, code: 0 };
    },
    record(name): Float64Array | Float32Array {
      procedureNamed(name);
      const values = records.get(name) ?? [];
      const out = make(values.length);
      out.set(values);
      return out;
    },
    recordCapacity(name): number {
      const recording = (procedureNamed(name).repeat?.record ?? []).length > 0;
      return recording ? RECORD_CAPACITY : Number.POSITIVE_INFINITY;
    },
  };
}
