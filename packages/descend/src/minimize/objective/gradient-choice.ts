/**
 * Where the gradients of a descent come from: compiled, given by the user and checked, finite differences, or estimates at random points.
 */

import { checkGradient } from "../../autodiff/check-gradient.js";
import { estimatedGradient, type GradientEstimator, gaussianSmoothing, spsa } from "../../autodiff/estimated-gradient.js";
import { differenceRounding, type FiniteDifferenceScheme, finiteDifferenceGradient } from "../../autodiff/finite-differences.js";
import { DataError, NumericalError, OptionError } from "../../errors.js";
import type { Box } from "../../numeric/box.js";
import type { SearchMethod } from "../../optim/search-method.js";
import type { Transformation } from "../../optim/transformation.js";
import { flattenLike, type Layout, type Params, pathOf, unflatten } from "../../tree/tree.js";
import { type GradientOption, oneOf } from "../options.js";
import type { GradientSource } from "../solution.js";
import type { HostEvaluation } from "../steppers/compiled-stepper.js";
import type { ObjectiveFunction } from "./objective.js";
import type { ObjectiveGraph, ReadObjective } from "./objective-graph.js";
import type { WholeNumbers } from "./whole-numbers.js";

export type GradientChoice =
  | { readonly kind: "exact"; readonly source: GradientSource; readonly reason: undefined; readonly graph: ObjectiveGraph }
  | {
      readonly kind: "host";
      readonly source: GradientSource;
      readonly reason: string | undefined;
      readonly value: (params: Float64Array) => number;
      /** @param draw - gradients so far: an estimated gradient draws anew for each. */
      readonly evaluate: (params: Float64Array, draw?: number) => HostEvaluation;
      /** Where `evaluate` estimates: another source, for the tests at the end. */
      readonly reference?: (params: Float64Array) => HostEvaluation;
      /** What rounding of the values makes of a component of the gradient at most. Absent if there are no differences. */
      readonly rounding?: (params: ArrayLike<number>, value: number) => number;
      /** Makes differences wide enough for values that jitter by this much. Absent if there are no differences. */
      readonly adaptToNoise?: (noise: number) => void;
    };

const GRADIENTS = ["exact", "forward-difference", "central-difference", "four-point-difference", "spsa", "gaussian-smoothing"];

export interface GradientContext {
  readonly layout: Layout;
  readonly gradient: GradientOption | undefined;
  /** Compare a gradient given by the user with difference quotients at the start. */
  readonly check: boolean;
  readonly start: Float64Array;
  /** No difference quotient reaches outside of it. */
  readonly box: Box | undefined;
  /** Parameters that take whole numbers only: they are not moved, and have a derivative of 0. */
  readonly whole: WholeNumbers | undefined;
  /** What will follow the gradient, if that is known. */
  readonly method: Transformation | SearchMethod | undefined;
  readonly seed: number;
  /** −1 to maximize: the objective already has the sign, a gradient given by the user does not. */
  readonly sign: 1 | -1;
  /** Compiles a graph that is evaluated without its gradient. */
  readonly evaluator: (graph: ObjectiveGraph) => (params: Float64Array) => number;
}

/**
 * The gradient of an objective that is not compiled with it.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE for a name that is none, OPTIONS_CONFLICT for "exact" where the objective cannot be read;
 * NumericalError GRADIENT_MISMATCH if a gradient given by the user is not that of the objective.
 */
export function chooseGradient(objective: ReadObjective, context: GradientContext): GradientChoice {
  const { gradient = "central-difference", box, seed } = context;
  const value = objective.kind === "host" ? objective.evaluate : context.evaluator(objective.graph);
  if (typeof gradient === "function") return providedGradient(gradient, value, context);
  if (typeof gradient === "string") oneOf("gradient", gradient, GRADIENTS);
  if (gradient === "exact" && objective.kind === "host") {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `gradient: "exact" needs an objective that can be read. ${objective.reason}`,
      { options: ["gradient", "objective"] },
      { hint: "Leave the option away to have finite differences." },
    );
  }
  const estimator = estimatorOf(gradient);
  const named = typeof gradient === "string" && gradient.endsWith("-difference");
  const scheme = named ? (gradient.replace("-difference", "") as FiniteDifferenceScheme) : "central";
  let noise: number | undefined;
  const differences = (params: Float64Array): HostEvaluation => {
    const here = value(params);
    if (!Number.isFinite(here)) return undefinedAt(here, params.length);
    const within = context.whole?.held(params) ?? box;
    const result = finiteDifferenceGradient(value, params, {
      scheme,
      value: here,
      ...(within === undefined ? {} : { box: within }),
      ...(noise === undefined ? {} : { noise }),
    });
    return { value: here, gradient: result.gradient, valueCalls: 1 + result.evaluations, gradientCalls: 1 };
  };
  if (estimator !== undefined) {
    refuseComparing(context.method);
    return {
      kind: "host",
      source: "estimated",
      reason: `asked for by gradient: "${estimator.name}".`,
      value,
      evaluate(params, draw = 0) {
        const here = value(params);
        if (!Number.isFinite(here)) return undefinedAt(here, params.length);
        const result = estimatedGradient(estimator, value, params, { seed, draw, ...(box === undefined ? {} : { box }) });
        return { value: here, gradient: result.gradient, valueCalls: 1 + result.evaluations, gradientCalls: 1 };
      },
      reference: differences,
    };
  }
  const reason = objective.kind === "host" ? objective.reason : `asked for by gradient: "${String(gradient)}".`;
  return {
    kind: "host",
    source: "finite-difference",
    reason,
    value,
    evaluate: differences,
    // Wider differences are made for noise that is larger; between whole numbers there are no slopes.
    rounding: (params, here) => ((noise ?? context.whole) === undefined ? differenceRounding(scheme, params, here) : 0),
    adaptToNoise: (level) => {
      noise = level;
    },
  };
}

/** The estimator that an option names or is; undefined for other options. */
function estimatorOf(gradient: GradientOption | undefined): GradientEstimator | undefined {
  if (gradient === "spsa") return spsa();
  if (gradient === "gaussian-smoothing") return gaussianSmoothing();
  return typeof gradient === "object" ? gradient : undefined;
}

/** Searches by gradients, and more so by curvature, would compare the noise of estimates. */
function refuseComparing(method: Transformation | SearchMethod | undefined): void {
  if (method === undefined || !("kind" in method) || method.uses === "values") return;
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `gradient: ${method.name} compares gradients of different points, which must not be estimates. Name a rule as the method, such as "adam".`,
    { options: ["gradient", "method"] },
  );
}

function undefinedAt(value: number, size: number): HostEvaluation {
  return { value, gradient: new Float64Array(size).fill(Number.NaN), valueCalls: 1, gradientCalls: 0 };
}

/** The user's gradient, compared with finite differences along random directions before the first step. */
function providedGradient(
  gradient: ObjectiveFunction,
  value: (params: Float64Array) => number,
  { layout, start, box, seed, sign, check: checked }: GradientContext,
): GradientChoice {
  const call = gradient as (params: unknown) => unknown;
  const gradientAt = (params: Float64Array): Float64Array => {
    const flat = flattenGradient(layout, call(unflatten(layout, params)));
    return sign === 1 ? flat : flat.map((g) => -g);
  };
  const check = checked ? checkGradient(value, gradientAt, start, { seed, ...(box === undefined ? {} : { box }) }) : undefined;
  if (check !== undefined && !check.ok) {
    const worst = check.components[0]!;
    const path = `gradient${pathOf(layout, worst.index)}`;
    throw new NumericalError(
      "GRADIENT_MISMATCH",
      `${path}: expected about ${worst.expected.toPrecision(6)} by central differences at the start, got ${worst.got.toPrecision(6)}. Leave the option away to have the gradient derived.`,
      { path, expected: worst.expected, got: worst.got },
    );
  }
  return {
    kind: "host",
    source: "provided",
    reason: `given by the option gradient, and ${checked ? "checked against finite differences" : "taken as it is"}.`,
    value,
    evaluate: (params) => ({ value: value(params), gradient: gradientAt(params), valueCalls: 1, gradientCalls: 1 }),
  };
}

/** A gradient may hold NaN or ±∞ where it is not defined; its shape must be that of the parameters. */
function flattenGradient(layout: Layout, tree: unknown): Float64Array {
  const flat: number[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === "number") flat.push(node);
    else if (Array.isArray(node)) node.forEach(visit);
    else if (ArrayBuffer.isView(node)) flat.push(...(node as Float64Array));
    else if (typeof node === "object" && node !== null) Object.values(node).forEach(visit);
  };
  visit(tree);
  if (flat.every(Number.isFinite)) return flattenLike(layout, tree as Params, "gradient");
  if (flat.length !== layout.size) {
    throw new DataError("PARAMS_NOT_NUMERIC", `gradient: expected ${layout.size} numbers, got ${flat.length}.`, {
      path: "gradient",
      got: `${flat.length} numbers`,
    });
  }
  return Float64Array.from(flat);
}
