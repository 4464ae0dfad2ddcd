import { element, escapeText } from "./element.js";
import { type FigureOptions, renderFigure, wordsOf } from "./figure.js";
import { extentOf, finitePoints, type Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { linePath } from "./marks.js";
import { createScale } from "./scale.js";
import { shorten } from "./text-width.js";
import { fontSizes, WIDTH } from "./theme.js";
import { choose, thinLine } from "./thin.js";

/** One small curve. */
export interface CurvePanel {
  readonly name: string;
  /** Value at 0, 1, 2, … */
  readonly y: Numbers;
  /** The one to look at. */
  readonly chosen?: boolean;
}

export interface CurvePanelsSpec extends FigureOptions {
  readonly panels: readonly CurvePanel[];
  /** Shows y − above on a logarithmic axis, over steps on another: short curves stay visible beside long ones. */
  readonly above: number;
}

const COLUMNS = 3;
const GAP = 12;
const PANEL_HEIGHT = 78;
const MOST_POINTS = 400;
/** Values are shown up to this many times their start. */
const ROOF = 10;

/** Small curves side by side on the same axes: what differs between them is what they show. */
export function curvePanels(spec: CurvePanelsSpec): string {
  const words = wordsOf(spec);
  const curves = spec.panels.map(({ y, ...panel }) => {
    const x = Float64Array.from({ length: y.length }, (_, i) => i + 1);
    // What leaves the start far above itself would make the rest flat
    const roof = ROOF * (y[0]! - spec.above);
    const excess = Float64Array.from(y, (value) => (value - spec.above <= roof ? value - spec.above : Number.NaN));
    return { ...panel, ...finitePoints(x, excess, { positiveY: true }) };
  });
  const width = (WIDTH - 24 - (COLUMNS - 1) * GAP) / COLUMNS;
  const extentX = extentOf(...curves.map(({ x }) => x));
  const extentY = extentOf(...curves.map(({ y }) => y));
  const parts = curves.map(({ name, x, y, chosen = false }, k) => {
    const left = 12 + (k % COLUMNS) * (width + GAP);
    const top = Math.floor(k / COLUMNS) * (PANEL_HEIGHT + 30) + 18;
    const across = createScale({ kind: "log", extent: extentX, range: [left, left + width] });
    const up = createScale({ kind: "log", extent: extentY, range: [top + PANEL_HEIGHT, top] });
    const [atX, atY] = [x.map(across.position), y.map(up.position)];
    const kept = thinLine(atX, atY, MOST_POINTS);
    return [
      element("rect", { class: "df-void", x: left, y: top, width, height: PANEL_HEIGHT, rx: 3, opacity: chosen ? 1 : 0.5 }),
      element(
        "text",
        { class: chosen ? "df-tick df-strong" : "df-tick", x: left, y: top - 5 },
        escapeText(shorten(`${chosen ? "✓ " : ""}${name}`, width / fontSizes.tick)),
      ),
      element("path", { class: `df-line df-series-${chosen ? 1 : 0}`, d: linePath(choose(atX, kept), choose(atY, kept)) }),
    ].join("");
  });
  const rows = Math.ceil(curves.length / COLUMNS);
  return renderFigure({
    ...spec,
    kind: "curve-panels",
    description: spec.description ?? curves.map(({ name, y }) => `${name}: ${y.length === 0 ? "–" : formatValue(y.at(-1)!)}.`).join(" "),
    body: parts.join(""),
    bodyHeight: rows * (PANEL_HEIGHT + 30),
    caption: [
      ...(spec.caption ?? []),
      ...(extentX === undefined || extentY === undefined
        ? []
        : [words.sharedAxes(words.count(extentX[1] - 1), formatValue(extentY[0], 3), formatValue(extentY[1], 3))]),
    ],
  });
}
