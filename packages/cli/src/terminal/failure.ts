/** What is said of something that was thrown, and its exit code. */

import { DescendError, OptionError, ShapeError, TraceError } from "descend";
import pc from "picocolors";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { spoken } from "./language.js";
import { printJson } from "./output.js";
import { errorInChinese } from "./words/chinese-errors.js";
import { words } from "./words/words.js";

/** Says what went wrong: in words on standard error and, for programs, as JSON on standard output. */
export function failed(error: unknown, json: boolean): ExitCode {
  const known = error instanceof DescendError;
  const message = known ? asTyped(error.message) : error instanceof Error ? error.message : String(error);
  const code = known ? error.code : "INTERNAL";
  const { error: word, defect } = words();
  process.stderr.write(`${pc.red(word)} ${spoken() === "zh" && known ? errorInChinese(message) : message} ${pc.dim(`(${code})`)}\n`);
  if (!known) {
    process.stderr.write(`${defect}\n`);
    if (process.env.DESCEND_DEBUG !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  if (json) printJson({ error: { code, message, details: known ? error.details : {} } });
  if (error instanceof OptionError || error instanceof TraceError || error instanceof ShapeError) return exitCodes.usage;
  return known && error.code !== "INTERNAL" ? exitCodes.data : exitCodes.internal;
}

/** Options of the library that the command line has under the same name. */
const TYPED =
  /^(target|weights|classWeights|method|learningRate|schedule|batch|epochs|maxSteps|maxEvaluations|seed|bounds|variables|start): /;

/** With an option as the user typed it: "--max-steps: expected …" for "maxSteps: expected …". */
function asTyped(message: string): string {
  return message.replace(TYPED, (_, option: string) => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: `);
}
