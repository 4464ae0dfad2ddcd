import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatValue } from "../../src/plot/format-value.js";
import { createScale } from "../../src/plot/scale.js";
import { shorten, textWidth, wrapText } from "../../src/plot/text-width.js";
import { thinPoints } from "../../src/plot/thin.js";
import { plotWords } from "../../src/plot/words.js";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("scales", () => {
  it("go from values to positions and back, for ranges of any size", () => {
    fc.assert(
      fc.property(finite, finite, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const scale = createScale({ kind: "linear", extent: [low, high], range: [0, 400] });
        for (const value of [low, high, low * (1 - t) + high * t]) {
          const position = scale.position(value);
          expect(position).toBeGreaterThanOrEqual(-1e-3);
          expect(position).toBeLessThanOrEqual(400.001);
          // Back to within a thousandth of a unit of the figure
          expect(Math.abs(scale.position(scale.invert(position)) - position)).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 400, seed: 3 },
    );
  });

  it("have few, ordered ticks within the range, each with a short label", () => {
    fc.assert(
      fc.property(finite, finite, fc.constantFrom("linear" as const, "log" as const), (a, b, kind) => {
        const positive = (value: number): number => (kind === "log" ? Math.max(Math.abs(value), 5e-324) : value);
        const [low, high] = [positive(a), positive(b)].sort((p, q) => p - q) as [number, number];
        const scale = createScale({ kind, extent: [low, high], range: [0, 400] });
        const { values, labels } = scale.ticks(6, plotWords.en, false);
        expect(values.length).toBeLessThanOrEqual(14);
        expect(labels).toHaveLength(values.length);
        for (const [k, value] of values.entries()) {
          if (k > 0) expect(value).toBeGreaterThan(values[k - 1]!);
          expect(labels[k]!.length).toBeLessThanOrEqual(9);
        }
        expect(new Set(labels).size).toBe(labels.length);
      }),
      { numRuns: 400, seed: 5 },
    );
  });

  it.each([
    [[0, 10], ["0", "2", "4", "6", "8", "10"], ""],
    [[0, 2e6], ["0.0", "0.5", "1.0", "1.5", "2.0"], "×10⁶"],
    [[-2e-5, 0], ["−20", "−15", "−10", "−5", "0"], "×10⁻⁶"],
    [[1980, 2020], ["1980", "1990", "2000", "2010", "2020"], ""],
  ] as const)("label %j as %j with the note %j", (extent, labels, note) => {
    const ticks = createScale({ kind: "linear", extent: [...extent], range: [0, 400] }).ticks(5, plotWords.en, false);
    expect(ticks.labels).toEqual(labels);
    expect(ticks.note).toBe(note);
  });

  it("name a first value where labels differ in late digits only", () => {
    const { labels, note } = createScale({ kind: "linear", extent: [20000.1, 20000.1000004], range: [0, 400] }).ticks(
      4,
      plotWords.en,
      false,
    );
    expect(note).toContain("from 20000.1");
    expect(labels.every((label) => label.length <= 5)).toBe(true);
  });
});

describe("text", () => {
  it("wrapped keeps every character but the spaces at the breaks, and no line is too long", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "W", " ", "价", "格", "，", "1", "-"), maxLength: 80 }),
        fc.integer({ min: 4, max: 30 }),
        (text, most) => {
          const lines = wrapText(text, most);
          expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(most + 1);
        },
      ),
      { seed: 11 },
    );
  });

  it("shortened fits, and is left alone where it fits already", () => {
    expect(shorten("Acceleration", 20)).toBe("Acceleration");
    expect(textWidth(shorten("a very long name of a column", 8))).toBeLessThanOrEqual(8);
    expect(shorten("很长的列名称很长的列名称", 6)).toBe("很长的列名…");
  });

  it("counts a Chinese character as wide as the font is high", () => {
    expect(textWidth("价格")).toBe(2);
  });
});

describe("values in words", () => {
  it.each([
    [0, "0"],
    [-3.25, "−3.25"],
    [1e-7, "10⁻⁷"],
    [-1e12, "−10¹²"],
    [1.5e-7, "1.5×10⁻⁷"],
    [123456, "123500"],
    [9.99999e-5, "0.0001"],
    [Number.NEGATIVE_INFINITY, "−∞"],
    [Number.NaN, "NaN"],
  ])("writes %d as %s", (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe("thinned points", () => {
  it("leave no place empty that had a point", () => {
    const x = Float64Array.from({ length: 20_000 }, (_, i) => Math.abs(Math.sin(i)) * 100);
    const y = Float64Array.from({ length: 20_000 }, (_, i) => Math.abs(Math.cos(i * 1.3)) * 100);
    const cell = (i: number): string => `${Math.floor(x[i]! / 1.5)} ${Math.floor(y[i]! / 1.5)}`;
    const all = new Set(Array.from(x, (_, i) => cell(i)));
    const kept = thinPoints(x, y, 1000);
    expect(new Set(Array.from(kept, cell))).toEqual(all);
    expect(kept.length).toBe(all.size);
  });
});
