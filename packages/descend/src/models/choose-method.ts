/** The method of a fit, from its size and curvature where the user leaves it open. */

import { lbfgs, methodNamed, proximalGradient } from "../minimize/methods.js";
import type { DescentOptions } from "../minimize/options.js";
import { DENSE_WORK, type MeasuredCurvature } from "./curvature.js";
import type { FitProblem } from "./fit-problem.js";
import { preconditionerOf } from "./preconditioner.js";

export interface ChosenMethod {
  /** What to pass on. */
  readonly method: DescentOptions["method"];
  /** In units of parameters per gradient of J/s²; undefined leaves it to the method or has none. */
  readonly learningRate: number | undefined;
  /** Matrix of the coordinates that the descent works in, [features, features]. */
  readonly preconditioner: Float64Array | undefined;
  /** Whether nothing was asked for. */
  readonly isDefault: boolean;
  /**
   * Whether Newton's method may add the last digits: nothing was asked for, no closed form is to be compared with, and it is affordable.
   */
  readonly polishes: boolean;
  /** Why, in words with numbers. */
  readonly reason: string;
}

/** Parameters up to which a Hessian is worth a matrix. */
const NEWTON_ORDER = 512;

/** Pairs L-BFGS keeps at least, and at most: as many as there are parameters approach the whole inverse Hessian. */
const MEMORY = { least: 10, most: 60 };
/** Condition numbers from which on the descent works in coordinates of equal curvature. */
const PRECONDITION_FROM = 100;
const PRECONDITION_FEATURES = 128;

export interface MethodWishes {
  readonly method?: DescentOptions["method"];
  readonly learningRate?: number | undefined;
  readonly batch?: DescentOptions["batch"];
}

export function chooseMethod(problem: FitProblem, curvature: MeasuredCurvature, wishes: MethodWishes): ChosenMethod {
  const { method, learningRate, batch } = wishes;
  const none = { preconditioner: undefined, isDefault: false, polishes: false };
  const order = problem.start.weights.length + problem.classes + 1;
  const newton = order <= NEWTON_ORDER && problem.z.rows * order * order <= DENSE_WORK;
  const batches = batch !== undefined && batch !== "full";
  if (method !== undefined || batches) {
    const name = typeof method === "string" ? method : undefined;
    const rate = learningRate ?? (name === undefined ? undefined : rateFor(name, problem, curvature, batches ? batch : undefined));
    const from = learningRate !== undefined ? "asked for" : rate === undefined ? "the method's own" : "from the curvature";
    return {
      ...none,
      method,
      learningRate: rate,
      reason: method === undefined ? "batches: adam by default" : `method asked for; learning rate ${from}`,
    };
  }
  const condition = curvature.conditionNumber === null ? "infinite" : curvature.conditionNumber.toPrecision(3);
  if (problem.l1 > 0) {
    const rate = learningRate ?? 1 / curvature.largest;
    return {
      ...none,
      isDefault: true,
      polishes: newton,
      method: proximalGradient({ learningRate: rate, l1: kinkWeights(problem) }),
      learningRate: rate,
      reason: `‖w‖₁ has kinks at 0, which proximal steps handle exactly; step 1/L from the largest curvature ${curvature.largest.toPrecision(3)}`,
    };
  }
  const { width, rows } = problem.z;
  const affordable = width <= PRECONDITION_FEATURES && rows * width * width <= DENSE_WORK;
  const steep = curvature.conditionNumber === null || curvature.conditionNumber > PRECONDITION_FROM;
  const preconditioner = steep && affordable && width > 1 ? preconditionerOf(problem) : undefined;
  return {
    method: lbfgs({ memory: memoryFor(problem) }),
    learningRate: undefined,
    preconditioner,
    isDefault: true,
    polishes: newton && problem.model.loss !== "squared",
    reason:
      preconditioner === undefined
        ? `smooth, ${problem.z.width} features, condition number ${condition}: L-BFGS`
        : `condition number ${condition}: L-BFGS in coordinates where the features are uncorrelated`,
  };
}

function memoryFor({ start }: FitProblem): number {
  return Math.min(MEMORY.most, Math.max(MEMORY.least, start.weights.length + 1));
}

/** λ for each parameter of the descent: none on intercepts. */
function kinkWeights({ start, l1 }: FitProblem): Float64Array {
  const { intercept } = start;
  const intercepts = intercept === undefined ? 0 : typeof intercept === "number" ? 1 : intercept.length;
  return new Float64Array(intercepts + start.weights.length).fill(l1, intercepts);
}

/**
 * The learning rate of plain rules from the curvature: 2/(L + μ) is the best constant one of gradient descent, 1/L is stable with momentum.
 *
 * With batches of b of n rows: 1/2L_b with L_b = (n(b−1)·L + (n−b)·L_max)/(b(n−1)), L_max the curvature of the steepest single row. Source:
 * Gower et al. 2019, "SGD: general analysis and improved rates", proposition 3.8.
 */
function rateFor(
  name: string,
  problem: FitProblem,
  { largest, smallestPositive }: MeasuredCurvature,
  batch: number | undefined,
): number | undefined {
  const rule = methodNamed(name);
  if (rule !== "gradientDescent" && rule !== "momentum" && rule !== "nesterov") return undefined;
  if (batch === undefined) return rule === "gradientDescent" ? 2 / (largest + smallestPositive) : 1 / largest;
  const n = problem.z.rows;
  const steepest = steepestRow(problem);
  const expected = n === 1 ? steepest : (n * (batch - 1) * largest + (n - batch) * steepest) / (batch * (n - 1));
  return 1 / (2 * expected);
}

function steepestRow({ z, lossFactor, l2, model, total, pieces, ...whole }: FitProblem): number {
  const bound = { squared: 1, huber: 1, logistic: 1 / 4, softmax: 1 / 2 }[model.loss] * lossFactor;
  let largest = 0;
  for (const piece of pieces?.() ?? [{ z, ...whole }]) {
    const { values, width, rows } = piece.z;
    for (let i = 0; i < rows; i++) {
      let square = whole.intercept ? 1 : 0;
      for (let k = 0; k < width; k++) square += values[i * width + k]! ** 2;
      largest = Math.max(largest, piece.weights === undefined ? square : (square * piece.weights[i]! * z.rows) / total);
    }
  }
  return bound * largest + l2;
}
