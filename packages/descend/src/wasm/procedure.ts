/**
 * One procedure of a program: planned as sections (static kernels) and sweeps (over the rows) in alternation, then written as a
 * function `run(times) → committed passes`.
 *
 * A pass: section 0, sweep 0, section 1, …, last section; then the tests. If it is committed, keeps and writes take effect. Small cells
 * live in locals from the first pass to the last; large ones are exchanged in the cell table.
 */

import { elementCount, hasRows, type Node, topologicalOrder } from "../graph/graph.js";
import { type Procedure, procedureOutputs } from "../graph/program.js";
import { placeFactors } from "../graph/simplify/place-factors.js";
import { simplify } from "../graph/simplify.js";
import { isContiguous } from "./access.js";
import type { FunctionBuilder, Label } from "./assembler.js";
import { canonicalize } from "./canonical.js";
import { Emitter } from "./emitter.js";
import { paddedBytes } from "./format.js";
import { Fusion } from "./fuse.js";
import type { FusionContext } from "./homes.js";
import type { Kernel } from "./kernel.js";
import type { MemoryPlan } from "./memory.js";
import { emitNest } from "./nest.js";
import { assignScratch, emitMatmul, matmulScratchBytes } from "./product.js";
import { criticalCells } from "./recurrences.js";
import type { Root } from "./roots.js";
import { isSmall, Scalars } from "./scalars.js";
import {
  type Accumulators,
  accumulatorPointer,
  bindCells,
  type ColumnWrite,
  control,
  emitSweep,
  type ModuleParts,
  maxSegments,
  type Sweep,
} from "./sweep.js";
import { traitsOf } from "./traits.js";
import { type Value, ValueGraph } from "./value.js";
import { type Base, contiguous, type Region, region, type View } from "./view.js";

export interface ProcedureOptions {
  readonly simplify: boolean;
  readonly recordCapacity: number | undefined;
  /** Calls that a sweep's segments are shared among. */
  readonly workers: number;
}

/** Bytes of records of one run unless a capacity is given, and passes at most. */
const RECORD_BYTES = 8 * 2 ** 20;
const RECORD_PASSES = 1024;

/** A value to be recorded: scalars, or an array in memory. */
type RecordPart = { readonly scalars: readonly Value[] } | { readonly view: View; readonly elements: number };

export interface RecordPlan {
  readonly region: Region;
  readonly elements: number;
  readonly capacity: number;
}

/** A function of a procedure: its carried cells in locals, and how they get there and back. */
interface Frame {
  readonly f: FunctionBuilder;
  readonly e: Emitter;
  /** Local that counts committed passes. */
  readonly passes: number;
  readonly locals: ReadonlyMap<string, readonly number[]>;
  readonly load: () => void;
  readonly store: () => void;
}

/** The parameter of a run. */
const TIMES = 0;

export class ProcedurePlan {
  readonly procedure: Procedure;
  readonly record: RecordPlan | undefined;
  readonly arenaBytes: number;
  private readonly memory: MemoryPlan;
  private readonly options: ProcedureOptions;
  private readonly values: ValueGraph;
  private readonly variables = new Map<string, readonly Value[]>();
  private readonly sections: Fusion[] = [];
  private readonly sweeps: Sweep[] = [];
  private readonly columnSweep: Sweep | undefined;
  private readonly smallWrites: { readonly cell: string; readonly values: readonly Value[] }[] = [];
  private readonly largeWrites: string[] = [];
  private readonly keeps: { readonly from: string; readonly to: string; readonly when: Value }[] = [];
  private readonly recordParts: RecordPart[] = [];
  private readonly require: Value[] = [];
  private readonly stop: Value[] = [];
  /** Small cells that are carried from pass to pass in locals; the others are read and written in place. */
  private readonly carried: ReadonlySet<string>;
  private readonly literals: { readonly values: readonly number[]; readonly place: Region } | undefined;
  private readonly range: { readonly start: Value; readonly count: Value } | undefined;

  constructor(procedure: Procedure, memory: MemoryPlan, options: ProcedureOptions) {
    this.procedure = procedure;
    this.memory = memory;
    this.options = options;
    this.values = new ValueGraph(memory.format);
    const { format, columnRows } = memory;

    // The graph in the forms that are lowered.
    const original = procedureOutputs(procedure);
    const simple = options.simplify ? placeFactors(simplify(original)) : original;
    const canonical = canonicalize(simple);
    const imageOf = new Map(original.map((node, i) => [node, canonical.get(simple[i]!)!]));
    const image = (node: Node): Node => imageOf.get(node)!;
    const outputs = original.map(image);
    const order = topologicalOrder(outputs);
    const traits = traitsOf(order, outputs);

    const small = procedure.writes.filter((write) => memory.cell(write.cell).small);
    this.carried = criticalCells(order, new Map(small.map((write) => [write.cell, image(write.node)])));

    // What is where before anything is computed.
    const homes = new Map<Node, View>();
    const columns = new Map<Node, View>();
    for (const node of order) {
      if (node.op === "input") {
        const cell = memory.cell(node.attributes.name);
        if (hasRows(node)) columns.set(node, memory.view(cell.cell.name));
        else if (!cell.small) homes.set(node, memory.view(cell.cell.name));
      } else if (node.op === "constant" && typeof node.attributes.value !== "number" && !isSmall(node)) {
        homes.set(node, contiguous(memory.addConstant(node.attributes.value), 0, node.shape, format.bytes, columnRows));
      }
    }
    let current: Fusion | undefined;
    const scalars = new Scalars({
      format,
      values: this.values,
      cell: (name) => this.elementsOf(name),
      memory: (node) => current!.reading(node),
      hasHome: (node) => homes.has(node),
      rowCount: () => this.values.number(scalar(image(procedure.rows!.count))),
    });
    const context: FusionContext = {
      format,
      columnRows,
      order,
      traits,
      values: this.values,
      scalars,
      homes,
      columns,
      preferred: new Map(),
      requested: new Set(),
      touched: new Set(),
      staticRoots: new Map(),
    };

    // Large results are computed into the next buffer of their cell if they can be.
    const { repeat } = procedure;
    const staticWrites = procedure.writes.filter((write) => !hasRows(write.node));
    const rowWrites = procedure.writes.filter((write) => hasRows(write.node));
    for (const { cell, node } of staticWrites) {
      if (!memory.cell(cell).small && !context.preferred.has(image(node))) context.preferred.set(image(node), memory.view(cell, "next"));
    }

    const section = (want: (fusion: Fusion) => void): void => {
      const fusion = new Fusion(context, false);
      current = fusion;
      want(fusion);
      for (const node of context.requested) fusion.wantRequested(node);
      context.requested.clear();
      fusion.schedule();
      fusion.buildBodies();
      this.sections.push(fusion);
    };
    const scalar = (node: Node): Value => scalars.elements(node)[0]!;

    // Sweeps by stage, each after a section that computes what it reads.
    const reductions = order.filter((node) => !hasRows(node) && node.inputs.some(hasRows));
    const stageOf = (node: Node): number => traits.stage.get(node)! - 1;
    const stages = Math.max(0, ...reductions.map((node) => stageOf(node) + 1));
    let arenaBytes = 0;
    const addSweep = (fusion: Fusion, accumulators: Accumulators, columnWrites: readonly ColumnWrite[]): Sweep => {
      arenaBytes = Math.max(arenaBytes, this.planScratch(fusion, fusion.arena, fusion.arenaBytes) + 64);
      return { name: `rows_${procedure.name}_${this.sweeps.length}`, fusion, accumulators, columns: columnWrites };
    };
    const withRange = (fusion: Fusion): void => {
      if (procedure.rows === undefined) return;
      for (const node of [procedure.rows.start, procedure.rows.count]) fusion.wantScalars(image(node));
    };
    for (let stage = 0; stage < stages; stage++) {
      const fusion = new Fusion(context, true);
      const { accumulators, views } = this.planAccumulators(
        `${procedure.name} ${stage}`,
        reductions.filter((node) => stageOf(node) === stage),
        fusion,
      );
      fusion.schedule();
      current = fusion;
      fusion.buildBodies();
      section((f) => {
        if (stage === 0) withRange(f);
      });
      this.sweeps.push(addSweep(fusion, accumulators, []));
      for (const [node, view] of views) homes.set(node, view);
    }

    // The columns that are written: their sweep runs when the pass is committed.
    let columnFusion: Fusion | undefined;
    const columnWrites: ColumnWrite[] = [];
    if (rowWrites.length > 0) {
      columnFusion = new Fusion(context, true);
      for (const { cell, node } of rowWrites) {
        if (elementCount(node.shape) === 0) continue;
        const source = columnFusion.newArray(image(node).shape);
        columnFusion.wantAt(image(node), source);
        columnWrites.push({ column: memory.view(cell), source, elements: elementCount(node.shape) });
      }
      columnFusion.schedule();
      columnFusion.buildBodies();
    }

    // The last section: everything else.
    const records = (repeat?.record ?? []).map(image);
    const recordViews = new Map<Node, View>();
    section((fusion) => {
      withRange(fusion);
      const conditions = repeat === undefined ? [] : [...repeat.require, ...repeat.stop, ...(repeat.keeps ?? []).map((keep) => keep.when)];
      for (const node of conditions.map(image)) fusion.wantScalars(node);
      for (const { cell, node } of staticWrites) {
        if (memory.cell(cell).small) fusion.wantScalars(image(node));
        else fusion.wantAt(image(node), this.nextView(context, image(node), cell));
      }
      for (const node of records) {
        if (isSmall(node)) {
          fusion.wantScalars(node);
          continue;
        }
        let view = fusion.wantMemory(node);
        if (!isContiguous(view, memory)) {
          view = contiguous(region(paddedBytes(elementCount(node.shape) * format.bytes)), 0, node.shape, format.bytes, columnRows);
          fusion.wantAt(node, view);
        }
        recordViews.set(node, view);
      }
    });
    const last = this.sections[this.sections.length - 1]!;
    current = last;
    if (procedure.rows !== undefined) {
      this.range = { start: scalar(image(procedure.rows.start)), count: scalar(image(procedure.rows.count)) };
    }
    for (const { cell, node } of staticWrites) {
      if (memory.cell(cell).small) this.smallWrites.push({ cell, values: scalars.elements(image(node)).map((v) => this.values.number(v)) });
      else this.largeWrites.push(cell);
    }
    if (repeat !== undefined) {
      const truth = (node: Node): Value => this.values.truth(scalar(image(node)));
      this.require.push(...repeat.require.map(truth));
      this.stop.push(...repeat.stop.map(truth));
      for (const keep of repeat.keeps ?? []) {
        this.keeps.push({ from: keep.from, to: keep.to, when: truth(keep.when) });
      }
    }
    for (const node of records) {
      const view = recordViews.get(node);
      if (view !== undefined) {
        last.reading(node);
        context.touched.add(view.base);
        this.recordParts.push({ view, elements: elementCount(node.shape) });
      } else {
        this.recordParts.push({ scalars: scalars.elements(node).map((v) => this.values.number(v)) });
      }
    }
    // A result that the tests compute on their way is not to be computed again.
    for (const value of this.smallWrites.flatMap((write) => write.values)) value.uses++;
    if (columnFusion !== undefined) {
      this.columnSweep = addSweep(
        columnFusion,
        this.planAccumulators(`${procedure.name} columns`, [], columnFusion).accumulators,
        columnWrites,
      );
    }
    // Passes that follow each other closely take their literals from memory, 0 apart, which is cheaper to make.
    const literals = this.values.literals.filter((value) => value !== 0);
    if (repeat !== undefined && literals.length > 0)
      this.literals = { values: literals, place: memory.addConstant(Float64Array.from(literals)) };
    this.arenaBytes = arenaBytes;
    this.record = this.planRecord(records);
    for (const fusion of this.sections) {
      const scratch = region(0);
      const bytes = this.planScratch(fusion, scratch, 0);
      if (bytes > 0) {
        scratch.bytes = bytes;
        memory.add(scratch);
      }
    }
    for (const base of context.touched) if (base.kind === "region") memory.add(base);
  }

  private nextView(context: FusionContext, node: Node, cell: string): View {
    const view = context.preferred.get(node);
    return view !== undefined && view.base === this.memory.cell(cell).moving?.next ? view : this.memory.view(cell, "next");
  }

  /** The old values of a small cell, one an element. */
  private elementsOf(cell: string): readonly Value[] {
    if (this.carried.has(cell)) return this.variablesOf(cell);
    const { elements, region: place } = this.memory.cell(cell);
    return Array.from({ length: elements }, (_, i) =>
      this.values.load({ base: place!, offset: i * this.memory.format.bytes, strides: [] }),
    );
  }

  private variablesOf(cell: string): readonly Value[] {
    let variables = this.variables.get(cell);
    if (variables === undefined) {
      variables = Array.from({ length: this.memory.cell(cell).elements }, () => this.values.variable());
      this.variables.set(cell, variables);
    }
    return variables;
  }

  /** Memory for the partial sums of a sweep, and where the combined ones are afterwards. */
  private planAccumulators(
    name: string,
    reductions: readonly Node[],
    fusion: Fusion,
  ): { accumulators: Accumulators; views: Map<Node, View> } {
    const { format, columnRows } = this.memory;
    const isMaximum = (node: Node): boolean => node.op === "reduceMax";
    const ordered = [...reductions.filter((node) => !isMaximum(node)), ...reductions.filter(isMaximum)];
    const count = (nodes: readonly Node[]): number => nodes.reduce((sum, node) => sum + elementCount(node.shape), 0);
    const sums = count(reductions.filter((node) => !isMaximum(node)));
    const maxima = count(reductions.filter(isMaximum));
    const segments = maxSegments(sums + maxima);
    const segmentBytes = paddedBytes((sums + maxima) * format.bytes);
    const place = this.memory.add(region(segments * segmentBytes));
    const segment = accumulatorPointer(name);
    const views = new Map<Node, View>();
    let offset = 0;
    for (const node of ordered) {
      if (elementCount(node.shape) > 0) {
        fusion.wantRowReduction(node, contiguous(segment, offset, node.shape, format.bytes, columnRows));
        views.set(node, contiguous(place, offset, node.shape, format.bytes, columnRows));
      }
      offset += elementCount(node.shape) * format.bytes;
    }
    return { accumulators: { region: place, segment, segmentBytes, sums, maxima, maxSegments: segments }, views };
  }

  /**
   * Memory for the panels of matrix products, which run one after the other and so share it.
   *
   * @param start - bytes behind `base` that are taken.
   * @returns bytes behind `base` that are taken now.
   */
  private planScratch(fusion: Fusion, base: Base, start: number): number {
    const { format, tileRows } = this.memory;
    const products = fusion.kernels.filter((kernel) => kernel.kind === "matmul");
    const offset = Math.ceil(start / 64) * 64;
    for (const kernel of products) assignScratch(kernel, { base, offset });
    return products.length === 0 ? start : offset + Math.max(...products.map((kernel) => matmulScratchBytes(kernel, format, tileRows)));
  }

  private planRecord(records: readonly Node[]): RecordPlan | undefined {
    if (records.length === 0) return undefined;
    const { format } = this.memory;
    const elements = records.reduce((sum, node) => sum + elementCount(node.shape), 0);
    const fitting = Math.floor(RECORD_BYTES / Math.max(1, elements * format.bytes));
    const capacity = this.options.recordCapacity ?? Math.max(16, Math.min(RECORD_PASSES, fitting));
    return { region: this.memory.add(region(paddedBytes(capacity * elements * format.bytes))), elements, capacity };
  }

  // ---- Code -----------------------------------------------------------------------------------------------------------

  /** Adds the functions of the procedure to the module; the memory has its layout. */
  emit(parts: ModuleParts, combine: () => FunctionBuilder, arena: number): void {
    const name = `run_${this.procedure.name}`;
    if (!this.isScalar) {
      this.emitRun(parts, name, combine, arena);
      return;
    }
    const careful = this.emitRun(parts, undefined, combine, arena);
    this.emitQuickRun(parts, name, careful);
  }

  /** `run(times) → committed passes`; the code of the last pass is left in the control block. */
  private emitRun(parts: ModuleParts, exportName: string | undefined, combine: () => FunctionBuilder, arena: number): FunctionBuilder {
    const { memory } = parts;
    const sweeps = this.sweeps.map((sweep) => emitSweep(parts, sweep));
    const columnSweep = this.columnSweep && emitSweep(parts, this.columnSweep);
    const { f, e, passes, locals, load, store } = this.frame(parts, exportName);
    const recordAt = f.local("i32");
    const segments = f.local("i32");
    const code = f.local("i32");
    load();
    if (this.record !== undefined) f.i32(this.record.region.address).set(recordAt);

    f.get(TIMES)
      .i32(0)
      .op("i32.gt_s")
      .if(() => {
        f.block((done) => {
          f.loop((again) => {
            e.scope(() => {
              bindCells(e, f, memory);
              this.sections.forEach((fusion, k) => {
                for (const kernel of fusion.kernels) this.emitKernel(parts, fusion, kernel, e);
                if (k === 0 && (sweeps.length > 0 || columnSweep !== undefined)) this.emitBatch(e);
                if (k < sweeps.length) this.emitSweepCalls(e, sweeps[k]!, this.sweeps[k]!, combine, arena, segments);
              });
              this.ensureTested(e);
              this.emitTests(e, code, () => f.br(done));
              this.ensureResults(e);
              if (columnSweep !== undefined) this.emitSweepCalls(e, columnSweep, this.columnSweep!, undefined, arena, segments);
              this.emitCommit(e, locals, recordAt);
              f.get(passes).i32(1).op("i32.add").set(passes);
              if (this.stop.some((condition) => !isNever(condition))) f.get(code).brIf(done);
            });
            f.get(passes).get(TIMES).op("i32.lt_s").brIf(again);
          });
        });
        store();
      });
    f.i32(0)
      .get(code)
      .memory("i32.store", memory.control.address + control.code);
    f.get(passes);
    return f;
  }

  /**
   * The same for passes of a few scalars, at the latency of their arithmetic: as soon as a pass is notable it is left, and made again
   * by the function that finds out why. That one is a function of its own so that it takes no registers here.
   */
  private emitQuickRun(parts: ModuleParts, exportName: string, careful: FunctionBuilder): void {
    const codeAt = parts.memory.control.address + control.code;
    const { f, e, passes, locals, load, store } = this.frame(parts, exportName);
    f.i32(0).i32(0).memory("i32.store", codeAt);
    f.block((done) => {
      f.loop((again) => {
        f.get(passes).get(TIMES).op("i32.ge_s").brIf(done);
        f.block((notable) => {
          load();
          f.loop((next) => {
            e.scope(() => {
              this.ensureTested(e);
              this.branchIfNotable(e, notable);
              this.ensureResults(e);
              this.emitCommit(e, locals, -1);
            });
            f.get(passes).i32(1).op("i32.add").tee(passes).get(TIMES).op("i32.lt_s").brIf(next);
          });
          store();
          f.br(done);
        });
        store();
        f.get(passes).i32(1).call(careful).op("i32.add").set(passes);
        f.i32(0).memory("i32.load", codeAt).op("i32.eqz").brIf(again);
      });
    });
    f.get(passes);
  }

  /** A function with the carried cells in locals. */
  private frame(parts: ModuleParts, exportName: string | undefined): Frame {
    const { module, math, memory } = parts;
    const { format } = memory;
    const f = module.addFunction(["i32"], ["i32"], exportName);
    const e = new Emitter(f, format, math);
    if (this.literals !== undefined) {
      const { values, place } = this.literals;
      e.literalAddresses = new Map(values.map((value, i) => [value, place.address + i * format.bytes]));
    }
    const locals = new Map<string, readonly number[]>();
    const places: { readonly local: number; readonly address: number }[] = [];
    for (const [cell, variables] of this.variables) {
      const { address } = memory.cell(cell).region!;
      locals.set(
        cell,
        variables.map((variable, i) => {
          const local = f.local(format.scalar);
          e.bindVariable(variable, local);
          places.push({ local, address: address + i * format.bytes });
          return local;
        }),
      );
    }
    return {
      f,
      e,
      locals,
      passes: f.local("i32"),
      load: () => {
        for (const { local, address } of places) f.i32(0).memory(`${format.scalar}.load`, address).set(local);
      },
      store: () => {
        for (const { local, address } of places) f.i32(0).get(local).memory(`${format.scalar}.store`, address);
      },
    };
  }

  /** What a write needs in locals: its value, or the parts of a choice between a new value and the old one. */
  private needed(cell: string, value: Value): readonly Value[] {
    const chooses = value.op === "select" && !this.carried.has(cell) && this.elementsOf(cell).includes(value.args[2]!);
    return chooses ? [...operands(value.args[0]!), value.args[1]!] : [value];
  }

  /** Computes the scalars that the tests compare. */
  private ensureTested(e: Emitter): void {
    e.ensureScalars([...this.require, ...this.stop].flatMap(operands));
  }

  /**
   * Computes the scalars that are kept, recorded and written. Behind the tests: machines with few registers then load what only the
   * results need when they need it.
   */
  private ensureResults(e: Emitter): void {
    const written = this.smallWrites.flatMap((write) => write.values.flatMap((value) => this.needed(write.cell, value)));
    const recorded = this.recordParts.flatMap((part) => ("scalars" in part ? part.scalars : []));
    e.ensureScalars([...written, ...recorded, ...this.keeps.flatMap((keep) => operands(keep.when))]);
  }

  private emitKernel(parts: ModuleParts, fusion: Fusion, kernel: Kernel, e: Emitter): void {
    const { f, format } = e;
    if (kernel.kind === "matmul") {
      emitMatmul(parts, kernel, fusion, e, undefined);
    } else if (kernel.kind === "scalars") {
      kernel.roots.forEach((root, i) => this.emitScalarStores(root, kernel.bodies[i]!, e));
    } else {
      e.hoistConstants(kernel.bodies.flat(), false);
      for (const root of kernel.roots) {
        if (root.spec.combine !== "scatter") continue;
        f.i32(e.address({ base: root.home.base, offset: root.home.offset, strides: [] })).op("i32.add");
        f.i32(0)
          .i32(elementCount(root.node.shape) * format.bytes)
          .memoryFill();
      }
      emitNest(kernel, e, { rows: undefined, masks: parts.memory.masks.address });
    }
  }

  private emitScalarStores(root: Root, values: readonly Value[], e: Emitter): void {
    const { f, format } = e;
    const numbers = values.map((value) => this.values.number(value));
    e.ensureScalars(numbers);
    const { shape, strides, base, offset } = root.home;
    numbers.forEach((value, i) => {
      let [rest, at] = [i, offset];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += (rest % shape[axis]!) * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      const fixed = e.address({ base, offset: at, strides: [] });
      e.scalar(value);
      f.memory(`${format.scalar}.store`, fixed);
    });
  }

  /** The rows of this pass as tiles and segments, in the control block. */
  private emitBatch(e: Emitter): void {
    const { f, format } = e;
    const { tileRows, control: block } = this.memory;
    const { start, count } = this.range!;
    const toI32 = format.scalar === "f64" ? "i32.trunc_sat_f64_s" : "i32.trunc_sat_f32_s";
    const store = (offset: number, push: () => void): void => {
      f.i32(0);
      push();
      f.memory("i32.store", block.address + offset);
    };
    const [first, rows] = [f.local("i32"), f.local("i32")];
    e.ensureScalars([start, count]);
    e.scalar(this.values.number(start));
    f.op(toI32).set(first);
    e.scalar(this.values.number(count));
    f.op(toI32).set(rows);
    f.i32(0).get(rows).get(rows).i32(0).op("i32.lt_s").op("select").set(rows);
    store(control.firstRow, () => f.get(first));
    store(control.endRow, () => f.get(first).get(rows).op("i32.add"));
    store(control.tiles, () =>
      f
        .get(rows)
        .i32(tileRows - 1)
        .op("i32.add")
        .i32(tileRows)
        .op("i32.div_u"),
    );
    for (const local of [first, rows]) f.release(local);
  }

  private emitSweepCalls(
    e: Emitter,
    sweepFunction: FunctionBuilder,
    sweep: Sweep,
    combine: (() => FunctionBuilder) | undefined,
    arena: number,
    segments: number,
  ): void {
    const { f } = e;
    const { control: block } = this.memory;
    const { accumulators } = sweep;
    // Segments: as many as tiles, at least one and at most the maximum.
    f.i32(0)
      .memory("i32.load", block.address + control.tiles)
      .tee(segments);
    f.i32(accumulators.maxSegments).get(segments).i32(accumulators.maxSegments).op("i32.lt_s").op("select").tee(segments);
    f.i32(1).get(segments).i32(1).op("i32.gt_s").op("select").set(segments);
    f.i32(0)
      .get(segments)
      .memory("i32.store", block.address + control.segments);
    const { workers } = this.options;
    for (let worker = workers - 1; worker >= 0; worker--) {
      for (const w of [worker, worker + 1]) f.get(segments).i32(w).op("i32.mul").i32(workers).op("i32.div_u");
      f.i32(arena).call(sweepFunction);
    }
    if (combine === undefined) return;
    f.i32(accumulators.region.address)
      .i32(accumulators.segmentBytes)
      .get(segments)
      .i32(accumulators.sums)
      .i32(accumulators.maxima)
      .call(combine());
  }

  /** Keeps, records and writes of a committed pass. */
  private emitCommit(e: Emitter, locals: ReadonlyMap<string, readonly number[]>, recordAt: number): void {
    const { f, format } = e;
    const { memory } = this;
    if (this.record !== undefined) {
      let offset = 0;
      for (const part of this.recordParts) {
        if ("scalars" in part) {
          for (const value of part.scalars) {
            f.get(recordAt);
            e.scalar(value);
            f.memory(`${format.scalar}.store`, offset);
            offset += format.bytes;
          }
          continue;
        }
        f.get(recordAt).i32(offset).op("i32.add");
        f.i32(e.address({ base: part.view.base, offset: part.view.offset, strides: [] })).op("i32.add");
        f.i32(part.elements * format.bytes).memoryCopy();
        offset += part.elements * format.bytes;
      }
      f.get(recordAt).i32(offset).op("i32.add").set(recordAt);
    }
    const exchanged = new Set<string>();
    for (const { from } of this.keeps) {
      if (!this.largeWrites.includes(from)) continue;
      // Which buffer is free after this pass: the current one, unless it is kept.
      const { entry, current } = memory.cell(from).moving!;
      f.i32(0);
      e.address({ base: current, offset: 0, strides: [] });
      f.memory("i32.store", entry.address + 8);
    }
    // Copies under one condition share its test.
    for (let k = 0; k < this.keeps.length; ) {
      const { when } = this.keeps[k]!;
      f.block((skip) => {
        e.branchUnless(when, skip);
        for (; this.keeps[k]?.when === when; k++) this.emitKeep(e, this.keeps[k]!, locals, exchanged);
      });
    }
    for (const cell of this.largeWrites) {
      const { entry, current, next } = memory.cell(cell).moving!;
      const push = (base: Base): void => {
        e.address({ base, offset: 0, strides: [] });
      };
      if (exchanged.has(cell)) {
        f.i32(0)
          .i32(0)
          .memory("i32.load", entry.address + 8)
          .memory("i32.store", entry.address + 4);
      } else {
        f.i32(0);
        push(current);
        f.memory("i32.store", entry.address + 4);
      }
      f.i32(0);
      push(next);
      f.memory("i32.store", entry.address);
    }
    // All new values are in locals by now, or constants, so a store cannot change one that is still to be read.
    for (const { cell, values } of this.smallWrites) {
      if (this.carried.has(cell)) continue;
      const place = memory.cell(cell).region!.address;
      values.forEach((value, i) => {
        const old = this.elementsOf(cell)[i];
        if (value === old) return;
        const store = (stored: Value): void => {
          f.i32(0);
          e.scalar(stored);
          f.memory(`${format.scalar}.store`, place + i * format.bytes);
        };
        // A cell that keeps its old value unless a condition holds is stored only if it holds.
        const [condition, changed, kept] = value.args;
        if (value.op !== "select" || kept !== old) return store(value);
        f.block((skip) => {
          e.branchUnless(condition!, skip);
          store(changed!);
        });
      });
    }
    // A new value may be the old value of another carried cell, so all are read before the first is set.
    const carried = this.smallWrites.filter(({ cell }) => this.carried.has(cell));
    for (const value of carried.flatMap((write) => write.values)) e.scalar(value);
    for (const local of carried.flatMap(({ cell }) => locals.get(cell)!).reverse()) f.set(local);
  }

  private emitKeep(
    e: Emitter,
    { from, to }: { readonly from: string; readonly to: string },
    locals: ReadonlyMap<string, readonly number[]>,
    exchanged: Set<string>,
  ): void {
    const { f, format } = e;
    const { memory } = this;
    const { small, elements, region: source } = memory.cell(from);
    if (small) {
      for (let i = 0; i < elements; i++) {
        const offset = i * format.bytes;
        const target = locals.get(to)?.[i];
        if (target === undefined) f.i32(0);
        const held = locals.get(from)?.[i];
        if (held === undefined) f.i32(0).memory(`${format.scalar}.load`, source!.address + offset);
        else f.get(held);
        if (target === undefined) f.memory(`${format.scalar}.store`, memory.cell(to).region!.address + offset);
        else f.set(target);
      }
      return;
    }
    if (this.largeWrites.includes(from) && !exchanged.has(from)) {
      this.exchangeThree(e, from, to);
    } else {
      const at = (cell: string): void => {
        f.i32(e.address({ ...memory.view(cell), strides: [] })).op("i32.add");
      };
      at(to);
      at(from);
      f.i32(elements * format.bytes).memoryCopy();
    }
    exchanged.add(from);
  }

  /** The kept cell takes the current buffer; its old buffer becomes free for the next pass. Word 2 of the entry holds the free buffer. */
  private exchangeThree(e: Emitter, from: string, to: string): void {
    const { f } = e;
    const source = this.memory.cell(from).moving!;
    const target = this.memory.cell(to).moving!;
    f.i32(0);
    e.address({ base: target.current, offset: 0, strides: [] });
    f.memory("i32.store", source.entry.address + 8);
    f.i32(0);
    e.address({ base: source.current, offset: 0, strides: [] });
    f.memory("i32.store", target.entry.address);
  }

  /** True if a pass is nothing but scalars that are tested. */
  private get isScalar(): boolean {
    return (
      this.procedure.repeat !== undefined &&
      this.record === undefined &&
      this.sweeps.length === 0 &&
      this.columnSweep === undefined &&
      this.sections.every((fusion) => fusion.kernels.length === 0)
    );
  }

  /** Branches if a requirement fails or there is a reason to stop; each costs a comparison. */
  private branchIfNotable(e: Emitter, label: Label): void {
    for (const condition of this.require) if (!isAlways(condition)) e.branchUnless(condition, label);
    for (const condition of this.stop) if (!isNever(condition)) e.branchIf(condition, label);
  }

  /**
   * The requirements and reasons to stop. As long as all is well each costs a comparison and a branch not taken; which
   * ones spoke is found out behind the last of them. A dropped pass branches to the end; `code` is 0 unless the run ends.
   */
  private emitTests(e: Emitter, code: number, drop: () => void): void {
    const { f } = e;
    const conditions = [...this.require, ...this.stop];
    if (conditions.every((condition, k) => (k < this.require.length ? isAlways(condition) : isNever(condition)))) return;
    f.block((well) => {
      f.block((notable) => {
        this.branchIfNotable(e, notable);
        f.br(well);
      });
      const addBits = (list: readonly Value[], first: number, spoken: (condition: Value) => void): void => {
        f.i32(0);
        list.forEach((condition, k) => {
          spoken(condition);
          f.i32(first + k)
            .op("i32.shl")
            .op("i32.or");
        });
        f.set(code);
      };
      if (this.require.length > 0) {
        addBits(this.require, 0, (condition) => {
          e.scalar(condition);
          f.op("i32.eqz");
        });
        f.get(code).if(drop);
      }
      addBits(this.stop, this.require.length, (condition) => e.scalar(condition));
    });
  }
}

/** What a condition compares: to be known before the tests, where the comparisons themselves become branches. */
function operands(condition: Value): readonly Value[] {
  if (condition.op === "and" || condition.op === "or" || condition.op === "not") return condition.args.flatMap(operands);
  return condition.args.filter((arg) => arg.op !== "load");
}

function isNever(condition: Value): boolean {
  return condition.op === "nonzero" && condition.args[0]!.op === "constant" && condition.args[0]!.constant === 0;
}

function isAlways(condition: Value): boolean {
  return condition.op === "nonzero" && condition.args[0]!.op === "constant" && condition.args[0]!.constant !== 0;
}
