/** A case with everything decided: the objective over data, the start, the method, and the way back to the units it came in. */

import { columnStatistics } from "../data/column-statistics.js";
import { type FeatureTable, readColumns } from "../data/feature-table.js";
import { scaleColumns } from "../data/scaling/scale-columns.js";
import { DataError, OptionError } from "../errors.js";
import type { ObjectiveFunction } from "../minimize/objective/objective.js";
import type { TableData } from "../minimize/objective/rows.js";
import { median } from "../numeric/averages.js";
import { flatten, type Layout, type Params } from "../tree/tree.js";
import type { Case, ModelChoice } from "./case.js";
import { linearModelLoss, linearObjective, lossBound, type ModelRows } from "./linear-model.js";
import { type CaseMethod, caseMethod } from "./method.js";
import type { Patch } from "./patch.js";

/** The table of a case after the changes of a patch, in the units of the user. */
export interface SettledTable extends ModelRows {
  readonly names: readonly string[];
  readonly rows: number;
  readonly model: ModelChoice;
  readonly delta: number;
  readonly intercept: boolean;
  /** Columns of the weights: classes of softmax, else 1. */
  readonly outputs: number;
  readonly validation: ModelRows | undefined;
  readonly finite: boolean;
}

export interface SettledCase {
  readonly source: Case;
  readonly patch: Patch;
  readonly kind: "function" | "table";
  readonly objective: string | ObjectiveFunction;
  readonly start: unknown;
  readonly layout: Layout;
  readonly startParams: Float64Array;
  readonly data: TableData | undefined;
  readonly rows: number;
  readonly sign: 1 | -1;
  readonly method: CaseMethod;
  /** Rows a step of a compiled mini-batch descent; undefined for all of them, and where the user's own sampler decides. */
  readonly batch: number | undefined;
  readonly stochastic: boolean;
  readonly seed: number;
  readonly maxSteps: number | undefined;
  /** Of the value to be minimized. */
  readonly lowerBound: number;
  /** Weight of ½‖params‖² that a patch adds to an objective of the user's own. */
  readonly penalty: number;
  readonly table: SettledTable | undefined;
  /** Parameters in the units of the case, from those of the descent. */
  readonly toOriginal: (params: ArrayLike<number>) => Float64Array;
  /** The data's loss at parameters in the units of the case; for a function its value. Absent where only the objective can tell. */
  readonly lossAt: ((params: ArrayLike<number>) => number) | undefined;
  readonly validationAt: ((params: ArrayLike<number>) => number) | undefined;
}

/**
 * Decides a case.
 *
 * @throws OptionError for a case without objective and table, or with both; DataError, ShapeError for tables whose parts do not fit
 */
export function settleCase(source: Case, patch: Patch = {}): SettledCase {
  if ((source.objective === undefined) === (source.table === undefined)) {
    throw new OptionError("OPTIONS_CONFLICT", "case: expected either an objective with a start, or a table with a model.", {
      options: ["objective", "table"],
    });
  }
  const method = caseMethod(source, patch);
  const full = patch.batch ?? source.batch;
  const own = hasOwnBatches(source, patch);
  const common = {
    source,
    patch,
    sign: source.sense === "maximize" ? (-1 as const) : (1 as const),
    method,
    seed: source.seed ?? 0,
    maxSteps: patch.maxSteps ?? source.maxSteps,
  };
  const parts = source.table === undefined ? settleFunction(source, patch) : settleTable(source, patch);
  const batch = own || full === undefined || full === "full" || full >= parts.rows ? undefined : full;
  return {
    ...common,
    ...parts,
    batch,
    stochastic: batch !== undefined || (own && (source.batches !== undefined || patch.sampler !== undefined)),
  };
}

/** Whether the gradients of a run come batch by batch from the user's own gradient or sampler, rather than from the compiled loop. */
export function hasOwnBatches({ batches, batchGradient }: Case, { gradient, sampler }: Patch): boolean {
  return (batchGradient !== undefined && gradient !== "exact") || (batches !== undefined && sampler === undefined);
}

type Parts = Omit<SettledCase, "source" | "patch" | "sign" | "method" | "batch" | "stochastic" | "seed" | "maxSteps">;

function settleFunction(source: Case, patch: Patch): Parts {
  const { layout, values } = flatten(source.start as Params);
  const startParams = patch.start === undefined ? values : Float64Array.from(patch.start);
  const first = source.data === undefined ? undefined : Object.values(source.data)[0];
  const rows =
    first === undefined
      ? 0
      : "width" in first && "values" in first && typeof first.values !== "function"
        ? first.values.length / first.width
        : (first as ArrayLike<unknown>).length;
  const sign = source.sense === "maximize" ? -1 : 1;
  return {
    kind: "function",
    objective: source.objective!,
    start: source.start,
    layout,
    startParams,
    data: source.data,
    rows,
    lowerBound: source.lowerBound === undefined || sign === -1 ? Number.NEGATIVE_INFINITY : source.lowerBound,
    penalty: patch.l2 ?? 0,
    table: undefined,
    toOriginal: (params) => Float64Array.from(params),
    lossAt: undefined,
    validationAt: undefined,
  };
}

function settleTable(source: Case, patch: Patch): Parts {
  const table = readTable(source, patch);
  const original = Object.keys(patch).some((key) => key === "dropColumns") ? readTable(source, { ...patch, dropColumns: [] }) : table;
  const { outputs, intercept } = table;
  const scaling = scalingOf(table, patch);
  const rows: ModelRows = {
    columns: scaling === undefined ? table.columns : scaling.columns,
    target: scaling === undefined ? table.target : scaling.target,
    weights: table.weights,
  };
  const delta = table.delta / (scaling?.targetScale ?? 1);
  const { data, objective } = linearObjective(rows, table.model, delta, outputs);
  const kept = table.names.map((name) => original.names.indexOf(name));
  const given = source.start === undefined ? undefined : flatten(source.start as Params).values;
  const tree = startTree(table, given === undefined ? undefined : Array.from(given));
  const { layout, values } = flatten(tree as Params);
  const startParams = patch.start === undefined ? values : Float64Array.from(patch.start);
  const shift = intercept ? outputs : 0;

  const toOriginal = (params: ArrayLike<number>): Float64Array => {
    const full = new Float64Array(shift + original.names.length * outputs);
    for (let c = 0; c < shift; c++) full[c] = params[c]! * (scaling?.targetScale ?? 1) + (scaling?.targetCenter ?? 0);
    kept.forEach((place, k) => {
      for (let c = 0; c < outputs; c++) {
        const weight = (params[shift + k * outputs + c]! * (scaling?.targetScale ?? 1)) / (scaling?.deviations[k] ?? 1);
        full[shift + place * outputs + c] = weight;
        if (intercept) full[c]! -= weight * (scaling?.centers[k] ?? 0);
      }
    });
    return full;
  };
  const options = { intercept, outputs, delta: table.delta };
  const { validation } = original;
  return {
    kind: "table",
    objective,
    start: tree,
    layout,
    startParams,
    data,
    rows: table.rows,
    lowerBound: source.lowerBound ?? lossBound(table.model, table.target),
    penalty: 0,
    table,
    toOriginal,
    lossAt: (params) => linearModelLoss(original, table.model, params, options),
    validationAt: validation === undefined ? undefined : (params) => linearModelLoss(validation, table.model, params, options),
  };
}

/** Zeros, or what the user gave, as { intercept, weights } in the shape of the model. */
function startTree({ intercept, outputs, names, model }: SettledTable, given: readonly number[] | undefined): unknown {
  const many = model.kind === "softmax";
  const shift = intercept ? outputs : 0;
  const size = shift + names.length * outputs;
  const flat = given !== undefined && given.length === size ? given : new Array<number>(size).fill(0);
  const weights = many ? names.map((_, k) => flat.slice(shift + k * outputs, shift + (k + 1) * outputs)) : flat.slice(shift);
  return { ...(intercept ? { intercept: many ? flat.slice(0, outputs) : flat[0]! } : {}), weights };
}

function readTable(source: Case, patch: Patch): SettledTable {
  const given = source.table!;
  const model = { ...given.model, ...patch.model, ...(patch.l2 === undefined ? {} : { l2: patch.l2 }) };
  const features = readColumns(given.features, given.featureNames);
  if (given.target.length !== features.rows) {
    throw new DataError("DATA_LENGTH_MISMATCH", `target: expected ${features.rows} rows like the features, got ${given.target.length}.`, {
      column: "target",
      expected: features.rows,
      got: given.target.length,
    });
  }
  const dropped = new Set(patch.dropRows ?? []);
  const shift = patch.shiftTarget ?? 0;
  const n = features.rows;
  const rows: number[] = [];
  for (let i = 0; i < n; i++) if (!dropped.has(i) && i + shift >= 0 && i + shift < n) rows.push(i);
  const keep = features.names.map((name) => !(patch.dropColumns ?? []).includes(name));
  const recode = (y: number): number => (patch.recodeTarget === undefined ? y : patch.recodeTarget.scale * y + patch.recodeTarget.offset);
  const pick = (columns: readonly ArrayLike<number>[], which: readonly number[]): Float64Array[] =>
    columns.filter((_, k) => keep[k]).map((column) => Float64Array.from(which, (i) => column[i]!));
  const columns = pick(features.columns, rows);
  const target = Float64Array.from(rows, (i) => recode(given.target[i + shift]!));
  const weights = given.weights === undefined ? undefined : Float64Array.from(rows, (i) => given.weights![i]!);
  let validation: ModelRows | undefined;
  if (given.validation !== undefined) {
    const table: FeatureTable = readColumns(given.validation.features, given.featureNames, "validation.features");
    const all = Array.from({ length: table.rows }, (_, i) => i).filter((i) => i + shift >= 0 && i + shift < table.rows);
    validation = {
      columns: pick(table.columns, all),
      target: Float64Array.from(all, (i) => recode(given.validation!.target[i + shift]!)),
      weights: undefined,
    };
  }
  const finite = columns.every((column) => column.every(Number.isFinite)) && target.every(Number.isFinite);
  const outputs = model.kind === "softmax" ? target.reduce((most, y) => Math.max(most, Number.isFinite(y) ? y + 1 : 0), 2) : 1;
  return {
    names: features.names.filter((_, k) => keep[k]),
    columns,
    rows: rows.length,
    target,
    weights,
    model,
    delta: model.delta ?? robustDelta(target),
    intercept: given.intercept ?? true,
    outputs,
    validation,
    finite,
  };
}

/** 1.345 times the spread of the target by its median absolute deviation; 1 where that is 0. */
function robustDelta(target: Float64Array): number {
  const middle = median(target);
  return 1.345 * 1.4826 * median(target.map((y) => Math.abs(y - middle))) || 1;
}

interface Scaling {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly centers: Float64Array;
  readonly deviations: Float64Array;
  readonly targetCenter: number;
  readonly targetScale: number;
}

/** Coordinates of mean 0 and deviation 1. Targets of models that need them as they are keep their scale. */
function scalingOf(table: SettledTable, { standardize }: Patch): Scaling | undefined {
  if (standardize === undefined) return undefined;
  const { columns, target, weights, intercept, model } = table;
  const z = scaleColumns(columns, { kind: standardize.features ? "standard" : "none", shift: intercept, weights });
  const scalable = standardize.target && (model.kind === "linear" || model.kind === "huber" || model.kind === "absolute");
  const { mean, deviation } = columnStatistics(target, weights);
  const targetScale = scalable ? (intercept ? deviation : Math.hypot(mean, deviation)) || 1 : 1;
  const targetCenter = scalable && intercept ? mean : 0;
  return {
    columns: columns.map((_, k) => Float64Array.from({ length: z.rows }, (_, i) => z.values[i * z.width + k]!)),
    target: Float64Array.from(target, (y) => (y - targetCenter) / targetScale),
    centers: z.centers,
    deviations: z.scales,
    targetCenter,
    targetScale,
  };
}
