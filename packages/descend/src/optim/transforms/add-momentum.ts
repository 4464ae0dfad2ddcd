import type { Tensor } from "../../graph/tensor.js";
import { tensor, where, zeros } from "../../graph/tensor-functions.js";
import { FRACTION, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface AddMomentumOptions {
  readonly decay?: Hyperparameter;
  readonly dampening?: Hyperparameter;
  readonly nesterov?: boolean;
}

/** The decaying sum, [n]. */
export type AddMomentumState = { readonly m: Tensor };

const table: OptionTable<AddMomentumOptions> = {
  decay: {
    kind: "hyperparameter",
    default: 0.9,
    ...FRACTION,
    meaning: "μ: how much of the last sum is kept; memory is about 1/(1−μ) steps",
  },
  dampening: {
    kind: "hyperparameter",
    default: 0,
    ...NON_NEGATIVE,
    maximum: 1,
    meaning: "δ: later updates enter with the factor 1−δ, the first one whole",
  },
  nesterov: { kind: "boolean", default: false, meaning: "give the look-ahead g + μ·m in place of m" },
};

/**
 * Heavy-ball momentum: a decaying sum of past updates.
 *
 * m ← μ·m + g,  update = m        (`nesterov: true` gives g + μ·m)
 *
 * @param options.decay - μ, dimensionless, 0 ≤ μ < 1, or a schedule. Default 0.9. Memory is about 1/(1−μ) steps.
 * @param options.dampening - δ, 0 ≤ δ ≤ 1. m ← μ·m + (1−δ)·g, but m ← g at the first step, as in PyTorch. Default 0.
 * @param options.nesterov - Default false.
 * @returns a transformation whose state `m` has the shape of params.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Differs from {@link ema} by the factor (1−μ): with constant g, momentum tends to g/(1−μ), ema to g.
 * Source: Polyak 1964; Sutskever et al. 2013 for Nesterov's form.
 */
export function addMomentum(options: AddMomentumOptions = {}): Transformation<AddMomentumState> {
  const { decay, dampening, nesterov } = readOptions("addMomentum", table, options);
  return {
    name: "addMomentum",
    init: (params) => ({ m: zeros(params.shape) }),
    update(g, state, { step }) {
      const mu = valueAt(decay, step);
      const entering = dampening === 0 ? g : g.mul(where(step.equal(0), 1, tensor(1).sub(valueAt(dampening, step))));
      const m = state.m.mul(mu).add(entering);
      return { updates: nesterov ? g.add(m.mul(mu)) : m, state: { m } };
    },
  };
}
