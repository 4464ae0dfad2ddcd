import type { Tensor } from "../../graph/tensor.js";
import { tensor, where } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { halfCosine } from "./cosine-decay.js";
import type { Schedule } from "./schedule.js";

export interface CosineRestartsOptions {
  readonly initial: number;
  readonly period: number;
  readonly growth?: number;
  readonly final?: number;
}

/** The rows of {@link CosineRestartsOptions}. */
export const cosineRestartsTable: OptionTable<CosineRestartsOptions> = {
  initial: { kind: "number", ...NON_NEGATIVE, meaning: "value at each restart" },
  period: { kind: "number", ...COUNT, meaning: "T₀: length of the first cycle, in steps" },
  growth: { kind: "number", default: 1, ...COUNT, meaning: "m: each cycle is m times as long as the one before it" },
  final: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "value that each cycle descends to" },
};

/** Growing cycles start at T₀·(mⁱ − 1)/(m − 1); those that start within 2⁵³ steps are all there are. */
const LAST_STEP = 2 ** 53;

/**
 * Cosine decay that starts anew, with cycles of equal or growing length.
 *
 * α(t) = α_T + (α₀ − α_T)·(1 + cos(π·s/T_i))/2  with s the steps since the last restart, T_{i+1} = m·T_i
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.period - T₀ ≥ 1, in steps.
 * @param options.growth - m, a whole number ≥ 1. Default 1.
 * @param options.final - α_T ≥ 0. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Loshchilov, Hutter 2017 (SGDR).
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const { initial, period, growth, final } = readOptions("cosineRestarts", cosineRestartsTable, options);
  return (step) => {
    const start = growth === 1 ? step.div(period).floor().mul(period) : lastRestart(step, period, growth);
    const length = start.mul(growth - 1).add(period);
    return halfCosine(initial, final, step.sub(start).div(length));
  };
}

function lastRestart(step: Tensor, period: number, growth: number): Tensor {
  const starts: number[] = [];
  for (let start = 0; start < LAST_STEP; start = start * growth + period) starts.push(start);
  const restarts = tensor(starts);
  return where(restarts.lessEqual(step), restarts, 0).max();
}
