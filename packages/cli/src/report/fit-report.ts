import { escapeText, formatValue } from "descend/plot";
import { count, descentSection, findingsSection, originSection, verdictSection } from "./descent-sections.js";
import { coefficientFigures, fitFigures } from "./fit-figures.js";
import { factsOf, figuresOf, pageOf, paragraph, sectionOf, tableOf } from "./html.js";
import type { FitReportData, ReportColumn, ReportLanguage } from "./report-data.js";
import type { ReportTexts } from "./report-texts.js";
import { reportTexts } from "./texts.js";

/** Rows of the table of coefficients that are shown at once. */
const COEFFICIENTS_SHOWN = 40;

/** One self-contained page about a fit: verdict first, then predictions, model, data, descent. It asks for nothing from anywhere. */
export function renderFitReport(data: FitReportData, language: ReportLanguage): string {
  const texts = reportTexts[language];
  const title = texts.fitTitle(data.target);
  const features = data.columns.filter(({ role }) => role === "feature").length;
  const figures = fitFigures(data, texts, language);
  const noPicture = data.predictions !== undefined && data.line === undefined && data.surface === undefined && features > 2;
  return pageOf({
    language: texts.htmlLanguage,
    title,
    body: [
      `<h1>${escapeText(title)}</h1>`,
      verdictSection(data.descent, texts, texts.bestFit),
      summarySection(data, texts),
      findingsSection(data.findings, data.descent.warnings, texts),
      metricsSection(data, texts),
      figures.length === 0
        ? ""
        : sectionOf(texts.figures.heading, noPicture ? paragraph(texts.figures.noPicture(features), "muted") : "", figuresOf(figures)),
      coefficientsSection(data, texts, language),
      dataSection(data, texts),
      descentSection(data.descent, texts, { kind: "loss", language }),
      originSection(data, texts),
    ],
  });
}

function summarySection({ model, target, targetUnit, columns, rows }: FitReportData, texts: ReportTexts): string {
  const names = columns.filter(({ role }) => role === "feature").map(({ name }) => name);
  const shown = names.length > 12 ? [...names.slice(0, 11), "…"] : names;
  const settings = Object.entries(model.settings ?? {}).map(
    ([name, value]) => `${name} = ${typeof value === "number" ? formatValue(value, 6) : value}`,
  );
  const because =
    model.chosenBecause === undefined ? "" : `<span class="evidence">${escapeText(texts.chosenBecause[model.chosenBecause])}</span>`;
  return sectionOf(
    texts.summary.heading,
    factsOf([
      [texts.summary.model, `${escapeText([texts.models[model.kind], ...settings].join(texts.listSeparator))}${because}`],
      [texts.objective, model.objective === undefined ? undefined : escapeText(model.objective)],
      [texts.summary.target, escapeText(targetUnit === undefined ? target : `${target} (${targetUnit})`)],
      [
        texts.summary.featuresLabel,
        `${escapeText(texts.summary.features(names.length))}<span class="evidence">${escapeText(shown.join(texts.listSeparator))}</span>`,
      ],
      [texts.summary.rows, escapeText(texts.summary.rowsUsed(count(rows.train), count(rows.test)))],
    ]),
  );
}

function metricsSection({ metrics, rows }: FitReportData, texts: ReportTexts): string {
  if (metrics.length === 0) return "";
  const words = texts.metrics;
  const withTest = metrics.some(({ test }) => test !== undefined && test !== null);
  const withFolds = metrics.some(({ crossValidation }) => crossValidation !== undefined);
  const [name, train, test, folds, meaning] = words.columns;
  const shown = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : formatValue(value, 5));
  return sectionOf(
    words.heading,
    paragraph(words.lead(rows.test > 0), "muted"),
    tableOf({
      head: [name, train, ...(withTest ? [test] : []), ...(withFolds ? [folds] : []), meaning].map(escapeText),
      rows: metrics.map((metric) => [
        escapeText(words.names[metric.name] ?? metric.name),
        shown(metric.train),
        ...(withTest ? [shown(metric.test)] : []),
        ...(withFolds
          ? [
              metric.crossValidation === undefined
                ? "–"
                : `${formatValue(metric.crossValidation.mean, 5)} ± ${formatValue(metric.crossValidation.deviation, 2)}`,
            ]
          : []),
        words.meanings[metric.name] === undefined ? "" : `<span class="muted">${escapeText(words.meanings[metric.name]!)}</span>`,
      ]),
      numeric: withTest && withFolds ? [1, 2, 3] : withTest || withFolds ? [1, 2] : [1],
      stacked: true,
    }),
  );
}

function coefficientsSection(data: FitReportData, texts: ReportTexts, language: ReportLanguage): string {
  const { coefficients, closedFormDifference } = data;
  if (coefficients.length === 0) return "";
  const words = texts.coefficients;
  const any = (has: (coefficient: (typeof coefficients)[number]) => boolean): boolean => coefficients.some(has);
  const withClass = any((coefficient) => coefficient.class !== undefined);
  const withError = any(({ standardError }) => standardError !== undefined);
  const withInterval = any(({ interval }) => interval !== undefined);
  const withDeviation = any(({ perDeviation }) => perDeviation !== undefined);
  const withClosedForm = any(({ closedForm }) => closedForm !== undefined);
  const optional = (value: number | undefined, digits: number): string => (value === undefined ? "–" : formatValue(value, digits));
  const head = [
    ...(withClass ? [words.class] : []),
    words.name,
    words.value,
    ...(withError ? [words.standardError] : []),
    ...(withInterval ? [words.interval] : []),
    ...(withDeviation ? [words.perDeviation] : []),
    ...(withClosedForm ? [words.closedForm] : []),
  ].map(escapeText);
  const rows = coefficients.map((coefficient) => [
    ...(withClass ? [escapeText(coefficient.class ?? "")] : []),
    escapeText(coefficient.name),
    formatValue(coefficient.value, 9),
    ...(withError ? [coefficient.standardError === undefined ? "–" : `± ${formatValue(coefficient.standardError, 3)}`] : []),
    ...(withInterval
      ? [coefficient.interval === undefined ? "–" : coefficient.interval.map((end) => formatValue(end, 4)).join(" … ")]
      : []),
    ...(withDeviation ? [optional(coefficient.perDeviation, 4)] : []),
    ...(withClosedForm ? [optional(coefficient.closedForm, 9)] : []),
  ]);
  const numeric = head.map((_, k) => k).slice(withClass ? 2 : 1);
  const rest = rows.slice(COEFFICIENTS_SHOWN);
  return sectionOf(
    words.heading,
    paragraph(
      [words.lead, withInterval ? words.intervalMeaning : "", withDeviation ? words.perDeviationLead : ""]
        .filter((part) => part !== "")
        .join(texts.htmlLanguage === "en" ? " " : ""),
      "muted",
    ),
    tableOf({ head, rows: rows.slice(0, COEFFICIENTS_SHOWN), numeric }),
    rest.length === 0
      ? ""
      : `<details><summary>${escapeText(words.more(rest.length))}</summary>${tableOf({ head, rows: rest, numeric })}</details>`,
    closedFormDifference === undefined ? "" : paragraph(words.closedFormAgrees(formatValue(closedFormDifference, 2))),
    figuresOf(coefficientFigures(data, texts, language)),
  );
}

function dataSection({ source, rows, columns, scaling }: FitReportData, texts: ReportTexts): string {
  const words = texts.data;
  const someRows = (value: number | undefined): string | undefined => (value === undefined || value === 0 ? undefined : count(value));
  const [name, type, role, missing, treatment] = words.columns;
  return sectionOf(
    words.heading,
    factsOf([
      [words.source, escapeText(source)],
      [words.rowsRead, count(rows.read)],
      [words.droppedMissing, someRows(rows.droppedMissing)],
      [words.droppedInfinite, someRows(rows.droppedInfinite)],
      [words.imputed, someRows(rows.imputed)],
      [words.train, count(rows.train)],
      [words.test, count(rows.test)],
    ]),
    factsOf([[words.scaling, escapeText(words.scalings[scaling])]]),
    columns.length === 0 ? "" : `<h3>${escapeText(words.columnsHeading)}</h3>`,
    columns.length === 0
      ? ""
      : tableOf({
          head: [name, type, role, missing, treatment].map(escapeText),
          rows: columns.map((column) => [
            escapeText(column.name),
            column.type === undefined ? "" : `<span class="muted">${escapeText(column.type)}</span>`,
            escapeText(words.roles[column.role]),
            column.missing === undefined ? "" : count(column.missing),
            escapeText(treatmentOf(column, texts)),
          ]),
          numeric: [3],
          stacked: true,
        }),
  );
}

function treatmentOf({ coding, filled, reason }: ReportColumn, texts: ReportTexts): string {
  const words = texts.data;
  const parts: string[] = [];
  if (reason !== undefined) parts.push(words.reasons[reason.code](reason.detail ?? ""));
  if (coding?.kind === "categories") parts.push(words.categories(coding.base, coding.levels));
  if (coding?.kind === "dates") parts.push(words.dates(coding.unit));
  if (coding?.kind === "powers") parts.push(words.powers(coding.degree));
  if (filled !== undefined)
    parts.push(
      words.filled(filled.by, typeof filled.value === "number" ? formatValue(filled.value, 6) : `“${filled.value}”`, filled.indicator),
    );
  return parts.join("; ");
}
