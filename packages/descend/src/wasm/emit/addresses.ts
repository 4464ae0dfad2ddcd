/**
 * Addresses while loops are open: base + offset + Σ index·stride. The part that changes is kept in locals, one for each set of strides, so
 * that arrays walked alike share it; the part that does not is the offset of the load or store itself.
 */

import { invariant } from "../../errors.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import type { Format } from "../format.js";
import type { Access } from "../lower/value.js";
import type { Base, Pointer } from "../lower/view.js";
import { Scopes } from "./scopes.js";

/** A loop axis while its loop is open. */
interface OpenAxis {
  readonly axis: number;
  /** The local that holds index × unit. */
  readonly local: number;
  /** Bytes the local advances per element. */
  readonly unit: number;
}

/** The second layer of the emitter: loops, and where in them vectors and copies are. */
export class Addresses extends Scopes {
  private readonly pointers = new Map<Pointer, number>();
  private open: OpenAxis[] = [];
  /** Open axes as bits, with those that have one index only. */
  protected openMask = 0;

  /** The axis along which vectors run, and how many lanes of the current vector exist (the rest may be garbage). */
  vectorAxis = -1;
  activeLanes = 0;
  /** The axis of which several elements (or vectors) are in flight, and which of them is being written. */
  blockedAxis = -1;
  copy = 0;
  /** Elements from one copy to the next. */
  copyStep = 1;
  /** Local with the table index of row 0 of the tile. */
  tileRow = -1;

  constructor(f: FunctionBuilder, format: Format) {
    super(f, format);
    this.activeLanes = format.lanes;
  }

  /** Runs `body` with a loop axis open: `local` holds its index times `unit` bytes. */
  withAxis(axis: number, local: number, unit: number, body: () => void): void {
    this.open.push({ axis, local, unit });
    this.openMask |= 1 << axis;
    this.scope(body);
    this.open = this.open.slice(0, -1);
    this.openMask &= ~(1 << axis);
  }

  /** The local with the index of an open axis. */
  indexOf(axis: number): number {
    return this.open.find((open) => open.axis === axis)!.local;
  }

  /** Declares axes that have one index only: nothing changes along them. */
  withFixedAxes(mask: number, body: () => void): void {
    const before = this.openMask;
    this.openMask |= mask;
    body();
    this.openMask = before;
  }

  bind(pointer: Pointer, local: number): void {
    this.pointers.set(pointer, local);
  }

  /** Pushes the changing part of an address; returns the fixed part. */
  address(access: Access): number {
    const local = this.partialAddress(access.base, access.strides, this.open.length);
    if (local === undefined) this.f.i32(0);
    else this.f.get(local);
    return this.fixedPart(access);
  }

  private fixedPart(access: Access): number {
    const along = this.blockedAxis >= 0 ? (access.strides[this.blockedAxis] ?? 0) : 0;
    const start = access.base.kind === "region" ? access.base.address : 0;
    invariant(access.base.kind === "pointer" || start >= 0, "memory has its place before code is written");
    return start + access.offset + this.copy * this.copyStep * along;
  }

  /** Computes now the part of an address that the open loops change. */
  protected prepareAddress(access: Access): void {
    this.partialAddress(access.base, access.strides, this.open.length);
  }

  /** A local with pointer + Σ index·stride over the first `depth` open axes; undefined if that is 0. */
  private partialAddress(base: Base, strides: readonly number[], depth: number): number | undefined {
    if (depth === 0) {
      if (base.kind === "region") return undefined;
      const local = this.pointers.get(base);
      invariant(local !== undefined, `the pointer "${base.name}" is known here`);
      return local;
    }
    const { axis, local: index, unit } = this.open[depth - 1]!;
    const stride = strides[axis] ?? 0;
    if (stride === 0) return this.partialAddress(base, strides, depth - 1);
    let key = base.kind === "region" ? "a" : `a${base.id}`;
    for (let i = 0; i < depth; i++) {
      const own = strides[this.open[i]!.axis] ?? 0;
      if (own !== 0) key += `|${this.open[i]!.axis}:${own}`;
    }
    const known = this.known(key);
    if (known !== undefined) return known;
    const outer = this.partialAddress(base, strides, depth - 1);
    const ratio = stride / unit;
    if (outer === undefined && ratio === 1) return index;
    const { f } = this;
    f.get(index);
    if (ratio !== 1) f.i32(ratio).op("i32.mul");
    if (outer !== undefined) f.get(outer).op("i32.add");
    const local = this.keep(key, "i32");
    f.op("drop");
    return local;
  }
}
