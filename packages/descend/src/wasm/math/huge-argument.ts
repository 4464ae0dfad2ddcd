/**
 * Reduction of huge arguments: x mod π/2 from the bits of 2/π.
 *
 * With x = M·2ᴱ (M of 53 bits), bits of 2/π whose product with x is a multiple of 4 do not matter; the next 192 bits W give
 * x·2/π mod 4 = M·W·2⁻¹⁹⁰ mod 4 with an error below 2⁻¹³⁷. No float64 comes closer to a multiple of π/2 than 2⁻⁶¹, so at least
 * 70 bits of the remainder are right. Source: Payne and Hanek 1983; Muller 2016, Elementary Functions, section 11.4.
 */

import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";

/** 2/π after the binary point in words of 64 bits, with a word of zeros in front. */
// biome-ignore format: a table
const TWO_OVER_PI_WORDS: readonly bigint[] = [
  0x0000000000000000n, 0xa2f9836e4e441529n, 0xfc2757d1f534ddc0n, 0xdb6295993c439041n,
  0xfe5163abdebbc561n, 0xb7246e3a424dd2e0n, 0x06492eea09d1921cn, 0xfe1deb1cb129a73en,
  0xe88235f52ebb4484n, 0xe99c7026b45f7e41n, 0x3991d639835339f4n, 0x9c845f8bbdf9283bn,
  0x1ff897ffde05980fn, 0xef2f118b5a0a6d1fn, 0x6d367ecf27cb09b7n, 0x4f463f669e5fea2dn,
  0x7527bac7ebe5f17bn, 0x3d0739f78a5292ean, 0x6bfb5fb11f8d5d08n, 0x56033046fc7b6babn,
];

/**
 * Adds the function f64 → v128 that reduces |x| ≥ 2¹⁵: lanes (high, low) with high + low = x·2/π − q for the nearest whole
 * number q, and q mod 4 in the two lowest bits of low, which are below the error.
 */
export function addHugeReduction(module: ModuleBuilder): FunctionBuilder {
  const word = addWordTable(module);
  const multiplyHigh = addMultiplyHigh(module);
  const f = module.addFunction(["f64"], ["v128"]);
  const bits = f.local("i64");
  const mantissa = f.local("i64");
  const start = f.local("i32");
  const shift = f.local("i64");
  const words = Array.from({ length: 4 }, () => f.local("i64"));
  const window = Array.from({ length: 3 }, () => f.local("i64"));
  const product = Array.from({ length: 3 }, () => f.local("i64"));

  // M, and the place in the table of the first bit that matters: bit E − 1 of 2/π (counted from 1), behind the 64 zeros.
  f.get(0).op("i64.reinterpret_f64").tee(bits);
  f.i64(0x000fffffffffffffn).op("i64.and").i64(0x0010000000000000n).op("i64.or").set(mantissa);
  f.get(bits)
    .i64(52n)
    .op("i64.shr_u")
    .op("i32.wrap_i64")
    .i32(0x7ff)
    .op("i32.and")
    .i32(1075 + 2 - 64)
    .op("i32.sub")
    .set(start);
  // Small arguments are not asked for; they must only not fail.
  f.get(start).i32(0).get(start).i32(0).op("i32.gt_s").op("select").set(start);
  for (const [i, local] of words.entries()) f.get(start).i32(6).op("i32.shr_u").i32(i).op("i32.add").call(word).set(local);
  f.get(start).i32(63).op("i32.and").op("i64.extend_i32_u").set(shift);
  // W: 192 bits from there. A shift by 64 is a shift by 0 in WebAssembly, hence the two steps.
  for (let i = 0; i < 3; i++) {
    f.get(words[i]!).get(shift).op("i64.shl");
    f.get(words[i + 1]!)
      .i64(1n)
      .op("i64.shr_u")
      .i64(63n)
      .get(shift)
      .op("i64.sub")
      .op("i64.shr_u")
      .op("i64.or")
      .set(window[i]!);
  }
  // P = M·W mod 2¹⁹², most significant word first. The carry of each addition is found by comparing.
  const [high, middle, low] = product as [number, number, number];
  const add = f.local("i64");
  f.get(mantissa).get(window[2]!).op("i64.mul").set(low);
  f.get(mantissa).get(window[2]!).call(multiplyHigh).set(middle);
  f.get(mantissa).get(window[1]!).op("i64.mul").tee(add).get(middle).op("i64.add").set(middle);
  f.get(mantissa).get(window[0]!).op("i64.mul").get(mantissa).get(window[1]!).call(multiplyHigh).op("i64.add");
  f.get(middle).get(add).op("i64.lt_u").op("i64.extend_i32_u").op("i64.add").set(high);
  // The two top bits are q; the rest, as a signed number, is the fraction in [−½, ½), of which 128 bits are kept.
  const q = f.local("i64");
  const sign = f.local("i64");
  f.get(high)
    .i64(1n << 61n)
    .op("i64.add")
    .i64(62n)
    .op("i64.shr_u")
    .set(q);
  f.get(high).i64(2n).op("i64.shl").get(middle).i64(62n).op("i64.shr_u").op("i64.or").set(high);
  f.get(middle).i64(2n).op("i64.shl").get(low).i64(62n).op("i64.shr_u").op("i64.or").set(middle);
  f.get(high).i64(63n).op("i64.shr_s").tee(sign).get(high).op("i64.xor").set(high);
  f.get(middle).get(sign).op("i64.xor").set(middle);
  // Normalize by n and cut: 53 bits for the first number, 64 for the second.
  const n = f.local("i64");
  f.get(high).op("i64.clz").set(n);
  f.get(high).get(n).op("i64.shl").get(middle).i64(1n).op("i64.shr_u").i64(63n).get(n).op("i64.sub").op("i64.shr_u").op("i64.or").set(high);
  f.get(middle).get(n).op("i64.shl").set(middle);
  const negative = f.local("i64");
  f.get(sign).get(bits).i64(63n).op("i64.shr_s").op("i64.xor").i64(63n).op("i64.shl").set(negative);
  const signed = (power: number): void => {
    // The number on the stack times 2^−(power + n), with the sign of the fraction of |x|, turned if x is negative
    f.i64(BigInt(1023 - power))
      .get(n)
      .op("i64.sub")
      .i64(52n)
      .op("i64.shl")
      .op("f64.reinterpret_i64")
      .op("f64.mul");
    f.op("i64.reinterpret_f64").get(negative).op("i64.xor");
  };
  f.get(high).i64(11n).op("i64.shr_u").op("f64.convert_i64_u");
  signed(53);
  f.op("f64.reinterpret_i64").op("f64x2.splat");
  f.get(high).i64(53n).op("i64.shl").get(middle).i64(11n).op("i64.shr_u").op("i64.or").op("f64.convert_i64_u");
  signed(117);
  // q of |x|, negated if x is negative
  f.i64(-4n)
    .op("i64.and")
    .get(q)
    .get(bits)
    .i64(63n)
    .op("i64.shr_s")
    .tee(sign)
    .op("i64.xor")
    .get(sign)
    .op("i64.sub")
    .i64(3n)
    .op("i64.and")
    .op("i64.or");
  f.lane("i64x2.replace_lane", 1);
  return f;
}

/** i32 → i64: a word of the table, by halving. */
function addWordTable(module: ModuleBuilder): FunctionBuilder {
  const f = module.addFunction(["i32"], ["i64"]);
  const choose = (first: number, last: number): void => {
    if (first === last) {
      f.i64(TWO_OVER_PI_WORDS[first]!);
      return;
    }
    const half = (first + last + 1) >> 1;
    f.get(0)
      .i32(half)
      .op("i32.lt_u")
      .if(
        () => choose(first, half - 1),
        () => choose(half, last),
        "i64",
      );
  };
  choose(0, TWO_OVER_PI_WORDS.length - 1);
  return f;
}

/** (i64, i64) → the upper 64 bits of their unsigned product, from four products of halves. */
function addMultiplyHigh(module: ModuleBuilder): FunctionBuilder {
  const f = module.addFunction(["i64", "i64"], ["i64"]);
  const upper = (local: number): FunctionBuilder => f.get(local).i64(32n).op("i64.shr_u");
  const lower = (local: number): FunctionBuilder => f.get(local).i64(0xffffffffn).op("i64.and");
  const cross = f.local("i64");
  const other = f.local("i64");
  // No sum overflows: (2³² − 1)² + 2·(2³² − 1) = 2⁶⁴ − 1.
  lower(0);
  lower(1);
  f.op("i64.mul").i64(32n).op("i64.shr_u");
  upper(0);
  lower(1);
  f.op("i64.mul").op("i64.add").set(cross);
  lower(0);
  upper(1);
  f.op("i64.mul");
  lower(cross);
  f.op("i64.add").set(other);
  upper(0);
  upper(1);
  f.op("i64.mul");
  upper(cross);
  f.op("i64.add");
  upper(other);
  f.op("i64.add");
  return f;
}
