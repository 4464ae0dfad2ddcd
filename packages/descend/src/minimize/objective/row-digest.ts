/** A digest of the rows of a table, for who must know them again. */

import { Digest } from "../../numeric/digest.js";
import type { Table } from "./rows.js";

const digests = new WeakMap<Table, string | undefined>();

/** Undefined of rows that are not there to be looked at, and of those that come one after the other. */
export function rowDigest(table: Table): string | undefined {
  if (table.streamed) return undefined;
  if (!digests.has(table)) {
    const digest = new Digest();
    for (const { values } of table.columns) digest.numbers(values);
    digests.set(table, String(digest));
  }
  return digests.get(table);
}

/** From now on the rows are what passes, not what the objective is recognized by. */
export function forgetRowDigest(table: Table): void {
  digests.set(table, undefined);
}
