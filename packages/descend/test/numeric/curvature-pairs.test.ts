// Oracle: the matrix of BFGS, updated as it is written down: H₊ = (I − ρ·s·yᵀ)·H·(I − ρ·y·sᵀ) + ρ·s·sᵀ with ρ = 1/sᵀy.

import { describe, expect, it } from "vitest";
import { multiplyInverse } from "../../src/numeric/curvature-pairs.js";
import { threefryUniform } from "../../src/numeric/random.js";

const SIZE = 7;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
const randomVector = (stream: number): Float64Array => Float64Array.from({ length: SIZE }, (_, i) => 2 * threefryUniform(3, stream, i) - 1);

/** Pairs of a quadratic with curvatures 1 to 7, so that every sᵀy is positive. */
function pairsOf(count: number) {
  const steps = Array.from({ length: count }, (_, k) => randomVector(k));
  const changes = steps.map((s) => s.map((value, i) => (i + 1) * value));
  return { steps, changes, curvatures: Float64Array.from(steps, (s, k) => dot(s, changes[k]!)) };
}

function denseInverse({ steps, changes, curvatures }: ReturnType<typeof pairsOf>): number[][] {
  const newest = changes.at(-1)!;
  const scale = curvatures.at(-1)! / dot(newest, newest);
  let H = Array.from({ length: SIZE }, (_, i) => Array.from({ length: SIZE }, (_, j) => (i === j ? scale : 0)));
  steps.forEach((s, k) => {
    const y = changes[k]!;
    const rho = 1 / curvatures[k]!;
    const Hy = H.map((row) => dot(row, y));
    const yHy = dot(y, Hy);
    H = H.map((row, i) => row.map((h, j) => h - rho * (s[i]! * Hy[j]! + Hy[i]! * s[j]!) + rho * (rho * yHy + 1) * s[i]! * s[j]!));
  });
  return H;
}

describe("pairs of changes", () => {
  it.each([1, 2, 5])("multiply by the matrix that BFGS makes of %d of them", (count) => {
    const pairs = pairsOf(count);
    const vector = randomVector(99);
    const expected = denseInverse(pairs).map((row) => dot(row, vector));
    multiplyInverse(vector, pairs);
    // n·ε of products whose terms are a few units.
    for (let i = 0; i < SIZE; i++) expect(Math.abs(vector[i]! - expected[i]!)).toBeLessThan(1e-13);
  });

  it("take the newest change to the newest step", () => {
    const pairs = pairsOf(4);
    const target = pairs.changes[3]!.slice();
    multiplyInverse(target, pairs);
    for (let i = 0; i < SIZE; i++) expect(Math.abs(target[i]! - pairs.steps[3]![i]!)).toBeLessThan(1e-13);
  });
});
