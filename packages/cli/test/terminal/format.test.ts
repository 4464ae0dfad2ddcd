import { describe, expect, it } from "vitest";
import { cutToWidth, formatCount, formatList, formatNumber, formatSeconds, formatTable, shortName } from "../../src/terminal/format.js";

describe("formatting", () => {
  it.each([
    [0, "0"],
    [1, "1"],
    [-0.5, "-0.5"],
    [1 / 3, "0.333333"],
    [123456789, "123457000"],
    [1.5e-7, "1.5e-7"],
    [2e12, "2e12"],
    [1e-4, "0.0001"],
    [100, "100"],
    [Number.POSITIVE_INFINITY, "Infinity"],
  ])("writes %d as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it("groups the digits of counts", () => {
    expect([7, 1234, 1234567].map(formatCount)).toEqual(["7", "1 234", "1 234 567"]);
  });

  it("says seconds in the unit that fits", () => {
    expect([0.0004, 0.25, 12.34, 125].map(formatSeconds)).toEqual(["1 ms", "250 ms", "12.3 s", "2 min 5 s"]);
  });

  it("lines columns up by their width on screen: a Chinese character takes two places", () => {
    expect(
      formatTable(
        [
          ["面积", "1"],
          ["abcde", "10"],
        ],
        ["left", "right"],
      ),
    ).toEqual(["面积    1", "abcde  10"]);
  });

  it("lists names and counts the rest", () => {
    expect(formatList(["a"])).toBe("a");
    expect(formatList(["a", "b", "c"])).toBe("a, b and c");
    expect(formatList(["a", "b", "c", "d"], 3)).toBe("a, b and 2 more");
  });

  it("cuts a text where the terminal ends, with two places for a wide character", () => {
    expect([6, 5, 4, 0].map((places) => cutToWidth("a步b步", places))).toEqual(["a步b步", "a步b", "a步b", ""]);
    expect(cutToWidth("e\u0301x", 1)).toBe("e\u0301");
    expect(cutToWidth("‖g‖∞ 0.1", 80)).toBe("‖g‖∞ 0.1");
  });
});

describe("names out of a table", () => {
  it("move no cursor: line breaks and escape sequences are shown as symbols, and columns still line up", () => {
    const lines = formatTable(
      [
        ["a\nb", "1"],
        ["\x1b[2Jred\t\x7f", "22"],
      ],
      ["left", "right"],
    );
    expect(lines).toEqual(["a␊b         1", "␛[2Jred␉␡  22"]);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  it("keep beginning and end where they are too long, since names of one kind differ there", () => {
    const [first, second] = [1, 2].map((k) => shortName(`${"x".repeat(400)}${k}`));
    expect(first).toHaveLength(40);
    expect(first).toMatch(/^x+…x+1$/);
    expect(second).toMatch(/2$/);
    expect(shortName("short")).toBe("short");
    expect(shortName("列".repeat(30), 21)).toBe("列列列列列…列列列列列");
  });
});
