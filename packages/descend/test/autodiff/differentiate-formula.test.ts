import { describe, expect, it } from "vitest";
import { differentiateFormula } from "../../src/autodiff/differentiate-formula.js";
import { TraceError } from "../../src/errors.js";

describe("the gradient of a formula as text", () => {
  it("of x² + 2y² + 2xy is (2x + 2y, 2x + 4y) (by hand)", () => {
    expect(differentiateFormula("x^2 + 2y^2 + 2 x y", ["x", "y"])).toEqual({ x: "2·x + 2·y", y: "2·x + 4·y" });
  });

  it("takes the values of constants", () => {
    expect(differentiateFormula("a x^2", ["x"], { a: 3 })).toEqual({ x: "6·x" });
  });

  it("is 0 for a variable that does not occur", () => {
    expect(differentiateFormula("x", ["x", "y"])).toEqual({ x: "1", y: "0" });
  });

  it("refuses unknown names", () => {
    expect(() => differentiateFormula("x + z", ["x"])).toThrow(TraceError);
  });
});
