// Oracle: the arithmetic of fixed steps on a parabola, x ← (1 − a)·x.

import { describe, expect, it } from "vitest";
import { orbitTest, type Walk } from "../../../../src/minimize/judging/certificate/orbit.js";

const steps =
  (next: (x: number) => number, f: (x: number) => number, from: number): Walk =>
  (count, visit) => {
    let x = from;
    for (let k = 0; k < count; k++) {
      x = next(x);
      visit([x], f(x));
    }
  };
const orbits = (next: (x: number) => number, from: number) =>
  orbitTest(
    steps(next, (x) => x ** 2, from),
    [from],
    from ** 2,
    2 ** -53,
  )?.test.passed === false;

describe("an orbit", () => {
  it("is where the steps come back and do not grow shorter", () => {
    expect(orbits((x) => -x, 1)).toBe(true);
    expect(orbits((x) => (x > 0 ? x - 0.7 : x + 0.3), 0.2)).toBe(true);
  });

  it("is not where they lead on, shrink, or stand still", () => {
    expect(orbits((x) => x - 0.01, 1)).toBe(false);
    expect(orbits((x) => -0.9 * x, 1)).toBe(false);
    expect(orbits((x) => -0.9999 * x, 1)).toBe(false);
    expect(orbits((x) => 0.999 * x, 1)).toBe(false);
    expect(orbits((x) => x, 1)).toBe(false);
  });

  it("is left open where the descent ends before", () => {
    const short: Walk = (_, visit) => visit([1], 1);
    expect(orbitTest(short, [1], 1, 2 ** -53)).toBeUndefined();
  });
});
