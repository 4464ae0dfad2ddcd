/** Passes over a table in pieces, with the rows that can be used dealt alike in every pass. */

import { DataError } from "descend";
import { type RowCounts, type Target, usableRows } from "../prepare/prepare.js";
import type { OpenTable, Table } from "../table/table.js";
import { createProgress } from "../terminal/progress.js";
import { words } from "../terminal/words/words.js";
import type { RowDealing, RowParts } from "./row-dealing.js";
import { tablePieces } from "./table-pieces.js";

/** A piece, and rows of it. */
export interface PieceRows {
  readonly piece: Table;
  /** As they were dealt; without dealing one part, all rows to learn from. */
  readonly parts: readonly RowParts[];
}

/** The target of some rows of a piece. */
export type TargetValues = (piece: Table, rows: Int32Array) => Float64Array;

export interface RowWalk {
  /** Passes made so far, this one included. */
  readonly passes: number;
  /** One pass. */
  pass(names: readonly string[], visit: (rows: PieceRows) => void, dealing?: RowDealing): Promise<RowCounts & { readonly kept: number }>;
}

export interface WalkNeeds {
  readonly target: Target;
  /** Columns that must have a value; a function, as the first pass finds out which can be used. */
  readonly required: () => readonly string[];
  /** Columns that must not be infinite. */
  readonly finite: () => readonly string[];
}

export function createRowWalk(open: OpenTable, { target, required, finite }: WalkNeeds): RowWalk {
  let passes = 0;
  let firstPrint: string | undefined;
  return {
    get passes() {
      return passes;
    },
    async pass(names, visit, dealing) {
      passes++;
      const progress = createProgress();
      const print = new Fingerprint();
      let [read, missing, infinite, kept] = [0, 0, 0, 0];
      const deal = dealing?.start() ?? ((rows: Int32Array): readonly RowParts[] => [{ train: rows, test: new Int32Array(0) }]);
      const wanted = new Set([target.column, ...required(), ...finite(), ...names]);
      for await (const piece of tablePieces(open, wanted)) {
        const usable = usableRows(piece, required(), finite());
        visit({ piece, parts: deal(usable.kept) });
        print.add(piece.numbers.get(target.column) ?? Float64Array.from(piece.texts.get(target.column)!.codes));
        read += piece.rows;
        missing += usable.missing;
        infinite += usable.infinite;
        kept += usable.kept.length;
        progress.update(() => words().progress.pass(passes, read.toLocaleString("en").replaceAll(",", " ")));
      }
      progress.finish();
      const printed = `${read} ${print.text}`;
      firstPrint ??= printed;
      if (printed !== firstPrint) throw changed(open.path);
      return { read, missing, infinite, kept };
    },
  };
}

/** Numbers in their order, in 64 bits. */
export class Fingerprint {
  private a = 0x811c9dc5;
  private b = 0x9e3779b9;

  add(values: Float64Array): void {
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    let { a, b } = this;
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      a = Math.imul(a ^ word, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul((b << 5) ^ (b >>> 27) ^ word, 0x85ebca6b);
    }
    this.a = a;
    this.b = b;
  }

  get text(): string {
    return `${this.a >>> 0} ${this.b >>> 0}`;
  }
}

function changed(path: string): DataError {
  const reason = "its rows were others when it was read again";
  return new DataError(
    "TABLE_MALFORMED",
    `${path}: ${reason}; a table that is streamed is read several times.`,
    { path, reason },
    { hint: "A query must give the same rows in the same order each time: USING SAMPLE with REPEATABLE, no random()." },
  );
}
