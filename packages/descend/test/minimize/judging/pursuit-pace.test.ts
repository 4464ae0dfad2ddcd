// Oracle: arithmetic. A distance that shrinks by 100 for a factor of 1/100 needs log₁₀₀ of the
// excess, one like a cube root three times as many.

import { describe, expect, it } from "vitest";
import { PursuitPace } from "../../../src/minimize/judging/pursuit-pace.js";

const PLENTY = 10;
/** A millionth of the parameters may be left. */
const UNIT = 1e-6;

describe("the pace of a pursuit", () => {
  it("is one factor where little is left, or nothing is known", () => {
    expect(new PursuitPace(UNIT).next(2, PLENTY).factors).toBe(1);
    expect(new PursuitPace(UNIT).next(0.5, PLENTY).factors).toBe(1);
    expect(new PursuitPace(UNIT).next(Number.NaN, PLENTY).factors).toBe(1);
  });

  it("is as many factors as the gradient needs to get smaller by", () => {
    expect(new PursuitPace(UNIT).next(2e4, PLENTY).factors).toBe(2);
    expect(new PursuitPace(UNIT).next(1e30, PLENTY).factors).toBe(3);
  });

  it("learns how fast distances shrink", () => {
    const pace = new PursuitPace(UNIT);
    expect(pace.next(2e4, PLENTY).factors).toBe(2);
    // By the cube root of 1e-4
    expect(pace.next(2e4 / 1e4 ** (1 / 3), PLENTY).factors).toBe(3);
  });

  it("takes no more than are left, and counts them", () => {
    expect(new PursuitPace(UNIT).next(1e30, 2)).toEqual({ factors: 2, counted: 2 });
  });

  it("doubles what it takes where distances stand still, which counts once each time", () => {
    const pace = new PursuitPace(UNIT);
    expect([1, 2, 3, 4, 5].map(() => pace.next(1e4, PLENTY))).toEqual([
      { factors: 2, counted: 2 },
      { factors: 3, counted: 3 },
      { factors: 6, counted: 1 },
      { factors: 12, counted: 1 },
      { factors: 24, counted: 1 },
    ]);
    // A distance that shrinks again is as before
    expect(pace.next(3e2, PLENTY)).toEqual({ factors: 3, counted: 3 });
  });

  it("does not where they stay as long as the parameters are: there is no end", () => {
    const pace = new PursuitPace(UNIT);
    expect([1, 2, 3].map(() => pace.next(5e5, PLENTY).factors)).toEqual([2, 3, 3]);
  });
});
