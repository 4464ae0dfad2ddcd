/** The objective along the method's own step, from a thirtieth of it to a hundred times as far. */

import { dot } from "../../numeric/blas1.js";
import type { PointValue, Probe } from "../probe.js";

export interface StepScan {
  /** Multiples of the step, ascending, and f there. */
  readonly multiples: readonly number[];
  readonly values: readonly number[];
  /** ρ(c) = (f(x) − f(x + c·d))/(−c·g·d): 1 where linear, ½ at the minimum along the line, ≤ 0 beyond it. */
  readonly ratios: readonly number[];
  /** The multiple with the lowest value. */
  readonly best: number;
  /** ρ(1). */
  readonly atOne: number;
}

const MULTIPLES = [0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

/** @param step - d: what the method adds to the parameters. */
export function stepScan(probe: Probe, params: Float64Array, { value, gradient }: PointValue, step: Float64Array): StepScan {
  const slope = dot(gradient, step);
  const values = MULTIPLES.map((c) => probe.value(params.map((x, i) => x + c * step[i]!)));
  const ratios = values.map((at, k) => (value - at) / (-MULTIPLES[k]! * slope));
  let best = 0;
  values.forEach((at, k) => {
    if (at < values[best]! || !Number.isFinite(values[best]!)) best = k;
  });
  return { multiples: MULTIPLES, values, ratios, best: MULTIPLES[best]!, atOne: ratios[MULTIPLES.indexOf(1)]! };
}
