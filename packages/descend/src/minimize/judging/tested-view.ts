import { maxNorm } from "../../numeric/blas1.js";
import type { SetUp } from "../set-up.js";
import type { HostEvaluation } from "../steppers/compiled-stepper.js";

/**
 * A descent as the tests at its end are to see it: whole numbers held where they are, and estimated gradients replaced by those of
 * another source, since an estimate proves nothing.
 */
export function testedView(setUp: SetUp): SetUp {
  const { whole, choice, stepper, startParams } = setUp;
  if (whole !== undefined) {
    return Object.create(setUp, {
      box: { get: () => whole.held(stepper.params) },
      nearest: { get: () => whole.nearest(stepper.params) },
      rule: { value: { residual: whole.residual.bind(whole), project: undefined, smooth: undefined } },
    }) as SetUp;
  }
  if (choice.kind !== "host" || choice.reference === undefined) return setUp;
  const { reference } = choice;
  const counted = (evaluation: HostEvaluation): Float64Array => {
    stepper.evaluations.value += evaluation.valueCalls;
    stepper.evaluations.gradient += evaluation.gradientCalls;
    return Float64Array.from(evaluation.gradient);
  };
  const gradient = (): Float64Array => counted(reference(Float64Array.from(stepper.params)));
  const measures = (): typeof stepper.measures => ({ ...stepper.measures, gradientScale: maxNorm(counted(reference(startParams))) });
  return Object.create(setUp, {
    choice: { value: { ...choice, evaluate: reference } },
    stepper: { value: Object.create(stepper, { gradient: { get: gradient }, measures: { get: measures } }) },
  }) as SetUp;
}
