// Oracle: arithmetic. A distance that shrinks by 100 for a factor of 1/100 needs log₁₀₀ of the excess, one like a cube root three times as many.

import { describe, expect, it } from "vitest";
import { PursuitPace } from "../../src/minimize/judging/pursuit-pace.js";

describe("the pace of a pursuit", () => {
  it("is one factor where little is left, or nothing is known", () => {
    expect(new PursuitPace().factors(2)).toBe(1);
    expect(new PursuitPace().factors(0.5)).toBe(1);
    expect(new PursuitPace().factors(Number.NaN)).toBe(1);
  });

  it("is as many factors as the gradient needs to get smaller by", () => {
    expect(new PursuitPace().factors(2e4)).toBe(2);
    expect(new PursuitPace().factors(1e30)).toBe(3);
  });

  it("learns how fast distances shrink", () => {
    const pace = new PursuitPace();
    expect(pace.factors(2e4)).toBe(2);
    // By the cube root of 1e-4
    expect(pace.factors(2e4 / 1e4 ** (1 / 3))).toBe(3);
  });
});
