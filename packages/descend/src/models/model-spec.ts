/**
 * The models `fit` knows, as records: what is minimized, with which penalty, in which convention.
 *
 * Every objective is   J = loss + l1·‖w‖₁ + (l2/2)·‖w‖²,   with w the weights of standardized features (of the features as they are with
 * `scale: false`), the target in its own unit, and intercepts not penalized. m is the number of rows, or the sum of their weights.
 */

import { nearestName, OptionError } from "../errors.js";

/** How squared errors r are put together: (1/2m)·Σr², (1/m)·Σr², ½·Σr², Σr². For log losses only "mean" and "sum". */
export type Convention = "half-mean" | "mean" | "half-sum" | "sum";

interface WithConvention {
  /** Default: the one of the formula in each model's line. It scales the loss, not the penalty. */
  readonly convention?: Convention | undefined;
}

/** Least squares: J = (1/2m)·Σr². */
export interface LinearSpec extends WithConvention {
  readonly kind: "linear";
}
/** J = Σr² + α·‖w‖². */
export interface RidgeSpec extends WithConvention {
  readonly kind: "ridge";
  /** ≥ 0. Default 1. */
  readonly alpha?: number | undefined;
}
/** J = (1/2m)·Σr² + α·‖w‖₁. */
export interface LassoSpec extends WithConvention {
  readonly kind: "lasso";
  /** ≥ 0, in the unit of the target. Default: a hundredth of the α that makes all weights 0. */
  readonly alpha?: number | undefined;
}
/** J = (1/2m)·Σr² + α·l1Ratio·‖w‖₁ + (α/2)·(1 − l1Ratio)·‖w‖². */
export interface ElasticNetSpec extends WithConvention {
  readonly kind: "elastic-net";
  /** ≥ 0. Default: a hundredth of the α that makes all weights 0. */
  readonly alpha?: number | undefined;
  /** 0 … 1: 1 is the lasso. Default 0.5. */
  readonly l1Ratio?: number | undefined;
}
/** J = Σ ρ(r) + (α/2)·‖w‖², ρ(r) = r²/2 for |r| ≤ δ, else δ·(|r| − δ/2). Convention "half-sum". */
export interface HuberSpec extends WithConvention {
  readonly kind: "huber";
  /** δ > 0, in the unit of the target. Default: 1.345 times the spread of residuals of least squares, by their median. */
  readonly delta?: number | undefined;
  /** ≥ 0. Default 0. */
  readonly alpha?: number | undefined;
}
/** J = mean log loss + λ·l1Ratio·‖w‖₁ + (λ/2)·(1 − l1Ratio)·‖w‖², two classes. */
export interface LogisticSpec extends WithConvention {
  readonly kind: "logistic";
  /** ≥ 0. Default 1/m (for "sum": 1), so that there is a minimum whatever the table; 0 is unpenalized. */
  readonly lambda?: number | undefined;
  /** 0 … 1. Default 0: only squares. */
  readonly l1Ratio?: number | undefined;
}
/** As {@link LogisticSpec} for any number of classes: cross entropy of softmax, one weight a class and feature. */
export interface SoftmaxSpec extends WithConvention {
  readonly kind: "softmax";
  readonly lambda?: number | undefined;
  readonly l1Ratio?: number | undefined;
}

export type RegressionSpec = LinearSpec | RidgeSpec | LassoSpec | ElasticNetSpec | HuberSpec;
export type ClassificationSpec = LogisticSpec | SoftmaxSpec;
export type ModelSpec = RegressionSpec | ClassificationSpec;
export type ModelKind = ModelSpec["kind"];

/** What is known of a model without fitting it. */
export interface ModelRecord {
  readonly kind: ModelKind;
  readonly task: "regression" | "classification";
  /** What is minimized. */
  readonly objective: string;
  readonly summary: string;
  /** Options beside `convention`, with their ranges. */
  readonly options: Readonly<
    Record<string, { readonly minimum: number; readonly maximum?: number; readonly minimumExcluded?: boolean; readonly meaning: string }>
  >;
}

const alpha = { minimum: 0, meaning: "α: weight of the penalty" };
const lambda = { minimum: 0, meaning: "λ: weight of the penalty; 0 is unpenalized" };
const l1Ratio = { minimum: 0, maximum: 1, meaning: "share of ‖w‖₁ in the penalty" };

/** Every model, for help, menus and contract tests. */
export const modelCatalogue: readonly ModelRecord[] = [
  { kind: "linear", task: "regression", objective: "(1/2m)·Σr²", summary: "Least squares.", options: {} },
  { kind: "ridge", task: "regression", objective: "Σr² + α·‖w‖²", summary: "Least squares with small weights.", options: { alpha } },
  { kind: "lasso", task: "regression", objective: "(1/2m)·Σr² + α·‖w‖₁", summary: "Least squares with few weights.", options: { alpha } },
  {
    kind: "elastic-net",
    task: "regression",
    objective: "(1/2m)·Σr² + α·l1Ratio·‖w‖₁ + (α/2)·(1 − l1Ratio)·‖w‖²",
    summary: "Between ridge and lasso.",
    options: { alpha, l1Ratio },
  },
  {
    kind: "huber",
    task: "regression",
    objective: "Σ ρ(r) + (α/2)·‖w‖²",
    summary: "Squares for small errors, absolute values for large ones.",
    options: { delta: { minimum: 0, minimumExcluded: true, meaning: "δ: where an error is large, in the unit of the target" }, alpha },
  },
  {
    kind: "logistic",
    task: "classification",
    objective: "mean log loss + λ·l1Ratio·‖w‖₁ + (λ/2)·(1 − l1Ratio)·‖w‖²",
    summary: "Two classes.",
    options: { lambda, l1Ratio },
  },
  {
    kind: "softmax",
    task: "classification",
    objective: "mean cross entropy + λ·l1Ratio·‖w‖₁ + (λ/2)·(1 − l1Ratio)·‖w‖²",
    summary: "Any number of classes.",
    options: { lambda, l1Ratio },
  },
];

/** The record of a model given as a name or a record, its options checked. */
export function readModel(model: ModelSpec | ModelKind): { spec: ModelSpec; record: ModelRecord } {
  const spec: ModelSpec = typeof model === "string" ? ({ kind: model } as ModelSpec) : model;
  const kinds = modelCatalogue.map(({ kind }) => kind);
  const record = modelCatalogue.find(({ kind }) => kind === spec.kind);
  if (record === undefined) {
    const nearest = nearestName(String(spec.kind), kinds);
    throw new OptionError(
      "OPTION_UNKNOWN",
      `model: there is no "${spec.kind}". ${nearest === undefined ? `Known are ${kinds.join(", ")}.` : `Did you mean ${nearest}?`}`,
      {
        option: String(spec.kind),
        known: kinds,
        ...(nearest === undefined ? {} : { nearest }),
      },
    );
  }
  for (const [option, value] of Object.entries(spec)) {
    if (option === "kind" || value === undefined) continue;
    if (option === "convention") checkConvention(record, value as string);
    else checkOption(record, option, value);
  }
  return { spec, record };
}

function checkConvention({ task }: ModelRecord, convention: string): void {
  const allowed = task === "regression" ? ["half-mean", "mean", "half-sum", "sum"] : ["mean", "sum"];
  if (allowed.includes(convention)) return;
  const expected = allowed.map((name) => `"${name}"`).join(", ");
  throw new OptionError("OPTION_OUT_OF_RANGE", `model.convention: expected one of ${expected}, got ${JSON.stringify(convention)}.`, {
    option: "model.convention",
    expected,
    got: convention,
  });
}

function checkOption({ kind, options }: ModelRecord, option: string, value: unknown): void {
  const range = options[option];
  if (range === undefined) {
    const known = [...Object.keys(options), "convention"];
    throw new OptionError("OPTION_UNKNOWN", `model: "${kind}" has no option "${option}". Known are ${known.join(", ")}.`, {
      option,
      known,
    });
  }
  const { minimum, maximum = Number.MAX_VALUE, minimumExcluded = false } = range;
  if (typeof value === "number" && value <= maximum && (minimumExcluded ? value > minimum : value >= minimum)) return;
  const expected = `${minimum} ${minimumExcluded ? "<" : "≤"} ${option}${range.maximum === undefined ? " < ∞" : ` ≤ ${maximum}`}`;
  throw new OptionError("OPTION_OUT_OF_RANGE", `model.${option}: expected ${expected}, got ${String(value)}.`, {
    option: `model.${option}`,
    expected,
    got: value,
  });
}

/** What a class may be called. */
export type ClassLabel = string | number | boolean;

/** Whether two numbers may be codes of two classes, such as 0 and 1, −1 and 1, or 2 and 4: whole numbers. */
export function areClassCodes(values: Iterable<number>): boolean {
  return [...values].every(Number.isInteger);
}

/**
 * The model that a target calls for: two labels, or two numbers that may be codes of classes ({@link areClassCodes}), are classes;
 * other numbers are regressed on, other values are classes.
 *
 * @returns the model, and why, in words.
 */
export function chooseModel(target: ArrayLike<ClassLabel>): { readonly kind: ModelKind; readonly reason: string } {
  const distinct = new Set<ClassLabel>();
  let numbers = true;
  for (let i = 0; i < target.length; i++) {
    if (typeof target[i] !== "number") numbers = false;
    if (numbers && distinct.size > 2) continue;
    distinct.add(target[i]!);
  }
  if (distinct.size === 2 && (!numbers || areClassCodes(distinct as Set<number>)))
    return { kind: "logistic", reason: `the target has two values, ${[...distinct].map(String).join(" and ")}` };
  if (numbers) return { kind: "linear", reason: "the target is a number" };
  return { kind: "softmax", reason: `the target has ${distinct.size} classes` };
}
