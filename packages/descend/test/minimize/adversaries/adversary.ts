/** A function made to be misjudged, with the truth about it. */

import type { DescentOptions } from "../../../src/minimize/options.js";
import type { Verdict } from "../../../src/minimize/verdict.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";

export type Point = readonly number[];
export type Objective = (x: number[]) => number;

export interface Adversary {
  readonly name: string;
  readonly objective: Objective;
  readonly start: Point;
  /** Where the minimizers are: who is called converged must be at one of them. None: nobody may be. */
  readonly minimizers: readonly Point[] | ((x: Point) => boolean);
  /** Distance at which a point is at a minimizer. Default 1e-4. */
  readonly within?: number;
  readonly options?: Omit<DescentOptions, "data">;
  /** Verdicts that are right, by calculus. "stalled" and "budget" claim nothing: they are no lie, but right only where listed. */
  readonly right: readonly Verdict[];
}

/** What one says of a descent that ended at a minimizer. */
export const FOUND: readonly Verdict[] = ["converged", "precision-floor"];

export const rate = (learningRate: number, maxSteps = 20_000): Omit<DescentOptions, "data"> => ({
  method: gradientDescent({ learningRate }),
  maxSteps,
});

export type Truth = Omit<Adversary, "name" | "objective" | "start">;

/** The default method, and gradient descent at a fixed rate. */
export function both(
  name: string,
  objective: Objective,
  start: Point,
  learningRate: number,
  truth: Truth,
  fixed: Partial<Truth> = {},
): Adversary[] {
  const steps = { ...rate(learningRate), ...fixed.options };
  return [
    { name, objective, start, ...truth },
    { name: `${name}, in fixed steps`, objective, start, ...truth, ...fixed, options: { ...truth.options, ...steps } },
  ];
}

/** The default method in float64 and float32. */
export function precisions(name: string, objective: Objective, start: Point, truth: Truth, within: number): Adversary[] {
  return [
    { name, objective, start, ...truth },
    { name: `${name}, in float32`, objective, start, ...truth, within, options: { ...truth.options, precision: "float32" } },
  ];
}

export const zeros = (n: number): number[] => new Array<number>(n).fill(0);
