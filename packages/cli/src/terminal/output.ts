/** Where results and errors go: one JSON object or text on standard output, errors on standard error as well. */

import { DescendError } from "descend";
import pc from "picocolors";

/** Prints lines on standard output. */
export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Prints one JSON object on standard output; numbers JSON has no word for become null, typed arrays become arrays. */
export function printJson(value: unknown): void {
  process.stdout.write(
    `${JSON.stringify(value, (_, entry: unknown) => (ArrayBuffer.isView(entry) ? Array.from(entry as Float64Array) : entry), 2)}\n`,
  );
}

/** Says on standard error what else was done, such as a file written: standard output holds the result alone. */
export function status(line: string): void {
  process.stderr.write(`${pc.dim(line)}\n`);
}

/** Says what went wrong: in words on standard error and, for programs, as JSON on standard output. */
export function printError(error: unknown, json: boolean): void {
  const known = error instanceof DescendError;
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : "INTERNAL";
  process.stderr.write(`${pc.red("error")} ${message} ${pc.dim(`(${code})`)}\n`);
  if (!known) {
    process.stderr.write("This is a defect of Descend, not a mistake of yours. DESCEND_DEBUG=1 shows where it happened.\n");
    if (process.env.DESCEND_DEBUG !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  if (json) printJson({ error: { code, message, details: known ? error.details : {} } });
}
