/**
 * Lighter penalties, each a tenth of the one before: how training and validation take them. Each
 * is descended from where the last one ended.
 */

import { Probe } from "../probe.js";
import { type SettledCase, settleCase } from "../settle-case.js";
import { LbfgsWalker } from "./lbfgs-walk.js";

export interface PathPoint {
  readonly l2: number;
  /** Loss without penalty, on the rows learned from and on those for validation; NaN where there are none. */
  readonly training: number;
  readonly validation: number;
}

export interface PenaltyPath {
  /** Descending by penalty, the present one not among them. */
  readonly points: readonly PathPoint[];
  /** In gradients. */
  readonly cost: number;
}

/** Tenths taken at most, and steps of L-BFGS at each. */
const TENTHS = 6;
const STEPS = 25;
/** Share of the loss that the next tenth must gain for another to be tried. */
const GAIN = 5e-3;
/** Gradients below which no descent is worth beginning. */
const LEAST = 8;

/**
 * @param from - parameters where the present penalty led, in the coordinates of the case.
 * @param allowance - gradients; the path ends where they are used up, and where a tenth gains next to
 * nothing on validation, or in training without it.
 */
export function penaltyPath({ source, patch }: SettledCase, l2: number, from: Float64Array, allowance: number): PenaltyPath {
  const points: PathPoint[] = [];
  let params = from;
  let cost = 0;
  for (let k = 1; k <= TENTHS && cost + LEAST < allowance; k++) {
    const lighter = settleCase(source, { ...patch, l2: Number((l2 / 10 ** k).toPrecision(3)), start: Array.from(params) });
    const probe = new Probe(lighter);
    const walk = new LbfgsWalker(lighter, probe).walk(params, STEPS, allowance - cost);
    cost += probe.spent;
    params = walk.params;
    const own = lighter.toOriginal(params);
    const point = { l2: lighter.table!.model.l2!, training: lighter.lossAt!(own), validation: lighter.validationAt?.(own) ?? Number.NaN };
    const last = points.at(-1);
    points.push(point);
    const loss = ({ training, validation }: PathPoint): number => (Number.isNaN(validation) ? training : validation);
    if (last !== undefined && !(loss(point) < (1 - GAIN) * loss(last))) break;
  }
  return { points, cost };
}
