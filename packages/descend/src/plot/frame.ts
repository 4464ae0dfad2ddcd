/** Axes around a plot: margins that fit the labels, grid lines, names with units, and an area to draw in. */

import { element, escapeText } from "./element.js";
import { type Figure, renderFigure, wordsOf } from "./figure.js";
import { createScale, type Scale, type ScaleKind, type Ticks } from "./scale.js";
import { shorten, textWidth, wrapText } from "./text-width.js";
import { fontSizes, WIDTH } from "./theme.js";

/** An axis of numbers. */
export interface NumberAxis {
  readonly label: string;
  /** Shown after the label, in parentheses. */
  readonly unit?: string | undefined;
  readonly kind?: ScaleKind;
  readonly extent: readonly [number, number] | undefined;
  /** Whether the ends may move out to round values. Default true. */
  readonly nice?: boolean;
  /** Only whole numbers are marked. */
  readonly integer?: boolean;
  /** Space between the ends of the axis and the frame. Default 7, enough for a marker. */
  readonly inset?: number;
}

/** An axis of names, one row each, the first at the top. */
export interface NameAxis {
  readonly label: string;
  readonly names: readonly string[];
  readonly rowHeight: number;
}

/** What there is to draw in: positions run from (0, 0) at the upper left. */
export interface PlotArea {
  readonly x: Scale;
  /** Of a name axis: the row number to the middle of the row. */
  readonly y: Scale;
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Omit<Figure, "body" | "bodyHeight"> {
  readonly x: NumberAxis;
  readonly y: NumberAxis | NameAxis;
  /** Height of the area; a function gets its width. Default 240. */
  readonly height?: number | ((width: number) => number);
  /** Markup of the marks, clipped to the area; what it says goes under the figure. Undefined: there is nothing to draw. */
  readonly draw: ((area: PlotArea, say: (sentence: string) => void) => string) | undefined;
}

const RIGHT = 16;
const INSET = 7;

export function renderFrame(frame: Frame): string {
  const words = wordsOf(frame);
  const rows = "names" in frame.y ? frame.y : undefined;
  const labelWidth = 0.42 * WIDTH;
  const names = rows?.names.map((name) => shorten(name, labelWidth / fontSizes.tick));

  // The left margin depends on the labels, which depend on the height only.
  const heightGiven = frame.height ?? 240;
  let left = 48;
  let width = WIDTH - left - RIGHT;
  let height = 0;
  let y: Scale;
  let yTicks: Ticks;
  for (let pass = 0; ; pass++) {
    height =
      rows === undefined ? (typeof heightGiven === "function" ? heightGiven(width) : heightGiven) : rows.names.length * rows.rowHeight;
    if (rows === undefined) {
      const axis = frame.y as NumberAxis;
      y = scaleOf(axis, [height, 0]);
      yTicks = y.ticks(Math.max(2, Math.round(height / 48)), words, axis.integer ?? false);
    } else {
      y = createScale({ kind: "linear", extent: [-0.5, rows.names.length - 0.5], range: [0, height], nice: false });
      yTicks = { values: rows.names.map((_, k) => k), labels: names!, note: "" };
    }
    const widest = Math.max(0, ...yTicks.labels.map(textWidth)) * fontSizes.tick;
    left = Math.max(20, Math.ceil(widest) + 18);
    width = WIDTH - left - RIGHT;
    if (pass > 0) break;
  }
  const x = scaleOf(frame.x, [0, width]);
  const empty: Ticks = { values: [], labels: [], note: "" };
  if (frame.draw === undefined) yTicks = empty;
  const xTicks = frame.draw === undefined ? empty : fittingTicks(x, width, (count) => x.ticks(count, words, frame.x.integer ?? false));

  const parts: string[] = [];
  let top = 0;
  for (const line of wrapText(axisName(frame.y, yTicks.note), (WIDTH - 24) / fontSizes.label)) {
    top += fontSizes.label + 3;
    parts.push(element("text", { class: "df-label", x: 12, y: top - 3 }, escapeText(line)));
  }
  top += top === 0 ? 2 : 7;

  const at = (px: number, py: number): string => `translate(${px} ${py})`;
  let grid = "";
  yTicks.values.forEach((value, k) => {
    const py = y.position(value);
    if (rows === undefined) grid += element("line", { class: "df-grid", x1: 0, x2: width, y1: py, y2: py });
    const full = rows === undefined ? "" : element("title", {}, escapeText(rows.names[k]!));
    const attributes = { class: "df-tick", x: -8, y: py + 4.3, "text-anchor": "end" };
    grid += element("text", attributes, full, escapeText(yTicks.labels[k]!));
  });
  xTicks.values.forEach((value, k) => {
    const px = x.position(value);
    grid += element("line", { class: "df-grid", x1: px, x2: px, y1: 0, y2: height });
    grid += element("line", { class: "df-axis", x1: px, x2: px, y1: height, y2: height + 4 });
    // Labels at the ends stay inside the figure.
    const half = (textWidth(xTicks.labels[k]!) * fontSizes.tick) / 2;
    const inside = Math.min(px, WIDTH - left - 4 - half);
    grid += element("text", { class: "df-tick", x: inside, y: height + 18, "text-anchor": "middle" }, escapeText(xTicks.labels[k]!));
  });
  grid += element("line", { class: "df-axis", x1: 0, x2: width, y1: height, y2: height });
  if (rows === undefined) grid += element("line", { class: "df-axis", x1: 0, x2: 0, y1: 0, y2: height });
  parts.push(element("g", { transform: at(left, top) }, grid));

  const said: string[] = [];
  const marks =
    frame.draw === undefined
      ? wrapText(words.nothing, (width - 20) / fontSizes.label).map((line, k) =>
          element("text", { class: "df-label", x: width / 2, y: height / 2 + 17 * k, "text-anchor": "middle" }, escapeText(line)),
        )
      : [frame.draw({ x, y, width, height }, (sentence) => said.push(sentence))];
  parts.push(
    element("svg", { class: "df-area", x: left, y: top, width, height, viewBox: `0 0 ${width} ${height}`, ...scaleData(x, y) }, ...marks),
  );

  let bottom = top + height + 20;
  for (const line of wrapText(axisName(frame.x, xTicks.note), (WIDTH - 24) / fontSizes.label)) {
    bottom += fontSizes.label + 3;
    const half = (textWidth(line) * fontSizes.label) / 2;
    const middle = Math.max(12 + half, Math.min(left + width / 2, WIDTH - 12 - half));
    parts.push(element("text", { class: "df-label", x: middle, y: bottom, "text-anchor": "middle" }, escapeText(line)));
  }
  return renderFigure({ ...frame, caption: [...(frame.caption ?? []), ...said], body: parts.join(""), bodyHeight: bottom + 8 });
}

/** The scales as attributes, so that programs can read the numbers back from the picture. */
function scaleData(x: Scale, y: Scale): Record<string, string> {
  return {
    "data-x-scale": x.kind,
    "data-x-domain": x.domain.join(" "),
    "data-x-range": x.range.join(" "),
    "data-y-scale": y.kind,
    "data-y-domain": y.domain.join(" "),
    "data-y-range": y.range.join(" "),
  };
}

function scaleOf(axis: NumberAxis, [from, to]: readonly [number, number]): Scale {
  const inset = (axis.inset ?? INSET) * Math.sign(to - from);
  return createScale({ kind: axis.kind ?? "linear", extent: axis.extent, range: [from + inset, to - inset], nice: axis.nice ?? true });
}

/** The most ticks whose labels do not touch. */
function fittingTicks(scale: Scale, width: number, ticksFor: (count: number) => Ticks): Ticks {
  for (let count = 8; ; count--) {
    const ticks = ticksFor(count);
    const positions = ticks.values.map(scale.position);
    const fits = ticks.labels.every((label, k) => {
      if (k === 0) return true;
      const needed = ((textWidth(label) + textWidth(ticks.labels[k - 1]!)) / 2) * fontSizes.tick + 10;
      return Math.abs(positions[k]! - positions[k - 1]!) >= needed;
    });
    if (count <= 2 || (fits && ticks.values.length * 24 < width)) return ticks;
  }
}

/** "price (€, ×10³)" */
function axisName(axis: NumberAxis | NameAxis, note: string): string {
  const unit = "unit" in axis ? (axis.unit ?? "") : "";
  const added = [unit, note].filter((part) => part !== "").join(", ");
  return added === "" ? axis.label : `${axis.label} (${added})`;
}
