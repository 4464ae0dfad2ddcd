/** The step-size certificate of a descent that has not begun. */

import { Descent } from "../descent.js";
import { allTools, type PlainObjective, type RowObjective, type RowOptions, type TracedObjective } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import type { TableData } from "../objective/rows.js";
import type { DescentOptions } from "../options.js";
import { subjectOf } from "../subject.js";
import type { StepSizeCertificate } from "./step-size.js";

/**
 * What the curvature at the start says about a method and its learning rate, before the first step: the largest stable rate, the condition
 * number, and the steps it will take, all of the quadratic model of the objective there. Arguments as for `minimize`.
 *
 * @returns undefined where there are no second derivatives, or none is positive.
 * @throws as `minimize`
 *
 * Cost: at most 120 products with the Hessian, about 240 gradients.
 * Accuracy: the largest curvature to 1 % and better, exact up to 20 parameters; predicted steps on
 * quadratics to 10 %, step-size-certificate.test.ts.
 *
 * @example
 * stepSizeCertificate("x^2 + 2 y^2 + 2 x y", { x: 1, y: 1 }, { method: "gradientDescent" })!.stableLearningRate; // 0.381966
 */
export function stepSizeCertificate<P, const D extends TableData>(
  objective: RowObjective<P, D>,
  start: P,
  options: RowOptions<D>,
): StepSizeCertificate | undefined;
export function stepSizeCertificate<P>(
  objective: string | PlainObjective<P>,
  start: P,
  options?: DescentOptions,
): StepSizeCertificate | undefined;
export function stepSizeCertificate<P>(objective: TracedObjective, start: P, options?: DescentOptions): StepSizeCertificate | undefined;
export function stepSizeCertificate<P>(
  objective: string | ObjectiveFunction,
  start: P,
  options: DescentOptions = {},
): StepSizeCertificate | undefined {
  return new Descent(objective, start, options, 1, allTools).stepSize;
}

/**
 * The same for a descent that was made, at its start, wherever it stands by now; it is left as it is.
 *
 * @returns undefined as above, and for objects that were not made by a descent.
 */
export function stepSizeAtStart(descent: Descent<never>): StepSizeCertificate | undefined {
  const subject = subjectOf(descent);
  if (subject === undefined) return undefined;
  const { objective, start, options, sense } = subject;
  const untouched: DescentOptions = { ...options, history: false, checkpoint: undefined, signal: undefined, onStep: undefined };
  return new Descent(objective, start, untouched, sense === "minimize" ? 1 : -1, allTools).stepSize;
}
