/**
 * The fit of a streamed table whose loss, or whose steps by mini-batches, need its rows: they are kept in a temporary file, encoded, and each evaluation is a pass over it.
 */

import { type Checkpoint, type ClassLabel, type Fit, type FitSweep, type FittedModel, openStreamedFit, RowFile } from "descend";
import { CURVE_POINTS, type FitSettings, SWEPT_METHOD, sweepSteps } from "../fit/fit-table.js";
import type { ChosenModel } from "../fit/model-options.js";
import type { FeatureColumn } from "../prepare/encoding.js";
import { methodOptionsOf } from "../terminal/method-options.js";
import { createSpillFile, type SpillFile } from "./spill-file.js";

export interface SpilledRows {
  readonly file: SpillFile;
  add(features: readonly Pick<FeatureColumn, "name" | "values">[], target: Float64Array, weights: Float64Array | undefined): void;
  /**
   * The rows scaled, with the features in use alone. Once.
   *
   * @param productsOf - what these are products of, if they are.
   */
  open(names: readonly string[], productsOf: readonly string[] | undefined, chosen: ChosenModel, settings: FitSettings): OpenRows;
  readonly bytes: number;
  /** Gives the space back. */
  close(): void;
}

export interface OpenRows {
  sweep(settings: FitSettings): FitSweep;
  /** Ready to be walked. */
  start(settings: FitSettings, checkpoint: Checkpoint | undefined): Fit<FittedModel>;
}

export interface SpillOptions {
  /** Rows that will come. */
  readonly rows: number;
  /** Features of a row before it is known which are in use. */
  readonly features: number;
  /** The numbers that stand for classes, in the order of the classes, with their labels; undefined for a target of numbers. */
  readonly classes: { readonly values: readonly number[]; readonly labels: readonly ClassLabel[] } | undefined;
  readonly weighted: boolean;
  /** Whether they will be put in other orders. */
  readonly shuffled: boolean;
  readonly folder: string | undefined;
}

export function spillRows({ rows, features, classes, weighted, shuffled, folder }: SpillOptions): SpilledRows {
  const width = features + (weighted ? 2 : 1);
  const bytes = 8 * width * (rows + 8);
  const ofOrder = 8 * (width + 1) * rows;
  const file = createSpillFile(bytes + (shuffled ? ofOrder : 0), folder);
  const scratch = shuffled ? createSpillFile(ofOrder, folder) : undefined;
  const index = classes && new Map(classes.values.map((value, c) => [value, c]));
  const kept = new RowFile(file, width);
  let names: readonly string[] = [];
  let keptBytes = 0;
  return {
    file,
    get bytes() {
      return keptBytes;
    },
    add(encoded, target, weights) {
      names = encoded.map(({ name }) => name);
      kept.append([
        ...encoded.map(({ values }) => values),
        index === undefined ? target : target.map((value) => index.get(value)!),
        ...(weighted ? [weights ?? new Float64Array(target.length).fill(1)] : []),
      ]);
      keptBytes = kept.bytes;
    },
    close() {
      file.close();
      scratch?.close();
    },
    open(used, productsOf, { spec }, { scale, intercept, classWeights, polynomial }) {
      const opened = openStreamedFit({
        model: spec,
        rows: kept,
        scratch,
        featureNames: used,
        featurePlaces: used.map((name) => names.indexOf(name)),
        productsOf,
        degree: polynomial,
        weighted,
        classes: classes?.labels,
        classWeights,
        scale,
        intercept,
      });
      return {
        sweep(settings) {
          const { method = SWEPT_METHOD, batch, seed } = settings;
          return opened.sweep({ method, batch, seed }, { maxSteps: sweepSteps(settings) });
        },
        start({ method, methodOption, learningRate, schedule, batch, epochs, maxSteps, seed, history }, checkpoint) {
          const methodOptions = methodOptionsOf(method, methodOption);
          const curves = history ? { history: { params: false, most: CURVE_POINTS } } : {};
          return opened.prepare({ method, methodOptions, learningRate, schedule, batch, epochs, maxSteps, seed, checkpoint, ...curves });
        },
      };
    },
  };
}
