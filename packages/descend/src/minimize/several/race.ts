/** Several methods on one objective: the same start, the same budget, and who gets close to the best first. */

import { OptionError } from "../../errors.js";
import type { MethodName } from "../../optim/method-name.js";
import type { Descent } from "../descent.js";
import { createDescent, type PlainObjective, type RowObjective, type TracedObjective } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import type { TableData } from "../objective/rows.js";
import { check, type DescentOptions, expectObject } from "../options.js";
import type { Solution } from "../solution.js";

/** A method with what belongs to it alone. */
export interface Racer extends Pick<DescentOptions, "method" | "methodOptions" | "learningRate"> {
  /** Default: the name of the method. */
  readonly name?: string | undefined;
}

/** Those of `minimize` but for mini-batches, for all racers. */
export interface RaceOptions
  extends Omit<DescentOptions, "method" | "methodOptions" | "batch" | "shuffle" | "history" | "onStep" | "checkpoint"> {
  /** Names of methods, or methods with their own options; at least one. `learningRate` is for those that have none of their own. */
  readonly methods: readonly (MethodName | Racer)[];
  /** Close to the best: what is left of the fall from the start to it. 0 < within < 1. Default 1e-6. */
  readonly within?: number | undefined;
  /** Of each racer. Default 10 000. */
  readonly maxEvaluations?: number | undefined;
}

export interface RaceResult<P> {
  readonly name: string;
  readonly solution: Solution<P>;
  /** 1 for the winner. */
  readonly rank: number;
  /**
   * Values or gradients, whichever is more, and products with the Hessian, until the value was within the tolerance of the
   * best of all racers; undefined if it never was.
   */
  readonly evaluations: number | undefined;
  /** Steps until then. */
  readonly steps: number | undefined;
  /** Evaluations made after each step, at the start first: as long as `solution.history`. */
  readonly evaluationsAt: Float64Array;
}

export interface Race<P> {
  /** By rank. */
  readonly results: readonly RaceResult<P>[];
  readonly startValue: number;
  /** The lowest value that any racer reached at a point, not on the way to −∞. */
  readonly best: number;
  /** Values up to here count as arrived. */
  readonly near: number;
}

/**
 * Lets methods race. Those that come close to the best are ranked by the evaluations they took, then by
 * steps; the others follow by their lowest value.
 *
 * @param objective, start - as for `minimize`.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN; and what `minimize` throws.
 *
 * A rank holds for this objective, this start and these learning rates.
 *
 * @example race("x^2 + 456 y^2", { x: 1, y: 1 }, { methods: ["lbfgs", { method: "gradientDescent",
 * learningRate: 0.002 }] }).results[0].name // "lbfgs"
 */
export function race<P, const D extends TableData>(
  objective: RowObjective<P, D>,
  start: P,
  options: Omit<RaceOptions, "data"> & { readonly data: D },
): Race<P>;
export function race<P>(objective: string | PlainObjective<P>, start: P, options: RaceOptions): Race<P>;
export function race<P>(objective: TracedObjective, start: P, options: RaceOptions): Race<P>;
export function race<P>(objective: string | ObjectiveFunction, start: P, options: RaceOptions): Race<P> {
  expectObject("options", options, 'an object such as { methods: ["lbfgs", "adam"] }');
  const { methods, within = 1e-6, maxEvaluations = 10_000, learningRate, ...shared } = options;
  check("within", within, (v) => v > 0 && v < 1, "a number between 0 and 1");
  if (!Array.isArray(methods) || methods.length === 0) {
    const expected = 'at least one method, such as ["lbfgs", "adam"]';
    throw new OptionError("OPTION_OUT_OF_RANGE", `methods: expected ${expected}, got none.`, { option: "methods", expected, got: methods });
  }
  const runs = methods.map((given: string | Racer) => {
    const { name, ...own } = typeof given === "string" ? { method: given, name: given } : given;
    const evaluationsAt: number[] = [];
    const count = ({ value, gradient, hessianVector }: Descent<P>["evaluations"]): number => Math.max(value, gradient) + hessianVector;
    const descent: Descent<P> = createDescent<P>(objective as TracedObjective, start, {
      ...shared,
      // A rate beside a method that was made with one is a contradiction
      ...(typeof own.method === "string" ? { learningRate } : {}),
      ...own,
      maxEvaluations,
      history: true,
      onStep: () => {
        evaluationsAt.push(count(descent.evaluations));
      },
    });
    const startValue = descent.value;
    evaluationsAt.push(count(descent.evaluations));
    const solution = descent.run().solution();
    return { name: name ?? descent.method, solution, startValue, evaluationsAt: Float64Array.from(evaluationsAt) };
  });

  const { startValue } = runs[0]!;
  const arrivable = runs.filter(({ solution }) => solution.verdict !== "unbounded" && Number.isFinite(solution.value));
  const best = arrivable.reduce((least, { solution }) => Math.min(least, solution.value), startValue);
  const near = best + within * (startValue - best);
  const results = runs.map(({ name, solution, evaluationsAt }) => {
    const steps = solution.verdict === "unbounded" ? -1 : solution.history!.value.findIndex((value) => value <= near);
    const arrived = steps >= 0;
    return { name, solution, evaluationsAt, steps: arrived ? steps : undefined, evaluations: arrived ? evaluationsAt[steps] : undefined };
  });
  const order =
    (key: (result: (typeof results)[number]) => number | undefined) => (a: (typeof results)[number], b: (typeof results)[number]) => {
      const [left, right] = [key(a) ?? Number.POSITIVE_INFINITY, key(b) ?? Number.POSITIVE_INFINITY];
      return left === right ? 0 : left < right ? -1 : 1;
    };
  const keys = [
    order((r) => r.evaluations),
    order((r) => r.steps),
    order((r) => (r.solution.verdict === "unbounded" ? undefined : r.solution.value)),
  ];
  results.sort((a, b) => keys.reduce((so, compare) => so || compare(a, b), 0));
  return { results: results.map((result, k) => ({ ...result, rank: k + 1 })), startValue, best, near };
}
