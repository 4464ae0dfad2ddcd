/**
 * `descend fit` for tables larger than memory: a few passes, each from the first row to the last.
 *
 * 1. survey: kinds, missing values, how many rows can be used
 * 2. learn: means, levels, medians (one or two passes more where values are missing)
 * 3. moments: count, means, covariances of the encoded columns
 * 4. judge: errors of the rows to learn from and of those kept apart
 *
 * Squared losses see the moments alone: the fit between 3 and 4 is that of a few weighted rows that have the same. For other losses 3
 * also writes the encoded rows to a temporary file, and every evaluation of the objective is a pass over that, but those of judging,
 * many of which share one (`spilled-fit.ts`). Mini-batches are taken from that file too, whatever the loss, as in memory: each epoch its rows
 * are put in another order.
 */

import { DataError, type Descent } from "descend";
import {
  decisiveSettings,
  type Finding,
  type FitSettings,
  findingsOf,
  ofTarget,
  type TableFit,
  unswept,
  unusedRate,
  weighted,
  withSweptRate,
} from "../fit/fit-table.js";
import { ofTwoNumbers } from "../fit/regression-remarks.js";
import { resumableFit } from "../fit/resumable-fit.js";
import { encodeRows, type MissingPolicy } from "../prepare/encoding.js";
import { featureColumns, noFeatures, type PlanSummary, type PreparedSplit, targetOf } from "../prepare/prepare.js";
import { weightColumn } from "../prepare/row-weights.js";
import { noRows, type OpenTable, type Table } from "../table/table.js";
import { descendWithProgress } from "../terminal/descend-with-progress.js";
import { formatCount } from "../terminal/format.js";
import { learnTable } from "./learn-table.js";
import { dealRows } from "./row-dealing.js";
import { createRowWalk } from "./row-walk.js";
import { gigabytes } from "./spill-file.js";
import { fitFolds, gatherTerms, judgeFold, scoresOf } from "./streamed-folds.js";
import { createStreamedPart, type StreamedPart } from "./streamed-part.js";
import { chooseStreamable, StreamedSplit } from "./streamed-split.js";
import { createStreamedTarget } from "./streamed-target.js";
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
 * @throws as planTable, prepareSplit and fitTable; OptionError OPTIONS_CONFLICT for models and options that need all rows in memory;
 * DataError TABLE_MALFORMED where the rows are others when they are read again
 */
export async function fitStreamed(open: OpenTable, options: StreamOptions): Promise<StreamedFit> {
  const { path, columns, otherNames, duplicateNames } = open;
  const empty: Table = { path, rows: 0, columns, otherNames, duplicateNames, numbers: new Map(), texts: new Map() };
  if (!(await hasRows(open))) throw noRows(open);
  const target = targetOf(empty, options.target);
  const weights = weightColumn(empty, options.weights, target.column);
  const always = weights === undefined ? [target.column] : [target.column, weights];
  const asked = featureColumns(empty, target.column, options.features, weights);
  await open.connection.run(`SET memory_limit = '${DATABASE_MEMORY}'; SET threads = 2; SET preserve_insertion_order = true`);

  let allFinite = false;
  let candidates = asked.filter(({ kind }) => kind !== "other");
  const walk = createRowWalk(open, {
    target,
    required: () => [...always, ...(options.missing === "drop" ? candidates.map(({ name }) => name) : [])],
    finite: () => [...always, ...(allFinite ? [] : candidates.map(({ name }) => name))],
  });
  const reader = createStreamedTarget(target);
  const { counts, setAside, gaps, distinct } = await surveyTable(walk, asked, reader.values, (chosen) => {
    candidates = chosen;
  });
  allFinite = counts.infinite === 0;
  const table = { ...empty, rows: counts.read };
  if (candidates.length === 0) throw noFeatures(table, target.column, setAside);
  requireRows(path, counts);
  const context = { table, target, reader, weights, setAside, settings: options };
  chooseStreamable(context, distinct);
  const dealing = dealRows(counts.kept, options);
  const learned = await learnTable(walk, candidates, options, gaps, reader.values, dealing);
  const splits = learned.splits.map((split, k) => new StreamedSplit(split, dealing.counts[k]!.train, context));
  const whole = splits[0]!;
  const { chosen } = whole;
  try {
    whole.keepAtOnce();
    await learned.pass((piece, parts) => {
      for (const [k, split] of splits.entries()) split.gather(piece, parts[k]!.train);
    });
    for (const split of splits) split.settle();
    const folds = new Map([...splits.entries()].slice(1));
    await gatherTerms(learned, new Map([...splits.entries()].filter(([, split]) => split === whole || !split.needsRows)));
    whole.open();

    const { standIn, features } = whole;
    const resumable = resumableFit(options, decisiveSettings(chosen, features, options), [standIn.print, whole.classes.map(reader.label)]);
    const path = options.path === true ? whole.path(options) : undefined;
    const sweep = options.sweep === true ? whole.sweep(options) : undefined;
    const prepared = whole.start(withSweptRate(options, sweep), resumable.from);
    const descent = prepared.descent as unknown as Descent<never>;
    const { interrupted } = await descendWithProgress(descent, {
      maxSteps: prepared.maxSteps,
      stepsPerEpoch: prepared.stepsPerEpoch,
      valueUnit: prepared.valueUnit,
      learningRate: prepared.choice.learningRate,
      slow: whole.needsRows,
      ...resumable.keeping(descent),
    });
    const { checkpoint, findings: saving } = interrupted
      ? await resumable.saveInterrupted(descent)
      : { checkpoint: undefined, findings: [] };
    const fitted = prepared.finish();
    const kept = whole.file;
    const ofFolds = interrupted ? [] : await fitFolds(learned, folds, options);

    const { train: trainRows, test: testRows } = dealing.counts[0]!;
    const [train, test] = [trainRows, testRows].map((rows) =>
      createStreamedPart(fitted, features, Math.max(1, Math.ceil(rows / PICTURE_ROWS)), whole.classes),
    ) as [StreamedPart, StreamedPart];
    const judging = whole.encodingsInUse();
    await learned.pass((piece, parts) => {
      const add = (part: StreamedPart, rows: Int32Array): void => part.add(encodeRows(piece, judging, rows), reader.values(piece, rows));
      add(train, parts[0]!.train);
      add(test, parts[0]!.test);
      for (const fold of ofFolds) judgeFold(fold, piece, parts[fold.number]!.test, reader);
    });
    await learned.finish();

    const trained = train.finish(0);
    const tested = test.finish(trained.part.rows.length);
    const crossValidation = options.cv === undefined || interrupted ? undefined : scoresOf(ofFolds, options.cv);
    const held: Table = { ...table, ...reader.columns(Float64Array.of(...trained.actual, ...tested.actual)) };
    const split = {
      encodings: whole.encodingsInUse(),
      features,
      setAside: whole.setAside,
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
        ...(whole.needsRows ? {} : { ofMoments: descent }),
        stepsPerEpoch: prepared.stepsPerEpoch,
        valueUnit: prepared.valueUnit,
        interrupted,
        checkpoint,
        train: trained.judged!,
        test: tested.judged,
        crossValidation,
        passes: walk.passes,
        ...(sweep === undefined ? {} : { sweep }),
        ...(path === undefined ? {} : { path }),
        findings: [
          ...saving,
          ...unswept(sweep),
          ...unusedRate(options, prepared),
          streamed(walk.passes, kept, trained.part.rows.length < trained.part.count),
          ...weighted(options),
          ...ofTwoNumbers(target.column, distinct.map(reader.label), options.model),
          ...(chosen.task === "regression" ? ofTarget(standIn, standIn.target) : []),
          ...findingsOf(split, tested.judged, crossValidation),
          ...fitted.findings,
        ],
      },
    };
  } finally {
    for (const split of splits) split.close();
  }
}

/** @param kept - what was kept in a temporary file. */
function streamed(
  passes: number,
  kept: { readonly bytes: number; readonly passes: number; readonly folder: string } | undefined,
  sampled: boolean,
): Finding {
  const what =
    kept === undefined
      ? "the fit is that of its means and covariances, all that squared errors depend on"
      : `its encoded rows were kept in a temporary file of ${gigabytes(kept.bytes)} in ${kept.folder}, and ${kept.passes} passes over that made the fit`;
  const pictures = sampled ? ` Pictures show about ${formatCount(PICTURE_ROWS)} rows of each part, evenly spaced.` : "";
  return {
    code: "STREAMED",
    severity: "info",
    message: `the table was streamed: ${passes} passes over it; ${what}. Each row was dealt to its part by a number drawn from the seed and its place, as in memory.${pictures}`,
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
