// Oracle: the function applied to the same number in every lane. A lane's result must be the same bits whatever its neighbors
// are, also where a neighbor takes a rare branch; and the inline form must be the function.

import { expect, it } from "vitest";
import { threefryUniform } from "../../../src/numeric/random.js";
import { type MathOp, mathOps } from "../../../src/wasm/math/library.js";
import { applyFunction, type Format } from "./apply-function.js";

const names = Object.keys(mathOps) as MathOp[];
const formats: readonly Format[] = ["float64", "float32"];
const extremes = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-320,
  -1e-40,
  1e6,
  -1e7,
  720,
  -720,
  1e300,
  -1e300,
  1e-300,
  90,
  -90,
  0.5,
  1,
  -1,
  2.5,
];

/** Usual and extreme numbers in changing company: neighbors differ from one number to the next. */
function mixed(count: number, stream: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const u = threefryUniform(7, stream, 2 * i);
    return u < 0.3 ? extremes[Math.floor((u / 0.3) * extremes.length)]! : 8 * threefryUniform(7, stream, 2 * i + 1) - 4;
  });
}

const bits = (values: Float64Array | Float32Array): string[] => [...values].map((v) => (Object.is(v, -0) ? "-0" : String(v)));

it.each(names.flatMap((name) => formats.map((format) => [name, format] as const)))(
  "%s in %s does not depend on the other lanes",
  (name, format) => {
    const lanes = format === "float64" ? 2 : 4;
    const count = 400;
    const operands = Array.from({ length: mathOps[name].arity }, (_, i) => mixed(count, i));
    const together = applyFunction(name, format, operands);
    const alone = applyFunction(
      name,
      format,
      operands.map((values) => values.flatMap((v) => Array.from({ length: lanes }, () => v))),
    );
    expect(bits(together)).toEqual(bits(alone.filter((_, i) => i % lanes === 0)));
    expect(bits(applyFunction(name, format, operands, true))).toEqual(bits(together));
  },
);
