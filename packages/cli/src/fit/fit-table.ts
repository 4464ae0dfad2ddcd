/** The fit itself: a model on the rows to learn from, walked to its end, judged on the rows kept apart, and again on folds. */

import {
  type Checkpoint,
  type ClassLabel,
  columnStatistics,
  DataError,
  type Descent,
  type Fit,
  type FitOptions,
  type FitSweep,
  type FittedModel,
  OptionError,
  type PenaltyPath,
  penaltyPath,
  prepareFit,
  type ScaleKind,
  sweepFit,
} from "descend";
import { watch } from "descend/doctor";
import { foldsOf } from "../prepare/folds.js";
import { type EncodedPart, type Plan, type PreparedSplit, prepareSplit, targetLabels, targetNumbers } from "../prepare/prepare.js";
import { descendWithProgress } from "../terminal/descend-with-progress.js";
import { methodOptionsOf } from "../terminal/method-options.js";
import { words } from "../terminal/words/words.js";
import type { FitCheckpoint } from "./fit-checkpoint.js";
import { type CrossValidation, createFoldScores } from "./fold-scores.js";
import { givenAway } from "./given-away.js";
import { type JudgedPart, judge } from "./judge.js";
import { type ChosenModel, chooseModelFor, type ModelOptions } from "./model-options.js";
import { ofTwoNumbers, worseThanMean } from "./regression-remarks.js";
import { type CheckpointSettings, resumableFit } from "./resumable-fit.js";

/** As the command line gives them. */
export type NamedClassWeights = "balanced" | Readonly<Record<string, number>>;

export interface FitSettings extends ModelOptions, CheckpointSettings {
  readonly method?: string;
  /** As typed, by name. */
  readonly methodOption?: Readonly<Record<string, string>>;
  readonly learningRate?: number;
  readonly schedule?: string;
  readonly batch?: number | "full";
  readonly epochs?: number;
  readonly maxSteps?: number;
  readonly seed: number;
  /** Of the features inside the problem; "none" leaves the target as it is as well. */
  readonly scale: ScaleKind;
  readonly polynomial?: number;
  /** Default true. */
  readonly intercept?: boolean;
  /** How often rows of a class count, times their own weight. */
  readonly classWeights?: NamedClassWeights;
  /** Try learning rates first, and take the best. */
  readonly sweep?: boolean;
  /** Also fit for a range of penalties, for the picture of the report. */
  readonly path?: boolean;
  /** Folds of the cross-validation. */
  readonly cv?: number;
  /** Folder for the temporary file of a streamed table. */
  readonly temporary?: string;
  /** Look at the descent in passing, so that it can be diagnosed without being made again. Default false. */
  readonly watched?: boolean;
  /** Record every step, for pictures. */
  readonly history: boolean;
}

/** Something a reader of the result should know. */
export interface Finding {
  readonly code: string;
  readonly severity: "info" | "warning";
  readonly message: string;
  readonly columns?: readonly string[];
}

export interface TableFit {
  readonly chosen: ChosenModel;
  readonly fitted: FittedModel;
  /** Where it ended, for the doctor; absent where the rows were not held. */
  readonly descent?: Descent<never>;
  /** Of a streamed table whose moments were fitted: the descent of the few rows that have them, which has the course of that of all. */
  readonly ofMoments?: Descent<never>;
  readonly stepsPerEpoch: number;
  /** What a value of the descent is worth in the units of the table. */
  readonly valueUnit: number;
  readonly interrupted: boolean;
  /** Where Ctrl-C left a checkpoint. */
  readonly checkpoint: string | undefined;
  readonly train: JudgedPart;
  readonly test: JudgedPart | undefined;
  readonly crossValidation: CrossValidation | undefined;
  /** Coefficients over the penalty. */
  readonly path?: PenaltyPath;
  /** Learning rates that were tried first. */
  readonly sweep?: FitSweep;
  /** Times a streamed table was read from its first row to its last. */
  readonly passes?: number;
  readonly findings: readonly Finding[];
}

/** Points of a curve at most: more than a picture shows. */
export const CURVE_POINTS = 8192;

export async function fitTable(plan: Plan, split: PreparedSplit, settings: FitSettings): Promise<TableFit> {
  const target = targetFor(plan, split.train, settings);
  const chosen = chooseModelFor(settings, plan.target, target);
  if (settings.classWeights !== undefined && chosen.task === "regression") throw noClasses(chosen.kind, plan.target.column);
  const resumable = resumableFit(settings, decisiveSettings(chosen, split.features, settings), dataOf(split, target));
  const path = settings.path === true ? pathOf(split.train, chosen, target, settings) : undefined;
  const sweep = settings.sweep === true ? sweepRates(split.train, chosen, target, settings) : undefined;
  const prepared = start(split.train, chosen, target, withSweptRate(settings, sweep), resumable.from);
  const { descent } = prepared;
  const walked = descent as unknown as Descent<never>;
  const { interrupted } = await descendWithProgress(descent, {
    watched: settings.watched === true ? watch(descent) : undefined,
    maxSteps: prepared.maxSteps,
    stepsPerEpoch: prepared.stepsPerEpoch,
    valueUnit: prepared.valueUnit,
    learningRate: prepared.choice.learningRate,
    ...resumable.keeping(walked),
  });
  const { checkpoint, findings: saving } = interrupted ? await resumable.saveInterrupted(walked) : { checkpoint: undefined, findings: [] };
  const fitted = prepared.finish();
  const train = judge(fitted, plan.table, plan.target, split.train)!;
  const test = judge(fitted, plan.table, plan.target, split.test);
  const crossValidation =
    interrupted || settings.cv === undefined ? undefined : await crossValidate(plan, split.train.rows, settings, settings.cv);
  return {
    chosen,
    fitted,
    descent: walked,
    stepsPerEpoch: prepared.stepsPerEpoch,
    valueUnit: prepared.valueUnit,
    interrupted,
    checkpoint,
    train,
    test,
    crossValidation,
    ...(sweep === undefined ? {} : { sweep }),
    ...(path === undefined ? {} : { path }),
    findings: [
      ...saving,
      ...unswept(sweep),
      ...unusedRate(settings, prepared),
      ...weighted(settings),
      ...ofTwoNumbers(plan.target.column, target, settings.model),
      ...(target instanceof Float64Array ? ofTarget(split.train, target) : []),
      ...findingsOf(split, test, crossValidation),
      ...fitted.findings,
    ],
  };
}

/** What a fit sees of its rows beside the target. */
export type FittedPart = Pick<EncodedPart, "features" | "weights"> & {
  /** The order of the features. Default: that of the record. */
  readonly names?: readonly string[] | undefined;
  /** What they are products of, where they are that already. */
  readonly productsOf?: readonly string[] | undefined;
};

type TargetValues = Float64Array | ClassLabel[];

/** The target as the model will want it: labels for a model of classes, else numbers. */
function targetFor(plan: Plan, part: EncodedPart, { model }: FitSettings): TargetValues {
  const wantsLabels = plan.target.kind === "text" || (plan.target.kind === "boolean" && (model === undefined || model === "auto"));
  const isClassifier = model === "logistic" || model === "softmax";
  if (wantsLabels || isClassifier) return targetLabels(plan.table, plan.target, part.rows);
  const numbers = targetNumbers(plan.table, plan.target, part.rows);
  if (!Number.isFinite(columnStatistics(numbers).deviation)) {
    const row = numbers.findIndex((value) => Math.abs(value) > 1e150);
    throw new DataError(
      "DATA_NOT_FINITE",
      `--target ${plan.target.column}: expected numbers whose squares are finite, got ${numbers[row]}. Divide the column first.`,
      { column: plan.target.column, row: part.rows[row]!, got: String(numbers[row]) },
    );
  }
  return numbers;
}

/** The fit, ready to be walked. */
export function start(
  part: FittedPart,
  chosen: ChosenModel,
  target: TargetValues,
  settings: FitSettings,
  checkpoint?: Checkpoint | undefined,
): Fit<FittedModel> {
  return prepareFit(optionsFor(part, chosen, target, settings, checkpoint)) as Fit<FittedModel>;
}

function optionsFor(
  part: FittedPart,
  chosen: ChosenModel,
  target: TargetValues,
  settings: FitSettings,
  checkpoint?: Checkpoint | undefined,
): FitOptions {
  const { method, schedule, batch } = settings;
  if (schedule !== undefined && method === undefined && settings.sweep !== true && (batch === undefined || batch === "full")) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      "--schedule: needs a method with a learning rate: expected --method gradient-descent or another.",
      {
        options: ["--schedule", "--method"],
      },
    );
  }
  return {
    model: chosen.spec,
    features: part.features,
    featureNames: part.names ?? Object.keys(part.features),
    target,
    weights: part.weights,
    classWeights: settings.classWeights,
    method,
    methodOptions: methodOptionsOf(method, settings.methodOption),
    learningRate: settings.learningRate,
    schedule,
    batch,
    epochs: settings.epochs,
    maxSteps: settings.maxSteps,
    seed: settings.seed,
    scale: settings.scale,
    degree: settings.polynomial,
    ...(part.productsOf === undefined ? {} : { productsOf: part.productsOf }),
    intercept: settings.intercept,
    checkpoint,
    ...(settings.history ? { history: { params: false, most: CURVE_POINTS } } : {}),
  };
}

/** What is swept where no method was named. */
export const SWEPT_METHOD = "gradient-descent";
/** Steps of a run that was given no budget, and the share of them that a sweep may take. */
const USUAL_STEPS = 100_000;
const SWEEP_SHARE = 0.03;

/** @throws OptionError OPTIONS_CONFLICT where a rate was given as well */
export function sweepRates(part: FittedPart, chosen: ChosenModel, target: TargetValues, settings: FitSettings): FitSweep {
  const maxSteps = sweepSteps(settings);
  const { epochs: _, maxSteps: _1, ...options } = optionsFor(part, chosen, target, { ...settings, history: false });
  return sweepFit({ method: SWEPT_METHOD, ...withoutUndefined(options) }, { maxSteps });
}

/**
 * Steps that a sweep may take.
 *
 * @throws OptionError OPTIONS_CONFLICT where a rate was given as well
 */
export function sweepSteps({ learningRate, resume, maxSteps = USUAL_STEPS }: FitSettings): number {
  const given = learningRate !== undefined ? "--learning-rate" : resume !== undefined ? "--resume" : undefined;
  if (given !== undefined) {
    const message = `--sweep finds a learning rate, and ${given} has one already: expected one of the two.`;
    throw new OptionError("OPTIONS_CONFLICT", message, { options: ["--sweep", given] });
  }
  return Math.max(100, Math.floor(SWEEP_SHARE * maxSteps));
}

/** With the rate that a sweep found. */
export function withSweptRate(settings: FitSettings, sweep: FitSweep | undefined): FitSettings {
  return sweep?.best === undefined ? settings : { ...settings, method: settings.method ?? SWEPT_METHOD, learningRate: sweep.best };
}

/** @throws OptionError OPTIONS_CONFLICT for a model without α */
export function pathOf(part: FittedPart, chosen: ChosenModel, target: TargetValues, settings: FitSettings): PenaltyPath {
  const { spec } = chosen;
  if (spec.kind !== "lasso" && spec.kind !== "ridge" && spec.kind !== "elastic-net") {
    throw new OptionError("OPTIONS_CONFLICT", `--path: expected a lasso, ridge or elastic-net model, got ${spec.kind}.`, {
      options: ["--path", "--model"],
    });
  }
  const {
    model: _1,
    history: _2,
    checkpoint: _3,
    method: _4,
    methodOptions: _9,
    learningRate: _5,
    schedule: _10,
    batch: _6,
    epochs: _7,
    maxSteps: _8,
    ...shared
  } = optionsFor(part, chosen, target, settings);
  const { alpha: _, ...model } = spec;
  return penaltyPath({ ...shared, model });
}

function withoutUndefined(options: FitOptions): FitOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as unknown as FitOptions;
}

export function unswept(sweep: TableFit["sweep"]): Finding[] {
  if (sweep === undefined || sweep.best !== undefined) return [];
  const message = "none of the learning rates that were tried led lower: the descent took its own.";
  return [{ code: "SWEEP_FAILED", severity: "warning", message }];
}

/** A rate for a method that finds the length of its steps itself: chosen or named, it takes none. */
export function unusedRate({ learningRate }: FitSettings, { choice }: Fit<FittedModel>): Finding[] {
  if (learningRate === undefined || choice.learningRate !== undefined) return [];
  const message = `--learning-rate ${learningRate} is not used: ${choice.method} finds the length of its steps itself. To see what it does, add --method gradient-descent.`;
  return [{ code: "LEARNING_RATE_UNUSED", severity: "warning", message }];
}

/** The settings that decide the bits of the result. */
export function decisiveSettings(chosen: ChosenModel, features: readonly string[], settings: FitSettings): FitCheckpoint["settings"] {
  const { method, methodOption, learningRate, schedule, batch, seed, scale, polynomial, intercept, classWeights } = settings;
  return {
    model: chosen.spec,
    method: method ?? null,
    learningRate: learningRate ?? null,
    ...(methodOption === undefined ? {} : { methodOption }),
    ...(schedule === undefined ? {} : { schedule }),
    batch: batch ?? "full",
    seed,
    scale,
    polynomial: polynomial ?? 1,
    ...(intercept === false ? { intercept } : {}),
    classWeights: classWeights ?? null,
    features,
  };
}

function dataOf({ features, train }: PreparedSplit, target: TargetValues): (Float64Array | readonly unknown[])[] {
  return [...features.map((name) => train.features[name]!), target, ...(train.weights === undefined ? [] : [train.weights])];
}

async function crossValidate(plan: Plan, rows: Int32Array, settings: FitSettings, k: number): Promise<CrossValidation> {
  const scores = createFoldScores();
  for (const [index, fold] of foldsOf(rows, k, settings.seed).entries()) {
    const split = prepareSplit(plan, fold.train, fold.test);
    const target = targetFor(plan, split.train, settings);
    const prepared = start(split.train, chooseModelFor(settings, plan.target, target), target, { ...settings, history: false });
    const { interrupted } = await descendWithProgress(prepared.descent, {
      prefix: words().progress.fold(index + 1, k),
      maxSteps: prepared.maxSteps,
      stepsPerEpoch: prepared.stepsPerEpoch,
      valueUnit: prepared.valueUnit,
      learningRate: prepared.choice.learningRate,
    });
    const fitted = prepared.finish();
    scores.add(judge(fitted, plan.table, plan.target, split.test), fitted.solution.converged);
    if (interrupted) break;
  }
  return scores.finish(k);
}

export function noClasses(kind: string, target: string): OptionError {
  return new OptionError("OPTIONS_CONFLICT", `--class-weights: a ${kind} model of ${target} has no classes.`, {
    options: ["--class-weights", "--model"],
  });
}

export function weighted({ classWeights }: FitSettings): Finding[] {
  if (classWeights === undefined) return [];
  const message =
    "classes were weighted: probabilities are those of a population in which the classes have these shares, not of the table.";
  return [{ code: "CLASSES_WEIGHTED", severity: "info", message }];
}

/** Features that have a numeric target in them. */
export function ofTarget({ features, weights }: Pick<EncodedPart, "features" | "weights">, target: Float64Array): Finding[] {
  return givenAway(features, target, weights).map((name) => ({
    code: "TARGET_GIVEN_AWAY",
    severity: "warning",
    message: `${name} alone gives the target to rounding: if it follows from the target, it is not known when a prediction is asked for, and must be left out (--features).`,
    columns: [name],
  }));
}

export function findingsOf(
  split: Pick<PreparedSplit, "test">,
  test: JudgedPart | undefined,
  crossValidation: CrossValidation | undefined,
): Finding[] {
  const findings: Finding[] = worseThanMean(test, crossValidation);
  for (const [column, levels] of split.test.unseen) {
    const rows = [...levels.values()].reduce((sum, count) => sum + count, 0);
    findings.push({
      code: "UNSEEN_CATEGORIES",
      severity: "info",
      message: `${rows} rows to judge on have a ${column} that no row to learn from has (${[...levels.keys()].slice(0, 5).join(", ")}): counted as the base level.`,
      columns: [column],
    });
  }
  if (test?.task === "classification" && test.unknownClass > 0) {
    findings.push({
      code: "UNSEEN_CLASSES",
      severity: "warning",
      message: `${test.unknownClass} rows to judge on are of classes that no row to learn from has: left out of the metrics.`,
    });
  }
  if (crossValidation !== undefined && crossValidation.notConverged > 0) {
    findings.push({
      code: "FOLDS_NOT_CONVERGED",
      severity: "warning",
      message: `${crossValidation.notConverged} of ${crossValidation.folds} folds did not converge.`,
    });
  }
  return findings;
}
