/**
 * Rows of a streamed table on the way to their fit: encoded as they pass, and gathered as moments, or as rows in a temporary file.
 *
 * 1. `gather`: the moments of the encoded features, by which `settle` finds those that are of use
 * 2. `gatherTerms`, where it is needed: products of these, and rows for a file that was not there yet
 * 3. `open`: ready to be fitted
 */

import {
  type Checkpoint,
  columnStatistics,
  createProductMoments,
  DataError,
  type Fit,
  type FitSweep,
  type FittedModel,
  type PenaltyPath,
  type ProductMoments,
  polynomialFeatures,
} from "descend";
import { type FitSettings, type FittedPart, noClasses, pathOf, start, sweepRates } from "../fit/fit-table.js";
import { type ChosenModel, chooseModelFor } from "../fit/model-options.js";
import { type ColumnEncoding, encodeRows, type SetAside } from "../prepare/encoding.js";
import { noFeatures, type Target } from "../prepare/prepare.js";
import { weightsOf } from "../prepare/row-weights.js";
import type { Table } from "../table/table.js";
import { requireStreamableScale, seesMomentsOnly } from "./large-table.js";
import { createFeatureMoments, type FeatureMoments, type StandIn } from "./moments.js";
import { type OpenRows, type SpilledRows, spillRows } from "./spilled-fit.js";
import type { Learned } from "./split-learner.js";
import { type StreamedTarget, sortedClasses } from "./streamed-target.js";

export interface SplitContext {
  /** Without rows. */
  readonly table: Table;
  readonly target: Target;
  readonly reader: StreamedTarget;
  /** The column that says how often rows count. */
  readonly weights: string | undefined;
  /** Columns that are of no use in the table as a whole. */
  readonly setAside: readonly SetAside[];
  readonly settings: FitSettings;
}

export class StreamedSplit {
  readonly chosen: ChosenModel;
  /** The numbers that stand for the classes of the model, in their order; of numbers none. */
  readonly classes: readonly number[];
  readonly setAside: SetAside[];
  private readonly learned: Learned;
  private readonly rows: number;
  private readonly context: SplitContext;
  private readonly encodings: readonly ColumnEncoding[];
  private readonly moments: FeatureMoments = createFeatureMoments();
  private found: StandIn | undefined;
  private products: ProductMoments | undefined;
  private spilled: SpilledRows | undefined;
  private opened: { readonly part: FittedPart; readonly target: Float64Array; readonly rows: OpenRows | undefined } | undefined;

  /** @param rows - to learn from. */
  constructor(learned: Learned, rows: number, context: SplitContext) {
    const { reader, target } = context;
    this.learned = learned;
    this.rows = rows;
    this.context = context;
    this.chosen = chooseStreamable(context, learned.target.distinct);
    const isRegression = this.chosen.task === "regression";
    if (isRegression) requireFiniteTarget(target.column, learned.target);
    this.classes = isRegression ? [] : sortedClasses(target, reader, learned.target.distinct);
    this.setAside = [...learned.setAside];
    this.encodings = learned.encodings();
  }

  /** Whether the fit sees the rows themselves. */
  get needsRows(): boolean {
    return !seesMomentsOnly(this.chosen.kind, this.context.settings);
  }

  private get degree(): number {
    return this.context.settings.polynomial ?? 1;
  }

  /** Once it is known which features are of use: these, and a few rows that have the moments of all. */
  get standIn(): StandIn {
    return this.found!;
  }

  /** Names of the features in use. */
  get features(): string[] {
    return this.standIn.used.map(({ name }) => name);
  }

  /** The file of the rows, where there is one. */
  get file(): { readonly bytes: number; readonly passes: number; readonly folder: string } | undefined {
    const { spilled } = this;
    return spilled && { bytes: spilled.bytes, passes: spilled.file.passes, folder: spilled.file.folder };
  }

  /** Of the columns in use. */
  encodingsInUse(): ColumnEncoding[] {
    const used = new Set(this.standIn.used.map(({ column }) => column));
    return this.learned.encodings().filter(({ column }) => used.has(column));
  }

  /** Has the rows kept as they are gathered, where the fit needs them and their numbers are known by then. */
  keepAtOnce(): void {
    if (this.needsRows && this.degree === 1) this.spilled = this.makeRoom(featureCount(this.encodings));
  }

  gather(piece: Table, rows: Int32Array): void {
    const { features } = encodeRows(piece, this.encodings, rows);
    const [target, weights] = this.targetAndWeights(piece, rows);
    this.moments.add(features, target, weights);
    this.spilled?.add(features, target, weights);
  }

  /** After all rows. @throws DataError FEATURES_EMPTY */
  settle(): void {
    const { table, target, setAside } = this.context;
    this.found = this.moments.finish(this.setAside);
    if (this.found.used.length === 0) throw noFeatures(table, target.column, [...setAside, ...this.setAside]);
  }

  /** Whether another pass must gather what the fit is made of. */
  get needsTerms(): boolean {
    return this.degree > 1 || (this.needsRows && this.spilled === undefined);
  }

  /** Before that pass. */
  makeReadyForTerms(): void {
    const { features } = this.standIn;
    const centers = Object.values(features).map((values) => columnStatistics(values).mean);
    if (this.needsRows) this.spilled = this.makeRoom(this.terms.length);
    else this.products = createProductMoments(centers, this.degree);
  }

  gatherTerms(piece: Table, rows: Int32Array): void {
    const encoded = new Map(encodeRows(piece, this.encodings, rows).features.map(({ name, values }) => [name, values]));
    const [target, weights] = this.targetAndWeights(piece, rows);
    const names = Object.keys(this.standIn.features);
    const columns = names.map((name) => encoded.get(name)!);
    this.products?.add([...columns, target], weights);
    if (this.spilled === undefined) return;
    const table = polynomialFeatures({ names, columns, rows: rows.length }, this.degree);
    this.spilled.add(
      table.names.map((name, k) => ({ name, values: table.columns[k] as Float64Array })),
      target,
      weights,
    );
  }

  /** After all rows. Once. */
  open(): void {
    const { standIn, products, spilled, terms, chosen } = this;
    const { settings } = this.context;
    const names = Object.keys(standIn.features);
    const productsOf = this.degree > 1 ? names : undefined;
    const rows = spilled?.open(this.degree > 1 ? terms : this.features, productsOf, chosen, settings);
    if (products === undefined) {
      this.opened = { part: standIn, target: standIn.target, rows };
      return;
    }
    const { columns, weights } = products.rowsAlike();
    const features = Object.fromEntries(terms.map((name, k) => [name, columns[k]!]));
    this.opened = { part: { features, names: terms, productsOf: names, weights }, target: columns.at(-1)!, rows };
  }

  path(settings: FitSettings): PenaltyPath {
    const { part, target } = this.opened!;
    return pathOf(part, this.chosen, target, settings);
  }

  sweep(settings: FitSettings): FitSweep {
    const { part, target, rows } = this.opened!;
    return rows?.sweep(settings) ?? sweepRates(part, this.chosen, target, settings);
  }

  /** Ready to be walked. */
  start(settings: FitSettings, checkpoint?: Checkpoint): Fit<FittedModel> {
    const { part, target, rows } = this.opened!;
    return rows?.start(settings, checkpoint) ?? start(part, this.chosen, target, settings, checkpoint);
  }

  /** Gives the space of the rows back. */
  close(): void {
    this.spilled?.close();
    this.spilled = undefined;
  }

  /** Names of what the model is linear in. */
  private get terms(): readonly string[] {
    const names = Object.keys(this.standIn.features);
    return polynomialFeatures({ names, columns: names.map(() => new Float64Array(0)), rows: 0 }, this.degree).names;
  }

  private targetAndWeights(piece: Table, rows: Int32Array): [Float64Array, Float64Array | undefined] {
    const { reader, weights } = this.context;
    return [reader.values(piece, rows), weightsOf(piece, weights, rows)];
  }

  private makeRoom(features: number): SpilledRows {
    const { reader, settings, weights } = this.context;
    const { classes, rows } = this;
    return spillRows({
      rows,
      features,
      classes: this.chosen.task === "regression" ? undefined : { values: classes, labels: classes.map(reader.label) },
      weighted: weights !== undefined || settings.classWeights !== undefined,
      shuffled: typeof settings.batch === "number",
      folder: settings.temporary,
    });
  }
}

/** The model of a target with these values. @throws OptionError OPTIONS_CONFLICT */
export function chooseStreamable({ reader, target, settings }: SplitContext, distinct: readonly number[]): ChosenModel {
  const model = chooseModelFor(settings, target, distinct.map(reader.label));
  requireStreamableScale(model.kind, settings);
  if (settings.classWeights !== undefined && model.task === "regression") throw noClasses(model.kind, target.column);
  return model;
}

/** Features that encodings give. */
function featureCount(encodings: readonly ColumnEncoding[]): number {
  return encodings.reduce(
    (sum, encoding) =>
      sum + (encoding.kind === "category" ? encoding.levels.length : 1) + (encoding.features.missing === undefined ? 0 : 1),
    0,
  );
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
