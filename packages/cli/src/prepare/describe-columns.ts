/** What became of each column of a table: one line a column for people, one record for programs and reports. */

import type { ColumnKind } from "../table/table.js";
import { formatCount, formatNumber, formatTable, shortName } from "../terminal/format.js";
import { sentence } from "../terminal/words/sentences.js";
import { words } from "../terminal/words/words.js";
import type { ColumnEncoding } from "./encoding.js";
import type { PlanSummary, PreparedSplit } from "./prepare.js";

export interface ColumnUse {
  readonly name: string;
  /** As DuckDB names it. */
  readonly type: string;
  readonly kind: ColumnKind;
  readonly role: "target" | "weight" | "feature" | "set-aside" | "not-asked";
  /** How it became features. */
  readonly encoding?: ColumnEncoding;
  /** Why it did not, as a word for programs, in words, and what the words are about. */
  readonly code?: string;
  readonly reason?: string;
  readonly detail?: string;
  /** What was special about reading it. */
  readonly note?: string;
}

export function columnUses(
  { table, target, weights, setAside: fromPlan }: PlanSummary,
  { encodings, setAside: fromSplit }: PreparedSplit,
): ColumnUse[] {
  const encodingOf = new Map(encodings.map((encoding) => [encoding.column, encoding]));
  const asideOf = new Map([...fromPlan, ...fromSplit].map((aside) => [aside.column, aside]));
  return table.columns.map(({ name, type, kind, note }) => {
    const common = { name, type, kind, ...(note === undefined ? {} : { note }) };
    if (name === target.column) return { ...common, role: "target" };
    if (name === weights) return { ...common, role: "weight" };
    const encoding = encodingOf.get(name);
    if (encoding !== undefined) return { ...common, role: "feature", encoding };
    const aside = asideOf.get(name);
    if (aside === undefined) return { ...common, role: "not-asked", reason: "not asked for" };
    const { column: _, ...why } = aside;
    return { ...common, role: "set-aside", ...why };
  });
}

/** Columns shown one a line; of more, those of the same use share one. */
const MOST_LINES = 30;

export function columnLines(uses: readonly ColumnUse[], features: readonly string[]): string[] {
  const lines = uses.map((use) => ({ names: [shortName(use.name)], types: [shortType(use.type)], use: useInWords(use, features) }));
  const grouped = lines.length <= MOST_LINES ? lines : groupByUse(lines);
  const { columns: say, list } = words();
  const cells = grouped.slice(0, MOST_LINES).map(({ names, types, use }) => [list(names, 4), list(types, 3), use]);
  const left = grouped.slice(MOST_LINES).reduce((sum, { names }) => sum + names.length, 0);
  return formatTable([say.head, ...cells, ...(left === 0 ? [] : [[say.more(formatCount(left)), "", ""]])], ["left", "left", "left"]);
}

interface ColumnLine {
  readonly names: string[];
  readonly types: string[];
  readonly use: string;
}

function groupByUse(lines: readonly ColumnLine[]): ColumnLine[] {
  const groups = new Map<string, ColumnLine>();
  for (const { names, types, use } of lines) {
    const group = groups.get(use) ?? { names: [], types: [], use };
    group.names.push(...names);
    if (!group.types.includes(types[0]!)) group.types.push(types[0]!);
    groups.set(use, group);
  }
  return [...groups.values()];
}

function useInWords({ role, encoding, reason, note }: ColumnUse, features: readonly string[]): string {
  const { columns: say, list, semicolon } = words();
  const read = note === undefined ? "" : say.aside(sentence(note));
  if (role === "target") return say.target + read;
  if (role === "weight") return say.weight + read;
  if (encoding === undefined) return say.notUsed(role === "not-asked" ? say.notAskedFor : sentence(String(reason))) + read;
  const parts: string[] = [];
  if (encoding.kind === "category")
    parts.push(
      say.base(
        shortName(encoding.base),
        list(
          encoding.levels.map((level) => shortName(level)),
          6,
        ),
      ),
    );
  if (encoding.kind === "date") parts.push(say.dates);
  if (encoding.kind === "boolean") parts.push(say.booleans);
  const { missing } = encoding;
  if (missing > 0) {
    const stand =
      encoding.kind === "category"
        ? shortName(encoding.base)
        : encoding.kind === "boolean"
          ? String(encoding.fill === 1)
          : formatNumber(encoding.fill);
    const frequent = encoding.kind === "category" || encoding.kind === "boolean";
    const indicator = encoding.features.missing;
    const marked = indicator !== undefined && features.includes(indicator) ? indicator : undefined;
    parts.push(say.missing(formatCount(missing), frequent, stand, marked));
  }
  return `${say.feature}${parts.length === 0 ? "" : say.colon + parts.join(semicolon)}${read}`;
}

function shortType(type: string): string {
  return type.length > 24 ? `${type.slice(0, 23)}…` : type;
}
