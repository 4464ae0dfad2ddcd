/** Where results go: one JSON object or text on standard output, what is said beside them on standard error. */

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
