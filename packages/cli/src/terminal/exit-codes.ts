/** What the exit status of the command line means to a script. */

import { CommanderError } from "commander";
import { DescendError, OptionError, ShapeError, TraceError } from "descend";

export const exitCodes = {
  /** The descent converged. */
  converged: 0,
  /** It ran and ended without convergence, or was stopped. */
  notConverged: 1,
  /** The command was misspelt: unknown flags, values out of range, a formula that cannot be read. */
  usage: 2,
  /** The data cannot be used: missing file, malformed table, no such column. */
  data: 3,
  /** A defect of Descend. */
  internal: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of something thrown. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.converged : exitCodes.usage;
  if (error instanceof OptionError || error instanceof TraceError || error instanceof ShapeError) return exitCodes.usage;
  if (error instanceof DescendError && error.code !== "INTERNAL") return exitCodes.data;
  return exitCodes.internal;
}
