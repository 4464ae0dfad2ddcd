/**
 * A sweep over the rows: what one pass does with each tile of the batch, as a function (from segment, to segment, arena).
 *
 * The tiles of a batch are dealt to segments, and each segment has accumulators of its own; a segment adds its tiles from left to right.
 * How segments are shared among calls (and later among threads) changes no bit.
 */

import { Emitter } from "../emit/emitter.js";
import { emitNest } from "../emit/nest.js";
import { callNest, repeatedNests } from "../emit/repeated-nests.js";
import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import { sharedFunction } from "../encode/shared-function.js";
import type { Format } from "../format.js";
import type { Fusion } from "../lower/fuse.js";
import type { Kernel } from "../lower/kernel.js";
import type { Value } from "../lower/value.js";
import { BLOCK_BYTES, type Pointer, type View } from "../lower/view.js";
import type { MathLibrary } from "../math/library.js";
import { control, type MemoryPlan } from "../memory.js";
import { emitMatmul } from "../product/product.js";
import { StreamedModuleBuilder, windowWords } from "../row-window.js";
import type { Accumulators } from "./accumulators.js";

/** A column of the table that the sweep writes, and where in the arena its new values are. */
export interface ColumnWrite {
  readonly column: View;
  readonly source: View;
  readonly elements: number;
}

export interface Sweep {
  readonly name: string;
  readonly fusion: Fusion;
  readonly accumulators: Accumulators;
  readonly columns: readonly ColumnWrite[];
}

export interface ModuleParts {
  readonly module: ModuleBuilder;
  readonly math: MathLibrary;
  readonly memory: MemoryPlan;
  /** Use fused multiply-add in matrix products. */
  readonly fast: boolean;
}

/** Adds the function of a sweep to the module. */
export function emitSweep({ module, math, memory, fast }: ModuleParts, sweep: Sweep): FunctionBuilder {
  const { format, tileRows } = memory;
  const { fusion, accumulators } = sweep;
  const f = module.addFunction(["i32", "i32", "i32"], [], sweep.name);
  const [segment, segmentEnd, arena] = [0, 1, 2];
  const e = new Emitter(f, format, math);
  e.bind(fusion.arena as Pointer, arena);
  bindCells(e, f, memory);

  const word = (offset: number): FunctionBuilder => f.i32(0).memory("i32.load", memory.control.address + offset);
  const locals = Array.from({ length: 6 }, () => f.local("i32"));
  const [tile, tileEnd, tileAddress, tileRow, rows, target] = locals as [number, number, number, number, number, number];
  e.bind(memory.tile, tileAddress);
  e.bind(accumulators.segment, target);
  e.tileRow = tileRow;
  e.vectorAxis = -1;
  const repeated = repeatedNests(fusion.kernels);
  const bodiesWhere = (test: (kernel: Kernel) => boolean): Value[] => fusion.kernels.filter(test).flatMap((kernel) => kernel.bodies.flat());
  e.hoistConstants(
    bodiesWhere((kernel) => !repeated.has(kernel)),
    true,
  );
  e.hoistConstants(
    bodiesWhere((kernel) => repeated.has(kernel)),
    false,
  );
  const realign = realignFunction(module, memory);

  /** Tile at which segment `push` begins. */
  const tileOf = (push: () => void): FunctionBuilder => {
    push();
    word(control.tiles).op("i32.mul");
    return word(control.segments).op("i32.div_u");
  };
  f.block((done) => {
    f.loop((nextSegment) => {
      f.get(segment).get(segmentEnd).op("i32.ge_s").brIf(done);
      f.get(segment).i32(accumulators.segmentBytes).op("i32.mul").i32(accumulators.region.address).op("i32.add").set(target);
      clear(f, format, accumulators, target);
      tileOf(() => f.get(segment)).set(tile);
      tileOf(() => f.get(segment).i32(1).op("i32.add")).set(tileEnd);
      f.get(tile)
        .get(tileEnd)
        .op("i32.lt_s")
        .if(() => {
          f.loop((nextTile) => {
            f.get(tile).i32(tileRows).op("i32.mul");
            word(control.firstRow).op("i32.add").set(tileRow);
            word(control.endRow).get(tileRow).op("i32.sub").tee(rows).i32(tileRows).get(rows).i32(tileRows).op("i32.lt_s").op("select");
            f.i32(format.shift).op("i32.shl").set(rows);
            if (memory.blockBytes > 0) {
              loadTile(module, f, word, tileRow, () => f.get(rows).i32(format.shift).op("i32.shr_u"));
              f.get(tileRow);
              if (module instanceof StreamedModuleBuilder) word(windowWords.first).op("i32.sub");
              f.get(rows).get(arena).call(realign).set(tileAddress);
            }
            for (const kernel of fusion.kernels) {
              const form = repeated.get(kernel);
              if (form !== undefined) callNest(module, form, e, { rows, masks: memory.masks.address });
              else if (kernel.kind === "nest") emitNest(kernel, e, { rows, masks: memory.masks.address });
              else if (kernel.kind === "matmul") emitMatmul({ module, fast }, kernel, fusion, e, { rows, tileRows });
            }
            for (const write of sweep.columns) writeColumn(e, memory, write, rows);
            f.get(tile).i32(1).op("i32.add").tee(tile).get(tileEnd).op("i32.lt_s").brIf(nextTile);
          });
        });
      f.get(segment).i32(1).op("i32.add").set(segment).br(nextSegment);
    });
  });
  return f;
}

/** Where rows are streamed: has those of a tile loaded that are not all in memory. */
function loadTile(
  module: ModuleBuilder,
  f: FunctionBuilder,
  word: (offset: number) => FunctionBuilder,
  row: number,
  pushCount: () => FunctionBuilder,
): void {
  if (!(module instanceof StreamedModuleBuilder)) return;
  f.get(row);
  word(windowWords.first).op("i32.lt_s").get(row);
  pushCount().op("i32.add");
  word(windowWords.end)
    .op("i32.gt_s")
    .op("i32.or")
    .if(() => {
      f.get(row).call(module.load);
    });
}

/** Address of block (row ÷ rows of a block) of the table. */
function blockAddress(f: FunctionBuilder, memory: MemoryPlan, row: number): FunctionBuilder {
  return f.get(row).i32(memory.blockRows).op("i32.div_u").i32(memory.blockBytes).op("i32.mul").i32(memory.tableAddress).op("i32.add");
}

/**
 * The function (first row, bytes of a column, arena) → address of a tile: its place in the table if it begins with a block, else a
 * copy in front of the arena, shifted so that it does.
 */
function realignFunction(module: ModuleBuilder, memory: MemoryPlan): FunctionBuilder {
  return sharedFunction(module, "realign", () => {
    const f = module.addFunction(["i32", "i32", "i32"], ["i32"]);
    const [row, rows, arena] = [0, 1, 2];
    const locals = Array.from({ length: 6 }, () => f.local("i32"));
    const [shift, source, target, start, end, pair] = locals as [number, number, number, number, number, number];
    const { blockRows, blockBytes, format } = memory;
    blockAddress(f, memory, row).set(source);
    f.get(row)
      .i32(blockRows)
      .op("i32.rem_u")
      .i32(format.shift)
      .op("i32.shl")
      .tee(shift)
      .op("i32.eqz")
      .if(() => {
        f.get(source).op("return");
      });
    f.get(arena)
      .i32(memory.realignBytes)
      .op("i32.sub")
      .tee(pair)
      .i32(2 * BLOCK_BYTES)
      .op("i32.add")
      .tee(start)
      .set(target);
    f.get(start)
      .get(rows)
      .i32(BLOCK_BYTES - 1)
      .op("i32.add")
      .i32(BLOCK_BYTES)
      .op("i32.div_u")
      .i32(blockBytes)
      .op("i32.mul")
      .op("i32.add")
      .set(end);
    f.loop((again) => {
      // Line and next line of a column side by side, then the line that begins `shift` bytes later.
      for (let v = 0; v < BLOCK_BYTES; v += 16) {
        f.get(pair).get(source).memory("v128.load", v).memory("v128.store", v);
        f.get(pair)
          .get(source)
          .memory("v128.load", blockBytes + v)
          .memory("v128.store", BLOCK_BYTES + v);
      }
      for (let v = 0; v < BLOCK_BYTES; v += 16)
        f.get(target).get(pair).get(shift).op("i32.add").memory("v128.load", v, format.shift).memory("v128.store", v);
      f.get(source).i32(BLOCK_BYTES).op("i32.add").set(source);
      f.get(target).i32(BLOCK_BYTES).op("i32.add").tee(target).get(end).op("i32.lt_u").brIf(again);
    });
    f.get(start);
    return f;
  });
}

/** Binds the addresses of cells that move, from the cell table. */
export function bindCells(e: Emitter, f: FunctionBuilder, memory: MemoryPlan): void {
  for (const { moving } of memory.cells.values()) {
    if (moving === undefined) continue;
    const current = f.local("i32");
    f.i32(0).memory("i32.load", moving.entry.address).set(current);
    e.bind(moving.current, current);
    if (moving.buffers.length < 2) continue;
    const next = f.local("i32");
    f.i32(0)
      .memory("i32.load", moving.entry.address + 4)
      .set(next);
    e.bind(moving.next, next);
  }
}

function clear(f: FunctionBuilder, format: Format, { sums, maxima }: Accumulators, target: number): void {
  if (sums > 0)
    f.get(target)
      .i32(0)
      .i32(sums * format.bytes)
      .memoryFill();
  if (maxima === 0) return;
  const i = f.local("i32");
  f.get(target)
    .i32(sums * format.bytes)
    .op("i32.add")
    .set(i);
  f.loop((again) => {
    f.get(i);
    if (format.bytes === 8) f.f64(Number.NEGATIVE_INFINITY).memory("f64.store");
    else f.f32(Number.NEGATIVE_INFINITY).memory("f32.store");
    f.get(i)
      .i32(format.bytes)
      .op("i32.add")
      .tee(i)
      .get(target)
      .i32((sums + maxima) * format.bytes)
      .op("i32.add")
      .op("i32.lt_u")
      .brIf(again);
  });
  f.release(i);
}

/** Copies the rows of a tile from the arena to a column of the table. */
function writeColumn(e: Emitter, memory: MemoryPlan, { column, source, elements }: ColumnWrite, rows: number): void {
  const { f, format } = e;
  const { bytes, scalar } = format;
  const [element, r, row, from] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  f.i32(0).set(r);
  f.loop((nextRow) => {
    f.get(e.tileRow).get(r).i32(format.shift).op("i32.shr_u").op("i32.add").set(row);
    blockAddress(f, memory, row).get(row).i32(memory.blockRows).op("i32.rem_u").i32(format.shift).op("i32.shl").op("i32.add").set(row);
    f.i32(e.address({ base: source.base, offset: source.offset, strides: [] }))
      .op("i32.add")
      .get(r)
      .op("i32.add")
      .set(from);
    f.i32(0).set(element);
    f.loop((nextElement) => {
      f.get(row).get(from).memory(`${scalar}.load`).memory(`${scalar}.store`, column.offset);
      f.get(row).i32(BLOCK_BYTES).op("i32.add").set(row);
      f.get(from)
        .i32(memory.columnRows * bytes)
        .op("i32.add")
        .set(from);
      f.get(element).i32(1).op("i32.add").tee(element).i32(elements).op("i32.lt_s").brIf(nextElement);
    });
    f.get(r).i32(bytes).op("i32.add").tee(r).get(rows).op("i32.lt_s").brIf(nextRow);
  });
  for (const local of [element, r, row, from]) f.release(local);
}
