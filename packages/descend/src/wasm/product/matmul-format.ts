/**
 * The instructions of a packed number format: what differs between float32 and float64 products.
 */

import type { DType } from "../../graph/program.js";
import type { LaneMemoryInstruction, MemoryInstruction, PlainInstruction } from "../encode/opcodes.js";

/** One number format in vectors of 16 bytes. */
export interface Format {
  /** Bytes of one element. */
  readonly size: 4 | 8;
  /** Elements of one vector. */
  readonly lanes: 2 | 4;
  readonly add: PlainInstruction;
  readonly multiply: PlainInstruction;
  /** (a, b, c) → a·b + c, rounded once or twice as the machine likes. */
  readonly multiplyAdd: PlainInstruction;
  readonly loadSplat: MemoryInstruction;
  /** One element into lane 0, zeros in the others. */
  readonly loadFirst: MemoryInstruction;
  readonly loadLane: LaneMemoryInstruction;
  readonly storeLane: LaneMemoryInstruction;
}

export const formats: Readonly<Record<DType, Format>> = {
  float32: {
    size: 4,
    lanes: 4,
    add: "f32x4.add",
    multiply: "f32x4.mul",
    multiplyAdd: "f32x4.relaxed_madd",
    loadSplat: "v128.load32_splat",
    loadFirst: "v128.load32_zero",
    loadLane: "v128.load32_lane",
    storeLane: "v128.store32_lane",
  },
  float64: {
    size: 8,
    lanes: 2,
    add: "f64x2.add",
    multiply: "f64x2.mul",
    multiplyAdd: "f64x2.relaxed_madd",
    loadSplat: "v128.load64_splat",
    loadFirst: "v128.load64_zero",
    loadLane: "v128.load64_lane",
    storeLane: "v128.store64_lane",
  },
};
