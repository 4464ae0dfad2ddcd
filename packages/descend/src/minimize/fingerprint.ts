/** What an objective is known again by, so that nobody goes on with a checkpoint of another one. */

/** Plain data. */
export interface Fingerprint {
  readonly sense: "minimize" | "maximize";
  /** Where the parameters are and how many there are: `.a`, `.w[3]`. */
  readonly parameters: readonly string[];
  /** Columns of the table, with the numbers a row of each where there are several. Absent without a table. */
  readonly columns?: readonly string[];
  readonly rows?: number;
  /** Digest of the numbers in the table; absent of one that is streamed or read anew. */
  readonly data?: string;
  /** Digest of the graph of a compiled objective; of one that is called, of its source and the numbers among its constants. */
  readonly objective: string;
}

/** What two fingerprints do not share, and that in words. */
export interface Difference {
  readonly differs: "sense" | "parameters" | "columns" | "rows" | "data" | "objective";
  readonly reason: string;
}

/**
 * The first difference of what was and what is, from the coarse to the fine; undefined if there is none.
 *
 * @param sameValue - whether the objective has the value that is remembered: one that is called may be written otherwise and be the same.
 */
export function differenceOf(then: Fingerprint, now: Fingerprint, sameValue: () => boolean): Difference | undefined {
  const listed = (names: readonly string[] | undefined): string => names?.map((name) => name || "a number").join(", ") ?? "none";
  if (then.sense !== now.sense) return { differs: "sense", reason: `it was made to ${then.sense}, and this is to ${now.sense}` };
  for (const differs of ["parameters", "columns"] as const) {
    const [before, here] = [listed(then[differs]), listed(now[differs])];
    if (before !== here) return { differs, reason: `expected the ${differs} ${short(here)}, got ${short(before)}` };
  }
  if (then.rows !== now.rows) return { differs: "rows", reason: `expected a table of ${now.rows} rows, got one of ${then.rows}` };
  if (then.objective !== now.objective && !sameValue()) return { differs: "objective", reason: "it was made with another objective" };
  const looked = then.data !== undefined && now.data !== undefined;
  return looked && then.data !== now.data ? { differs: "data", reason: "it was made with other numbers in the table" } : undefined;
}

/** The beginning of a long list. */
function short(list: string): string {
  return list.length <= 80 ? list : `${list.slice(0, 79)}…`;
}
