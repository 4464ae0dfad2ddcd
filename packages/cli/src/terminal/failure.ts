/** What is said of something that was thrown, and its exit code. */

import { DescendError, OptionError, ShapeError, TraceError } from "descend";
import pc from "picocolors";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { printJson } from "./output.js";

/** Says what went wrong: in words on standard error and, for programs, as JSON on standard output. */
export function failed(error: unknown, json: boolean): ExitCode {
  const known = error instanceof DescendError;
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : "INTERNAL";
  process.stderr.write(`${pc.red("error")} ${message} ${pc.dim(`(${code})`)}\n`);
  if (!known) {
    process.stderr.write("This is a defect of Descend, not a mistake of yours. DESCEND_DEBUG=1 shows where it happened.\n");
    if (process.env.DESCEND_DEBUG !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  if (json) printJson({ error: { code, message, details: known ? error.details : {} } });
  if (error instanceof OptionError || error instanceof TraceError || error instanceof ShapeError) return exitCodes.usage;
  return known && error.code !== "INTERNAL" ? exitCodes.data : exitCodes.internal;
}
