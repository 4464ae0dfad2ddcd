/** The command as it was typed, to be shown and repeated. */

export function commandLine(argv: readonly string[] = process.argv.slice(2)): string {
  return ["descend", ...argv.map(quoted)].join(" ");
}

/** As a POSIX shell reads it back. */
function quoted(argument: string): string {
  return /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
