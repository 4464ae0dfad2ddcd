/** Passes that learn how the columns of a streamed table are encoded, from all rows to learn from and from those of each fold. */

import type { MissingPolicy } from "../prepare/encoding.js";
import type { Table, TableColumn } from "../table/table.js";
import type { RowDealing, RowParts } from "./row-dealing.js";
import type { RowWalk, TargetValues } from "./row-walk.js";
import { type Learned, SplitLearner } from "./split-learner.js";

export interface LearnedTable {
  /** As the rows are dealt. */
  readonly splits: readonly Learned[];
  /** A pass for other work as well, that goes on learning what is not known yet. */
  pass(visit: (piece: Table, parts: readonly RowParts[]) => void): Promise<void>;
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
  dealing: RowDealing,
): Promise<LearnedTable> {
  // What would fill gaps in tables to come is wanted of the model that is kept, not of those of the folds
  const learners = dealing.counts.map((_, split) => new SplitLearner(candidates, missing, (name) => split === 0 || gaps.has(name)));
  const passOver = async (columns: readonly string[], visit: Parameters<LearnedTable["pass"]>[0]): Promise<void> => {
    for (const learner of learners) learner.beginPass(columns);
    await walk.pass(
      columns,
      ({ piece, parts }) => {
        for (const [split, learner] of learners.entries()) learner.add(piece, parts[split]!.train);
        visit(piece, parts);
      },
      dealing,
    );
    for (const learner of learners) learner.endPass();
  };
  const pass: LearnedTable["pass"] = (visit) =>
    passOver(
      candidates.map(({ name }) => name),
      visit,
    );
  const whileAny = async (isAwaited: (name: string) => boolean): Promise<void> => {
    for (;;) {
      const open = new Set(learners.flatMap((learner) => learner.open).filter(isAwaited));
      if (open.size === 0) return;
      await passOver([...open], () => undefined);
    }
  };
  await pass((piece, parts) => {
    for (const [split, learner] of learners.entries()) learner.addTarget(valuesAmong(piece, parts[split]!.train));
  });
  for (const learner of learners) learner.setUnusableAside();
  // What fills gaps must be known before the rows are encoded; the other medians, for tables to come, may wait
  await whileAny((name) => gaps.has(name));
  return { splits: learners, pass, finish: () => whileAny(() => true) };
}
