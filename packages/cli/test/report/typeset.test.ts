/** Oracle: the typographic form of each number, by hand. */

import { describe, expect, it } from "vitest";
import { typeset } from "../../src/report/typeset.js";

describe("numbers in sentences", () => {
  it.each([
    ["‖g‖∞ = 4.62e-15, the largest seen was 0.564", "‖g‖∞ = 4.62×10⁻¹⁵, the largest seen was 0.564"],
    ["changes by 8.05e-13 to 0.00000214", "changes by 8.05×10⁻¹³ to 2.14×10⁻⁶"],
    ["Newton's step from here is -1.27e-8 in a parameter", "Newton's step from here is −1.27×10⁻⁸ in a parameter"],
    ["values change by -5, the gradient says 1e+21", "values change by −5, the gradient says 10²¹"],
    ["curvatures from 1e-7 to 1000000", "curvatures from 10⁻⁷ to 1000000"],
  ])("become typographic in %j", (given, expected) => {
    expect(typeset(given)).toBe(expected);
  });

  it.each([
    "days since 1970-01-01",
    "the column x1e-5 and the column a-3",
    "version 0.1.0",
    "26 points within 0.001, 95 % of 1 234",
    "SELECT * FROM data2",
  ])("stay as they are in %j", (text) => {
    expect(typeset(text)).toBe(text);
  });
});
