/** The first pass over a streamed table, and a second where rows were left out for columns that turn out to be of no use. */

import type { SetAside } from "../prepare/encoding.js";
import type { RowCounts } from "../prepare/prepare.js";
import type { TableColumn } from "../table/table.js";
import type { RowWalk, TargetValues } from "./row-walk.js";
import { addDistinct } from "./split-learner.js";
import { createSurvey } from "./survey.js";

export type Counts = RowCounts & { readonly kept: number };

/** @param choose - told which columns may be features as soon as that is known. */
export async function surveyTable(
  walk: RowWalk,
  asked: readonly TableColumn[],
  valuesAmong: TargetValues,
  choose: (candidates: TableColumn[]) => void,
): Promise<{ counts: Counts; setAside: SetAside[]; gaps: ReadonlySet<string>; distinct: readonly number[] }> {
  const survey = createSurvey(asked);
  const distinct = new Set<number>();
  const names = asked.map(({ name }) => name);
  const counts = await walk.pass(names, ({ piece, parts }) => {
    survey.add(piece);
    addDistinct(distinct, valuesAmong(piece, parts[0]!.train));
  });
  const setAside: SetAside[] = [];
  const gaps = new Set<string>();
  const candidates: TableColumn[] = [];
  let recount = false;
  for (const column of asked) {
    const { missing, reason } = survey.of(column);
    if (missing > 0) gaps.add(column.name);
    if (reason === undefined) candidates.push(column);
    else {
      setAside.push({ column: column.name, ...reason });
      recount ||= column.kind !== "other" && missing > 0;
    }
  }
  choose(candidates);
  // Rows were left out for values missing in columns that are set aside now
  if (!recount || counts.missing === 0 || candidates.length === 0) return { counts, setAside, gaps, distinct: [...distinct] };
  return { counts: await walk.pass([], () => undefined), setAside, gaps, distinct: [...distinct] };
}
