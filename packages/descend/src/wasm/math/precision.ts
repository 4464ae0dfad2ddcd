/**
 * Between the two precisions: float32 lanes computed in float64.
 */

import type { FunctionBuilder } from "../encode/assembler.js";
import { call, type Vector } from "./vector.js";

/** The first and the last two float32 lanes as float64. */
export function promote(x: Vector): readonly [Vector, Vector] {
  return [x.plain("f64x2.promote_low_f32x4").as("f64x2"), x.pick32(x, [2, 3, 2, 3]).plain("f64x2.promote_low_f32x4").as("f64x2")];
}

/** Four float32 lanes from two times two float64, rounded. */
export function demote(low: Vector, high: Vector): Vector {
  return low.plain("f32x4.demote_f64x2_zero").as("f32x4").pick32(high.plain("f32x4.demote_f64x2_zero").as("f32x4"), [0, 1, 4, 5]);
}

/** A float64 function applied to float32 lanes: half an ulp, but for the rare double rounding. */
export function throughFloat64(target: FunctionBuilder, args: readonly Vector[]): Vector {
  const halves = args.map(promote);
  return demote(call(target, "f64x2", ...halves.map((half) => half[0])), call(target, "f64x2", ...halves.map((half) => half[1])));
}
