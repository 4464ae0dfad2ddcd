import { describe, expect, it } from "vitest";
import { Rehearsal } from "../../../src/minimize/judging/rehearsal.js";

const square = (x: number): number => (x - 3) ** 2;

/** A rehearsal over a function of one number that keeps which points were evaluated together. */
function rehearsalOf(f: (x: number) => number, guess: number): { rehearsal: Rehearsal; passes: number[][]; at: (x: number) => number } {
  const passes: number[][] = [];
  const rehearsal = new Rehearsal(
    (points) => {
      passes.push(points.map(([x]) => x!));
      return points.map(([x]) => f(x!));
    },
    () => guess,
  );
  return { rehearsal, passes, at: (x) => rehearsal.value(Float64Array.of(x)) };
}

describe("a rehearsal", () => {
  it("evaluates in one pass what is asked for whatever the values are, and nothing twice", () => {
    const { rehearsal, passes, at } = rehearsalOf(square, 100);
    expect(rehearsal.settled(() => Math.min(at(1), at(2), at(1), at(7)))).toBe(1);
    expect(rehearsal.settled(() => at(2) + at(7) + at(8))).toBe(1 + 16 + 25);
    expect(passes).toEqual([[1, 2, 7], [8]]);
  });

  it("comes to what asking one at a time comes to, where the next point depends on the last value (oracle: the search itself)", () => {
    const search = (f: (x: number) => number): number => {
      let [x, step] = [0, 1];
      while (Math.abs(step) > 1e-3) {
        if (f(x + step) < f(x)) x += step;
        else step /= -2;
      }
      return x;
    };
    for (const guess of [-5, 0.1, 100]) {
      const { rehearsal, passes, at } = rehearsalOf(square, guess);
      expect(rehearsal.settled(() => search((x) => (x > 40 ? 1e3 : at(x))))).toBe(search((x) => (x > 40 ? 1e3 : square(x))));
      const asked = passes.flat();
      expect(new Set(asked).size).toBe(asked.length);
    }
  });

  it("evaluates nothing but values on the ground of guesses, and settles what is within before what is around it", () => {
    const { rehearsal, passes, at } = rehearsalOf(square, 100);
    const seen: number[] = [];
    const slopeAt = (x: number): number => {
      rehearsal.requireValues();
      seen.push(x);
      return 2 * (x - 3);
    };
    const outcome = rehearsal.settled(() => {
      const lower = at(4) < at(1) ? 4 : 1;
      const slope = slopeAt(lower);
      return rehearsal.settled(() => (at(lower - slope) < at(lower + slope) ? -slope : slope));
    });
    expect(outcome).toBe(-2);
    expect(new Set(seen)).toEqual(new Set([4]));
    expect(passes).toEqual([
      [4, 1],
      [2, 6],
    ]);
  });

  it("evaluates at once outside, and is not confused by an error", () => {
    const { rehearsal, passes, at } = rehearsalOf(square, 100);
    expect(at(5)).toBe(4);
    const failing = (): number => {
      at(9);
      throw new RangeError("no");
    };
    expect(() => rehearsal.settled(failing)).toThrow(RangeError);
    expect(rehearsal.settled(() => at(6))).toBe(9);
    expect(passes).toEqual([[5], [6]]);
  });
});
