import type { Tensor } from "../graph/tensor.js";
import { tensor, where, zeros } from "../graph/tensor-functions.js";
import { NON_NEGATIVE, type OptionSpec } from "./options.js";
import { type Hyperparameter, type LearningRate, valueAt } from "./schedules/schedule.js";
import type { State, Transformation } from "./transformation.js";

/** What a schedule-free method is made of: a scaling of the gradient, and the hyper-parameters of the two sequences. */
export interface ScheduleFreeParts<S extends State> {
  /** What takes the place of the gradient: the gradient itself, or Adam's division by √v. */
  readonly scaling: Transformation<S>;
  readonly learningRate: LearningRate;
  /** β: gradients are taken at β·x̄ + (1−β)·z. */
  readonly momentum: Hyperparameter;
  readonly weightDecay: Hyperparameter;
  /** Factor of the rate, from the state of the scaling after this gradient. Default 1. */
  readonly correction?: (state: S) => Tensor;
}

/** The base sequence and its average, [n]; sum of the weights and largest rate so far, scalars; state of the scaling. */
export type ScheduleFreeState<S extends State = State> = {
  readonly z: Tensor;
  readonly average: Tensor;
  readonly weights: Tensor;
  readonly largestRate: Tensor;
  readonly inner: S;
};

/** The row of the option `weightDecay`. */
export const scheduleFreeDecay: OptionSpec<Hyperparameter> = {
  kind: "hyperparameter",
  default: 0,
  ...NON_NEGATIVE,
  meaning: "λ: decay of the parameters, taken where the gradient is",
};

/**
 * The two sequences of schedule-free methods: z takes the steps, x̄ averages z, and gradients are taken between them, at the parameters y.
 *
 * z ← z − γ·(u + λ·y),  x̄ ← x̄ + c·(z − x̄) with c = w/Σw, w = (largest γ so far)²,  y = β·x̄ + (1−β)·z
 *
 * The average x̄ is what the rule recommends ({@link Transformation.answer}).
 *
 * Source: Defazio et al. 2024, equations 3–5 and the weights of section 3.3.
 */
export function scheduleFreeSequences<S extends State>({
  scaling,
  learningRate,
  momentum,
  weightDecay,
  correction,
}: ScheduleFreeParts<S>): Transformation<ScheduleFreeState<S>> {
  return {
    name: "scheduleFreeSequences",
    init: (params, context) => ({
      z: params,
      average: params,
      weights: zeros([]),
      largestRate: zeros([]),
      inner: scaling.init(params, context),
    }),
    update(gradient, state, context) {
      const { params, step } = context;
      const inner = scaling.update(gradient, state.inner, context);
      const given = valueAt(learningRate, step);
      const rate = correction === undefined ? given : given.mul(correction(inner.state));
      const beta = valueAt(momentum, step);
      const decayed = weightDecay === 0 ? inner.updates : inner.updates.add(params.mul(valueAt(weightDecay, step)));
      const largestRate = state.largestRate.maximum(rate);
      const weight = largestRate.square();
      const weights = state.weights.add(weight);
      const z = state.z.sub(decayed.mul(rate));
      const average = state.average.add(z.sub(state.average).mul(where(weights.equal(0), 0, weight.div(weights))));
      const next = average.mul(beta).add(z.mul(tensor(1).sub(beta)));
      return { updates: next.sub(params), state: { z, average, weights, largestRate, inner: inner.state } };
    },
    answer: (_params, { average }) => average,
  };
}
