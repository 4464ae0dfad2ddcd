/**
 * `descend fit` for tables larger than memory: a few passes, each from the first row to the last.
 *
 * 1. survey: kinds, missing values, how many rows can be used      2. learn: means, levels, medians (one or two passes more where values are missing)
 * 3. moments: count, means, covariances of the encoded columns     4. judge: errors of the rows to learn from and of those kept apart
 *
 * Squared losses see the moments alone: the fit between 3 and 4 is that of a few weighted rows that have the same.
 */

import { DataError, type RegressionModel, splitRule } from "descend";
import { type Finding, type FitSettings, findingsOf, start, type TableFit } from "../fit/fit-table.js";
import { type ChosenModel, chooseModelFor } from "../fit/model-options.js";
import { type ColumnEncoding, encodeRows, type MissingPolicy, type SetAside } from "../prepare/encoding.js";
import { featureColumns, noFeatures, type PlanSummary, type PreparedSplit, targetNumbers, targetOf } from "../prepare/prepare.js";
import { weightColumn, weightsOf } from "../prepare/row-weights.js";
import { noRows, type OpenTable, type Table } from "../table/table.js";
import { descendWithProgress } from "../terminal/descend-with-progress.js";
import { formatCount } from "../terminal/format.js";
import { requireSquaredLoss, requireStreamable } from "./large-table.js";
import { type Learned, learnTable } from "./learn-table.js";
import { createFeatureMoments } from "./moments.js";
import { createRowWalk, type TargetValues } from "./row-walk.js";
import { createStreamedPart } from "./streamed-part.js";
import { type Counts, surveyTable } from "./survey-table.js";

export interface StreamOptions extends FitSettings {
  readonly target: string;
  readonly features?: readonly string[];
  readonly weights?: string;
  readonly missing: MissingPolicy;
  readonly testFraction: number;
}

export interface StreamedFit {
  readonly plan: PlanSummary;
  readonly split: PreparedSplit;
  readonly fit: TableFit;
}

/** Memory of the database; sorts and joins of a query spill into its folder for temporary files. */
const DATABASE_MEMORY = "400MB";
/** Rows of each part that pictures show. */
const PICTURE_ROWS = 5000;

/**
 * @throws as planTable, prepareSplit and fitTable; OptionError OPTIONS_CONFLICT for models and options that need all rows in memory; DataError
 * TABLE_MALFORMED where the rows are others when they are read again
 */
export async function fitStreamed(open: OpenTable, options: StreamOptions): Promise<StreamedFit> {
  const { path, columns, otherNames, duplicateNames } = open;
  const empty: Table = { path, rows: 0, columns, otherNames, duplicateNames, numbers: new Map(), texts: new Map() };
  if (!(await hasRows(open))) throw noRows(open);
  const target = targetOf(empty, options.target);
  const weights = weightColumn(empty, options.weights, target.column);
  const always = weights === undefined ? [target.column] : [target.column, weights];
  const asked = featureColumns(empty, target.column, options.features, weights);
  requireStreamable(options, target);
  await open.connection.run(`SET memory_limit = '${DATABASE_MEMORY}'; SET threads = 2; SET preserve_insertion_order = true`);

  let allFinite = false;
  let candidates = asked.filter(({ kind }) => kind !== "other");
  const walk = createRowWalk(open, {
    target,
    required: () => [...always, ...(options.missing === "drop" ? candidates.map(({ name }) => name) : [])],
    finite: () => [...always, ...(allFinite ? [] : candidates.map(({ name }) => name))],
  });
  const valuesAmong: TargetValues = (piece, rows) => targetNumbers(piece, target, rows);
  const { counts, setAside, gaps, distinct } = await surveyTable(walk, asked, valuesAmong, (chosen) => {
    candidates = chosen;
  });
  allFinite = counts.infinite === 0;
  const table = { ...empty, rows: counts.read };
  if (candidates.length === 0) throw noFeatures(table, target.column, setAside);
  requireRows(path, counts);
  requireSquaredLoss(chooseModelFor(options, target, distinct).kind);

  const rule = splitRule(counts.kept, options);
  const learned = await learnTable(walk, candidates, options, gaps, valuesAmong, rule);
  requireFiniteTarget(target.column, learned.target);
  const chosen: ChosenModel = chooseModelFor(options, target, learned.target.distinct);
  requireSquaredLoss(chosen.kind);

  const splitAside: SetAside[] = [...learned.setAside];
  const moments = createFeatureMoments();
  const unique = learned.encodings();
  await learned.pass((piece, rows) =>
    moments.add(encodeRows(piece, unique, rows).features, valuesAmong(piece, rows), weightsOf(piece, weights, rows)),
  );
  const standIn = moments.finish(splitAside);
  if (standIn.used.length === 0) throw noFeatures(table, target.column, [...setAside, ...splitAside]);
  const names = standIn.used.map(({ name }) => name);
  const used = new Set(standIn.used.map(({ column }) => column));

  const prepared = start(standIn, chosen, standIn.target, options);
  const { interrupted } = await descendWithProgress(prepared.descent, {
    maxSteps: prepared.maxSteps,
    valueUnit: prepared.valueUnit,
    learningRate: prepared.choice.learningRate,
  });
  const fitted = prepared.finish();

  const inUse = (): ColumnEncoding[] => learned.encodings().filter(({ column }) => used.has(column));
  const testRows = rule.testRows;
  const judging = inUse();
  const train = createStreamedPart(fitted as RegressionModel, names, Math.ceil((counts.kept - testRows) / PICTURE_ROWS));
  const test = createStreamedPart(fitted as RegressionModel, names, Math.max(1, Math.ceil(testRows / PICTURE_ROWS)));
  await learned.pass((piece, rows, apart) => {
    train.add(encodeRows(piece, judging, rows), valuesAmong(piece, rows));
    test.add(encodeRows(piece, judging, apart), valuesAmong(piece, apart));
  });
  await learned.finish();

  const trained = train.finish(0);
  const tested = test.finish(trained.part.rows.length);
  const actual = [trained, tested].flatMap(({ judged }) => (judged === undefined ? [] : Array.from(judged.actual)));
  const held: Table = { ...table, numbers: new Map([[target.column, Float64Array.from(actual)]]) };
  const split = {
    encodings: inUse(),
    features: names,
    setAside: splitAside,
    train: trained.part,
    test: tested.part,
    deviations: standIn.deviations,
  };
  return {
    plan: { table: held, target, weights, candidates, setAside, missing: options.missing, rows: counts },
    split,
    fit: {
      chosen,
      fitted,
      stepsPerEpoch: prepared.stepsPerEpoch,
      valueUnit: prepared.valueUnit,
      interrupted,
      checkpoint: undefined,
      train: trained.judged!,
      test: tested.judged,
      crossValidation: undefined,
      passes: walk.passes,
      findings: [
        streamed(walk.passes, trained.part.rows.length < trained.part.count),
        ...findingsOf(split, tested.judged, undefined),
        ...fitted.findings,
      ],
    },
  };
}

function streamed(passes: number, sampled: boolean): Finding {
  const pictures = sampled ? ` Pictures show about ${formatCount(PICTURE_ROWS)} rows of each part, evenly spaced.` : "";
  return {
    code: "STREAMED",
    severity: "info",
    message: `the table was streamed: ${passes} passes over it; the fit is that of its means and covariances, all that squared errors depend on. Each row was dealt to its part by a number drawn from the seed and its place, as in memory.${pictures}`,
  };
}

async function hasRows({ connection, source }: OpenTable): Promise<boolean> {
  return (await connection.runAndReadAll(`SELECT 1 FROM ${source.sql} LIMIT 1`, source.values)).currentRowCount > 0;
}

function requireRows(path: string, { read, kept }: Counts): void {
  if (kept >= 2) return;
  const message = `${path}: expected at least 2 rows with all values needed, got ${kept} (of ${read}).`;
  throw new DataError("ROWS_TOO_FEW", message, { rows: kept, needed: 2 });
}

function requireFiniteTarget(column: string, { deviation, largest }: Learned["target"]): void {
  if (Number.isFinite(deviation)) return;
  const got = String(largest.value);
  throw new DataError(
    "DATA_NOT_FINITE",
    `--target ${column}: expected numbers whose squares are finite, got ${got}. Divide the column first.`,
    { column, row: 0, got },
  );
}
