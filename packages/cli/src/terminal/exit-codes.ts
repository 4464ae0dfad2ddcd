/** What the exit status of the command line means to a script. */

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
