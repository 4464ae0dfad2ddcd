import { checkHyperparameter, NON_NEGATIVE } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";

/**
 * Adds a multiple of the parameters to the updates, which pulls them toward 0.
 *
 * u ← u + λ·x
 *
 * *Where* it stands decides what it is. First in a chain it is the gradient of the penalty λ/2·‖x‖² (L2 regularization, what
 * PyTorch's `weight_decay` does in SGD and Adam). Between an adaptive rule and the learning rate it is decoupled decay, as in
 * AdamW: each step multiplies x by 1 − α·λ whatever the gradient.
 *
 * @param weightDecay - λ ≥ 0, or a schedule.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Krogh, Hertz 1992; Loshchilov, Hutter 2019 for the decoupled form.
 */
export function addDecayedWeights(weightDecay: Hyperparameter): Transformation {
  checkHyperparameter("addDecayedWeights", "weightDecay", weightDecay, NON_NEGATIVE);
  return stateless("addDecayedWeights", (updates, { params, step }) => updates.add(params.mul(valueAt(weightDecay, step))));
}
