/** What was done to a table that its owner may not expect. */

import type { PlanSummary } from "../prepare/prepare.js";
import { type MarkedNumbers, queryForNumbers } from "../table/marked-numbers.js";
import type { TableColumn } from "../table/table.js";
import { formatList, shortName } from "../terminal/format.js";
import type { Finding } from "./fit-table.js";

interface MarkedColumn {
  readonly name: string;
  readonly marked: MarkedNumbers;
}

export function tableFindings({ table, target, rows, candidates, setAside }: PlanSummary): Finding[] {
  const findings: Finding[] = [];
  if (table.duplicateNames.length > 0) {
    findings.push({
      code: "DUPLICATE_NAMES",
      severity: "warning",
      message: `the name ${formatList(table.duplicateNames)} comes more than once; the later columns are called ${table.duplicateNames[0]}_1 and so on.`,
      columns: table.duplicateNames,
    });
  }
  if (rows.missing + rows.infinite > table.rows / 2) {
    findings.push({
      code: "MOST_ROWS_DROPPED",
      severity: "warning",
      message: `${rows.missing + rows.infinite} of ${table.rows} rows lack a value and are left out: the rest may not stand for the whole.`,
    });
  }
  const asked = new Set([target.column, ...candidates.map(({ name }) => name), ...setAside.map(({ column }) => column)]);
  const marked = table.columns.flatMap(({ name, marked: found }) =>
    found === undefined || !asked.has(name) ? [] : [{ name, marked: found }],
  );
  if (marked.length > 0) findings.push(markedFinding(marked, table.columns));
  for (const { name, note, marked: found } of table.columns) {
    if (!note?.includes("no numbers") || found !== undefined || !setAside.some(({ column }) => column === name)) continue;
    findings.push({ code: "ALMOST_NUMBERS", severity: "warning", message: `${name} is read as text: ${note}.`, columns: [name] });
  }
  return findings;
}

/** Columns named one by one. */
const NAMED = 5;

function markedFinding(columns: readonly MarkedColumn[], all: readonly TableColumn[]): Finding {
  const said = columns.map(({ name, marked: { example, value } }) => `${shortName(name)} (such as "${example}", as a number ${value})`);
  const verb = columns.length === 1 ? "is" : "are";
  return {
    code: "MARKED_NUMBERS",
    severity: "warning",
    message: `${formatList(said, NAMED)} ${verb} read as text; for the numbers: ${queryForNumbers(columns, all)}`,
    columns: columns.map(({ name }) => name),
  };
}
