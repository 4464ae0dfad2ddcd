/**
 * Copies a panel of a strided matrix so that it can be read with one pointer: row p of the panel holds its elements for p.
 */

import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import type { Format } from "./matmul-format.js";

/** Element (p, j) lies at source + p·sourceK + j·sourceColumn and goes to target + p·targetK + j·(bytes of an element). */
export interface PackSpec {
  readonly format: Format;
  readonly columns: number;
  readonly sourceK: number;
  readonly sourceColumn: number;
  /** Bytes of one row of the panel; what lies behind its columns is filled with zeros. */
  readonly targetK: number;
}

/** @returns a function (source, target, k: i32) → () that copies the rows 0 ≤ p < k. It reads nothing but the elements. */
export function packFunction(module: ModuleBuilder, spec: PackSpec): FunctionBuilder {
  const { format, columns, sourceK, sourceColumn, targetK } = spec;
  const f = module.addFunction(["i32", "i32", "i32"], []);
  const [source, target, k] = [0, 1, 2];
  const turns = f.local("i32");

  /** Runs the body for k/steps turns, then sets k to the rest. */
  const repeat = (steps: number, body: () => void): void => {
    f.get(k)
      .i32(steps)
      .op("i32.div_u")
      .tee(turns)
      .if(() => {
        f.loop((again) => {
          body();
          f.get(source)
            .i32(steps * sourceK)
            .op("i32.add")
            .set(source);
          f.get(target)
            .i32(steps * targetK)
            .op("i32.add")
            .set(target);
          f.get(turns).i32(1).op("i32.sub").tee(turns).brIf(again);
        });
      });
    f.get(k).i32(steps).op("i32.rem_u").set(k);
  };

  const copyRow = (step: number): void => {
    if (sourceColumn === format.size) copyBytes(f, source, step * sourceK, target, step * targetK, columns * format.size);
    else {
      for (let j = 0; j < columns; j++) {
        copyBytes(f, source, step * sourceK + j * sourceColumn, target, step * targetK + j * format.size, format.size);
      }
    }
    for (let at = columns * format.size; at < targetK; at += format.size) {
      f.get(target);
      if (format.size === 4) f.i32(0).memory("i32.store", step * targetK + at);
      else f.i64(0n).memory("i64.store", step * targetK + at);
    }
  };

  if (sourceK === format.size && sourceColumn !== format.size && columns >= format.lanes) {
    repeat(format.lanes, () => transposeRows(f, spec, source, target));
  } else {
    repeat(4, () => {
      for (let step = 0; step < 4; step++) copyRow(step);
    });
  }
  repeat(1, () => copyRow(0));
  return f;
}

/** Copies a run of bytes, a multiple of 4, by the widest instructions that fit. */
function copyBytes(f: FunctionBuilder, source: number, from: number, target: number, to: number, bytes: number): void {
  let at = 0;
  for (; at + 16 <= bytes; at += 16)
    f.get(target)
      .get(source)
      .memory("v128.load", from + at, 2)
      .memory("v128.store", to + at, 2);
  for (; at + 8 <= bytes; at += 8)
    f.get(target)
      .get(source)
      .memory("i64.load", from + at, 2)
      .memory("i64.store", to + at, 2);
  for (; at < bytes; at += 4)
    f.get(target)
      .get(source)
      .memory("i32.load", from + at)
      .memory("i32.store", to + at);
}

/** As many rows p as a vector has lanes, from columns that are contiguous in p: square blocks transposed in registers. */
function transposeRows(f: FunctionBuilder, spec: PackSpec, source: number, target: number): void {
  const { format, columns, sourceColumn, targetK } = spec;
  const { lanes, size } = format;
  const column = Array.from({ length: lanes }, () => f.local("v128"));
  const half = Array.from({ length: lanes }, () => f.local("v128"));
  for (let first = 0; first * size < targetK; first += lanes) {
    const present = Math.min(lanes, columns - first);
    const whole = targetK - first * size >= 16;
    if (present <= 0 || !whole) {
      // A narrow rest of a panel: element by element.
      for (let step = 0; step < lanes; step++) {
        for (let j = first; j * size < targetK && j < first + lanes; j++) {
          if (j < columns) copyBytes(f, source, step * size + j * sourceColumn, target, step * targetK + j * size, size);
          else
            f.get(target)
              .i32(0)
              .memory("i32.store", step * targetK + j * size);
        }
      }
      continue;
    }
    for (let j = 0; j < lanes; j++) {
      if (j < present)
        f.get(source)
          .memory("v128.load", (first + j) * sourceColumn, 2)
          .set(column[j]!);
      else f.f64x2(0).set(column[j]!);
    }
    const store = (step: number): void => {
      f.memory("v128.store", step * targetK + first * size, 2);
    };
    if (lanes === 2) {
      f.get(target).get(column[0]!).get(column[1]!).shuffle64(0, 2);
      store(0);
      f.get(target).get(column[0]!).get(column[1]!).shuffle64(1, 3);
      store(1);
    } else {
      // (c0, c1) and (c2, c3) interleaved in pairs, then the pairs joined: row p takes lane p of every column.
      f.get(column[0]!).get(column[1]!).shuffle32([0, 4, 1, 5]).set(half[0]!);
      f.get(column[2]!).get(column[3]!).shuffle32([0, 4, 1, 5]).set(half[1]!);
      f.get(column[0]!).get(column[1]!).shuffle32([2, 6, 3, 7]).set(half[2]!);
      f.get(column[2]!).get(column[3]!).shuffle32([2, 6, 3, 7]).set(half[3]!);
      for (let step = 0; step < 4; step++) {
        const pair = step < 2 ? 0 : 2;
        f.get(target)
          .get(half[pair]!)
          .get(half[pair + 1]!);
        if (step % 2 === 0) f.shuffle64(0, 2);
        else f.shuffle64(1, 3);
        store(step);
      }
    }
  }
  for (const local of [...column, ...half]) f.release(local);
}
