import { element, escapeText } from "./element.js";
import { type FigureOptions, renderFigure, wordsOf } from "./figure.js";
import type { Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { fontSizes, WIDTH } from "./theme.js";

export interface HeatMapSpec extends FigureOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Of columns and rows. */
  readonly x: Numbers;
  readonly y: Numbers;
  /** [y, x] row-major; what is not finite gets a cross. */
  readonly values: Numbers;
}

/** Columns up to which a cell is wide enough for its value. */
const WITH_VALUE = 8;
const LEFT = 74;
const ROW = 34;

/** A table of values as shades: the darkest is the lowest. Shades go by rank, since values of descents span many orders. */
export function heatMap(spec: HeatMapSpec): string {
  const words = wordsOf(spec);
  const [columns, rows] = [spec.x.length, spec.y.length];
  const values = Array.from({ length: columns * rows }, (_, k) => spec.values[k] ?? Number.NaN);
  const ranks = [...new Set(values.filter(Number.isFinite))].sort((a, b) => a - b);
  const width = (WIDTH - LEFT - 16) / Math.max(1, columns);
  const parts: string[] = [];
  const text = (className: string, x: number, y: number, content: string, anchor = "middle"): void => {
    parts.push(element("text", { class: className, x, y, "text-anchor": anchor }, escapeText(content)));
  };
  let top = fontSizes.label + 4;
  text("df-label", LEFT - 8, top - 4, `${spec.yLabel} ↓`, "end");
  text("df-label", LEFT, top - 4, `${spec.xLabel} →`, "start");
  top += 20;
  const skip = Math.max(1, Math.ceil(44 / width));
  for (let i = 0; i < columns; i += skip) text("df-tick", LEFT + (i + 0.5) * width, top - 7, formatValue(spec.x[i]!, 3));
  for (let j = 0; j < rows; j++) {
    const y = top + j * ROW;
    text("df-tick", LEFT - 8, y + ROW / 2 + 4.3, formatValue(spec.y[j]!, 3), "end");
    for (let i = 0; i < columns; i++) {
      const value = values[j * columns + i]!;
      const cell = { x: LEFT + i * width, y, width: width - 1.5, height: ROW - 1.5, rx: 2 };
      parts.push(element("rect", { class: "df-void", ...cell, opacity: 0.5 }));
      const middle = LEFT + (i + 0.5) * width - 0.75;
      if (!Number.isFinite(value)) {
        text("df-tick", middle, y + ROW / 2 + 4.3, "×");
        continue;
      }
      const share = ranks.length < 2 ? 1 : 1 - ranks.indexOf(value) / (ranks.length - 1);
      const title = element("title", {}, escapeText(formatValue(value, 6)));
      parts.push(element("rect", { class: "df-fill-0", ...cell, opacity: 0.06 + 0.5 * share }, title));
      if (columns <= WITH_VALUE) text("df-label", middle, y + ROW / 2 + 4.5, formatValue(value, 3));
    }
  }
  const empty = columns * rows === 0;
  return renderFigure({
    ...spec,
    kind: "heat-map",
    description: spec.description ?? `${spec.title}: ${formatValue(ranks[0] ?? Number.NaN)} – ${formatValue(ranks.at(-1) ?? Number.NaN)}.`,
    body: empty
      ? element("text", { class: "df-label", x: WIDTH / 2, y: 20, "text-anchor": "middle" }, escapeText(words.nothing))
      : parts.join(""),
    bodyHeight: empty ? 30 : top + rows * ROW + 4,
  });
}
