/** Passes that learn how the columns of a streamed table are encoded, and what its target is like. */

import type { SplitRule } from "descend";
import type { ColumnEncoding, MissingPolicy, SetAside } from "../prepare/encoding.js";
import { withUniqueNames } from "../prepare/prepare.js";
import type { Table, TableColumn } from "../table/table.js";
import { type ColumnLearner, createColumnLearner } from "./column-learner.js";
import type { RowWalk, TargetValues } from "./row-walk.js";
import { createRunningStatistics } from "./running-statistics.js";
import { MOST_DISTINCT } from "./streamed-target.js";

/** As many as there may be classes, and one more. */
export function addDistinct(distinct: Set<number>, values: Float64Array): void {
  for (let i = 0; i < values.length && distinct.size < MOST_DISTINCT; i++) distinct.add(values[i]!);
}

export interface Learned {
  readonly setAside: readonly SetAside[];
  readonly target: { readonly deviation: number; readonly largest: { readonly value: number }; readonly distinct: readonly number[] };
  encodings(): ColumnEncoding[];
  /** A pass for other work as well, that goes on learning what is not known yet. */
  pass(visit: (piece: Table, train: Int32Array, test: Int32Array) => void): Promise<void>;
  /** Passes until everything is known. */
  finish(): Promise<void>;
}

/**
 * One pass, and more where values are missing: what stands for them must be known before rows are encoded.
 *
 * @param gaps - columns with missing values.
 */
export async function learnTable(
  walk: RowWalk,
  candidates: readonly TableColumn[],
  { missing }: { readonly missing: MissingPolicy },
  gaps: ReadonlySet<string>,
  valuesAmong: TargetValues,
  rule: SplitRule,
): Promise<Learned> {
  const learners = candidates.map((column) => ({ name: column.name, learner: createColumnLearner(column, missing) }));
  const passOver = async (columns: readonly string[], visit: Parameters<Learned["pass"]>[0]): Promise<void> => {
    const learning = learners.filter(({ name, learner }) => !learner.done && columns.includes(name));
    await walk.pass(
      columns,
      ({ piece, train, test }) => {
        for (const { learner } of learning) learner.add(piece, train);
        visit(piece, train, test);
      },
      rule,
    );
    for (const { learner } of learning) learner.endPass();
  };
  const pass: Learned["pass"] = (visit) =>
    passOver(
      candidates.map(({ name }) => name),
      visit,
    );
  const whileAny = async (isOpen: (entry: { name: string; learner: ColumnLearner }) => boolean): Promise<void> => {
    for (;;) {
      const open = learners.filter(isOpen).map(({ name }) => name);
      if (open.length === 0) return;
      await passOver(open, () => undefined);
    }
  };
  const statistics = createRunningStatistics();
  const distinct = new Set<number>();
  let largest = 0;
  await pass((piece, train) => {
    const values = valuesAmong(piece, train);
    statistics.add(values);
    addDistinct(distinct, values);
    for (const value of values) if (Math.abs(value) > Math.abs(largest)) largest = value;
  });
  const setAside: SetAside[] = [];
  const usable = learners.filter(({ name, learner }) => {
    const encoding = learner.encoding();
    if ("reason" in encoding) setAside.push({ column: name, ...encoding });
    return !("reason" in encoding);
  });
  learners.splice(0, learners.length, ...usable);
  // What fills gaps must be known before the rows are encoded; the other medians, for tables to come, may wait
  await whileAny(({ name, learner }) => gaps.has(name) && !learner.done);
  return {
    setAside,
    target: { deviation: statistics.deviation, largest: { value: largest }, distinct: [...distinct] },
    encodings: () => withUniqueNames(learners.map(({ learner }) => learner.encoding() as ColumnEncoding)),
    pass,
    finish: () => whileAny(({ learner }) => !learner.done),
  };
}
