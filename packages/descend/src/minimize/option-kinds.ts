/** Options that are not of the kind they must be, refused before any of them is read. */

import type { GradientEstimator } from "../autodiff/estimated-gradient.js";
import { OptionError } from "../errors.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";
import type { DescentOptions } from "./options.js";
import type { Signal } from "./signal.js";

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const isCallback = (value: unknown): boolean => typeof value === "function";

/** @throws OptionError OPTION_OUT_OF_RANGE */
export function checkKinds(options: DescentOptions): void {
  checkFormulaKinds(options);
  const { methodOptions, gradient, bounds, constraints, data } = options;
  expectKind("methodOptions", methodOptions, isObject, "an object such as { memory: 20 }");
  expectKind("bounds", bounds, (v) => v === null || isObject(v), "a pair such as [0, 1], or a tree of pairs like the start");
  expectKind("constraints", constraints, isObject, 'an object such as { atMost: [(p) => p[0] + p[1] - 1] }, or texts such as "x + y <= 1"');
  expectKind("data", data, isObject, "an object of columns such as { x: [1, 2], y: [3, 4] }");
  expectKind(
    "gradient",
    gradient,
    (v) => typeof v === "string" || isCallback(v) || (isObject(v) && (v as GradientEstimator).kind === "estimator"),
    'a name such as "central-difference" or a function',
  );
}

/**
 * Those that have a meaning for `minimizeFormula`.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function checkFormulaKinds(options: DescentOptions): void {
  expectKind("options", options, isObject, "an object such as { maxSteps: 100 }");
  const { method, stopping, constants, onStep, signal, clock } = options;
  expectKind("stopping", stopping, isObject, "an object such as { gradientTolerance: 1e-6 }");
  expectKind("constants", constants, isObject, "an object such as { a: 1 }");
  expectKind("onStep", onStep, isCallback, "a function");
  expectKind("clock", clock, isCallback, "a function");
  expectKind("signal", signal, (v) => isObject(v) && typeof (v as Signal).aborted === "boolean", "an AbortSignal");
  const { init, update, step } = (method ?? {}) as Partial<Transformation & SearchMethod>;
  const isRule = isCallback(init) && (isCallback(update) || isCallback(step));
  expectKind(
    "method",
    method,
    (v) => typeof v === "string" || isRule,
    'a name such as "adam", or a rule such as adam({ learningRate: 0.1 })',
  );
}

function expectKind(option: string, value: unknown, valid: (value: unknown) => boolean, expected: string): void {
  if ((value === undefined && option !== "options") || valid(value)) return;
  const got = typeof value === "function" ? "a function" : typeof value === "object" && value !== null ? "an object" : String(value);
  throw new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${got}.`, { option, expected, got });
}
