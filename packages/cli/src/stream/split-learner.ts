/** Learns from some rows of a streamed table how its columns are encoded, and what its target is like. */

import type { ColumnEncoding, MissingPolicy, SetAside } from "../prepare/encoding.js";
import { withUniqueNames } from "../prepare/prepare.js";
import type { Table, TableColumn } from "../table/table.js";
import { type ColumnLearner, createColumnLearner } from "./column-learner.js";
import { createRunningStatistics, type RunningStatistics } from "./running-statistics.js";
import { MOST_DISTINCT } from "./streamed-target.js";

/** As many as there may be classes, and one more. */
export function addDistinct(distinct: Set<number>, values: Float64Array): void {
  for (let i = 0; i < values.length && distinct.size < MOST_DISTINCT; i++) distinct.add(values[i]!);
}

/** What is known of some rows. */
export interface Learned {
  readonly setAside: readonly SetAside[];
  readonly target: { readonly deviation: number; readonly largest: { readonly value: number }; readonly distinct: readonly number[] };
  encodings(): ColumnEncoding[];
}

export class SplitLearner implements Learned {
  readonly setAside: SetAside[] = [];
  private learners: readonly { readonly name: string; readonly learner: ColumnLearner }[];
  private learning: readonly { readonly name: string; readonly learner: ColumnLearner }[] = [];
  private readonly statistics: RunningStatistics = createRunningStatistics();
  private readonly distinct = new Set<number>();
  private largest = 0;

  /** @param needsMiddle - whether what fills a gap in a column must be known. */
  constructor(candidates: readonly TableColumn[], missing: MissingPolicy, needsMiddle: (name: string) => boolean) {
    this.learners = candidates.map((column) => ({
      name: column.name,
      learner: createColumnLearner(column, missing, needsMiddle(column.name)),
    }));
  }

  get target(): Learned["target"] {
    return { deviation: this.statistics.deviation, largest: { value: this.largest }, distinct: [...this.distinct] };
  }

  encodings(): ColumnEncoding[] {
    return withUniqueNames(this.learners.map(({ learner }) => learner.encoding() as ColumnEncoding));
  }

  /** Columns that need another pass. */
  get open(): string[] {
    return this.learners.flatMap(({ name, learner }) => (learner.done ? [] : [name]));
  }

  /** @param columns - that the pass reads. */
  beginPass(columns: readonly string[]): void {
    this.learning = this.learners.filter(({ name, learner }) => !learner.done && columns.includes(name));
  }

  add(piece: Table, rows: Int32Array): void {
    for (const { learner } of this.learning) learner.add(piece, rows);
  }

  /** Of the first pass. */
  addTarget(values: Float64Array): void {
    this.statistics.add(values);
    addDistinct(this.distinct, values);
    for (const value of values) if (Math.abs(value) > Math.abs(this.largest)) this.largest = value;
  }

  endPass(): void {
    for (const { learner } of this.learning) learner.endPass();
  }

  /** After the first pass: lets go of columns that are of no use. */
  setUnusableAside(): void {
    this.learners = this.learners.filter(({ name, learner }) => {
      const encoding = learner.encoding();
      if ("reason" in encoding) this.setAside.push({ column: name, ...encoding });
      return !("reason" in encoding);
    });
  }
}
