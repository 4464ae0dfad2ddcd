/** The number formats of a program as WebAssembly sees them. */

import type { DType } from "../graph/program.js";
import type { PlainInstruction } from "./encode/opcodes.js";

/** One number format: names of instructions, sizes. */
export interface Format {
  readonly dtype: DType;
  /** Bytes of a number, and their binary logarithm. */
  readonly bytes: 4 | 8;
  readonly shift: 2 | 3;
  /** Numbers in a v128. */
  readonly lanes: 2 | 4;
  readonly scalar: "f32" | "f64";
  readonly vector: "f32x4" | "f64x2";
  /** Rounds a number to the format. */
  readonly round: (value: number) => number;
}

export const formats: Readonly<Record<DType, Format>> = {
  float64: { dtype: "float64", bytes: 8, shift: 3, lanes: 2, scalar: "f64", vector: "f64x2", round: (value) => value },
  float32: { dtype: "float32", bytes: 4, shift: 2, lanes: 4, scalar: "f32", vector: "f32x4", round: Math.fround },
};

/** `f64.add`, `f32.add`: the scalar instruction of a format. */
export function scalarOp(format: Format, name: string): PlainInstruction {
  return `${format.scalar}.${name}` as PlainInstruction;
}

/** `f64x2.add`, `f32x4.add`: the vector instruction of a format. */
export function vectorOp(format: Format, name: string): PlainInstruction {
  return `${format.vector}.${name}` as PlainInstruction;
}

/** Rounded up to whole vectors, with one vector to spare: loads of whole vectors may run over the end of an array. */
export function paddedBytes(bytes: number): number {
  return Math.ceil(bytes / 16) * 16 + 16;
}

/** Elementwise primitives that are one instruction, of scalars and of vectors. */
export const nativeOps: ReadonlySet<string> = new Set([
  "neg",
  "abs",
  "floor",
  "ceil",
  "trunc",
  "sqrt",
  "add",
  "sub",
  "mul",
  "div",
  "min",
  "max",
]);
