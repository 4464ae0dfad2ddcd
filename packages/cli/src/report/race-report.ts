import type { Race } from "descend";
import { boxAround, contourWithPath, escapeText, formatValue, lossCurve, sampleGrid } from "descend/plot";
import { count, originSection, verdictText } from "./descent-sections.js";
import { figuresOf, pageOf, paragraph, sectionOf, tableOf } from "./html.js";
import type { ReportLanguage } from "./report-data.js";
import type { ReportTexts } from "./report-texts.js";
import { reportTexts } from "./texts.js";

interface RaceReportData {
  readonly command: string;
  readonly version: string;
  readonly seed: number | undefined;
  readonly formula: string;
  readonly variables: readonly string[];
  readonly within: number;
  readonly race: Race<Record<string, number>>;
  /** The objective, for the ground under paths of two variables. */
  readonly valueAt: (params: Record<string, number>) => number;
}

/**
 * One self-contained page about a race: the ranks, the curves of all methods in one figure, and
 * their paths over the contours of two variables.
 */
export function renderRaceReport(data: RaceReportData, language: ReportLanguage): string {
  const texts = reportTexts[language];
  const words = texts.race;
  const [first] = data.race.results;
  return pageOf({
    language: texts.htmlLanguage,
    title: `${words.title}: ${data.formula}`,
    body: [
      `<h1>${escapeText(words.title)}</h1>`,
      `<pre>${escapeText(data.formula)}</pre>`,
      first?.evaluations === undefined ? "" : paragraph(escapeText(words.winner(first.name, count(first.evaluations)))),
      tableSection(data, texts),
      sectionOf(
        words.pictures,
        figuresOf([curves(data, texts, language), ...(data.variables.length === 2 ? [paths(data, texts, language)] : [])]),
      ),
      originSection(data, texts),
    ],
  });
}

function tableSection({ race, within }: RaceReportData, texts: ReportTexts): string {
  const words = texts.race;
  return sectionOf(
    words.tableHeading,
    paragraph(escapeText(words.lead(formatValue(within))), "muted"),
    tableOf({
      head: words.columns.map(escapeText),
      rows: race.results.map(({ rank, name, evaluations, steps, solution }) => [
        String(rank),
        escapeText(name),
        evaluations === undefined ? "–" : count(evaluations),
        steps === undefined ? "–" : count(steps),
        formatValue(solution.value, 9),
        escapeText(verdictText(solution, texts).headline),
      ]),
      numeric: [0, 2, 3, 4],
      stacked: true,
    }),
  );
}

function curves({ race }: RaceReportData, texts: ReportTexts, language: ReportLanguage): string {
  return lossCurve({
    title: texts.race.curves,
    series: race.results.map(({ name, solution, evaluationsAt }) => ({ name, x: evaluationsAt, y: solution.history!.value })),
    xLabel: texts.race.evaluations,
    // The fast ones would all lie on the axis beside one that takes its whole budget
    xScale: "log",
    // One color for a method in both figures
    firstStyle: 1,
    yLabel: texts.descent.valueAxis,
    scale: "log",
    above: race.best,
    language,
  });
}

/** What falls without end would leave nothing of the others to be seen. */
function paths({ race, variables, valueAt }: RaceReportData, texts: ReportTexts, language: ReportLanguage): string {
  const [first, second] = variables as [string, string];
  const shown = race.results.filter(({ solution }) => solution.verdict !== "unbounded");
  const all = (shown.length > 0 ? shown : race.results).map(({ name, solution }) => {
    const { params, length } = solution.history!;
    const along = (offset: number): Float64Array => Float64Array.from({ length }, (_, k) => params[2 * k + offset]!);
    return { name, x: along(0), y: along(1) };
  });
  const joined = (axis: "x" | "y"): number[] => all.flatMap((path) => Array.from(path[axis]));
  const box = boxAround(joined("x"), joined("y"));
  return contourWithPath({
    title: texts.race.paths,
    xLabel: first,
    yLabel: second,
    valueLabel: texts.descent.valueAxis,
    grid: sampleGrid((a, b) => valueAt({ [first]: a, [second]: b }), box.x, box.y),
    paths: all,
    language,
  });
}
