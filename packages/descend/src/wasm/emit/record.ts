/** Records: values that every committed pass appends to a list in memory, one pass after the other. */

import { paddedBytes } from "../format.js";
import type { Value } from "../lower/value.js";
import { type Region, region, type View } from "../lower/view.js";
import type { MemoryPlan } from "../memory.js";
import type { ScalarWriter } from "./scalar-writer.js";

/** Bytes of records of one run unless a capacity is given, and passes at most. */
const RECORD_BYTES = 8 * 2 ** 20;
const RECORD_PASSES = 1024;

/** A value to be recorded: scalars, or an array in memory. */
export type RecordPart = { readonly scalars: readonly Value[] } | { readonly view: View; readonly elements: number };

export interface RecordPlan {
  readonly region: Region;
  readonly parts: readonly RecordPart[];
  /** Numbers a pass appends. */
  readonly elements: number;
  /** Passes that fit. */
  readonly capacity: number;
}

/** Makes room for the records of one run; undefined if nothing is recorded. */
export function planRecord(parts: readonly RecordPart[], memory: MemoryPlan, wanted: number | undefined): RecordPlan | undefined {
  if (parts.length === 0) return undefined;
  const { bytes } = memory.format;
  const elements = parts.reduce((sum, part) => sum + ("scalars" in part ? part.scalars.length : part.elements), 0);
  const fitting = Math.floor(RECORD_BYTES / Math.max(1, elements * bytes));
  const capacity = wanted ?? Math.max(16, Math.min(RECORD_PASSES, fitting));
  return { region: memory.add(region(paddedBytes(capacity * elements * bytes))), parts, elements, capacity };
}

/** Appends the values of a pass at the address in local `recordAt`, and advances it. */
export function emitRecord(record: RecordPlan, e: ScalarWriter, recordAt: number): void {
  const { f, format } = e;
  let offset = 0;
  for (const part of record.parts) {
    if ("scalars" in part) {
      for (const value of part.scalars) {
        f.get(recordAt);
        e.scalar(value);
        f.memory(`${format.scalar}.store`, offset);
        offset += format.bytes;
      }
      continue;
    }
    f.get(recordAt).i32(offset).op("i32.add");
    f.i32(e.address({ base: part.view.base, offset: part.view.offset, strides: [] })).op("i32.add");
    f.i32(part.elements * format.bytes).memoryCopy();
    offset += part.elements * format.bytes;
  }
  f.get(recordAt).i32(offset).op("i32.add").set(recordAt);
}
