/** `descend doctor <file>`: why a run did not converge, and what to do; of its log alone, or of the script that makes it. */

import { extname } from "node:path";
import { Command } from "commander";
import { OptionError } from "descend";
import { cure, diagnose, type Report, type Subject } from "descend/doctor";
import { doctorTexts } from "../doctor/doctor-texts.js";
import { loadSubject } from "../doctor/load-subject.js";
import { type FoundHistory, readHistory } from "../doctor/recorded-history.js";
import { reportLines, unsupportedLines } from "../doctor/report-lines.js";
import type { Language } from "../doctor/words-of.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { languageOption } from "../terminal/language-option.js";
import { print, printJson } from "../terminal/output.js";
import { helpText } from "../terminal/words/help-words.js";

interface DoctorOptions {
  readonly cure?: boolean;
  readonly loss?: string;
  readonly validation?: string;
  readonly lang: Language;
  readonly json?: boolean;
}

const LOGS = [".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson"];
const MODULES = [".js", ".mjs", ".ts", ".mts"];

export function doctorCommand(report: (code: ExitCode) => void): Command {
  return new Command("doctor")
    .argument(
      "<file>",
      `the log of a run (${LOGS.join(", ")}), or a module that exports a case, descent or solution (${MODULES.join(", ")})`,
    )
    .option("--cure", "of a module: try what helps, and prove it against the untreated run")
    .option("--loss <column>", "of a log: the column with the loss (default: loss, train_loss, value, objective, 损失, …)")
    .option("--validation <column>", "of a log: the column with the validation loss (default: val_loss, validation_loss, 验证损失, …)")
    .addOption(languageOption())
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(async (file: string, options: DoctorOptions) => report(await runDoctor(file, options)));
}

const EXAMPLE =
  'export default { objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, method: "gradientDescent", learningRate: 0.03, maxSteps: 400 };';

function help(): string {
  return [
    "",
    helpText(
      "A log has one row a step, with the columns loss and, where there are, step, val_loss, grad_norm, learning_rate. A loss that is NaN is evidence.",
    ),
    helpText("A module is run, and says for example:"),
    `  ${EXAMPLE}`,
    helpText("Exit codes: 0 no failure or cured, 1 a failure, 2 usage, 3 data."),
  ].join("\n");
}

async function runDoctor(file: string, options: DoctorOptions): Promise<ExitCode> {
  const extension = extname(file).toLowerCase();
  if (MODULES.includes(extension)) return doctorModule(file, options);
  if (LOGS.includes(extension)) return doctorLog(file, options);
  const expected = `the log of a run (${LOGS.join(", ")}) or a module (${MODULES.join(", ")})`;
  throw new OptionError("OPTION_OUT_OF_RANGE", `descend doctor ${file}: expected ${expected}, got "${extension}".`, {
    option: "file",
    expected,
    got: extension,
  });
}

async function doctorModule(file: string, { cure: treat, loss, validation, lang, json }: DoctorOptions): Promise<ExitCode> {
  const column = loss !== undefined ? "--loss" : validation !== undefined ? "--validation" : undefined;
  if (column !== undefined) {
    throw new OptionError("OPTIONS_CONFLICT", `${column} is a column of a log: expected a table, got the module ${file}.`, {
      options: ["file", column],
    });
  }
  const subject: Subject = await loadSubject(file);
  const report = treat === true ? cure(subject) : diagnose(subject);
  if (json === true) printJson(report);
  else print(reportLines(report, lang));
  return exitOf(report);
}

async function doctorLog(file: string, { cure: treat, loss, validation, lang, json }: DoctorOptions): Promise<ExitCode> {
  if (treat === true) {
    throw new OptionError("OPTIONS_CONFLICT", `--cure: a log cannot be run again; expected a module that exports the case, got ${file}.`, {
      options: ["file", "--cure"],
    });
  }
  const found = readHistory(file, { loss, validation }, json === true ? "en" : lang);
  const report = diagnose({ history: found.history });
  const unsupported = unsupportedLines(new Set(Object.keys(found.history)), json === true ? "en" : lang);
  if (json === true) printJson({ ...report, columns: found.columns, notes: [...found.notes, ...unsupported] });
  else print([columnsLine(found, lang), ...reportLines(report, lang), "", ...found.notes, ...unsupported]);
  return exitOf(report);
}

function columnsLine({ columns, history }: FoundHistory, language: Language): string {
  const named = Object.entries(columns).map(([role, name]) => (role === name ? name : `${role} = ${name}`));
  return `${doctorTexts[language].columns}  ${named.join(", ")}; ${history.value.length}`;
}

function exitOf(report: Report & { readonly cured?: boolean }): ExitCode {
  const failed = report.findings.some(({ level }) => level === "failure");
  return !failed || report.cured === true ? exitCodes.converged : exitCodes.notConverged;
}
