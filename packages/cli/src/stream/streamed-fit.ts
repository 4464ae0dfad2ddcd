/**
 * `descend fit` for tables larger than memory: a few passes, each from the first row to the last.
 *
 * 1. survey: kinds, missing values, how many rows can be used      2. learn: means, levels, medians (one or two passes more where values are missing)
 * 3. moments: count, means, covariances of the encoded columns     4. judge: errors of the rows to learn from and of those kept apart
 *
 * Squared losses see the moments alone: the fit between 3 and 4 is that of a few weighted rows that have the same.
 */

import { DataError, type RegressionModel, splitRule } from "descend";
import { descendWithProgress } from "../descend-with-progress.js";
import { type ColumnEncoding, encodeRows, type MissingPolicy, type SetAside } from "../encoding.js";
import { type Finding, type FitSettings, findingsOf, start, type TableFit } from "../fit-table.js";
import { formatCount } from "../format.js";
import { type ChosenModel, chooseModelFor } from "../model-options.js";
import {
  featureColumns,
  noFeatures,
  type PlanSummary,
  type PreparedSplit,
  type RowCounts,
  targetNumbers,
  targetOf,
  withUniqueNames,
} from "../prepare.js";
import { noRows, type OpenTable, type Table, type TableColumn } from "../table.js";
import { type ColumnLearner, createColumnLearner } from "./column-learner.js";
import { requireSquaredLoss, requireStreamable } from "./large-table.js";
import { createFeatureMoments } from "./moments.js";
import { createRowWalk, type RowWalk } from "./row-walk.js";
import { createRunningStatistics } from "./running-statistics.js";
import { createStreamedPart } from "./streamed-part.js";
import { createSurvey } from "./survey.js";

export interface StreamOptions extends FitSettings {
  readonly target: string;
  readonly features?: readonly string[];
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
  const asked = featureColumns(empty, target.column, options.features);
  requireStreamable(options, target);
  if (target.kind === "text") chooseModelFor(options, target, []);
  await open.connection.run(`SET memory_limit = '${DATABASE_MEMORY}'; SET threads = 2; SET preserve_insertion_order = true`);

  let candidates = asked.filter(({ kind }) => kind !== "other");
  const walk = createRowWalk(open, {
    target,
    required: () => [target.column, ...(options.missing === "drop" ? candidates.map(({ name }) => name) : [])],
    finite: () => [target.column, ...candidates.map(({ name }) => name)],
  });
  const { counts, setAside, gaps } = await surveyTable(walk, asked, (chosen) => {
    candidates = chosen;
  });
  const table = { ...empty, rows: counts.read };
  if (candidates.length === 0) throw noFeatures(table, target.column, setAside);
  requireRows(path, counts);

  const rule = splitRule(counts.kept, options);
  const learned = await learn(walk, candidates, options, gaps, (piece, rows) => targetNumbers(piece, target, rows), rule);
  requireFiniteTarget(target.column, learned.target);
  const chosen: ChosenModel = chooseModelFor(options, target, learned.target.distinct);
  requireSquaredLoss(chosen.kind);

  const splitAside: SetAside[] = [...learned.setAside];
  const moments = createFeatureMoments();
  const unique = learned.encodings();
  await learned.pass((piece, rows) => moments.add(encodeRows(piece, unique, rows).features, targetNumbers(piece, target, rows)));
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
    train.add(encodeRows(piece, judging, rows), targetNumbers(piece, target, rows));
    test.add(encodeRows(piece, judging, apart), targetNumbers(piece, target, apart));
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
    plan: { table: held, target, candidates, setAside, missing: options.missing, rows: counts },
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

type Counts = RowCounts & { readonly kept: number };

/** @param choose - told which columns may be features as soon as that is known. */
async function surveyTable(
  walk: RowWalk,
  asked: readonly TableColumn[],
  choose: (candidates: TableColumn[]) => void,
): Promise<{ counts: Counts; setAside: SetAside[]; gaps: ReadonlySet<string> }> {
  const survey = createSurvey(asked);
  const names = asked.map(({ name }) => name);
  const counts = await walk.pass(names, ({ piece }) => survey.add(piece));
  const setAside: SetAside[] = [];
  const gaps = new Set<string>();
  const candidates: TableColumn[] = [];
  let recount = false;
  for (const column of asked) {
    const { missing, reason } = survey.of(column);
    if (missing > 0) gaps.add(column.name);
    if (reason === undefined) candidates.push(column);
    else {
      setAside.push({ column: column.name, ...reason });
      recount ||= column.kind !== "other" && missing > 0;
    }
  }
  choose(candidates);
  // Rows were left out for values missing in columns that are set aside now
  if (!recount || counts.missing === 0 || candidates.length === 0) return { counts, setAside, gaps };
  return { counts: await walk.pass([], () => undefined), setAside, gaps };
}

interface Learned {
  readonly setAside: readonly SetAside[];
  readonly target: { readonly deviation: number; readonly largest: { readonly value: number }; readonly distinct: readonly number[] };
  encodings(): ColumnEncoding[];
  /** A pass for other work as well, that goes on learning what is not known yet. */
  pass(visit: (piece: Table, train: Int32Array, test: Int32Array) => void): Promise<void>;
  /** Passes until everything is known. */
  finish(): Promise<void>;
}

async function learn(
  walk: RowWalk,
  candidates: readonly TableColumn[],
  { missing }: StreamOptions,
  gaps: ReadonlySet<string>,
  targetAmong: (piece: Table, rows: Int32Array) => Float64Array,
  rule: ReturnType<typeof splitRule>,
): Promise<Learned> {
  const learners = candidates.map((column) => ({ name: column.name, learner: createColumnLearner(column, missing) }));
  const pass: Learned["pass"] = async (visit) => {
    const names = candidates.map(({ name }) => name);
    const learning = learners.filter(({ learner }) => !learner.done);
    await walk.pass(
      names,
      ({ piece, train, test }) => {
        for (const { learner } of learning) learner.add(piece, train);
        visit(piece, train, test);
      },
      rule,
    );
    for (const { learner } of learning) learner.endPass();
  };
  const whileAny = async (open: (entry: { name: string; learner: ColumnLearner }) => boolean): Promise<void> => {
    while (learners.some(open)) await pass(() => undefined);
  };
  const statistics = createRunningStatistics();
  const distinct = new Set<number>();
  let largest = 0;
  await pass((piece, train) => {
    const values = targetAmong(piece, train);
    statistics.add(values);
    for (const value of values) {
      if (distinct.size < 3) distinct.add(value);
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
  });
  const setAside: SetAside[] = [];
  const usable = learners.filter(({ name, learner }) => {
    const encoding = learner.encoding();
    if ("reason" in encoding) setAside.push({ column: name, ...encoding });
    return !("reason" in encoding);
  });
  learners.splice(0, learners.length, ...usable);
  // What fills gaps must be known before the rows are encoded; the other medians, for tables to come, may wait
  await whileAny(({ name, learner }) => gaps.has(name) && !learner.done);
  return {
    setAside,
    target: { deviation: statistics.deviation, largest: { value: largest }, distinct: [...distinct] },
    encodings: () => withUniqueNames(learners.map(({ learner }) => learner.encoding() as ColumnEncoding)),
    pass,
    finish: () => whileAny(({ learner }) => !learner.done),
  };
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
