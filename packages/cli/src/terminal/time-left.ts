/** How long a descent will still take: by its budget of steps, or by the pace at which its gradient shrinks. */

import type { Descent } from "descend";

export interface Forecast {
  /**
   * @param now - milliseconds.
   * @param gradientNorm - ‖g‖∞ at this moment.
   * @returns seconds; undefined where nothing can be said.
   */
  secondsLeft(now: number, gradientNorm: number): number | undefined;
}

/** Share of a new pace in the pace that is shown. */
const NEWEST = 0.3;

/**
 * With a budget: the steps left at the pace so far. Without: the gradient is taken to go on shrinking by the same factor a second as of
 * late, down to `relativeTolerance` of the largest seen.
 */
export function createForecast(descent: Descent<unknown>, maxSteps: number | undefined, relativeTolerance: number): Forecast {
  const startTime = performance.now();
  const startSteps = descent.steps;
  let largest = 0;
  let last: { time: number; height: number } | undefined;
  let pace: number | undefined;
  return {
    secondsLeft(now, gradientNorm) {
      if (maxSteps !== undefined) {
        const done = descent.steps - startSteps;
        return done === 0 ? undefined : ((maxSteps - descent.steps) * (now - startTime)) / done / 1000;
      }
      largest = Math.max(largest, gradientNorm);
      // Factors of e above the tolerance
      const height = Math.log(gradientNorm / (relativeTolerance * largest));
      if (last !== undefined && now > last.time) {
        const latest = (last.height - height) / (now - last.time);
        pace = pace === undefined ? latest : NEWEST * latest + (1 - NEWEST) * pace;
      }
      last = { time: now, height };
      return pace === undefined || !(pace > 0) || !(height > 0) ? undefined : height / pace / 1000;
    },
  };
}
