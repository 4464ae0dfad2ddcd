/** From a descent to the fingerprint of its objective. */

import { exactText } from "../graph/exact-text.js";
import { Digest } from "../numeric/digest.js";
import type { Layout } from "../tree/tree.js";
import type { Fingerprint } from "./fingerprint.js";
import type { GradientChoice } from "./objective/gradient-choice.js";
import { rowDigest } from "./objective/row-digest.js";
import type { Table } from "./objective/rows.js";
import type { DescentSubject } from "./subject.js";

/** A descent as far as its objective goes. */
export interface Fingerprinted {
  readonly layout: Layout;
  readonly table: Table | undefined;
  readonly choice: GradientChoice;
}

export function fingerprintOf({ layout, table, choice }: Fingerprinted, subject: DescentSubject): Fingerprint {
  const data = table && rowDigest(table);
  return {
    sense: subject.sense,
    parameters: layout.leaves.map(({ path, shape }) => placeOf(path, shape)),
    ...(table && { columns: table.columns.map(({ name, inner }) => placeOf(name, inner)), rows: table.rows }),
    ...(data && { data }),
    objective: objectiveDigest(choice, subject),
  };
}

/** Graphs may be large, and checkpoints many. */
const digests = new WeakMap<GradientChoice, string>();

function objectiveDigest(choice: GradientChoice, { objective, options }: DescentSubject): string {
  const known = digests.get(choice);
  if (known !== undefined) return known;
  const constants = Object.entries(options.constants ?? {}).filter(([, value]) => typeof value === "number");
  const written = choice.kind === "exact" ? exactText(choice.graph.value) : `${objective}\n${JSON.stringify(constants)}`;
  const digest = String(new Digest().text(written));
  digests.set(choice, digest);
  return digest;
}

function placeOf(path: string, shape: readonly number[]): string {
  return path + (shape.length === 0 ? "" : `[${shape.join("×")}]`);
}
