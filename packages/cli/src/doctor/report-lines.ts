/**
 * A diagnosis in words, for people: what came of the run, what was found with its numbers, what to do, and the proof where it was treated.
 */

import {
  type CuredReport,
  type Evidence,
  type Finding,
  findingCatalogue,
  howInWords,
  type Report,
  type RunSummary,
  recordedFindings,
  type Scalar,
  type Treatment,
  unitInWords,
} from "descend/doctor";
import pc from "picocolors";
import { formatNumber, formatTable } from "../terminal/format.js";
import { doctorTexts } from "./doctor-texts.js";
import { type Language, wordsOf } from "./words-of.js";

/** Cured or not: a report, and what was treated where it was. */
export function reportLines(report: Report | CuredReport, language: Language): string[] {
  const texts = doctorTexts[language];
  const failures = report.findings.filter(({ level }) => level === "failure");
  return [
    ...formatTable(
      [
        [texts.subject, subjectInWords(report, language)],
        [texts.outcome, [texts.outcomes[report.outcome], ...report.quality.map((each) => texts.qualities[each])].join(texts.comma)],
      ],
      ["left", "left"],
    ),
    ...(failures.length === 0 ? ["", pc.green(texts.nothing)] : []),
    ...report.findings.flatMap((finding) => ["", ...findingLines(finding, language)]),
    ...("cured" in report ? ["", ...cureLines(report, language)] : []),
  ];
}

/** Findings that the curves of a run cannot support, and what would be needed. */
export function unsupportedLines(present: ReadonlySet<string>, language: Language): string[] {
  const texts = doctorTexts[language];
  const failures = findingCatalogue.filter(({ level }) => level === "failure").map(({ id }) => id);
  const lacking = failures.filter((id) => recordedFindings[id] !== undefined && !present.has(recordedFindings[id]));
  const columns = [...new Set(lacking.map((id) => recordedFindings[id]!))];
  return [
    ...columns.map((column) =>
      texts.needsColumn(
        column === "validation" ? "validation_loss" : column,
        lacking.filter((id) => recordedFindings[id] === column).join(", "),
      ),
    ),
    texts.needsCase(failures.filter((id) => recordedFindings[id] === undefined).join(", ")),
  ];
}

function subjectInWords({ subject }: Report, language: Language): string {
  const texts = doctorTexts[language];
  const { method, learningRate, steps, startValue, value, terminationReason } = subject;
  return [
    ...(method === "" ? [] : [learningRate === null ? method : `${method}(${formatNumber(learningRate, 4)})`]),
    `${texts.steps} ${steps}`,
    `${texts.value} ${scalarInWords(startValue)} → ${scalarInWords(value)}`,
    ...(terminationReason === "" ? [] : [terminationReason]),
  ].join(texts.comma);
}

function findingLines({ id, level, confidence, evidence, explanation, prescriptions }: Finding, language: Language): string[] {
  const texts = doctorTexts[language];
  const word = level === "failure" ? pc.red(texts.failure) : pc.dim(texts.note);
  return [
    `${word} ${pc.bold(id)}${texts.aside(`${texts.confidence} ${formatNumber(confidence, 2)}`)}`,
    `  ${wordsOf(explanation, language)}`,
    ...formatTable(
      evidence.map((each) => evidenceRow(each, language)),
      ["left", "right", "left", "left"],
    ).map((line) => `  ${line}`),
    ...prescriptions.flatMap(({ message, code }, k) => [
      `  ${k === 0 ? texts.prescription : texts.orElse}${texts.colon}${wordsOf(message, language)}`,
      ...codeLines(code, language).map((line) => `      ${line}`),
    ]),
  ];
}

/** Name, value, what it is held against, how it was obtained. */
function evidenceRow(evidence: Evidence, language: Language): string[] {
  const { name, value, threshold } = evidence;
  const [unit, how] = [unitInWords(evidence, language), howInWords(evidence, language)];
  const number = `${scalarInWords(value)}${unit === "" ? "" : ` ${unit}`}`;
  if (threshold === null) return [name, number, "", how];
  const sign = Number(value) > threshold ? ">" : Number(value) < threshold ? "<" : "=";
  return [name, number, `${sign} ${formatNumber(threshold, 4)}`, how];
}

/** What was tried, with the proof. */
export function cureLines(report: CuredReport, language: Language): string[] {
  const texts = doctorTexts[language];
  const { treatments, cured } = report;
  const verdict = cured
    ? pc.green(texts.cured)
    : report.findings.some(({ level }) => level === "failure")
      ? pc.yellow(texts.notCured)
      : texts.healthy;
  return [
    ...treatments.flatMap((treatment) => [...treatmentLines(treatment, language), ""]),
    verdict,
    ...provenBy(report, language).map((line) => `  ${line}`),
    ...codeLines(report.code ?? "", language).map((line) => `  ${line}`),
  ];
}

/** By what a cure is proven: it may stand above a verdict that is not converged. */
function provenBy({ treatments, findings }: CuredReport, language: Language): string[] {
  const accepted = treatments.filter((treatment) => treatment.accepted).at(-1);
  if (accepted === undefined) return [];
  const { finding, prescription, before, control, after } = accepted;
  const texts = doctorTexts[language];
  const aim = findings.find(({ id }) => id === finding)?.prescriptions.find(({ id }) => id === prescription)?.aim ?? "lower";
  const rest = after.outcome === "stationary" ? texts.atRest : texts.notAtRest;
  if (aim === "stationary") return [`${texts.hasMinimum}${texts.and}${rest}`];
  const sick = control.gradients > 0 && aim === "lower" ? control.metric : before.metric;
  const gain = Number(sick) - Number(after.metric);
  const lower = Number.isFinite(gain) ? texts.lowerBy(formatNumber(gain, 3)) : texts.finiteNow;
  return [`${aim === "continue" ? texts.largerBudget : texts.sameBudget}${texts.comma}${lower}${texts.and}${rest}`];
}

/** Code; its comments are in English, and the sentence above it says the same. */
export function codeLines(code: string, language: Language): string[] {
  const lines = code.split("\n").map((line) => (language === "en" ? line : line.replace(/(^| )\/\/ .*$/, "")));
  return lines.filter((line) => line !== "").map((line) => pc.cyan(line));
}

function treatmentLines({ finding, prescription, code, before, control, after, proof, accepted }: Treatment, language: Language): string[] {
  const texts = doctorTexts[language];
  const broken = Object.entries(proof.criteria).flatMap(([name, holds]) =>
    holds ? [] : [texts.failed[name as keyof typeof texts.failed]],
  );
  const row = (label: string, { outcome, value, steps, gradients }: RunSummary): string[] => [
    label,
    scalarInWords(value),
    String(steps),
    String(gradients),
    texts.outcomes[outcome],
  ];
  const table = [
    ["", texts.value, texts.steps, texts.gradients, texts.outcome],
    row(texts.before, before),
    row(texts.control, control),
    row(texts.after, after),
  ];
  return [
    `${pc.bold(`${finding} / ${prescription}`)}${texts.colon}${accepted ? pc.green(texts.accepted) : pc.yellow(texts.rejected) + texts.aside(broken.join(texts.and))}`,
    ...codeLines(code, language).map((line) => `  ${line}`),
    ...formatTable(table, ["left", "right", "right", "right", "left"]).map((line) => `  ${line}`),
  ];
}

function scalarInWords(value: Scalar): string {
  return typeof value === "number" ? formatNumber(value, 5) : value;
}
