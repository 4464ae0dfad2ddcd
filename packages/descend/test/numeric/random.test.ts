import { describe, expect, it } from "vitest";
import { threefry2x32, threefryUniform, threefryUniform32 } from "../../src/numeric/random.js";

describe("counter-based random numbers", () => {
  // Oracle: the known answers of Random123 (Salmon et al. 2011), threefry2x32 with 20 rounds.
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)("encrypts %j, %j as published", ([k0, k1], [c0, c1], expected) => {
    const out = new Uint32Array(2);
    threefry2x32(k0, k1, c0, c1, out);
    expect([...out]).toEqual(expected);
  });

  it("fills a float64 with 53 bits and a float32 with 24 of the words (oracle: the published words)", () => {
    expect(threefryUniform(0, 0, 0)).toBe(((0x6b200159 >>> 5) * 2 ** 26 + (0x99ba4efe >>> 6)) / 2 ** 53);
    expect(threefryUniform32(0, 0, 0)).toBe((0x6b200159 >>> 8) / 2 ** 24);
    expect(Math.fround(threefryUniform32(1, 2, 3))).toBe(threefryUniform32(1, 2, 3));
  });

  it("tells seeds, streams and counters apart, also counters beyond 2³² (oracle: no collisions among 53-bit numbers)", () => {
    const places = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 40].flatMap((c) =>
      [0, 1].flatMap((stream) => [0, 7].map((seed) => threefryUniform(seed, stream, c))),
    );
    expect(new Set(places).size).toBe(places.length);
  });
});
