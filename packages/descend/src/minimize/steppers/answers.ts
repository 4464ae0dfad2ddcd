/** Answers to the questions of a search, from a compiled objective or one that is called. */

import type { Box } from "../../numeric/box.js";
import type { Answer, Question } from "../../optim/search-method.js";
import type { CurvatureProbe } from "../objective/curvature-probe.js";
import type { differencedHessianVector } from "../objective/differenced-curvature.js";
import { compileValue, compileValueAndGradient, type Target } from "../objective/evaluation.js";
import type { GradientChoice } from "../objective/gradient-choice.js";
import type { hessianMatrix } from "../objective/hessian-matrix.js";
import type { HostEvaluation } from "./compiled-stepper.js";
import type { Evaluations } from "./stepper.js";

export type Answers = (question: Question) => Answer;

export interface EvaluationSource {
  readonly choice: GradientChoice;
  readonly target: Target;
  /** Products of a compiled objective; undefined for one that is called. */
  readonly curvature: CurvatureProbe | undefined;
  /** Makes products from gradients of an objective that is called. */
  readonly differencedHessianVector: typeof differencedHessianVector | undefined;
  /** Makes the Hessian of products, for methods that ask for it. */
  readonly hessianMatrix: typeof hessianMatrix | undefined;
  /** Differences stay inside. */
  readonly box: Box | undefined;
}

/**
 * A function that answers questions and counts what they cost. What no question asks for is not compiled. The Hessian takes n products;
 * where gradients are not compiled, products are differences of gradients.
 *
 * @param evaluations - is counted up.
 */
export function answersOf(source: EvaluationSource, evaluations: Evaluations): Answers {
  const { choice, target, curvature, box } = source;
  const value = choice.kind === "host" ? choice.value : lazily(() => compileValue(choice.graph, target));
  const valueAndGradient = choice.kind === "host" ? choice.evaluate : lazily(() => compileValueAndGradient(choice.graph, target));
  const valueAt = (params: Float64Array): number => {
    evaluations.value++;
    return value(params);
  };
  const gradientAt = (params: Float64Array): HostEvaluation => {
    const evaluation = valueAndGradient(params);
    evaluations.value += evaluation.valueCalls;
    evaluations.gradient += evaluation.gradientCalls;
    return evaluation;
  };
  const productsAt = (params: Float64Array): ((direction: Float64Array) => Float64Array) => {
    const multiply = curvature?.hessianVector(params) ?? source.differencedHessianVector!((x) => gradientAt(x).gradient, params, box);
    return (direction) => {
      evaluations.hessianVector++;
      return multiply(direction);
    };
  };
  return (question) => {
    switch (question.kind) {
      case "values":
        return { values: question.points.map(valueAt) };
      case "gradient": {
        const { value, gradient } = gradientAt(question.params);
        return { values: [value], vector: gradient instanceof Float64Array ? gradient.slice() : Float64Array.from(gradient) };
      }
      case "hessian-vector":
        return { values: NO_VALUES, vector: productsAt(question.params)(question.direction) };
      case "hessian":
        return { values: NO_VALUES, vector: source.hessianMatrix!(productsAt(question.params), question.params.length) };
    }
  };
}

/** A function that is made when first called. */
function lazily<T>(make: () => (params: Float64Array) => T): (params: Float64Array) => T {
  let made: ((params: Float64Array) => T) | undefined;
  return (params) => {
    made ??= make();
    return made(params);
  };
}

const NO_VALUES: readonly number[] = [];
