/** The shell of every figure: title, legend, a body, and the caption that says what was left out. */

import { element, escapeText } from "./element.js";
import { textWidth, wrapText } from "./text-width.js";
import { figureStyle, fontSizes, WIDTH } from "./theme.js";
import { type PlotLanguage, type PlotWords, plotWords } from "./words.js";

/** What the specification of every figure may hold. */
export interface FigureOptions {
  readonly title: string;
  /** One sentence for readers who hear the figure. Default: made from the title and the numbers. */
  readonly description?: string;
  /** Sentences under the figure, before those about points left out. */
  readonly caption?: readonly string[];
  /** Language of what the figure says by itself. Default "en". */
  readonly language?: PlotLanguage;
}

export interface LegendItem {
  readonly label: string;
  /** Markup of the sample, within 22 × 12 units, its middle at (11, 6). */
  readonly sample: string;
}

export interface Figure extends FigureOptions {
  /** Name of the kind of figure, such as "loss-curve". */
  readonly kind: string;
  readonly description: string;
  readonly legend?: readonly LegendItem[];
  /** Markup of the body, in a coordinate system of its own that starts at (0, 0). */
  readonly body: string;
  readonly bodyHeight: number;
}

const MARGIN = 12;
/** How much wider bold text is, in the widest of the fonts. */
const BOLD = 1.12;

export function wordsOf({ language = "en" }: FigureOptions): PlotWords {
  return plotWords[language];
}

/** The figure as a complete SVG document, which may also stand inside a page. */
export function renderFigure(figure: Figure): string {
  const inner = WIDTH - 2 * MARGIN;
  const parts: string[] = [];
  let y = MARGIN;
  for (const line of wrapText(figure.title, inner / (BOLD * fontSizes.title))) {
    y += fontSizes.title;
    parts.push(element("text", { class: "df-title", x: MARGIN, y }, escapeText(line)));
    y += 5;
  }
  const { markup, height } = legendRows(figure.legend ?? [], inner);
  if (markup !== "") {
    parts.push(element("g", { transform: `translate(${MARGIN} ${y + 4})` }, markup));
    y += height + 4;
  }
  y += 6;
  parts.push(element("g", { transform: `translate(0 ${y})` }, figure.body));
  y += figure.bodyHeight;
  for (const sentence of figure.caption ?? []) {
    for (const line of wrapText(sentence, inner / fontSizes.caption)) {
      y += fontSizes.caption + 4;
      parts.push(element("text", { class: "df-caption", x: MARGIN, y }, escapeText(line)));
    }
  }
  y += MARGIN;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "descend-figure",
      "data-figure": figure.kind,
      viewBox: `0 0 ${WIDTH} ${Math.ceil(y)}`,
      width: WIDTH,
      height: Math.ceil(y),
      role: "img",
      "aria-label": figure.title,
      lang: figure.language ?? "en",
    },
    element("title", {}, escapeText(figure.title)),
    element("desc", {}, escapeText([figure.description, ...(figure.caption ?? [])].join(" "))),
    element("style", {}, figureStyle),
    element("rect", { class: "df-paper", width: "100%", height: "100%", rx: 6 }),
    ...parts,
  );
}

function legendRows(items: readonly LegendItem[], width: number): { markup: string; height: number } {
  const rowHeight = 20;
  let x = 0;
  let y = 0;
  let markup = "";
  for (const { label, sample } of items) {
    const needed = 28 + textWidth(label) * fontSizes.legend + 14;
    if (x > 0 && x + needed - 14 > width) {
      x = 0;
      y += rowHeight;
    }
    const [first, ...rest] = wrapText(label, (width - 28) / fontSizes.legend);
    markup += element("g", { transform: `translate(${x} ${y + 4})` }, sample);
    markup += element("text", { class: "df-legend", x: x + 28, y: y + 14 }, escapeText(rest.length > 0 ? `${first}…` : (first ?? "")));
    x += needed;
  }
  return { markup, height: items.length === 0 ? 0 : y + rowHeight };
}
