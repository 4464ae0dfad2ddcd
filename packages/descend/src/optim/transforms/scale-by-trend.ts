import type { Tensor } from "../../graph/tensor.js";
import { concat, full, tensor, where, zeros } from "../../graph/tensor-functions.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByTrendOptions {
  readonly factor?: number;
  readonly smallestScale?: number;
}

/**
 * Means of the values since the last drop, [64], how many there are and how many values each has; sum and number of those of the next one;
 * the factor in force; steps since the last drop and between the last two: scalars.
 */
export type ScaleByTrendState = {
  readonly means: Tensor;
  readonly count: Tensor;
  readonly length: Tensor;
  readonly sum: Tensor;
  readonly filled: Tensor;
  readonly scale: Tensor;
  readonly elapsed: Tensor;
  readonly previous: Tensor;
};

const table: OptionTable<ScaleByTrendOptions> = {
  factor: {
    kind: "number",
    default: 0.1,
    minimum: 0,
    minimumExcluded: true,
    maximum: 1,
    maximumExcluded: true,
    meaning: "what the scale is multiplied by when the trend has ended",
  },
  smallestScale: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "the scale does not fall below" },
};

/** Means that are kept; when they are full, neighbors are merged. */
const MEANS = 64;
/** Means before anything is tested, and in the shortest window. */
const FEWEST = 16;
const SHORTEST = 8;
/** The share of the time since the last drop that the trend is looked for in. */
const SHARE = 0.27;
/** Standard errors that a falling slope must be away from 0: the 93 % point of the normal distribution. */
const DEVIATIONS = 1.5;
/** A trend is taken for ended only where one of this share of the whole fall would have been seen. */
const VISIBLE = 0.03;

/**
 * Multiplies the updates by a scale that drops when the value has stopped falling, as far as its noise lets that be seen.
 *
 * A straight line is fitted to the values of the last 27 % of the time since the last drop. The scale drops when its slope is not below 0
 * by one and a half standard errors, though the standard error is so small that a fall of 3 % of what has been gained would show.
 * After the first drop it also drops when the phase has lasted 1/factor times as long as the one before and the slope is not below
 * 0: the rate then falls like 1/t, so that Σα = ∞ and Σα² < ∞. There is no threshold in units of the objective and no number of
 * steps to choose: the window grows with the run.
 *
 * @param options.factor - 0 < factor < 1. Default 0.1.
 * @param options.smallestScale - ≥ 0. Default 0.
 * @returns a transformation whose state goes into checkpoints. It belongs behind a method.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Accuracy: after a geometric fall of 100 to 10 000 times the noise the median of the first drops is within 10 % of the step from which the
 * rest of the fall is below the standard error of the mean of a third of the values, eight of ten drops within 20 %; after a fall of 30 and
 * 10 times the noise the median is 27 and 37 % early; scale-by-trend.test.ts. Cost: some hundred operations a step. Source: the t-test of
 * the slope is that of Zhang et al. 2020; the phases are those of Chee, Toulis 2018.
 */
export function scaleByTrend(options: ScaleByTrendOptions = {}): Transformation<ScaleByTrendState> {
  const { factor, smallestScale } = readOptions("scaleByTrend", table, options);
  const places = tensor(Array.from({ length: MEANS }, (_, i) => i));
  return {
    name: "scaleByTrend",
    init: () => ({
      means: zeros([MEANS]),
      count: zeros([]),
      length: full([], 1),
      sum: zeros([]),
      filled: zeros([]),
      scale: full([], 1),
      elapsed: zeros([]),
      previous: zeros([]),
    }),
    update(updates, state, { value }) {
      const sum = state.sum.add(value);
      const filled = state.filled.add(1);
      const complete = filled.greaterEqual(state.length);
      const means = where(complete.and(places.equal(state.count)), sum.div(state.length), state.means);
      const count = state.count.add(complete);
      const elapsed = state.elapsed.add(1);

      const { slope, error, mean, width } = lineThroughLast(means, count, places);
      const isFlat = complete.and(count.greaterEqual(FEWEST)).and(slope.greaterEqual(error.mul(-DEVIATIONS)));
      const isVisible = error.mul(width).lessEqual(means.at(0).sub(mean).mul(VISIBLE));
      const isLong = state.previous.greater(0).and(elapsed.greaterEqual(state.previous.div(factor)));
      const drops = isFlat.and(isVisible.or(isLong));

      const isFull = count.equal(MEANS);
      const merged = concat([means.reshape([MEANS / 2, 2]).mean(1), zeros([MEANS / 2])]);
      const scale = where(drops, state.scale.mul(factor).maximum(smallestScale), state.scale);
      const next: ScaleByTrendState = {
        means: where(drops, 0, where(isFull, merged, means)),
        count: where(drops, 0, where(isFull, MEANS / 2, count)),
        length: where(drops, 1, where(isFull, state.length.mul(2), state.length)),
        sum: where(complete, 0, sum),
        filled: where(complete, 0, filled),
        scale,
        elapsed: where(drops, 0, elapsed),
        previous: where(drops, elapsed, state.previous),
      };
      return { updates: updates.mul(scale), state: next };
    },
  };
}

/** The least-squares line through the last of the means: slope per mean, its standard error, the middle value, the number of means. */
function lineThroughLast(means: Tensor, count: Tensor, places: Tensor): { slope: Tensor; error: Tensor; mean: Tensor; width: Tensor } {
  const width = count.mul(SHARE).floor().maximum(SHORTEST);
  const inside = places.greaterEqual(count.sub(width)).and(places.less(count));
  const offset = where(inside, places.sub(count.sub(width.add(1).mul(0.5))), 0);
  const mean = where(inside, means, 0).sum().div(width);
  const deviation = where(inside, means.sub(mean), 0);
  const spread = width.mul(width.square().sub(1)).div(12);
  const slope = offset.mul(deviation).sum().div(spread);
  const unexplained = deviation.square().sum().sub(slope.square().mul(spread)).maximum(0);
  return { slope, error: unexplained.div(width.sub(2)).div(spread).sqrt(), mean, width };
}
