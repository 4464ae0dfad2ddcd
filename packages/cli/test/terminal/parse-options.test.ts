import { OptionError } from "descend";
import { describe, expect, it } from "vitest";
import { numberOption, parseAssignments } from "../../src/terminal/parse-options.js";

describe("numbers on the command line", () => {
  it.each(["1", "-1.5", ".5", "1e-3", "+2E5"])("reads %s as JavaScript does", (text) => {
    expect(numberOption()(text)).toBe(Number(text));
  });

  it.each(["", " ", "x", "1e", "0x10", "1,5", "Infinity", "NaN", "1e999"])("refuses %j", (text) => {
    expect(() => numberOption()(text)).toThrow();
  });

  it("keeps to the range", () => {
    expect(() => numberOption({ above: 0 })("0")).toThrow(/> 0/);
    expect(() => numberOption({ whole: true, min: 0 })("1.5")).toThrow(/whole/);
    expect(numberOption({ min: 0, below: 1 })("0")).toBe(0);
    expect(() => numberOption({ min: 0, below: 1 })("1")).toThrow(/≥ 0 and < 1/);
  });
});

describe("assignments on the command line", () => {
  it("reads names of any script, with blanks", () => {
    expect(parseAssignments("--start", " x = -1.2, 面积=3e2 ,_a1=0")).toEqual({ x: -1.2, 面积: 300, _a1: 0 });
  });

  it("adds to what was given before", () => {
    expect(parseAssignments("--start", "y=2", { x: 1 })).toEqual({ x: 1, y: 2 });
  });

  it.each(["", "x", "x=", "=1", "x=1,,y=2", "1x=2", "x=1;y=2", "x=1,x=2"])("refuses %j with the option's name", (text) => {
    expect(() => parseAssignments("--start", text)).toThrow(OptionError);
  });
});
