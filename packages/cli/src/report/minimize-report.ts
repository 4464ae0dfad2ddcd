import { contourWithPath, escapeText, formatValue } from "descend/plot";
import { descentSection, findingsSection, originSection, verdictSection } from "./descent-sections.js";
import { factsOf, figuresOf, pageOf, paragraph, sectionOf, tableOf } from "./html.js";
import type { MinimizeReportData, ReportLanguage } from "./report-data.js";
import type { ReportTexts } from "./report-texts.js";
import { reportTexts } from "./texts.js";

/** One self-contained page about the minimum of a formula: verdict first, then the point, the map with the path, the descent. */
export function renderMinimizeReport(data: MinimizeReportData, language: ReportLanguage): string {
  const texts = reportTexts[language];
  return pageOf({
    language: texts.htmlLanguage,
    title: `${texts.minimizeTitle}: ${data.formula}`,
    body: [
      `<h1>${escapeText(texts.minimizeTitle)}</h1>`,
      verdictSection(data.descent, texts),
      resultSection(data, texts),
      findingsSection([], data.descent.warnings, texts),
      contourSection(data, texts, language),
      descentSection(data.descent, texts, { kind: "value", language }),
      originSection(data, texts),
    ],
  });
}

function resultSection({ formula, constants = {}, variables, descent }: MinimizeReportData, texts: ReportTexts): string {
  const words = texts.minimize;
  const withGradient = variables.some(({ gradient }) => gradient !== undefined);
  const [variable, start, end, gradientName] = words.columns;
  const constantList = Object.entries(constants).map(([name, value]) => `${name} = ${formatValue(value, 12)}`);
  return sectionOf(
    words.resultHeading,
    `<pre>${escapeText(formula)}</pre>`,
    factsOf([
      [words.constants, constantList.length === 0 ? undefined : escapeText(constantList.join(texts.listSeparator))],
      [words.value, formatValue(descent.value, 12)],
    ]),
    tableOf({
      head: [variable, start, end, ...(withGradient ? [gradientName] : [])].map(escapeText),
      rows: variables.map(({ name, start: from, end: to, gradient }) => [
        escapeText(name),
        formatValue(from, 6),
        formatValue(to, 12),
        ...(withGradient ? [gradient === undefined ? "–" : formatValue(gradient, 4)] : []),
      ]),
      numeric: [1, 2, 3],
      stacked: true,
    }),
  );
}

function contourSection({ variables, contour, formula }: MinimizeReportData, texts: ReportTexts, language: ReportLanguage): string {
  const words = texts.minimize;
  if (variables.length !== 2) return sectionOf(words.contour, paragraph(words.noContour(variables.length), "muted"));
  if (contour === undefined) return "";
  const figure = contourWithPath({
    title: formula.length > 60 ? words.contour : formula,
    xLabel: variables[0]!.name,
    yLabel: variables[1]!.name,
    valueLabel: texts.descent.valueAxis,
    grid: contour.grid,
    paths: [{ ...contour.path, ...(contour.gradients === undefined ? {} : { gradients: contour.gradients }) }],
    language,
  });
  return sectionOf(words.contour, figuresOf([figure]));
}
