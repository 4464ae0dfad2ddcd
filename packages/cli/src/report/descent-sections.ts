/** What both reports say of a descent: the verdict with its evidence, the curves, the method, the curvature. */

import { type CurveSeries, curvePanels, escapeText, formatValue, lossCurve, type Numbers } from "descend/plot";
import { factsOf, figuresOf, paragraph, sectionOf, tableOf } from "./html.js";
import type {
  DescentReport,
  ForeseenReport,
  HistoryReport,
  ReportFinding,
  ReportLanguage,
  ReportOrigin,
  SweepReport,
} from "./report-data.js";
import type { ReportTexts, VerdictText } from "./report-texts.js";
import { typeset } from "./typeset.js";

/** Verdicts of a descent that ended where it should. */
const GOOD = ["converged", "precision-floor"];

/** A count with its digits in groups of three. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** What a verdict is called; a descent that left every bound has no minimum to be stalled beside. */
export function verdictText(
  { verdict, terminationReason }: Pick<DescentReport, "verdict" | "terminationReason">,
  texts: ReportTexts,
): VerdictText {
  return verdict === "stalled" && terminationReason === "diverged" ? texts.diverged : texts.verdicts[verdict];
}

export function verdictSection(descent: DescentReport, texts: ReportTexts, added = ""): string {
  const { verdict, tests, terminationReason } = descent;
  const { headline, meaning, advice } = verdictText(descent, texts);
  const good = GOOD.includes(verdict);
  // The words of the evidence are English; the numbers beside them say the same in every language.
  const evidenceOf = (evidence: string): string =>
    texts.htmlLanguage === "en" ? `<span class="evidence">${escapeText(typeset(evidence))}</span>` : "";
  const rows = tests.map(({ name, value, threshold, passed, evidence }) => [
    escapeText(texts.tests.questions[name] ?? name) + evidenceOf(evidence),
    formatValue(value, 3),
    formatValue(threshold, 3),
    passed
      ? `<span class="passed">✓ ${escapeText(texts.tests.passed)}</span>`
      : `<span class="failed">✗ ${escapeText(texts.tests.failed)}</span>`,
  ]);
  return [
    `<section class="verdict${good ? " good" : ""}"><h2>${good ? "✓" : "⚠"} ${escapeText(headline)}</h2>`,
    paragraph([meaning, good ? added : ""].filter((part) => part !== "").join(texts.htmlLanguage === "en" ? " " : "")),
    paragraph(advice),
    descent.interrupted === true ? paragraph(texts.interrupted) : "",
    paragraph(texts.stoppedBecause(texts.terminationReasons[terminationReason]), "muted"),
    `<h3>${escapeText(texts.tests.heading)}</h3>`,
    tests.length === 0
      ? paragraph(texts.tests.none)
      : paragraph(texts.tests.lead, "muted") + tableOf({ head: texts.tests.columns.map(escapeText), rows, numeric: [1, 2], stacked: true }),
    "</section>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

export function findingsSection(findings: readonly ReportFinding[], warnings: readonly string[], texts: ReportTexts): string {
  const { messages, sentence, heading, warning, info } = texts.findings;
  const item = (word: string, own: string | undefined, english: string): string =>
    `<li><strong>${escapeText(word)}</strong> · ${own === undefined ? inEnglish(english) : escapeText(typeset(own))}</li>`;
  const items = [
    ...findings.map((finding) => {
      const own = messages[finding.code]?.(finding) ?? sentence(finding.message);
      return item(finding.severity === "warning" ? warning : info, own, finding.message);
    }),
    ...warnings.map((text) => item(info, sentence(text), text)),
  ];
  return items.length === 0 ? "" : sectionOf(heading, `<ul>${items.join("\n")}</ul>`);
}

function inEnglish(text: string): string {
  return `<span lang="en">${escapeText(typeset(text))}</span>`;
}

export interface DescentWording {
  /** What is minimized is a loss over rows, or just a value. */
  readonly kind: "loss" | "value";
  readonly language: ReportLanguage;
}

export function descentSection(descent: DescentReport, texts: ReportTexts, wording: DescentWording): string {
  const words = texts.descent;
  const { history, curvature, evaluations } = descent;
  const optional = (value: number | undefined, digits = 4): string | undefined =>
    value === undefined ? undefined : formatValue(value, digits);
  const batch = descent.batch === undefined || descent.batch === "full" ? words.batchFull : words.batchRows(count(descent.batch));
  const products = evaluations.hessianVector > 0 ? count(evaluations.hessianVector) : undefined;
  const facts = factsOf([
    [words.method, escapeText(descent.method)],
    [words.learningRate, optional(descent.learningRate)],
    [words.batch, descent.batch === undefined ? undefined : escapeText(batch)],
    [
      words.steps,
      escapeText(words.stepsTaken(count(descent.steps), descent.epochs === undefined ? undefined : formatValue(descent.epochs, 4))),
    ],
    [words.predictedSteps, curvature?.predictedSteps === undefined ? undefined : count(Math.round(curvature.predictedSteps))],
    [words.finalValue, formatValue(descent.value, 9)],
    [words.gradientNorm, formatValue(descent.gradientNorm, 3)],
    [words.gradient, escapeText(words.gradientSources[descent.gradientSource])],
    [words.evaluations, escapeText(words.evaluationCounts(count(evaluations.value), count(evaluations.gradient), products))],
    [words.rowGradients, (descent.rowGradients ?? 0) > 0 ? count(descent.rowGradients!) : undefined],
    [words.time, escapeText(texts.seconds(descent.milliseconds / 1000))],
  ]);
  const valley =
    curvature === undefined
      ? ""
      : `<h3>${escapeText(words.curvatureHeading)}</h3>${paragraph(words.curvatureLead, "muted")}${factsOf([
          [words.largestCurvature, formatValue(curvature.largest, 4)],
          [words.smallestCurvature, formatValue(curvature.smallest, 4)],
          [
            words.conditionNumber,
            `${formatValue(curvature.conditionNumber, 4)}<span class="evidence">${escapeText(words.conditionMeaning(curvature.conditionNumber))}</span>`,
          ],
          [
            words.stableRate,
            curvature.stableLearningRate === undefined ? undefined : `&lt; ${formatValue(curvature.stableLearningRate, 4)}`,
          ],
        ])}`;
  return sectionOf(
    words.heading,
    history === undefined || history.value.length === 0 ? "" : paragraph(wording.kind === "loss" ? words.lead : words.leadValue, "muted"),
    history === undefined || history.value.length === 0 ? "" : figuresOf(curvesOf(history, descent.foreseen, texts, wording)),
    descent.foreseen?.kind === "none" ? paragraph(words.notForeseen[descent.foreseen.why], "muted") : "",
    facts,
    descent.sweep === undefined ? "" : sweepPart(descent.sweep, texts, wording.language),
    valley,
  );
}

function sweepPart({ best, steps, rates }: SweepReport, texts: ReportTexts, language: ReportLanguage): string {
  const words = texts.descent;
  const lowest = extentOf(rates.map(({ values }) => values))?.[0] ?? 0;
  const panels = rates.map(({ learningRate, values, diverged }) => ({
    name: `${formatValue(learningRate, 3)}${diverged ? ` ${words.sweepDiverged}` : ""}`,
    y: values,
    chosen: learningRate === best,
  }));
  const figure = curvePanels({ title: words.sweepTitle, panels, above: lowest, language });
  return `<h3>${escapeText(words.sweepHeading)}</h3>${paragraph(words.sweepLead(count(steps)), "muted")}${figuresOf([figure])}`;
}

/** The loss on both kinds of axis, and the gradient; on logarithmic ones with what was foreseen. */
function curvesOf(
  history: HistoryReport,
  foreseen: ForeseenReport | undefined,
  texts: ReportTexts,
  { kind, language }: DescentWording,
): string[] {
  const words = texts.descent;
  const course = foreseen?.kind === "none" ? undefined : foreseen;
  const caption = course === undefined ? {} : { caption: [words.foreseen[course.kind].caption] };
  const beside = (y: Numbers, above = 0): CurveSeries[] =>
    course === undefined ? [] : [{ name: words.foreseen[course.kind].name, x: course.at, y, above, foreseen: true }];
  const { validation, gradientNorm, at } = history;
  const series = [
    { name: kind === "loss" ? words.training : words.valueAxis, x: at, y: history.value },
    ...(validation === undefined || validation.value.length === 0
      ? []
      : [{ name: words.validation, x: validation.at, y: validation.value }]),
  ];
  const smoothing = history.noisy === true ? Math.max(2, Math.min(200, Math.round(history.value.length / 50))) : 1;
  const xLabel = history.unit === "epoch" ? words.epochAxis : words.stepAxis;
  const shared = { series, xLabel, yLabel: kind === "loss" ? words.lossAxis : words.valueAxis, smoothing, language };
  const extent = extentOf(series.map(({ y }) => y));
  const figures = [lossCurve({ ...shared, title: kind === "loss" ? words.lossLinear : words.valueLinear })];
  if (extent !== undefined) {
    const [lowest, highest] = extent;
    // Near a lowest value far from zero, and for values of any sign, only the distance to the lowest shows progress on such an axis.
    if (lowest > 0 && highest > DECISIVE_FALL * lowest) {
      const values = course === undefined ? [] : Float64Array.from(course.excess, (excess) => course.lowest + excess);
      const title = kind === "loss" ? words.lossLog : words.valueLog;
      figures.push(lossCurve({ ...shared, ...caption, title, scale: "log", series: [...series, ...beside(values)] }));
    } else {
      const both = [...series, ...beside(course?.excess ?? [])];
      figures.push(lossCurve({ ...shared, ...caption, title: words.excessLog, scale: "log", above: lowest, series: both }));
    }
  }
  if (gradientNorm !== undefined && gradientNorm.length > 0) {
    figures.push(
      lossCurve({
        title: words.gradientLog,
        series: [{ name: words.gradientAxis, x: at, y: gradientNorm }, ...beside(course?.gradientNorm ?? [])],
        ...caption,
        xLabel,
        yLabel: words.gradientAxis,
        scale: "log",
        smoothing,
        language,
      }),
    );
  }
  return figures;
}

/** A fall by this factor shows on a logarithmic axis as it is. */
const DECISIVE_FALL = 20;

function extentOf(lists: readonly ArrayLike<number>[]): [number, number] | undefined {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      if (!Number.isFinite(list[i]!)) continue;
      lowest = Math.min(lowest, list[i]!);
      highest = Math.max(highest, list[i]!);
    }
  }
  return lowest <= highest ? [lowest, highest] : undefined;
}

export function originSection({ command, seed, version, created }: ReportOrigin, texts: ReportTexts): string {
  return sectionOf(
    texts.origin.heading,
    paragraph(texts.origin.lead, "muted"),
    `<pre>${escapeText(command)}</pre>`,
    factsOf([
      [texts.origin.seed, seed === undefined ? undefined : String(seed)],
      [texts.origin.version, version === undefined ? undefined : escapeText(version)],
      [texts.origin.created, created === undefined ? undefined : escapeText(created)],
    ]),
  );
}
