import type { Multistart } from "descend";
import { boxAround, contourWithPath, escapeText, formatValue, lossCurve, sampleGrid } from "descend/plot";
import { count, originSection } from "./descent-sections.js";
import { factsOf, figuresOf, pageOf, paragraph, sectionOf, tableOf } from "./html.js";
import type { ReportLanguage } from "./report-data.js";
import type { ReportTexts } from "./report-texts.js";
import { reportTexts } from "./texts.js";
import { withoutRounding } from "./without-rounding.js";

interface MultistartReportData {
  readonly command: string;
  readonly version: string;
  readonly seed: number;
  /** The formula, or the module that exports the objective. */
  readonly subject: string;
  readonly variables: readonly string[];
  readonly outcome: Multistart<Record<string, number>>;
  /** The objective, for the ground under starts of two variables. */
  readonly valueAt: (params: Record<string, number>) => number;
}

/** Rows of the table, and basins that have a mark of their own in the map. */
const MOST_ROWS = 25;
const MARKED = 5;
/** Share of the fall. */
const NO_DIFFERENCE = 1e-9;

/** One self-contained page about many starts: the places where they end, how often, and of two variables which start leads where. */
export function renderMultistartReport(data: MultistartReportData, language: ReportLanguage): string {
  const texts = reportTexts[language];
  const words = texts.multistart;
  const { basins, runs } = data.outcome;
  return pageOf({
    language: texts.htmlLanguage,
    title: `${words.title}: ${data.subject}`,
    body: [
      `<h1>${escapeText(words.title)}</h1>`,
      `<pre>${escapeText(data.subject)}</pre>`,
      paragraph(words.found(count(runs.length), count(basins.length))),
      bestSection(data, texts),
      sectionOf(
        words.pictures,
        figuresOf([
          ...(data.variables.length === 2 ? [map(data, texts, language)] : []),
          ...(differ(data) ? [values(data, texts, language)] : []),
        ]),
      ),
      tableSection(data, texts),
      originSection(data, texts),
    ],
  });
}

function bestSection({ outcome: { best, runs, chanceOfBest } }: MultistartReportData, texts: ReportTexts): string {
  const words = texts.multistart;
  const { probability, interval } = chanceOfBest(1);
  const rounded = withoutRounding(runs);
  return sectionOf(
    words.bestHeading,
    factsOf([
      [texts.minimize.value, formatValue(best.value, 9)],
      ...Object.entries(best.params).map(([name, value]) => [escapeText(name), formatValue(rounded(name, value), 9)] as const),
      [words.verdict, escapeText(texts.verdicts[best.verdict].headline)],
      [words.share, percentages(probability, interval)],
    ]),
    paragraph(words.chance([10, 100].map((n) => [n, percent(chanceOfBest(n).probability)] as const)), "muted"),
  );
}

function tableSection({ variables, outcome: { basins, runs } }: MultistartReportData, texts: ReportTexts): string {
  const words = texts.multistart;
  const rounded = withoutRounding(runs);
  const [rank, value, starts, share, verdict] = words.columns.map(escapeText) as [string, string, string, string, string];
  return sectionOf(
    words.tableHeading,
    paragraph(words.lead, "muted"),
    tableOf({
      head: [rank, value, ...variables.map(escapeText), starts, share, verdict],
      rows: basins
        .slice(0, MOST_ROWS)
        .map((basin, k) => [
          String(k + 1),
          formatValue(basin.value, 9),
          ...variables.map((name) => formatValue(rounded(name, basin.params[name]!), 6)),
          count(basin.count),
          percentages(basin.frequency, basin.interval),
          escapeText(texts.verdicts[basin.verdict].headline),
        ]),
      numeric: Array.from({ length: variables.length + 3 }, (_, k) => k),
      stacked: true,
    }),
    basins.length > MOST_ROWS ? paragraph(words.more(count(basins.length - MOST_ROWS)), "muted") : "",
  );
}

/** The starts over the contours: which of the lowest places each leads to. */
function map(
  { variables, outcome: { runs, basins }, valueAt }: MultistartReportData,
  texts: ReportTexts,
  language: ReportLanguage,
): string {
  const words = texts.multistart;
  const [first, second] = variables as [string, string];
  const rounded = withoutRounding(runs);
  const place = (params: Record<string, number>, name: string): string => formatValue(rounded(name, params[name]!), 3);
  const group = (name: string, belongs: (basin: number) => boolean): { name: string; x: number[]; y: number[] } => {
    const members = runs.filter(({ basin }) => belongs(basin));
    return { name, x: members.map(({ start }) => start[first]!), y: members.map(({ start }) => start[second]!) };
  };
  const marked = basins.slice(0, basins.length === MARKED + 1 ? MARKED + 1 : MARKED);
  const groups = [
    ...marked.map(({ params }, k) =>
      group(words.leadsTo(k + 1, `(${place(params, first)}, ${place(params, second)})`), (basin) => basin === k),
    ),
    ...(basins.length > marked.length ? [group(words.others, (basin) => basin >= marked.length)] : []),
  ];
  const starts = { x: runs.map(({ start }) => start[first]!), y: runs.map(({ start }) => start[second]!) };
  const box = boxAround(starts.x, starts.y);
  const inside = ({ x, y }: { x: number; y: number }): boolean => x >= box.x[0] && x <= box.x[1] && y >= box.y[0] && y <= box.y[1];
  return contourWithPath({
    title: words.map,
    xLabel: first,
    yLabel: second,
    valueLabel: texts.descent.valueAxis,
    grid: sampleGrid((a, b) => valueAt({ [first]: a, [second]: b }), box.x, box.y),
    groups,
    ends: basins.map(({ params }) => ({ x: params[first]!, y: params[second]! })).filter(inside),
    language,
  });
}

/** Whether the ends differ in value by more than rounding, beside the fall from the starts. */
function differ({ outcome: { runs, best }, valueAt }: MultistartReportData): boolean {
  const ends = runs.map(({ value }) => value).filter(Number.isFinite);
  const fall = runs.reduce((most, { start }) => Math.max(most, valueAt(start) - best.value), 0);
  return ends.some((value) => value - best.value > NO_DIFFERENCE * fall);
}

/** How low each descent came, the lowest first: steps where many met, a slope where none did. */
function values({ outcome: { runs } }: MultistartReportData, texts: ReportTexts, language: ReportLanguage): string {
  const sorted = runs
    .map(({ value }) => value)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return lossCurve({
    title: texts.multistart.values,
    series: [{ name: texts.multistart.values, x: sorted.map((_, k) => k + 1), y: sorted }],
    xLabel: texts.multistart.startsAxis,
    yLabel: texts.descent.valueAxis,
    scale: "linear",
    language,
  });
}

function percentages(share: number, [low, high]: readonly [number, number]): string {
  return `${percent(share)} (${percent(low)} – ${percent(high)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
}
