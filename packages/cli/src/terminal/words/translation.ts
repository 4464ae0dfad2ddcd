/** Pattern of the whole sentence, and its translation with the groups of the pattern filled in. */
export type Translation = readonly [pattern: RegExp, inChinese: string | ((...groups: string[]) => string)];

/** The first translation whose pattern fits; `$1` stands for its first group. */
export function translated(english: string, table: readonly Translation[]): string | undefined {
  for (const [pattern, inChinese] of table) {
    const found = pattern.exec(english);
    if (found === null) continue;
    const groups = found.slice(1).map((group) => group ?? "");
    return typeof inChinese === "string" ? inChinese.replace(/\$(\d)/g, (_, k) => groups[Number(k) - 1]!) : inChinese(...groups);
  }
  return undefined;
}
