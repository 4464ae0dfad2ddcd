/** The maximum of values that have no sign, |a| or maxima of such: norms are made of them. */

import type { FunctionBuilder } from "../encode/assembler.js";
import type { Format } from "../format.js";
import type { Value } from "../lower/value.js";

/** True if no lane of the value has its sign bit set, NaN included. */
export function isMagnitude(value: Value): boolean {
  return value.op === "abs" || (value.op === "max" && value.args.every(isMagnitude));
}

/**
 * The larger of two vectors of magnitudes, as the larger of their bits: the order of numbers without a sign is that of
 * whole numbers, and NaN is above infinity. The machine's maximum takes several instructions and branches to treat NaN and −0.
 */
export function largerMagnitude(f: FunctionBuilder, format: Format): void {
  if (format.scalar === "f32") {
    f.op("i32x4.max_s");
    return;
  }
  const [a, b] = [f.local("v128"), f.local("v128")];
  f.set(b).set(a).get(a).get(b).get(a).get(b).op("i64x2.gt_s").op("v128.bitselect");
  f.release(a);
  f.release(b);
}
