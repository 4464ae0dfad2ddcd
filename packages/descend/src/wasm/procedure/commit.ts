/**
 * What a committed pass leaves behind: its record, copies of cells as they were before it, and new values. Large cells exchange addresses
 * in the cell table, small ones are stored, and those that are carried from pass to pass get new values in their locals.
 */

import { emitRecord } from "../emit/record.js";
import type { ScalarWriter } from "../emit/scalar-writer.js";
import type { Value } from "../lower/value.js";
import type { Base } from "../lower/view.js";
import type { MemoryPlan } from "../memory.js";
import type { CellLocals } from "./frame.js";
import type { PassPlan } from "./pass-plan.js";
import { operands } from "./pass-tests.js";

/**
 * Computes the scalars that are kept, recorded and written, those apart that are known to be `unchanged`. Behind the tests: machines with few registers then load what only the
 * results need when they need it.
 */
export function ensureResults(plan: PassPlan, e: ScalarWriter, unchanged: ReadonlySet<Value> = NONE): void {
  const written = plan.smallWrites.flatMap(({ cell, values }) => {
    const old = plan.carried.has(cell) ? [] : plan.oldValues(cell);
    return values.flatMap((value, i) => (value === old[i] || unchanged.has(value) ? [] : needed(plan, cell, value)));
  });
  const recorded = (plan.record?.parts ?? []).flatMap((part) => ("scalars" in part ? part.scalars : []));
  e.ensureScalars([...written, ...recorded, ...plan.keeps.flatMap((keep) => operands(keep.when))]);
}

const NONE: ReadonlySet<Value> = new Set();

/** What a write needs in locals: its value, or the parts of a choice between a new value and the old one. */
function needed(plan: PassPlan, cell: string, value: Value): readonly Value[] {
  const chooses = value.op === "select" && !plan.carried.has(cell) && plan.oldValues(cell).includes(value.args[2]!);
  return chooses ? [...operands(value.args[0]!), value.args[1]!] : [value];
}

export interface CommitOptions {
  readonly locals: CellLocals;
  /** Local with the address of the pass's record, if there is one. */
  readonly recordAt?: number;
  /** New values that are known to be the old ones. */
  readonly unchanged?: ReadonlySet<Value>;
  /** The locals that cells are kept from; the others are read from memory. The same as `locals` by default. */
  readonly keepsFrom?: CellLocals;
}

/** Keeps, records and writes of a committed pass. */
export function emitCommit(
  plan: PassPlan,
  e: ScalarWriter,
  { locals, recordAt = -1, unchanged = NONE, keepsFrom = locals }: CommitOptions,
): void {
  if (plan.record !== undefined) emitRecord(plan.record, e, recordAt);
  const exchanged = emitKeeps(plan, e, keepsFrom);
  exchangeBuffers(plan, e, exchanged);
  storeSmallCells(plan, e, unchanged);
  // A new value may be the old value of another carried cell, so all are read before the first is set.
  const carried = plan.smallWrites.filter(({ cell }) => plan.carried.has(cell));
  for (const value of carried.flatMap((write) => write.values)) e.scalar(value);
  for (const local of carried.flatMap(({ cell }) => locals.get(cell)!).reverse()) e.f.set(local);
}

/** @returns the large cells whose current buffer may have been given to another cell. */
function emitKeeps(plan: PassPlan, e: ScalarWriter, locals: CellLocals): ReadonlySet<string> {
  const { f } = e;
  const { memory } = plan;
  const exchanged = new Set<string>();
  for (const { from } of plan.keeps) {
    if (!plan.largeWrites.includes(from)) continue;
    // Which buffer is free after this pass: the current one, unless it is kept.
    const { entry, current } = memory.cell(from).moving!;
    f.i32(0);
    e.address({ base: current, offset: 0, strides: [] });
    f.memory("i32.store", entry.address + 8);
  }
  // Copies under one condition share its test.
  for (let k = 0; k < plan.keeps.length; ) {
    const { when } = plan.keeps[k]!;
    f.block((skip) => {
      e.branchUnless(when, skip);
      for (; plan.keeps[k]?.when === when; k++) emitKeep(plan, e, plan.keeps[k]!, locals, exchanged);
    });
  }
  return exchanged;
}

function emitKeep(
  plan: PassPlan,
  e: ScalarWriter,
  { from, to }: { readonly from: string; readonly to: string },
  locals: CellLocals,
  exchanged: Set<string>,
): void {
  const { f, format } = e;
  const { memory } = plan;
  const { small, elements, region: source } = memory.cell(from);
  if (small) {
    for (let i = 0; i < elements; i++) {
      const offset = i * format.bytes;
      const target = locals.get(to)?.[i];
      if (target === undefined) f.i32(0);
      const held = locals.get(from)?.[i];
      if (held === undefined) f.i32(0).memory(`${format.scalar}.load`, source!.address + offset);
      else f.get(held);
      if (target === undefined) f.memory(`${format.scalar}.store`, memory.cell(to).region!.address + offset);
      else f.set(target);
    }
    return;
  }
  if (plan.largeWrites.includes(from) && !exchanged.has(from)) {
    exchangeThree(plan.memory, e, from, to);
  } else {
    const at = (cell: string): void => {
      f.i32(e.address({ ...memory.view(cell), strides: [] })).op("i32.add");
    };
    at(to);
    at(from);
    f.i32(elements * format.bytes).memoryCopy();
  }
  exchanged.add(from);
}

/** The kept cell takes the current buffer; its old buffer becomes free for the next pass. Word 2 of the entry holds the free buffer. */
function exchangeThree(memory: MemoryPlan, e: ScalarWriter, from: string, to: string): void {
  const { f } = e;
  const source = memory.cell(from).moving!;
  const target = memory.cell(to).moving!;
  f.i32(0);
  e.address({ base: target.current, offset: 0, strides: [] });
  f.memory("i32.store", source.entry.address + 8);
  f.i32(0);
  e.address({ base: source.current, offset: 0, strides: [] });
  f.memory("i32.store", target.entry.address);
}

/** Every large cell that is written: its next buffer becomes the current one. */
function exchangeBuffers(plan: PassPlan, e: ScalarWriter, exchanged: ReadonlySet<string>): void {
  const { f } = e;
  const { memory } = plan;
  for (const cell of plan.largeWrites) {
    const { entry, current, next } = memory.cell(cell).moving!;
    const push = (base: Base): void => {
      e.address({ base, offset: 0, strides: [] });
    };
    if (exchanged.has(cell)) {
      f.i32(0)
        .i32(0)
        .memory("i32.load", entry.address + 8)
        .memory("i32.store", entry.address + 4);
    } else {
      f.i32(0);
      push(current);
      f.memory("i32.store", entry.address + 4);
    }
    f.i32(0);
    push(next);
    f.memory("i32.store", entry.address);
  }
}

/** Small cells that are not carried. */
function storeSmallCells(plan: PassPlan, e: ScalarWriter, unchanged: ReadonlySet<Value>): void {
  const { f, format } = e;
  const { memory } = plan;
  // All new values are in locals by now, or constants, so a store cannot change one that is still to be read.
  for (const { cell, values } of plan.smallWrites) {
    if (plan.carried.has(cell)) continue;
    const place = memory.cell(cell).region!.address;
    values.forEach((value, i) => {
      const old = plan.oldValues(cell)[i];
      if (value === old || unchanged.has(value)) return;
      const store = (stored: Value): void => {
        f.i32(0);
        e.scalar(stored);
        f.memory(`${format.scalar}.store`, place + i * format.bytes);
      };
      // A cell that keeps its old value unless a condition holds is stored only if it holds.
      const [condition, changed, kept] = value.args;
      if (value.op !== "select" || kept !== old) return store(value);
      f.block((skip) => {
        e.branchUnless(condition!, skip);
        store(changed!);
      });
    });
  }
}
