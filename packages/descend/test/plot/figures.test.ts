import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calibrationCurve,
  coefficientPlot,
  confusionMatrix,
  contourWithPath,
  heatMap,
  histogram,
  lossCurve,
  type PlotLanguage,
  predictedAgainstActual,
  residualPlot,
  sampleGrid,
  scatterWithLine,
  surface,
} from "../../src/plot/index.js";
import { elementsOf, readXml, textOf, withClass } from "./read-svg.js";

/** Every figure from the same ingredients: any texts, any numbers. */
const figures: Record<string, (text: string, x: readonly number[], y: readonly number[], language: PlotLanguage) => string> = {
  "loss curve": (text, x, y, language) =>
    lossCurve({
      title: text,
      language,
      yLabel: text,
      series: [
        { name: text, x, y },
        { name: text, y },
      ],
      smoothing: 3,
    }),
  "loss curve, logarithmic": (text, x, y, language) =>
    lossCurve({ title: text, language, yLabel: text, unit: text, series: [{ name: text, x, y }], scale: "log", above: y[0] ?? 0 }),
  "loss curve over rates": (text, x, y, language) =>
    lossCurve({ title: text, language, yLabel: text, xLabel: text, xScale: "log", series: [{ name: text, x, y }] }),
  "scatter with line": (text, x, y, language) =>
    scatterWithLine({
      title: text,
      language,
      xLabel: text,
      yLabel: text,
      xUnit: text,
      groups: [{ name: text, x, y }],
      line: { x: y, y: x, name: text },
    }),
  "predicted against actual": (text, x, y, language) =>
    predictedAgainstActual({ title: text, language, target: text, groups: [{ name: text, actual: x, predicted: y }] }),
  "residual plot": (text, x, y, language) =>
    residualPlot({ title: text, language, target: text, groups: [{ name: text, actual: x, predicted: y }] }),
  "coefficient plot": (text, x, y, language) =>
    coefficientPlot({
      title: text,
      language,
      coefficients: x.map((value, k) => ({ name: text + k, value, standardError: y[k] })),
      xLabel: text,
    }),
  contour: (text, x, y, language) =>
    contourWithPath({
      title: text,
      language,
      xLabel: text,
      yLabel: text,
      valueLabel: text,
      grid: { x: [-1, 2], y: [0, 1], columns: 4, rows: 3, values: Array.from({ length: 12 }, (_, k) => x[k % Math.max(1, x.length)] ?? 0) },
      paths: [{ name: text, x, y }],
    }),
  surface: (text, x, y, language) =>
    surface({
      title: text,
      language,
      xLabel: text,
      yLabel: text,
      zLabel: text,
      grid: { x: [-1, 2], y: [0, 1], columns: 4, rows: 3, values: Array.from({ length: 12 }, (_, k) => y[k % Math.max(1, y.length)] ?? 0) },
      points: { x, y, z: x, onSurface: y },
      path: { x, y, z: y },
    }),
  "confusion matrix": (text, x, _, language) =>
    confusionMatrix({
      title: text,
      language,
      classes: x.map((_value, k) => text + k),
      counts: x.map((value) => x.map(() => (Number.isFinite(value) ? Math.min(1e12, Math.floor(Math.abs(value))) : 0))),
    }),
  "heat map": (text, x, y, language) =>
    heatMap({ title: text, language, xLabel: text, yLabel: text, x, y, values: x.flatMap((a) => y.map((b) => a * b)) }),
  "calibration curve": (text, x, y, language) =>
    calibrationCurve({
      title: text,
      language,
      event: text,
      probability: x.map((value) => Math.abs(value) % 1),
      outcome: y.map((value) => (value > 0 ? 1 : 0)),
    }),
  histogram: (text, x, _, language) => histogram({ title: text, language, xLabel: text, values: x }),
};

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom(
    '<script>alert("1")</script>',
    "a & b < c > d \"e\" 'f'",
    "]]>",
    "列名 <价格> & “单位”",
    "&amp;",
    "\u0000\ud800\ufffe",
    "x".repeat(300),
  ),
);
const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 5e-324, -5e-324, 1e308, -1.7e308, 1e-300, 1];
const anyNumbers = fc.array(fc.oneof(fc.double(), fc.constantFrom(...special), fc.double({ min: -1e3, max: 1e3, noNaN: true })), {
  maxLength: 12,
});

/** Attributes that say where something is. */
const positionKeys = ["x", "y", "x1", "x2", "y1", "y2", "d", "width", "height", "transform", "viewBox"];

describe.each(Object.entries(figures))("%s", (_, draw) => {
  it("is well-formed for any text and any numbers, finite or not, and no position is anything but a number", () => {
    fc.assert(
      fc.property(anyText, anyNumbers, anyNumbers, fc.constantFrom("en" as const, "zh" as const), (text, x, y, language) => {
        const root = readXml(draw(text, x, y, language));
        expect(root.name).toBe("svg");
        const positions = elementsOf(root).flatMap(({ attributes }) => positionKeys.map((key) => attributes[key] ?? ""));
        expect(positions.filter((text) => /NaN|Infinity|undefined/.test(text))).toEqual([]);
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  it("keeps its title as it was given, for the eye and for the ear", () => {
    const title = `<b>R&D</b> "price" 'x' 价格`;
    const root = readXml(draw(title, [1, 2, 3], [3, 2, 5], "en"));
    expect(root.attributes["aria-label"]).toBe(title);
    expect(textOf(elementsOf(root).find(({ name }) => name === "title")!)).toBe(title);
    expect(withClass(root, "df-title").map(textOf).join(" ")).toBe(title);
    expect(textOf(elementsOf(root).find(({ name }) => name === "desc")!).length).toBeGreaterThan(0);
  });

  it("has no id, script, link or reference, so that figures can share a page that loads nothing", () => {
    const svg = draw("title", [1, 2, 3], [3, 2, 5], "en");
    expect(svg).not.toMatch(/ id=|<script|href|url\(|@import|<image|<foreignObject/);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toContain("http");
  });

  it("says in both languages that there is nothing to draw, instead of failing", () => {
    const nothing = { en: "Nothing to draw", zh: "没有可画的内容" };
    for (const language of ["en", "zh"] as const) {
      const text = textOf(readXml(draw("t", [], [], language)));
      const drawable = draw === figures.contour || draw === figures.surface;
      if (!drawable) expect(text).toContain(nothing[language]);
    }
  });
});

describe("figures", () => {
  it("carry light and dark colors for each class of color they use", () => {
    const root = readXml(figures.contour!("t", [1, 2, 5, 9], [1, 2, 3, 4], "en"));
    const style = textOf(elementsOf(root).find(({ name }) => name === "style")!);
    const dark = style.slice(style.indexOf("prefers-color-scheme:dark"));
    const used = new Set(
      elementsOf(root)
        .flatMap(({ attributes }) => (attributes.class ?? "").split(" "))
        .filter((name) => /^df-(band|fill|series|paper|grid|axis|label|tick|title)/.test(name)),
    );
    expect(used.size).toBeGreaterThan(8);
    for (const name of used) expect(dark).toContain(`.${name}`);
  });

  it("write text that stands out from the paper by at least 4.5 to 1, lines by 3 to 1 (WCAG 2 contrast)", async () => {
    const { palettes } = await import("../../src/plot/theme.js");
    for (const { paper, ink, muted, series } of Object.values(palettes)) {
      for (const color of [ink, muted]) expect(contrast(color, paper)).toBeGreaterThan(4.5);
      for (const color of series) expect(contrast(color, paper)).toBeGreaterThan(3);
    }
  });

  it("thin a million points to a small file and say so", () => {
    const x = Float64Array.from({ length: 1e6 }, (_, i) => Math.sin(i * 12.9898) * 3);
    const y = Float64Array.from(x, (value, i) => value + Math.cos(i * 78.233));
    const svg = scatterWithLine({
      title: "t",
      xLabel: "x",
      yLabel: "y",
      groups: [{ name: "data", x, y }],
      line: { x: [-3, 3], y: [-3, 3] },
    });
    expect(svg.length).toBeLessThan(1_000_000);
    expect(textOf(readXml(svg))).toMatch(/1\u202f000\u202f000 points, drawn as/);
    const curve = lossCurve({ title: "t", yLabel: "loss", series: [{ name: "loss", y: x }] });
    expect(curve.length).toBeLessThan(150_000);
    expect(textOf(readXml(curve))).toMatch(/of 1\u202f000\u202f000 points/);
  });

  it("say how many points were not finite", () => {
    const svg = scatterWithLine({
      title: "t",
      xLabel: "x",
      yLabel: "y",
      groups: [{ name: "data", x: [1, Number.NaN, 3, 4], y: [1, 2, Number.POSITIVE_INFINITY, 4] }],
      line: { x: [1, 4], y: [1, 4] },
    });
    expect(textOf(readXml(svg))).toContain("2 points are not finite");
  });

  it("draw a small grid the same way every time", () => {
    const draw = (): string =>
      contourWithPath({ title: "t", xLabel: "x", yLabel: "y", grid: sampleGrid((x, y) => x * x + y, [0, 1], [0, 1], 5, 5) });
    expect(draw()).toBe(draw());
  });
});

/** Contrast of two colors by the definition of WCAG 2. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number =>
    [1, 3, 5]
      .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k]!, 0);
  const [high, low] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
