/**
 * The memory of a program, planned once: cells, constants, temporaries, accumulators, arenas, records, and behind them the table.
 *
 * Small cells have one place. Large cells that a pass writes have two, the current and the next: a pass writes the next
 * one, and committing it exchanges their addresses in the cell table. So a dropped pass leaves no trace, and `keep` is
 * an exchange of addresses too.
 */

import { CompileError, invariant } from "../errors.js";
import { elementCount, ROWS } from "../graph/graph.js";
import type { Cell, Program } from "../graph/program.js";
import { type Format, paddedBytes } from "./format.js";
import { SMALL } from "./lower/small.js";
import { BLOCK_BYTES, contiguous, type Pointer, pointer, type Region, region, tableColumns, type View } from "./lower/view.js";

/** Words of the control block, in bytes. */
export const control = { firstRow: 0, endRow: 4, tiles: 8, segments: 12, code: 16 } as const;

export interface CellPlan {
  readonly cell: Cell;
  readonly elements: number;
  /** Taken apart into scalars while a procedure runs. */
  readonly small: boolean;
  /** Where it is if its place never changes. */
  readonly region: Region | undefined;
  /** If its place changes: its buffers, the entry of the cell table (current and next address), and the two as bases. */
  readonly moving:
    | { readonly buffers: readonly Region[]; readonly entry: Region; readonly current: Pointer; readonly next: Pointer }
    | undefined;
  /** Bytes from the start of a block of rows to this column, for cells with rows. */
  readonly column: number;
}

export class MemoryPlan {
  readonly format: Format;
  readonly tileRows: number;
  /** Numbers from one element to the next of an array with rows in the arena. */
  readonly columnRows: number;
  /** Rows of a block. */
  readonly blockRows: number;
  readonly cells: ReadonlyMap<string, CellPlan>;
  /** Bytes of a block of rows of all columns of the table. */
  readonly blockBytes: number;
  /** A block of set bits, and one of clear bits. */
  readonly masks: Region;
  /** First row, end row, tiles, segments of the batch being swept; code of the last pass; the rest is of `row-window.ts`. */
  readonly control: Region;
  /** Literal arrays and what they hold. */
  readonly constants: { readonly region: Region; readonly values: Float64Array }[] = [];
  readonly tile: Pointer = pointer("tile");
  tableAddress = 0;
  private readonly regions = new Set<Region>();

  /** @param mostElements - of a cell that is taken apart into scalars. */
  constructor(program: Program, format: Format, tileRows: number, mostElements: number = SMALL) {
    this.format = format;
    this.tileRows = tileRows;
    this.columnRows = tileRows;
    this.blockRows = BLOCK_BYTES / format.bytes;
    invariant(tileRows % this.blockRows === 0, `a tile has whole blocks of ${this.blockRows} rows`);
    this.masks = this.add(region(2 * BLOCK_BYTES));
    this.control = this.add(region(64));
    const written = new Set(program.procedures.flatMap((p) => p.writes.map((write) => write.cell)));
    const kept = new Set(program.procedures.flatMap((p) => (p.repeat?.keeps ?? []).map((keep) => keep.to)));
    const cells = new Map<string, CellPlan>();
    let column = 0;
    for (const cell of program.cells) {
      const elements = elementCount(cell.shape);
      const bytes = paddedBytes(elements * format.bytes);
      const rows = cell.shape[0] === ROWS;
      const small = !rows && elements <= mostElements;
      const moves = !rows && !small && (written.has(cell.name) || kept.has(cell.name));
      cells.set(cell.name, {
        cell,
        elements,
        small,
        region: rows || moves ? undefined : this.add(region(bytes)),
        moving: moves
          ? {
              buffers: Array.from({ length: written.has(cell.name) ? 2 : 1 }, () => this.add(region(bytes))),
              entry: this.add(region(16)),
              current: pointer(`current ${cell.name}`),
              next: pointer(`next ${cell.name}`),
            }
          : undefined,
        column,
      });
      if (rows) column += elements * BLOCK_BYTES;
    }
    this.cells = cells;
    this.blockBytes = column;
  }

  cell(name: string): CellPlan {
    const plan = this.cells.get(name);
    invariant(plan !== undefined, `the program has a cell "${name}"`);
    return plan;
  }

  /** A cell as an array in memory: as it is now, or as the next pass will find it. */
  view(name: string, which: "current" | "next" = "current"): View {
    const { cell, region: place, moving, column } = this.cell(name);
    const { bytes } = this.format;
    if (cell.shape[0] === ROWS) return tableColumns(this.tile, column, cell.shape, bytes, this.blockBytes);
    return contiguous(place ?? moving![which], 0, cell.shape, bytes, this.columnRows);
  }

  /** Adds memory to the layout, once. */
  add(place: Region): Region {
    this.regions.add(place);
    return place;
  }

  addConstant(values: Float64Array): Region {
    const place = this.add(region(paddedBytes(values.length * this.format.bytes)));
    this.constants.push({ region: place, values });
    return place;
  }

  /**
   * Gives every region its address. The first bytes stay unused.
   *
   * @returns bytes in all.
   * @throws CompileError MEMORY_EXCEEDED
   */
  layout(limit: number): number {
    let address = 64;
    for (const place of this.regions) {
      place.address = address;
      address += Math.ceil(place.bytes / 64) * 64;
    }
    this.tableAddress = Math.ceil(address / 4096) * 4096;
    checkMemory(this.tableAddress, limit);
    return this.tableAddress;
  }

  /** Bytes in front of an arena where a tile is brought that does not begin with a block. */
  get realignBytes(): number {
    return (this.tileRows / this.blockRows) * this.blockBytes + 2 * BLOCK_BYTES;
  }

  /** Bytes of memory with a table of `rows` rows; loads may run over the end by a block. */
  bytesWithRows(rows: number): number {
    return this.tableAddress + (Math.ceil(rows / this.blockRows) + 1) * this.blockBytes + 4096;
  }
}

/** @throws CompileError MEMORY_EXCEEDED */
export function checkMemory(bytes: number, limit: number): void {
  if (bytes <= limit) return;
  const gib = (b: number): string => `${(b / 2 ** 30).toFixed(2)} GiB`;
  throw new CompileError(
    "MEMORY_EXCEEDED",
    `The program needs ${gib(bytes)} of memory, the limit is ${gib(limit)}. Use float32, fewer rows, or fewer parameters.`,
    {
      bytes,
      limit,
    },
  );
}
