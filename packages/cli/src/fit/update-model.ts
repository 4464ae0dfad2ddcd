/** `descend fit new.csv --update model.json`: a saved model learns from more rows, one pass over them, without those it was made from. */

import { type ClassLabel, createOnlineModel, DataError, type Model, type OnlineModel, OptionError, type ScalingData } from "descend";
import { gradientDescent, inverseTimeDecay } from "descend/optim";
import { writeOutput } from "../files/output-files.js";
import { encodeRows } from "../prepare/encoding.js";
import { type EncodedPart, partOf, targetLabels, targetNumbers } from "../prepare/prepare.js";
import { readTable, type Table } from "../table/table.js";
import { commandLine } from "../terminal/command-line.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatCount, formatNumber, formatTable } from "../terminal/format.js";
import { print, printJson, status } from "../terminal/output.js";
import { words } from "../terminal/words/words.js";
import { interceptName } from "./coefficients.js";
import { type JudgedPart, judge, namedMetrics } from "./judge.js";
import { refuseUnseen, requireColumns, usableRows, wantedColumns } from "./model-table.js";
import { type LoadedModel, loadModel, type SavedModel } from "./saved-model.js";

export interface UpdateOptions {
  readonly update: string;
  readonly save?: string;
  readonly query?: string;
  readonly header: boolean;
  /** Rows an update. Default 1. */
  readonly batch?: number | "full";
  /** Default: such that a new row counts as much as one that the model was made from. */
  readonly learningRate?: number;
  readonly l2?: number;
  readonly json?: boolean;
}

/** Bounds of ℓ'': steps longer than 2 over it and the squared length of a row overshoot that row. */
const STEEPEST = { linear: 1, logistic: 1 / 4, softmax: 1 / 2 };

/**
 * @throws OptionError OPTIONS_CONFLICT for models of other kinds; DataError COLUMNS_MISSING, CATEGORY_UNSEEN,
 * CLASS_UNKNOWN, DATA_EMPTY and those of reading
 */
export async function updateModel(path: string | undefined, options: UpdateOptions): Promise<ExitCode> {
  const loaded = loadModel(options.update);
  const kind = onlineKind(options.update, loaded.saved);
  const { query, header } = options;
  const table = await readTable(path, { header, query, wanted: wantedColumns(loaded.saved) });
  requireColumns(table, [...loaded.saved.columns.map(({ column }) => column), loaded.saved.target.column]);
  const part = encodedPart(loaded.saved, table);
  const { model, updates } = learn(loaded, kind, table, part, options);
  const [before, after] = [loaded.model, model].map((judged) => judge(judged, table, loaded.saved.target, part)!) as [
    JudgedPart,
    JudgedPart,
  ];
  const saved = savedAfter(loaded.saved, model, table, part, options, after);
  if (options.save !== undefined) await writeOutput(options.save, `${JSON.stringify(saved, undefined, 2)}\n`);
  if (options.json === true) {
    printJson({
      model: saved.model.kind,
      target: saved.target.column,
      rows: { read: table.rows, used: part.rows.length },
      updates,
      coefficients: coefficientsOf(model),
      metrics: { before: before.metrics, after: after.metrics },
    });
  } else print(updateLines(options.update, table, part, updates, before, after));
  if (options.save !== undefined) status(words().written.model(options.save));
  return exitCodes.converged;
}

function onlineKind(path: string, { model }: SavedModel): keyof typeof STEEPEST {
  const kind = model.kind === "ridge" ? "linear" : model.kind;
  if ([...model.offsets, ...model.centers].every((constant) => constant === 0)) {
    throw new OptionError("OPTIONS_CONFLICT", `--update ${path}: expected a model with an intercept, got one without. Fit all rows anew.`, {
      options: ["--update"],
    });
  }
  if ((kind === "linear" || kind === "logistic" || kind === "softmax") && model.degree === 1) return kind;
  const what = model.degree > 1 ? `${model.kind} with products of features` : model.kind;
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `--update ${path}: expected a linear, ridge, logistic or softmax model of the features themselves, got ${what}. Fit all rows anew.`,
    { options: ["--update"] },
  );
}

/** The rows that have what the model needs, and a target. */
function encodedPart(saved: SavedModel, table: Table): EncodedPart {
  const numbers = table.numbers.get(saved.target.column);
  const codes = table.texts.get(saved.target.column)?.codes;
  const rows = usableRows(table, saved).filter((row) => (numbers === undefined ? codes![row]! >= 0 : Number.isFinite(numbers[row]!)));
  if (rows.length === 0) {
    throw new DataError("DATA_EMPTY", `${table.path}: every one of the ${table.rows} rows lacks a value that the model needs.`, {
      where: table.path,
    });
  }
  const encoded = encodeRows(table, saved.columns, rows);
  refuseUnseen(table, saved.columns, encoded.unseen, "Fit all rows anew to learn about them.");
  return partOf(encoded, rows, saved.model.featureNames);
}

function learn(
  { saved, model }: LoadedModel,
  kind: keyof typeof STEEPEST,
  table: Table,
  part: EncodedPart,
  { batch, learningRate, l2 }: UpdateOptions,
): { model: Model; updates: number } {
  const { featureNames } = saved.model;
  const rows = part.rows.length;
  const size = batch === "full" ? rows : Math.min(rows, batch ?? 1);
  // Distances from the centers of the model are brought to one scale, so that steps are alike along all features
  const { centers } = saved.model;
  const scales = featureNames.map((name, k) => rootMeanSquare(part.features[name]!, centers[k]!));
  const scaling: ScalingData = { format: "descend-scaling", version: 1, featureNames, kind: "standard", centers, scales };
  // As if each row moved a mean of all rows so far, and never further than a row alone would allow
  const known = Math.max(1, saved.origin.trainRows);
  const first = Math.min(1 / longestRow(part, featureNames, centers, scales), size / known) / STEEPEST[kind];
  const online: OnlineModel = createOnlineModel({
    model: kind,
    featureNames,
    classes: "classes" in model ? model.classes : undefined,
    batch: size,
    l2: l2 ?? 0,
    scaling,
    start: saved.model,
    ...(learningRate === undefined
      ? { method: gradientDescent({ learningRate: inverseTimeDecay({ initial: first, decay: size / known }) }) }
      : { learningRate }),
  });
  const labels: ArrayLike<ClassLabel> =
    "classes" in model ? targetLabels(table, saved.target, part.rows) : targetNumbers(table, saved.target, part.rows);
  online.partialFit(part.features, labels);
  return { model: online.model(), updates: online.updates };
}

/** Of the distances from a center; 1 if there are none. */
function rootMeanSquare(values: Float64Array, center: number): number {
  const mean = values.reduce((sum, value) => sum + ((value - center) / values.length) * (value - center), 0);
  return Math.sqrt(mean) || 1;
}

/** max 1 + ‖z‖² of the scaled rows. */
function longestRow(
  { rows, features }: EncodedPart,
  names: readonly string[],
  centers: readonly number[],
  scales: readonly number[],
): number {
  const columns = names.map((name) => features[name]!);
  let longest = 1;
  for (let i = 0; i < rows.length; i++) {
    let square = 1;
    for (let k = 0; k < columns.length; k++) square += ((columns[k]![i]! - centers[k]!) / scales[k]!) ** 2;
    longest = Math.max(longest, square);
  }
  return longest;
}

/** name → value, or class → name → value where each class has its own. */
function coefficientsOf(model: Model): object {
  const named = (intercept: number, weights: Float64Array): object =>
    Object.fromEntries([[interceptName(model), intercept], ...model.terms.map((term, k) => [term, weights[k]!])]);
  if ("weights" in model && !("classes" in model)) return named(model.intercept, model.weights);
  const { classes, intercepts, weights } = model;
  if (weights.length === 1) return named(intercepts[0]!, weights[0]!);
  return Object.fromEntries(classes.map((label, c) => [String(label), named(intercepts[c]!, weights[c]!)]));
}

function savedAfter(
  saved: SavedModel,
  model: Model,
  table: Table,
  part: EncodedPart,
  { update }: UpdateOptions,
  after: JudgedPart,
): SavedModel {
  return {
    ...saved,
    model: { ...model.toJSON(), kind: saved.model.kind },
    origin: {
      ...saved.origin,
      command: commandLine(),
      table: table.path,
      trainRows: saved.origin.trainRows + part.rows.length,
      testRows: 0,
      verdict: `updated from ${update}`,
      converged: false,
      metrics: { train: Object.fromEntries(namedMetrics(after).map(({ key, value }) => [key, value])), test: null },
    },
  };
}

function updateLines(path: string, table: Table, part: EncodedPart, updates: number, before: JudgedPart, after: JudgedPart): string[] {
  const left = table.rows - part.rows.length;
  const number = (value: number | null): string => (value === null ? "–" : formatNumber(value, 5));
  const { update: say, fit } = words();
  const rows = namedMetrics(before).map(({ name, value }, k) => [
    fit.metrics[name] ?? name,
    number(value),
    number(namedMetrics(after)[k]!.value),
  ]);
  return [
    say.learned(path, formatCount(part.rows.length), table.path, formatCount(updates)),
    ...(left === 0 ? [] : [say.leftOut(formatCount(left))]),
    "",
    ...formatTable([say.head, ...rows], ["left", "right", "right"]),
  ];
}
