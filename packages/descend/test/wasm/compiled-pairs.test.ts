/**
 * Two ways: the recursion in WebAssembly against the same recursion in plain code, bit for bit; and against BFGS updates of a dense matrix.
 */

import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { type CurvaturePairs, multiplyInverse, type PairSpace } from "../../src/numeric/curvature-pairs.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { compiledPairs } from "../../src/wasm/compiled-pairs.js";

const number = fc.oneof(fc.double({ noNaN: false }), fc.constantFrom(0, -0, 1, -1, 5e-324, 1e308, Number.POSITIVE_INFINITY));

/** A copy of a vector that lies in the space. */
function moved(space: PairSpace, values: Float64Array): Float64Array {
  const vector = space.take(values.length);
  vector.set(values);
  return vector;
}

/** Vectors of numbers in (−1, 1), each with its own stream. */
function drawn(size: number, stream: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => 2 * threefryUniform(7, stream, i) - 1);
}

/** y = A·s with a diagonal A > 0, so that sᵀy > 0. */
function pairsOf(size: number, count: number): CurvaturePairs {
  const steps = Array.from({ length: count }, (_, k) => drawn(size, k));
  const changes = steps.map((s) => s.map((v, i) => (1 + (i % 5)) * v));
  return { steps, changes, curvatures: Float64Array.from(steps, (s, k) => s.reduce((sum, v, i) => sum + v * changes[k]![i]!, 0)) };
}

describe("compiled pairs", () => {
  test.prop([
    fc.integer({ min: 0, max: 9 }).chain((size) =>
      fc.record({
        vectors: fc.array(fc.array(number, { minLength: size, maxLength: size }), { minLength: 3, maxLength: 7 }),
        curvatures: fc.array(number, { minLength: 3, maxLength: 3 }),
      }),
    ),
  ])("multiply as the plain code does, whatever the numbers and the length", ({ vectors, curvatures }) => {
    const [target, ...rest] = vectors.map((values) => Float64Array.from(values));
    const count = rest.length >> 1;
    const pairs = { steps: rest.slice(0, count), changes: rest.slice(count, 2 * count), curvatures: Float64Array.from(curvatures) };
    const space = compiledPairs();
    space.reserve(7, target!.length);
    const there = moved(space, target!);
    space.multiply(there, { ...pairs, steps: pairs.steps.map((s) => moved(space, s)), changes: pairs.changes.map((y) => moved(space, y)) });
    multiplyInverse(target!, pairs);
    expect(there).toEqual(target);
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 32, 33, 1001])("multiply as updates of the whole matrix do, n = %i", (size) => {
    const count = Math.min(4, size);
    const pairs = pairsOf(size, count);
    const space = compiledPairs();
    space.reserve(2 * count + 1, size);
    const target = drawn(size, 99);
    const there = moved(space, target);
    space.multiply(there, { ...pairs, steps: pairs.steps.map((s) => moved(space, s)), changes: pairs.changes.map((y) => moved(space, y)) });
    const expected = byUpdates(pairs, target);
    // Rounding of a product of 2·count matrices of condition 5
    expected.forEach((v, i) => {
      expect(Math.abs(there[i]! - v)).toBeLessThan(1e-11);
    });
  });

  it("multiply pairs from elsewhere, and take more vectors than were reserved", () => {
    const pairs = pairsOf(40, 3);
    const space = compiledPairs();
    space.reserve(1, 40);
    const [inside, outside] = [moved(space, drawn(40, 50)), moved(space, drawn(40, 50))];
    expect(inside.buffer).not.toBe(outside.buffer);
    for (const target of [inside, outside]) space.multiply(target, pairs);
    expect(inside).toEqual(outside);
    expect(new Set([inside, outside, space.take(40)]).size).toBe(3);
  });

  it("give room again that no state holds, and none of it twice", () => {
    const space = compiledPairs();
    space.reserve(3, 64);
    const first = [space.take(64), space.take(64), space.take(64)];
    expect(new Set(first.map(({ byteOffset }) => byteOffset)).size).toBe(3);
    space.settle({ steps: [first[0]], changes: [first[2], new Float64Array(64)], curvatures: new Float64Array(2), count: 2 });
    expect(space.take(64)).toBe(first[1]);
    expect(space.take(64).buffer).not.toBe(first[0]!.buffer);
    // Another descent with the same room
    space.reserve(3, 64);
    expect(space.take(64).buffer).toBe(first[0]!.buffer);
  });
});

/** H·v, H ← (I − s·yᵀ/sᵀy)·H·(I − y·sᵀ/sᵀy) + s·sᵀ/sᵀy pair after pair, from γ·I. Source: Nocedal and Wright 2006, equation 7.16. */
function byUpdates({ steps, changes, curvatures }: CurvaturePairs, target: Float64Array): Float64Array {
  const last = steps.length - 1;
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  const gamma = curvatures[last]! / dot(changes[last]!, changes[last]!);
  const multiply = (count: number, v: Float64Array): Float64Array => {
    if (count === 0) return v.map((value) => gamma * value);
    const [s, y, curvature] = [steps[count - 1]!, changes[count - 1]!, curvatures[count - 1]!];
    const weight = dot(s, v) / curvature;
    const inner = multiply(
      count - 1,
      v.map((value, i) => value - weight * y[i]!),
    );
    const correction = dot(y, inner) / curvature;
    return inner.map((value, i) => value + (weight - correction) * s[i]!);
  };
  return multiply(steps.length, target);
}
