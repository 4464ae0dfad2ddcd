import { describe, expect, it } from "vitest";
import { Digest } from "../../src/numeric/digest.js";

const of = (...values: number[]): string => String(new Digest().numbers(values));

describe("a digest", () => {
  // Certified value: four zero bytes with seed 0 give 0x2362f9de (the test vectors of MurmurHash3 in SMHasher's discussion); a text ends with
  // its length, and the empty text is that alone.
  it("is MurmurHash3 of 32 bits in its first half", () => {
    expect(String(new Digest().text("")).slice(0, 8)).toBe("2362f9de");
  });

  it("tells values, orders, lengths and signs of zero apart", () => {
    const digests = [of(), of(0), of(-0), of(0, 0), of(1, 2), of(2, 1), of(1, 2 + 2 ** -51), of(Number.NaN), of(Number.POSITIVE_INFINITY)];
    expect(new Set(digests).size).toBe(digests.length);
    expect(String(new Digest().text("ab").text("c"))).not.toBe(String(new Digest().text("a").text("bc")));
  });

  // Property: what holds the numbers, and where in it they lie, does not matter
  it("is the same for arrays of any kind and length", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.sqrt(i) - 7);
    const shifted = new Float64Array(values.length + 3);
    shifted.set(values, 3);
    const digest = of(...values);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(String(new Digest().numbers(Float64Array.from(values)))).toBe(digest);
    expect(String(new Digest().numbers(shifted.subarray(3)))).toBe(digest);
  });

  it("changes in about half of its bits when one bit of the input does", () => {
    let flips = 0;
    const bits = (digest: string): bigint => BigInt(`0x${digest}`);
    for (let i = 0; i < 200; i++) {
      const word = bits(of(1 + i * 2 ** -20)) ^ bits(of(1 + i * 2 ** -20 + 2 ** -52));
      flips += word.toString(2).replaceAll("0", "").length;
    }
    // Binomial with 200 · 64 trials: 6400 ± 4 · 56.6
    expect(Math.abs(flips - 6400)).toBeLessThan(227);
  });
});
