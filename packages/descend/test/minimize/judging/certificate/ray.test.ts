// Oracle: limits known from calculus.

import { describe, expect, it } from "vitest";
import { type Ray, scanRay } from "../../../../src/minimize/judging/certificate/ray.js";

function scan(f: (x: number) => number, from: number, direction: number, box?: Ray["box"]) {
  return scanRay({
    from: Float64Array.of(from),
    direction: [direction],
    value: f(from),
    scale: Math.max(1, Math.abs(from)),
    evaluate: ([x]) => f(x!),
    box,
    roundoff: 2 ** -53,
  });
}

describe("a ray", () => {
  it.each([
    ["x", (x: number) => x, 1, -1],
    ["−ln x", (x: number) => -Math.log(x), 1, 1],
    ["−√x", (x: number) => -Math.sqrt(x), 1, 1],
    ["1e-9·x", (x: number) => 1e-9 * x, 1, -1],
    ["ln x towards its edge", (x: number) => Math.log(x), 1e-30, -1],
  ])("falls for ever: %s", (_, f, from, direction) => {
    expect(scan(f, from, direction).kind).toBe("falls");
  });

  it.each([
    ["e^−x", (x: number) => Math.exp(-x), 10],
    ["1/x", (x: number) => 1 / x, 3],
    ["1/√x", (x: number) => 1 / Math.sqrt(x), 3],
    ["−arctan x", (x: number) => -Math.atan(x), 3],
  ])("approaches a limit: %s", (_, f, from) => {
    expect(scan(f, from, 1).kind).toBe("approaches");
  });

  it("dips where a minimum lies on the way, and finds nothing where there is none to find", () => {
    expect(scan((x) => (x - 7) ** 2, 3, 1)).toMatchObject({ kind: "dips", distance: 3, lowest: 1 });
    expect(scan((x) => x ** 2, 3, 1).kind).toBe("none");
    expect(scan(() => 5, 3, 1).kind).toBe("none");
  });

  it("ends at the faces of a box", () => {
    const box = { lower: Float64Array.of(0), upper: Float64Array.of(100) };
    expect(scan((x) => -x, 1, 1, box)).toMatchObject({ kind: "dips", distance: 64 });
  });
});
