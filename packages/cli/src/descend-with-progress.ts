/** Walks a descent to its end in pieces, so that the terminal stays alive: progress is shown and Ctrl-C is heard. */

import { setImmediate } from "node:timers/promises";
import type { Descent, Solution } from "descend";
import { formatNumber } from "./format.js";
import { listenForInterrupt } from "./interrupt.js";
import { createProgress } from "./progress.js";

/** Milliseconds of compute between two looks at the terminal. */
const PIECE_MILLISECONDS = 40;

export interface Outcome<P> {
  readonly solution: Solution<P>;
  /** Whether Ctrl-C ended it. */
  readonly interrupted: boolean;
}

/**
 * Steps until a criterion ends the descent or the user does.
 *
 * @param maxSteps - for the share done in the progress line.
 */
export async function descendWithProgress<P>(descent: Descent<P>, maxSteps: number | undefined): Promise<Outcome<P>> {
  const progress = createProgress();
  const interrupt = listenForInterrupt();
  const start = performance.now();
  let piece = 16;
  try {
    for (;;) {
      const before = performance.now();
      descent.step(piece);
      const now = performance.now();
      if (descent.reasons.length > 0) break;
      if (now - before < PIECE_MILLISECONDS / 2) piece *= 2;
      else if (now - before > PIECE_MILLISECONDS * 2) piece = Math.max(1, piece >> 1);
      progress.update(() => progressText(descent, now - start, maxSteps));
      await setImmediate();
      if (interrupt.requested) return { solution: descent.solution(), interrupted: true };
    }
    // The point is tested, and pursued with tighter tolerances where the tests find that it is no minimizer yet
    return { solution: descent.reasons.includes("gradient-tolerance") ? descent.run().solution() : descent.solution(), interrupted: false };
  } finally {
    progress.finish();
    interrupt.release();
  }
}

function progressText<P>(descent: Descent<P>, milliseconds: number, maxSteps: number | undefined): string {
  const rate = (1000 * descent.steps) / milliseconds;
  const share = maxSteps === undefined ? "" : ` of ${maxSteps} (at most ${formatNumber((maxSteps - descent.steps) / rate, 2)} s more)`;
  return `step ${descent.steps}${share}  value ${formatNumber(descent.value)}  ${formatNumber(rate, 3)} steps/s`;
}
