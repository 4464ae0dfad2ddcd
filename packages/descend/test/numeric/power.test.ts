import { describe, expect, it } from "vitest";
import { power } from "../../src/numeric/power.js";
import { threefryUniform } from "../../src/numeric/random.js";

/** Oracle: powers of the fraction that a number is, in whole numbers of any length, and the definition of `**` for special values. */

/** A finite number ≠ 0 as m·2ᵉ with a whole m. */
function parts(x: number): [bigint, number] {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0]!;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  return [x < 0 ? -mantissa : mantissa, Math.max(exponent, 1) - 1075];
}

/** |got − base^exponent| in units of the last place of got, from 2⁶⁰ times that. */
function ulps(got: number, base: number, exponent: number): number {
  const [m, e] = parts(base);
  const [g, f] = parts(got);
  const size = BigInt(Math.abs(exponent));
  const [top, bottom] = exponent < 0 ? [1n, m ** size] : [m ** size, 1n];
  // base^exponent / 2^f = top / bottom · 2^(e·exponent − f)
  const shift = BigInt(e * exponent - f + 60);
  const exact = shift >= 0n ? (top << shift) / bottom : top / (bottom << -shift);
  const error = (g << 60n) - exact;
  return Number(error < 0n ? -error : error) / 2 ** 60;
}

describe("power", () => {
  it("with a whole exponent is within 0.51 ulp (oracle: whole numbers of any length)", () => {
    let worst = 0;
    for (let i = 0; i < 4000; i++) {
      const exponent = Math.floor(threefryUniform(1, 1, i) * 129) - 64;
      const base = (threefryUniform(1, 2, i) < 0.5 ? -1 : 1) * 2 ** (threefryUniform(1, 3, i) * 28 - 14);
      const got = power(base, exponent);
      if (!(Math.abs(got) > 1e-280 && Math.abs(got) < 1e280)) continue;
      worst = Math.max(worst, ulps(got, base, exponent));
    }
    expect(worst).toBeLessThan(0.51);
    expect(worst).toBeGreaterThan(0.49);
  });

  it("of ±½ is the square root and its inverse, within an ulp (oracle: squares of whole numbers)", () => {
    for (let k = 1; k <= 64; k++) {
      expect(power(k * k, 0.5)).toBe(k);
      expect(power(2 ** k * 2 ** k, -0.5)).toBe(2 ** -k);
    }
  });

  it("has JavaScript's special values (oracle: the definition of **)", () => {
    const special = [0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1e300, -1e300, 1e-300];
    for (const base of special) {
      for (const exponent of [...special, 2, 3, -2, -3, 0.5, -0.5, 64, -63]) expect(power(base, exponent)).toBe(base ** exponent);
    }
  });
});
