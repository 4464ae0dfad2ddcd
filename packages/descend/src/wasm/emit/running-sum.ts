/** A sum over vectors of terms as it is written into a loop: where its parts are, and how they come together at the end. */

import { scalarOp, vectorOp } from "../format.js";
import type { Access } from "../lower/value.js";
import type { Emitter } from "./emitter.js";

/** Which lanes count: all, the first few, or those with bits set at the address in local `mask` plus that in `index`. */
export type Limit = "all" | "some" | { readonly mask: number; readonly index: number };

export interface RunningSumOptions {
  readonly maximum: boolean;
  /** Partial sums in the lanes of a vector; otherwise one term after the other. */
  readonly inLanes: boolean;
  readonly start: number;
  /** The result is added to what is stored already. */
  readonly rows: boolean;
}

/** A sum (or maximum) of vectors of terms, in a register. */
export class RunningSum {
  private readonly e: Emitter;
  private readonly options: RunningSumOptions;
  private readonly lanes: number | undefined;
  private total: number | undefined;

  constructor(e: Emitter, options: RunningSumOptions) {
    this.e = e;
    this.options = options;
    if (options.inLanes) {
      this.lanes = e.f.local("v128");
      e.literal(options.start);
      e.f.set(this.lanes);
    } else {
      this.total = e.f.local(e.format.scalar);
      e.number(options.start);
      e.f.set(this.total);
    }
  }

  private get instruction(): "max" | "add" {
    return this.options.maximum ? "max" : "add";
  }

  add(push: () => void, lanes: number, limit: Limit): void {
    const { f, format } = this.e;
    if (this.lanes !== undefined && (limit !== "some" || this.options.maximum)) {
      f.get(this.lanes);
      push();
      if (typeof limit !== "string") {
        // Lanes behind the last row hold anything, NaN too, so their bits are cleared.
        this.masked(() => f.get(limit.mask).get(limit.index).op("i32.add").memory("v128.load", 0, format.shift));
      } else if (limit === "some") {
        this.masked(() => f.v128(laneMask(lanes, format.bytes)));
      }
      f.op(vectorOp(format, this.instruction)).set(this.lanes);
      return;
    }
    // What is left behind the last whole vector, or a short sum: one after the other.
    const total = this.totalOfLanes();
    const terms = f.local("v128");
    push();
    f.set(terms);
    f.get(total);
    for (let lane = 0; lane < lanes; lane++)
      f.get(terms).lane(`${format.vector}.extract_lane`, lane).op(scalarOp(format, this.instruction));
    f.set(total);
    f.release(terms);
  }

  private masked(mask: () => void): void {
    const { f } = this.e;
    if (this.options.maximum) {
      this.e.literal(Number.NEGATIVE_INFINITY);
      mask();
      f.op("v128.bitselect");
    } else {
      mask();
      f.op("v128.and");
    }
  }

  /** The lanes combined, (l₀+l₁) or (l₀+l₁)+(l₂+l₃). */
  private totalOfLanes(): number {
    if (this.total !== undefined) return this.total;
    const { f, format } = this.e;
    const lane = (l: number): void => {
      f.get(this.lanes!).lane(`${format.vector}.extract_lane`, l);
    };
    const combine = (): void => {
      f.op(scalarOp(format, this.instruction));
    };
    this.total = f.local(format.scalar);
    lane(0);
    lane(1);
    combine();
    if (format.lanes === 4) {
      lane(2);
      lane(3);
      combine();
      combine();
    }
    f.set(this.total);
    return this.total;
  }

  /** Stores the result; the sum over a piece of rows is added to what is there. */
  finish(access: Access): void {
    const { f, format } = this.e;
    const total = this.totalOfLanes();
    if (!this.options.rows) {
      const offset = this.e.address(access);
      f.get(total).memory(`${format.scalar}.store`, offset);
    } else {
      const address = f.local("i32");
      const offset = this.e.address(access);
      f.tee(address).get(address).memory(`${format.scalar}.load`, offset).get(total).op(scalarOp(format, this.instruction));
      f.memory(`${format.scalar}.store`, offset);
      f.release(address);
    }
    f.release(total);
    if (this.lanes !== undefined) f.release(this.lanes);
  }
}

/** All bits set in the first lanes. */
export function laneMask(lanes: number, bytes: number): Uint8Array {
  return new Uint8Array(16).fill(255, 0, lanes * bytes);
}
