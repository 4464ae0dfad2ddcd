/**
 * Oracle: the definition. φ(x) = h(x) + ‖x − z‖²/2α is 1/α-strongly convex, so p = prox(z, α) if and only if φ(y) ≥ φ(p) + ‖y − p‖²/2α for
 * every y. And p is where the subgradient of φ of smallest norm vanishes.
 */

import { describe, expect, it } from "vitest";
import { input } from "../../../src/graph/build.js";
import { evaluate } from "../../../src/graph/interpret.js";
import { Tensor } from "../../../src/graph/tensor.js";
import { maxNorm } from "../../../src/numeric/blas1.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { elasticNetPenalty, l1Penalty } from "../../../src/optim/proximal/elastic-net-penalty.js";
import { groupPenalty } from "../../../src/optim/proximal/group-penalty.js";
import type { Penalty } from "../../../src/optim/proximal/penalty.js";

const n = 6;
const vector = (name: string): Tensor => Tensor.of(input(name, [n]));
const call = (node: Tensor, inputs: Record<string, ArrayLike<number>>): Float64Array => evaluate([node.node], { inputs })[0]!;
const square = (a: Float64Array, b: Float64Array): number => a.reduce((s, v, i) => s + (v - b[i]!) ** 2, 0);
const random = (seed: number, size: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => size * (2 * threefryUniform(5, seed, i) - 1));

const penalties: readonly [string, Penalty, exact: (x: Float64Array) => number][] = [
  ["l1", l1Penalty(0.7), (x) => 0.7 * x.reduce((s, v) => s + Math.abs(v), 0)],
  ["l1, one weight each", l1Penalty([0, 1, 2, 0, 1, 2]), (x) => x.reduce((s, v, i) => s + (i % 3) * Math.abs(v), 0)],
  ["elastic net", elasticNetPenalty({ l1: 0.5, l2: 2 }), (x) => x.reduce((s, v) => s + 0.5 * Math.abs(v) + v * v, 0)],
  ["groups", groupPenalty([0.5, 1, 0], [0, 1, 0, 1, 2, 0]), (x) => 0.5 * Math.hypot(x[0]!, x[2]!, x[5]!) + Math.hypot(x[1]!, x[3]!)],
];

describe("the proximal operator", () => {
  it.each(penalties)("of %s", (_, penalty, exact) => {
    for (let seed = 0; seed < 60; seed++) {
      const z = random(seed, 3);
      const step = 10 ** ((seed % 3) - 1);
      const p = call(penalty.prox(vector("z"), step), { z });
      const phi = (x: Float64Array): number => exact(x) + square(x, z) / (2 * step);
      for (let k = 0; k < 8; k++) {
        const y = k === 0 ? new Float64Array(n) : random(100 + 8 * seed + k, 2).map((v, i) => p[i]! + v / 10 ** (k % 4));
        expect(phi(y) - phi(p) - square(y, p) / (2 * step)).toBeGreaterThan(-1e-12 * Math.max(1, phi(p)));
      }
      expect(call(penalty.value(vector("x")), { x: p })[0]).toBeCloseTo(exact(p), 12);
      // ∇ of the smooth part of φ at p; with it p is a minimizer of φ.
      const g = p.map((v, i) => (v - z[i]!) / step);
      expect(maxNorm(call(penalty.residual(vector("x"), vector("g")), { x: p, g }))).toBeLessThan(1e-12 * Math.max(1, maxNorm(g)));
    }
  });

  it("sets whole groups to 0", () => {
    const p = call(groupPenalty([1, 1], [0, 0, 0, 1, 1, 1]).prox(vector("z"), 1), { z: [0.5, -0.5, 0.5, 3, 0.1, 4] });
    expect(maxNorm(p.slice(0, 3))).toBe(0);
    const factor = 1 - 1 / Math.hypot(3, 0.1, 4);
    [3, 0.1, 4].forEach((value, i) => {
      expect(p[3 + i]).toBeCloseTo(factor * value, 14);
    });
  });

  it("is refused for weights that cannot be", () => {
    const refused = expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" });
    expect(() => l1Penalty(-1)).toThrow(refused);
    expect(() => elasticNetPenalty({ l2: Number.NaN })).toThrow(refused);
    expect(() => groupPenalty(1, [0, 0.5])).toThrow(refused);
    expect(() => groupPenalty([1, 2, 3], [0, 1])).toThrow(refused);
  });
});
