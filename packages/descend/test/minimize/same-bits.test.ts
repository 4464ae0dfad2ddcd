import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createDescent } from "../../src/minimize/minimize.js";
import type { DescentOptions } from "../../src/minimize/options.js";
import { threefryUniform } from "../../src/numeric/random.js";

/**
 * Oracle: bits recorded once (`test/oracles/same-bits.json`), to hold on every version of Node and every machine. Who changes an
 * algorithm records them anew: DESCEND_RECORD=1 with this test prints what to put there.
 */
const recorded = JSON.parse(readFileSync(new URL("../oracles/same-bits.json", import.meta.url), "utf8")) as Record<string, string>;

const x = Array.from({ length: 1000 }, (_, i) => 4 * threefryUniform(1, 2, i) - 2);
const data = { x, z: x.map((value) => [value, Math.abs(value), 1]), y: x.map((value, i) => 0.5 * value - 1 + threefryUniform(1, 3, i)) };

const rosenbrock = ([a, b]: number[]): number => (1 - a!) ** 2 + 100 * (b! - a! ** 2) ** 2;
const elementary = ([a, b, c]: number[]): number =>
  Math.exp(Math.sin(a!) * Math.cos(b!)) +
  Math.log1p(c! ** 2) +
  Math.tanh(a! - c!) ** 2 +
  Math.atan2(b!, 2 + c! ** 2) ** 2 +
  (1 + b! ** 2) ** 0.3;
const line = (p: { a: number; b: number }, row: { x: number; y: number }): number => (p.a * row.x + p.b - row.y) ** 2;
/** Its powers of known numbers are calculated while it is read. */
const polynomial = (p: number[]): number => {
  let s = 0;
  for (let i = 1; i <= 29; i++) {
    const t = i / 29;
    let y = 0;
    for (let j = 0; j < p.length; j++) y += p[j]! * t ** j + j * 0.01 * (1 + t) ** -3;
    s += (y - Math.exp(t)) ** 2;
  }
  return s;
};
const logistic = (p: { w: number[] }, row: { z: number[]; y: number }): number => {
  let s = 0;
  for (let j = 0; j < 3; j++) s += p.w[j]! * row.z[j]!;
  return Math.log(1 + Math.exp(-s * row.y));
};

const runs: Record<string, () => { params: unknown; value: number }> = {
  "gradient descent": () => walk(rosenbrock, [-1.2, 1], { method: "gradient-descent", learningRate: 0.001 }, 1000),
  "adam on elementary functions": () => walk(elementary, [0.3, -0.7, 1.1], { method: "adam", learningRate: 0.05 }, 500),
  lbfgs: () => walk(rosenbrock, [-1.2, 1], { method: "lbfgs", methodOptions: { memory: 10 } }, 30),
  "powers of known numbers": () => walk(polynomial, [0, 0, 0, 0, 0, 0], { method: "adam", learningRate: 0.05 }, 100),
  "momentum over rows": () => walk(line, { a: 0, b: 0 }, { data, method: "momentum", learningRate: 0.05 }, 100),
  "shuffled batches": () => walk(line, { a: 0, b: 0 }, { data, method: "adam", batch: 37, seed: 5 }, 200),
  "float32 logistic": () => walk(logistic, { w: [0, 0, 0] }, { data, method: "adam", batch: 64, precision: "float32" }, 200),
};

function walk(
  objective: never | ((...args: never[]) => unknown),
  start: unknown,
  options: DescentOptions,
  steps: number,
): { params: unknown; value: number } {
  const descent = createDescent(objective as never, start as number[], options);
  descent.step(steps);
  return descent;
}

/** The params and the value as hexadecimal bits. */
function bits({ params, value }: { params: unknown; value: number }): string {
  const numbers = JSON.stringify(params)
    .match(/-?\d[\d.e+-]*/g)!
    .map(Number);
  return [...numbers, value].map((number) => new BigUint64Array(Float64Array.of(number).buffer)[0]!.toString(16)).join(" ");
}

describe("the same seed", () => {
  for (const [name, run] of Object.entries(runs)) {
    it(`gives the recorded bits: ${name}`, () => {
      const got = bits(run());
      if (process.env.DESCEND_RECORD !== undefined) process.stdout.write(`${JSON.stringify(name)}: ${JSON.stringify(got)},\n`);
      expect(bits(run())).toBe(got);
      expect(got).toBe(recorded[name]);
    });
  }
});
