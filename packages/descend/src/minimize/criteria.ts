/** Every active criterion of a descent with its tolerance and the value reached. */

import { maxNorm } from "../numeric/blas1.js";
import { parameterScale } from "./judging/certificate/point-evidence.js";
import type { DescentOptions } from "./options.js";
import type { Criterion } from "./solution.js";
import type { Stepper } from "./steppers/stepper.js";
import { toleranceNames } from "./stopping.js";

export interface CriteriaContext {
  readonly stepper: Stepper;
  readonly options: DescentOptions;
  readonly startParams: Float64Array;
  /** In the order of `toleranceNames`. */
  readonly tolerances: readonly number[];
  readonly maxSteps: number;
  readonly seconds: number;
  /** −1 if the user maximizes. */
  readonly sign: 1 | -1;
}

export function criteriaOf({ stepper, options, startParams, tolerances, maxSteps, seconds, sign }: CriteriaContext): Criterion[] {
  const { measures, value } = stepper;
  const { stopping = {} } = options;
  const tolerance = (name: (typeof toleranceNames)[number]): number => tolerances[toleranceNames.indexOf(name)]!;
  const gradient = Math.max(tolerance("gradient"), tolerance("relativeGradient") * measures.gradientScale);
  const criteria: Criterion[] = [];
  if (stepper.followsGradient) criteria.push({ name: "gradient-tolerance", tolerance: gradient, reached: measures.gradientNorm });
  if (stepper.extent !== undefined) {
    criteria.push({
      name: "step-tolerance",
      tolerance: tolerance("extent") * parameterScale({ params: Float64Array.from(stepper.params), startParams }),
      reached: stepper.extent,
    });
  }
  // Steps and changes of value are measured only where somebody asked.
  if (stopping.stepTolerance !== undefined && stepper.followsGradient) {
    criteria.push({ name: "step-tolerance", tolerance: tolerance("step") * maxNorm(stepper.params), reached: measures.stepNorm });
  }
  if (stopping.valueTolerance !== undefined) {
    criteria.push({ name: "value-tolerance", tolerance: tolerance("value") * Math.abs(value), reached: measures.valueChange });
  }
  if (stopping.targetValue !== undefined) {
    criteria.push({ name: "target-value", tolerance: sign * tolerance("target"), reached: sign * value });
  }
  const unlimited = Number.POSITIVE_INFINITY;
  criteria.push(
    { name: "diverged", tolerance: tolerance("divergence"), reached: Math.abs(value) },
    { name: "max-steps", tolerance: maxSteps, reached: stepper.steps },
    { name: "max-evaluations", tolerance: options.maxEvaluations ?? unlimited, reached: stepper.evaluations.value },
    { name: "time-limit", tolerance: options.timeLimit ?? unlimited, reached: seconds },
  );
  return criteria;
}
