import { element, escapeText } from "./element.js";
import { type FigureOptions, renderFigure, wordsOf } from "./figure.js";
import { shorten, textWidth } from "./text-width.js";
import { fontSizes, WIDTH } from "./theme.js";

export interface ConfusionMatrixSpec extends FigureOptions {
  readonly classes: readonly string[];
  /** `counts[a][p]`: rows of the actual class a that were predicted to be p. */
  readonly counts: readonly (readonly number[])[];
}

/** Classes up to which a cell is large enough for its share. */
const WITH_SHARE = 7;
const WITH_COUNT = 14;

/** Actual classes by row, predicted ones by column; cells hold counts, and shares of the row as shade. */
export function confusionMatrix(spec: ConfusionMatrixSpec): string {
  const words = wordsOf(spec);
  const { classes } = spec;
  const n = classes.length;
  const labelWidth = Math.min(110, Math.max(30, ...classes.map(textWidth).map((width) => width * fontSizes.tick)));
  const left = 12 + labelWidth + 10;
  const size = n === 0 ? 0 : Math.min(92, (WIDTH - left - 16) / n);
  // Names over columns lie flat where they fit, else they stand.
  const flat = classes.every((name) => textWidth(name) * fontSizes.tick <= size - 4) || size >= 60;
  const columnLabelHeight = flat ? 20 : Math.min(100, labelWidth) + 10;
  const skip = Math.max(1, Math.ceil(14 / Math.max(size, 1)));
  const parts: string[] = [];
  let top = fontSizes.label + 4;
  parts.push(element("text", { class: "df-label", x: left, y: top - 4 }, escapeText(`${words.predictedClass} →`)));
  parts.push(element("text", { class: "df-label", x: 12, y: top + columnLabelHeight - 8 }, escapeText(`${words.actualClass} ↓`)));
  top += columnLabelHeight;
  classes.forEach((name, k) => {
    const middle = (k + 0.5) * size;
    const full = element("title", {}, escapeText(name));
    if (k % skip !== 0) return;
    parts.push(
      element(
        "text",
        { class: "df-tick", x: left - 8, y: top + middle + 4.3, "text-anchor": "end" },
        full,
        escapeText(shorten(name, labelWidth / fontSizes.tick)),
      ),
    );
    const column = flat
      ? { x: left + middle, y: top - 7, "text-anchor": "middle" }
      : { transform: `translate(${left + middle + 4} ${top - 7}) rotate(-90)` };
    parts.push(element("text", { class: "df-tick", ...column }, full, escapeText(shorten(name, (flat ? size - 4 : 100) / fontSizes.tick))));
  });
  for (let a = 0; a < n; a++) {
    const row = spec.counts[a] ?? [];
    const total = row.reduce((sum, count) => sum + count, 0);
    for (let p = 0; p < n; p++) {
      const count = row[p] ?? 0;
      const share = total > 0 ? count / total : 0;
      const x = left + p * size;
      const y = top + a * size;
      parts.push(element("rect", { class: "df-void", x, y, width: size - 1.5, height: size - 1.5, rx: 2, opacity: 0.5 }));
      // Right answers and mistakes differ in color as well as in place; the shade stays light enough for the ink.
      if (share > 0) {
        const fill = a === p ? "df-fill-0" : "df-fill-1";
        parts.push(element("rect", { class: fill, x, y, width: size - 1.5, height: size - 1.5, rx: 2, opacity: 0.08 + 0.42 * share }));
      }
      if (n > WITH_COUNT) continue;
      const middle = { x: x + size / 2, "text-anchor": "middle" };
      const withShare = n <= WITH_SHARE;
      parts.push(
        element(
          "text",
          { class: "df-label df-strong", ...middle, y: y + size / 2 + (withShare ? -1 : 4.5) },
          escapeText(compact(count, size, words.count)),
        ),
      );
      if (withShare && total > 0) parts.push(element("text", { class: "df-tick df-ink", ...middle, y: y + size / 2 + 15 }, percent(share)));
    }
  }
  const height = top + n * size + 4;
  const correct = classes.reduce((sum, _, k) => sum + (spec.counts[k]?.[k] ?? 0), 0);
  const all = spec.counts.reduce((sum, row) => sum + row.reduce((rowSum, count) => rowSum + count, 0), 0);
  return renderFigure({
    ...spec,
    kind: "confusion-matrix",
    description: spec.description ?? `${words.count(correct)} / ${words.count(all)}.`,
    body:
      n === 0
        ? element("text", { class: "df-label", x: WIDTH / 2, y: 20, "text-anchor": "middle" }, escapeText(words.nothing))
        : parts.join(""),
    bodyHeight: n === 0 ? 30 : height,
    caption: [...(spec.caption ?? []), ...(n > 0 && n <= WITH_SHARE ? [words.shareOfRow] : [])],
  });
}

/** A count that fits its cell: 12 345 678 becomes 12M. */
function compact(count: number, size: number, format: (count: number) => string): string {
  const full = format(count);
  if (textWidth(full) * fontSizes.label <= size - 4 || count < 1000) return full;
  const [unit, letter] = count >= 1e9 ? [1e9, "G"] : count >= 1e6 ? [1e6, "M"] : [1e3, "k"];
  const value = count / unit;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)}${letter}`;
}

/** 100 % only if all, 0 % only if none. */
function percent(share: number): string {
  const rounded = Math.round(100 * share);
  if (rounded === 100 && share < 1) return ">99 %".replace(">", "&gt;");
  return rounded === 0 && share > 0 ? "&lt;1 %" : `${rounded} %`;
}
