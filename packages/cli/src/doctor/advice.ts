/** One sentence of the doctor where a descent did not converge: why, what to do, and the command that does it. */

import { DescendError, InternalError } from "descend";
import { type CuredReport, cure, diagnose, type Finding, type Patch, type Report, type Subject } from "descend/doctor";
import pc from "picocolors";
import { doctorTexts } from "./doctor-texts.js";
import { commandWith, type Flags } from "./patch-flags.js";
import { codeLines, cureLines } from "./report-lines.js";
import { type Language, wordsOf } from "./words-of.js";

/** What the doctor says of a descent; a sentence in place of a diagnosis where there is none. */
export type Advice =
  | { readonly report: Report | CuredReport; readonly flagsOf: FlagsOf }
  | { readonly skipped: Readonly<Record<Language, string>> };

/** The flags of the command that apply a patch; undefined where there are none. */
export type FlagsOf = (patch: Patch) => Flags | undefined;

export interface AdviceOptions {
  /** Whether to treat as well, and prove it. */
  readonly treat: boolean;
  readonly flagsOf: FlagsOf;
}

/**
 * Diagnoses (or cures) what did not converge. A run that was watched is not repeated: the diagnosis takes at
 * most max(200, a tenth of its gradients) more.
 */
export function advise(subject: Subject, { treat, flagsOf }: AdviceOptions): Advice {
  try {
    return { report: treat ? cure(subject) : diagnose(subject), flagsOf };
  } catch (error) {
    // What can be descended and not be diagnosed is no reason to withhold the result
    if (!(error instanceof DescendError) || error instanceof InternalError) throw error;
    const { message } = error;
    return { skipped: { en: doctorTexts.en.noDiagnosis(message), zh: doctorTexts.zh.noDiagnosis(message) } };
  }
}

/** The first failure and the first of its prescriptions that a command can apply, else the first. */
export function adviceLines(advice: Advice, language: Language = "en"): string[] {
  const texts = doctorTexts[language];
  if ("skipped" in advice) return [`${pc.bold(texts.advice)}${texts.colon}${advice.skipped[language]}`];
  const { report, flagsOf } = advice;
  const finding = firstFailure(report);
  if (finding === undefined) return moreStepsLines(report, language);
  const said = [`${pc.bold(texts.advice)}${texts.colon}${wordsOf(finding.explanation, language)}${texts.aside(finding.id)}`];
  if ("cured" in report) return [...said, "", ...cureLines(report, language)];
  const prescription =
    finding.prescriptions.find(({ patch, automatic }) => automatic && flagsOf(patch) !== undefined) ??
    finding.prescriptions.find(({ patch }) => flagsOf(patch) !== undefined) ??
    finding.prescriptions[0];
  if (prescription === undefined) return said;
  const flags = flagsOf(prescription.patch);
  return [
    ...said,
    `${texts.prescription}${texts.colon}${wordsOf(prescription.message, language)}`,
    ...(flags !== undefined
      ? [`${texts.apply}${texts.colon}${pc.cyan(commandWith(flags))}`]
      : codeLines(prescription.code, language).map((line) => `  ${line}`)),
  ];
}

/** Steps that are worth typing a command for. */
const FEW_STEPS = 1000;

/** Where nothing is wrong but that the steps were used up. */
function moreStepsLines({ subject: { steps, terminationReason } }: Report, language: Language): string[] {
  if (terminationReason !== "max-steps") return [];
  const texts = doctorTexts[language];
  const flags = { "--max-steps": String(Math.max(FEW_STEPS, 10 * steps)), "--epochs": undefined };
  return [`${pc.bold(texts.advice)}${texts.colon}${texts.onlyUnfinished}`, `${texts.apply}${texts.colon}${pc.cyan(commandWith(flags))}`];
}

export interface AdviceRecord {
  readonly findings: readonly Finding[];
  readonly diagnosisSkipped?: string;
  readonly cure?: Pick<CuredReport, "cured" | "patch" | "code" | "treatments" | "remaining">;
}

/** For programs: the findings, each with the command that applies its prescriptions where there is one, and what was tried. */
export function adviceRecord(advice: Advice): AdviceRecord {
  if ("skipped" in advice) return { findings: [], diagnosisSkipped: advice.skipped.en };
  const { report, flagsOf } = advice;
  const commandOf = (patch: Patch): string | null => {
    const flags = flagsOf(patch);
    return flags === undefined ? null : commandWith(flags);
  };
  return {
    findings: report.findings.map((finding) => ({
      ...finding,
      prescriptions: finding.prescriptions.map((prescription) => ({ ...prescription, command: commandOf(prescription.patch) })),
    })),
    ...("cured" in report
      ? {
          cure: { cured: report.cured, patch: report.patch, code: report.code, treatments: report.treatments, remaining: report.remaining },
        }
      : {}),
  };
}

function firstFailure(report: Report): Finding | undefined {
  return report.findings.find(({ level }) => level === "failure");
}
