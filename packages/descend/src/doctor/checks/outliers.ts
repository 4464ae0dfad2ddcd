/** Rows that rule the fit: codes for missing values, or gross errors. */

import { median } from "../../numeric/averages.js";
import { type Check, confidenceOf, type Draft, type Remedy, short } from "../check.js";
import type { Examination } from "../examination.js";
import { leastSquaresOfTable } from "../instruments/least-squares-of-table.js";
import type { SettledTable } from "../settle-case.js";

/** Share of rows at most, and share of the squared residuals that they carry. */
const ROWS = 0.1;
const CARRIED = 0.5;
/** Residuals in robust deviations. */
const EXTREME = 8;
/** How often a code occurs, and how many robust deviations it lies from the rest. */
const REPEATED = 3;
const ISOLATED = 10;
/** Standard errors that a coefficient moves by without the rows. */
const MOVED = 3;

export const outliers: Check = {
  id: "outliers",
  explains: ["any"],
  examine(examination): Draft | undefined {
    const { settled } = examination;
    const { table } = settled;
    if (table === undefined || settled.patch.dropRows !== undefined || table.rows < 20 || !table.finite) return undefined;
    const sentinels = sentinelsOf(table);
    const coded = sentinels.flatMap(({ rows }) => rows);
    const numeric = table.model.kind === "linear";
    if (coded.length === 0 && !numeric) return undefined;
    const extreme = numeric ? extremeRows(table) : [];
    const rows = [...new Set(coded.length > 0 ? coded : extreme)].sort((a, b) => a - b);
    if (rows.length === 0 || rows.length > 0.3 * table.rows) return undefined;
    const moved = movement(table, rows);
    if (!(moved > MOVED)) return undefined;
    const evidence = [
      examination.note("coefficients-moved", moved, {
        unit: "standard errors",
        threshold: MOVED,
        how: "largest change of a least-squares coefficient when the rows are left out, in its standard errors without them",
      }),
      examination.note("rows-concerned", rows.length, {
        unit: "rows",
        how:
          coded.length > 0 ? "rows with a repeated, isolated value" : "rows whose residuals under a robust fit exceed 8 robust deviations",
      }),
      ...sentinels.map(({ name, value, rows: which }) =>
        examination.note(`code.${name}`, value, {
          how: `occurs ${which.length} times in "${name}", more than ${ISOLATED} robust deviations from the rest`,
        }),
      ),
    ];
    const [first] = sentinels;
    const remedies: Remedy[] = [
      {
        id: "drop-rows",
        patch: { dropRows: rows },
        fixLevel: "data",
        text: coded.length > 0 ? `Treat the code as missing: leave out its ${rows.length} rows.` : `Leave out the ${rows.length} rows.`,
        values: { rows: rows.length },
        comparedWithout: rows,
      },
      ...solverAfter(examination, rows),
      ...(numeric
        ? [
            {
              id: "huber",
              patch: { model: { kind: "huber" } },
              fixLevel: "model",
              text: "Take Huber's loss, which large errors pull less.",
              comparedWithout: rows,
            } satisfies Remedy,
          ]
        : []),
    ];
    return {
      confidence: confidenceOf(moved, MOVED / 2),
      evidence,
      text:
        first !== undefined
          ? `The value ${short(first.value)} occurs ${first.rows.length} times in "${first.name}", far from everything else: a code for missing values. Without these rows a coefficient moves by ${short(moved)} standard errors.`
          : `${rows.length} of ${table.rows} rows carry most of the squared errors; without them a coefficient moves by ${short(moved)} standard errors.`,
      values: { rows: rows.length, moved: Number.isFinite(moved) ? moved : "Infinity", column: first?.name ?? "", code: first?.value ?? 0 },
      remedies,
    };
  },
};

function solverAfter({ settled }: Examination, rows: readonly number[]): Remedy[] {
  if (settled.method.family === "search") return [];
  return [
    {
      id: "drop-rows-standardize",
      patch: { dropRows: rows, standardize: { features: true, target: true }, method: "lbfgs", batch: "full" },
      fixLevel: "data",
      text: "Leave the rows out, standardize, and let L-BFGS choose the steps.",
      comparedWithout: rows,
    },
  ];
}

/** Exact values that repeat at the edge of a column, isolated from the rest. */
function sentinelsOf(table: SettledTable): { name: string; value: number; rows: number[] }[] {
  const found: { name: string; value: number; rows: number[] }[] = [];
  const look = (name: string, column: ArrayLike<number>): void => {
    const values = Array.from(column);
    for (const value of [Math.min(...values), Math.max(...values)]) {
      const rows = values.flatMap((each, i) => (each === value ? [i] : []));
      if (rows.length <= REPEATED || rows.length > 0.3 * values.length) continue;
      const rest = values.filter((each) => each !== value);
      if (new Set(rest).size < 10) continue;
      const middle = median(rest);
      const spread = 1.4826 * median(rest.map((each) => Math.abs(each - middle)));
      const nearest = value < middle ? Math.min(...rest) : Math.max(...rest);
      if (spread > 0 && Math.abs(value - nearest) > ISOLATED * spread) found.push({ name, value, rows });
    }
  };
  table.columns.forEach((column, k) => {
    look(table.names[k]!, column);
  });
  if (table.model.kind === "linear" || table.model.kind === "huber" || table.model.kind === "absolute") look("target", table.target);
  return found;
}

/** Rows beyond the limit under an iteratively reweighted fit, if they carry most of the squares of least squares. */
function extremeRows(table: SettledTable): number[] {
  const all = Array.from({ length: table.rows }, (_, i) => i);
  const plain = leastSquaresOfTable(table, all, undefined);
  if (plain === undefined) return [];
  const squares = Array.from(plain.residuals, (r) => r * r);
  const most = [...squares].sort((a, b) => b - a).slice(0, Math.floor(ROWS * table.rows));
  const total = squares.reduce((sum, s) => sum + s, 0);
  let residuals = plain.residuals;
  let spread = 0;
  for (let k = 0; k < 10; k++) {
    spread = 1.4826 * median(residuals.map(Math.abs));
    if (!(spread > 0)) return [];
    const limit = 1.345 * spread;
    const next = leastSquaresOfTable(
      table,
      all,
      residuals.map((r) => Math.sqrt(Math.min(1, limit / Math.abs(r)))),
    );
    if (next === undefined) return [];
    residuals = next.residuals;
  }
  const rows = all.filter((i) => Math.abs(residuals[i]!) > EXTREME * spread);
  const carried = rows.reduce((sum, i) => sum + residuals[i]! ** 2, 0) / residuals.reduce((sum, r) => sum + r * r, 0);
  const plainly = most.reduce((sum, s) => sum + s, 0) / total;
  return rows.length <= ROWS * table.rows && carried > CARRIED && plainly > CARRIED ? rows : [];
}

/** Largest change of a coefficient without the rows, in standard errors without them. */
function movement(table: SettledTable, rows: readonly number[]): number {
  const without = new Set(rows);
  const all = Array.from({ length: table.rows }, (_, i) => i);
  const whole = leastSquaresOfTable(table, all, undefined);
  const clean = leastSquaresOfTable(
    table,
    all.filter((i) => !without.has(i)),
    undefined,
  );
  if (whole === undefined || clean === undefined) return Number.NaN;
  return Math.max(...Array.from(whole.coefficients, (b, k) => Math.abs(b - clean.coefficients[k]!) / clean.errors[k]!));
}
