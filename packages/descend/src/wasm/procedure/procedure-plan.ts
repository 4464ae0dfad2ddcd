/**
 * The plan of a procedure: sections (static kernels) and sweeps (over the rows) in alternation, what a pass tests, keeps, records and
 * writes, and the memory for all of it. Nothing is written yet; `procedure.ts` does that once the memory has its layout.
 */

import { elementCount, hasRows, type Node } from "../../graph/graph.js";
import { procedureOutputs, type Write } from "../../graph/program.js";
import { planRecord, type RecordPart, type RecordPlan } from "../emit/record.js";
import { paddedBytes } from "../format.js";
import { isContiguous } from "../lower/access.js";
import { Fusion } from "../lower/fuse.js";
import { type FusionContext, initialHomes } from "../lower/homes.js";
import { criticalCells } from "../lower/recurrences.js";
import { Scalars } from "../lower/scalars.js";
import { isSmall } from "../lower/small.js";
import { traitsOf } from "../lower/traits.js";
import type { Value } from "../lower/value.js";
import { contiguous, region, type View } from "../lower/view.js";
import type { MemoryPlan } from "../memory.js";
import { planScratch } from "../product/product.js";
import { type Accumulators, planAccumulators } from "./accumulators.js";
import type { LoweredProcedure } from "./lowered-procedure.js";
import { type Literals, PassPlan } from "./pass-plan.js";
import { PassTests } from "./pass-tests.js";
import type { ColumnWrite, Sweep } from "./sweep.js";

export interface ProcedureOptions {
  readonly recordCapacity: number | undefined;
  /** Calls that a sweep's segments are shared among. */
  readonly workers: number;
}

export class ProcedurePlan extends PassPlan {
  readonly workers: number;
  /** The sections of a pass; a sweep comes after each but the last. */
  readonly sections: Fusion[] = [];
  readonly sweeps: Sweep[] = [];
  /** The sweep of a committed pass that writes columns of the table. */
  readonly columnSweep: Sweep | undefined;
  arenaBytes = 0;
  readonly tests: PassTests;
  readonly keeps: readonly { readonly from: string; readonly to: string; readonly when: Value }[];
  readonly record: RecordPlan | undefined;
  readonly smallWrites: readonly { readonly cell: string; readonly values: readonly Value[] }[];
  readonly largeWrites: readonly string[];
  readonly carried: ReadonlySet<string>;
  /** Rows of the table that a pass sweeps over. */
  readonly range: { readonly start: Value; readonly count: Value } | undefined;
  readonly literals: Literals | undefined;

  private readonly scalars: Scalars;
  private readonly context: FusionContext;
  /** From the nodes of the procedure to those that are lowered. */
  private readonly image: (node: Node) => Node;
  private readonly staticWrites: readonly Write[];
  /** The section or sweep whose values are being made. */
  private current: Fusion | undefined;

  constructor({ procedure, image, order }: LoweredProcedure, memory: MemoryPlan, options: ProcedureOptions) {
    super(procedure, memory);
    this.workers = options.workers;
    this.image = image;
    this.staticWrites = procedure.writes.filter((write) => !hasRows(write.node));
    const { repeat } = procedure;

    const small = procedure.writes.filter((write) => memory.cell(write.cell).small);
    this.carried = criticalCells(order, new Map(small.map((write) => [write.cell, this.image(write.node)])));
    const { homes, columns } = initialHomes(order, memory);
    this.scalars = new Scalars({
      format: memory.format,
      values: this.values,
      cell: (name) => this.oldValues(name),
      memory: (node) => this.current!.reading(node),
      hasHome: (node) => homes.has(node),
      rowCount: () => this.values.number(this.scalar(procedure.rows!.count)),
    });
    this.context = {
      format: memory.format,
      columnRows: memory.columnRows,
      order,
      traits: traitsOf(order, procedureOutputs(procedure).map(this.image)),
      values: this.values,
      scalars: this.scalars,
      homes,
      columns,
      preferred: new Map(),
      requested: new Set(),
      touched: new Set(),
      staticRoots: new Map(),
    };
    // Large results are computed into the next buffer of their cell if they can be.
    const { preferred } = this.context;
    for (const { cell, node } of this.staticWrites) {
      if (!memory.cell(cell).small && !preferred.has(this.image(node))) preferred.set(this.image(node), memory.view(cell, "next"));
    }

    this.planSweeps();
    const columnWrites = this.planColumnWrites();
    const recordViews = this.planLastSection();
    this.range = procedure.rows && { start: this.scalar(procedure.rows.start), count: this.scalar(procedure.rows.count) };
    this.smallWrites = this.staticWrites
      .filter(({ cell }) => memory.cell(cell).small)
      .map(({ cell, node }) => ({ cell, values: this.numbers(this.image(node)) }));
    this.largeWrites = this.staticWrites.map(({ cell }) => cell).filter((cell) => !memory.cell(cell).small);
    const truth = (node: Node): Value => this.values.truth(this.scalar(node));
    this.tests = new PassTests((repeat?.require ?? []).map(truth), (repeat?.stop ?? []).map(truth));
    this.keeps = (repeat?.keeps ?? []).map(({ from, to, when }) => ({ from, to, when: truth(when) }));
    const recordParts = this.recorded.map((node) => this.recordPart(node, recordViews.get(node)));
    // A result that the tests compute on their way is not to be computed again.
    for (const value of this.smallWrites.flatMap((write) => write.values)) value.uses++;

    // The rest is memory: its order is the layout.
    if (columnWrites !== undefined) {
      const { fusion, columns: written } = columnWrites;
      const { accumulators } = planAccumulators(memory, `${procedure.name} columns`, [], fusion);
      this.columnSweep = this.newSweep(fusion, accumulators, written);
    }
    this.literals = this.placeLiterals();
    this.record = planRecord(recordParts, memory, options.recordCapacity);
    for (const fusion of this.sections) {
      const scratch = region(0);
      const bytes = planScratch(fusion, memory, scratch, 0);
      if (bytes > 0) {
        scratch.bytes = bytes;
        memory.add(scratch);
      }
    }
    for (const base of this.context.touched) if (base.kind === "region") memory.add(base);
  }

  /** The value of a scalar of the procedure. */
  private scalar(node: Node): Value {
    return this.scalars.elements(this.image(node))[0]!;
  }

  private numbers(node: Node): readonly Value[] {
    return this.scalars.elements(node).map((value) => this.values.number(value));
  }

  private get recorded(): Node[] {
    return (this.procedure.repeat?.record ?? []).map(this.image);
  }

  // ---- Sections and sweeps --------------------------------------------------------------------------------------------

  /** A section that computes what the sweep after it asked for, and what is wanted. */
  private addSection(want: (fusion: Fusion) => void): void {
    const fusion = new Fusion(this.context, false);
    this.current = fusion;
    for (const node of this.context.requested) fusion.wantRequested(node);
    this.context.requested.clear();
    want(fusion);
    fusion.schedule();
    fusion.buildBodies();
    this.sections.push(fusion);
  }

  private wantRange(fusion: Fusion): void {
    const { rows } = this.procedure;
    if (rows === undefined) return;
    for (const node of [rows.start, rows.count]) fusion.wantScalars(this.image(node));
  }

  /** Sweeps by stage, each after a section that computes what it reads. */
  private planSweeps(): void {
    const { order, traits, homes } = this.context;
    const { name } = this.procedure;
    const reductions = order.filter((node) => !hasRows(node) && node.inputs.some(hasRows));
    const stageOf = (node: Node): number => traits.stage.get(node)! - 1;
    const stages = Math.max(0, ...reductions.map((node) => stageOf(node) + 1));
    for (let stage = 0; stage < stages; stage++) {
      const fusion = new Fusion(this.context, true);
      const summed = reductions.filter((node) => stageOf(node) === stage);
      const { accumulators, views } = planAccumulators(this.memory, `${name} ${stage}`, summed, fusion);
      fusion.schedule();
      this.current = fusion;
      fusion.buildBodies();
      this.addSection((section) => {
        if (stage === 0) this.wantRange(section);
      });
      this.sweeps.push(this.newSweep(fusion, accumulators, []));
      for (const [node, view] of views) homes.set(node, view);
    }
  }

  private newSweep(fusion: Fusion, accumulators: Accumulators, columns: readonly ColumnWrite[]): Sweep {
    this.arenaBytes = Math.max(this.arenaBytes, planScratch(fusion, this.memory, fusion.arena, fusion.arenaBytes) + 64);
    return { name: `rows_${this.procedure.name}_${this.sweeps.length}`, fusion, accumulators, columns };
  }

  /** The new values of columns that are written, in the arena. */
  private planColumnWrites(): { readonly fusion: Fusion; readonly columns: readonly ColumnWrite[] } | undefined {
    const rowWrites = this.procedure.writes.filter((write) => hasRows(write.node));
    if (rowWrites.length === 0) return undefined;
    const fusion = new Fusion(this.context, true);
    const columns: ColumnWrite[] = [];
    for (const { cell, node } of rowWrites) {
      const elements = elementCount(node.shape);
      if (elements === 0) continue;
      const source = fusion.newArray(this.image(node).shape);
      fusion.wantAt(this.image(node), source);
      columns.push({ column: this.memory.view(cell), source, elements });
    }
    fusion.schedule();
    fusion.buildBodies();
    return { fusion, columns };
  }

  /**
   * The last section: everything else.
   *
   * @returns where recorded arrays are.
   */
  private planLastSection(): ReadonlyMap<Node, View> {
    const { memory } = this;
    const { repeat } = this.procedure;
    const recordViews = new Map<Node, View>();
    this.addSection((fusion) => {
      this.wantRange(fusion);
      const conditions = repeat === undefined ? [] : [...repeat.require, ...repeat.stop, ...(repeat.keeps ?? []).map((keep) => keep.when)];
      for (const node of conditions) fusion.wantScalars(this.image(node));
      for (const { cell, node } of this.staticWrites) {
        if (memory.cell(cell).small) fusion.wantScalars(this.image(node));
        else fusion.wantAt(this.image(node), this.nextView(this.image(node), cell));
      }
      for (const node of this.recorded) {
        if (isSmall(node)) fusion.wantScalars(node);
        else recordViews.set(node, this.wantInOnePiece(fusion, node));
      }
    });
    return recordViews;
  }

  /** Where a large cell is written: where the node is computed to if that is its next buffer. */
  private nextView(node: Node, cell: string): View {
    const view = this.context.preferred.get(node);
    return view !== undefined && view.base === this.memory.cell(cell).moving?.next ? view : this.memory.view(cell, "next");
  }

  private wantInOnePiece(fusion: Fusion, node: Node): View {
    const { memory } = this;
    const view = fusion.wantMemory(node);
    if (isContiguous(view, memory)) return view;
    const { bytes } = memory.format;
    const copy = contiguous(region(paddedBytes(elementCount(node.shape) * bytes)), 0, node.shape, bytes, memory.columnRows);
    fusion.wantAt(node, copy);
    return copy;
  }

  private recordPart(node: Node, view: View | undefined): RecordPart {
    if (view === undefined) return { scalars: this.numbers(node) };
    this.current!.reading(node);
    this.context.touched.add(view.base);
    return { view, elements: elementCount(node.shape) };
  }
}
