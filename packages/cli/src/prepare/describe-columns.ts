/** What became of each column of a table: one line a column for people, one record for programs and reports. */

import type { ColumnKind } from "../table/table.js";
import { formatCount, formatList, formatNumber, formatTable } from "../terminal/format.js";
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
  const lines = uses.map((use) => ({ names: [use.name], types: [shortType(use.type)], words: useInWords(use, features) }));
  const grouped = lines.length <= MOST_LINES ? lines : groupByUse(lines);
  const cells = grouped.slice(0, MOST_LINES).map(({ names, types, words }) => [formatList(names, 4), formatList(types, 3), words]);
  const left = grouped.slice(MOST_LINES).reduce((sum, { names }) => sum + names.length, 0);
  return formatTable(
    [["column", "type", "use"], ...cells, ...(left === 0 ? [] : [[`and ${formatCount(left)} more`, "", ""]])],
    ["left", "left", "left"],
  );
}

interface ColumnLine {
  readonly names: string[];
  readonly types: string[];
  readonly words: string;
}

function groupByUse(lines: readonly ColumnLine[]): ColumnLine[] {
  const groups = new Map<string, ColumnLine>();
  for (const { names, types, words } of lines) {
    const group = groups.get(words) ?? { names: [], types: [], words };
    group.names.push(...names);
    if (!group.types.includes(types[0]!)) group.types.push(types[0]!);
    groups.set(words, group);
  }
  return [...groups.values()];
}

function useInWords({ role, encoding, reason, note }: ColumnUse, features: readonly string[]): string {
  const read = note === undefined ? "" : ` (${note})`;
  if (role === "target") return `target${read}`;
  if (role === "weight") return `how often each row counts${read}`;
  if (encoding === undefined) return `${role === "not-asked" ? "not used: not asked for" : `not used: ${reason}`}${read}`;
  const parts: string[] = [];
  if (encoding.kind === "category") {
    const { base, levels } = encoding;
    parts.push(levels.length === 0 ? `base ${base}` : `base ${base} against ${formatList(levels, 6)}`);
  }
  if (encoding.kind === "date") parts.push("days since the first");
  if (encoding.kind === "boolean") parts.push("1 for true");
  const { missing } = encoding;
  if (missing > 0) {
    const stand =
      encoding.kind === "category"
        ? encoding.base
        : encoding.kind === "boolean"
          ? String(encoding.fill === 1)
          : formatNumber(encoding.fill);
    const how = encoding.kind === "category" || encoding.kind === "boolean" ? "the most frequent" : "the median";
    const indicator = encoding.features.missing;
    parts.push(
      `${formatCount(missing)} missing: ${how}, ${stand}${indicator === undefined || !features.includes(indicator) ? "" : `, and a feature "${indicator}"`}`,
    );
  }
  return `feature${parts.length === 0 ? "" : `: ${parts.join("; ")}`}${read}`;
}

function shortType(type: string): string {
  return type.length > 24 ? `${type.slice(0, 23)}…` : type;
}
