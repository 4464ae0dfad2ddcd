// Oracle: threefryUniform of numeric/random.ts, bit for bit.

import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { threefry2x32, threefryUniform } from "../../../src/numeric/random.js";
import { applyFunction } from "./apply-function.js";

test.prop([fc.array(fc.tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat()), { minLength: 1, maxLength: 9 })], {
  seed: 11,
  numRuns: 30,
})("gives the bits of the reference in float64", (rows) => {
  const operands = [0, 1, 2].map((i) => rows.map((row) => row[i]!));
  expect([...applyFunction("random", "float64", operands)]).toEqual(rows.map((row) => threefryUniform(...row)));
});

it("takes the reference's meaning of fractions, negative and unusual numbers", () => {
  const values = [
    0.5,
    -0.5,
    -1,
    -1.5,
    4294967296,
    -4294967297.5,
    2 ** 60,
    -(2 ** 70),
    1e300,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  const rows = values.flatMap((a) => values.map((c) => [a, 3, c] as const));
  const operands = [0, 1, 2].map((i) => rows.map((row) => row[i]!));
  expect([...applyFunction("random", "float64", operands)]).toEqual(rows.map((row) => threefryUniform(...row)));
});

it("gives the upper 24 bits of the first word in float32", () => {
  const words = new Uint32Array(2);
  const rows = Array.from({ length: 64 }, (_, i) => [i, 5 * i, 1000 * i + 7] as const);
  const expected = rows.map(([seed, stream, counter]) => {
    threefry2x32(seed, stream, counter, 0, words);
    return (words[0]! >>> 8) / 2 ** 24;
  });
  expect([
    ...applyFunction(
      "random",
      "float32",
      [0, 1, 2].map((i) => rows.map((row) => row[i]!)),
    ),
  ]).toEqual(expected);
});
