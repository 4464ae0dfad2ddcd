/**
 * Uniform random numbers from (seed, stream, counter): Threefry-2x32 with 20 rounds, the same bits as `threefryUniform` of
 * numeric/random.ts in float64; in float32 the upper 24 bits of the first word.
 *
 * Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

import { bitPattern, type Vector } from "./vector.js";

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bdan;

/** x modulo 2³² as an unsigned 32-bit integer (in lanes 0, 1 for float64), x rounded toward 0. NaN and ±∞ give 0. */
function toWord(x: Vector): Vector {
  const whole = x.trunc();
  const word = whole.sub(
    whole
      .mul(2 ** -32)
      .floor()
      .mul(2 ** 32),
  );
  return word.plain(x.lanes === "f64x2" ? "i32x4.trunc_sat_f64x2_u_zero" : "i32x4.trunc_sat_f32x4_u").as("f32x4");
}

export function random(seed: Vector, stream: Vector, counter: Vector): Vector {
  const key0 = toWord(seed);
  const key1 = toWord(stream);
  const keys = [key0, key1, key0.xor(key1).xor(bitPattern("f32x4", PARITY))] as const;
  let x0 = toWord(counter).bitsAdd(keys[0]);
  let x1 = toWord(counter.mul(2 ** -32).floor()).bitsAdd(keys[1]);
  for (let round = 0; round < 20; round++) {
    x0 = x0.bitsAdd(x1);
    const distance = ROTATIONS[round % 8]!;
    x1 = x1
      .shiftLeft(distance)
      .or(x1.shiftRight(32 - distance))
      .xor(x0);
    if (round % 4 === 3) {
      const block = (round + 1) / 4;
      x0 = x0.bitsAdd(keys[(block % 3) as 0 | 1 | 2]);
      x1 = x1.bitsAdd(keys[((block + 1) % 3) as 0 | 1 | 2]).bitsAdd(bitPattern("f32x4", BigInt(block)));
    }
  }
  if (seed.lanes === "f32x4")
    return x0
      .shiftRight(8)
      .plain("f32x4.convert_i32x4_u")
      .mul(2 ** -24);
  const high = x0.shiftRight(5).plain("f64x2.convert_low_i32x4_u").as("f64x2");
  const low = x1.shiftRight(6).plain("f64x2.convert_low_i32x4_u").as("f64x2");
  return high
    .mul(2 ** 26)
    .add(low)
    .mul(2 ** -53);
}
