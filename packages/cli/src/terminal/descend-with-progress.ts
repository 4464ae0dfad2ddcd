/** Walks a descent to its end in pieces, so that the terminal stays alive: progress is shown, checkpoints are written, Ctrl-C is heard. */

import { setImmediate } from "node:timers/promises";
import type { Descent } from "descend";
import { formatNumber } from "./format.js";
import { listenForInterrupt } from "./interrupt.js";
import { createProgress } from "./progress.js";
import { createForecast } from "./time-left.js";
import { words } from "./words/words.js";

/** Milliseconds of compute between two looks at the terminal. */
const PIECE_MILLISECONDS = 40;

export interface WalkOptions {
  /** Steps after which the descent ends in any case, if the user said so. */
  readonly maxSteps?: number | undefined;
  /** More than 1 with batches: epochs are shown in place of steps. Default 1. */
  readonly stepsPerEpoch?: number | undefined;
  /** What a value of the descent is worth in the units of the user. Default 1. */
  readonly valueUnit?: number | undefined;
  readonly learningRate?: number | undefined;
  /** ‖g‖∞ relative to the largest seen at which it ends, for the forecast. Default 1e-8. */
  readonly relativeTolerance?: number;
  /** A step may take seconds: begins with one at a time. Default false. */
  readonly slow?: boolean;
  /** What takes the steps in place of the descent: looked at in passing. */
  readonly watched?: { step(count: number): number } | undefined;
  /** Before each line of progress. */
  readonly prefix?: string;
  readonly checkpoint?: { readonly seconds: number; readonly write: () => Promise<void> };
}

export interface Outcome {
  /** Whether Ctrl-C ended it. */
  readonly interrupted: boolean;
}

/**
 * Steps until a criterion ends the descent or the user does. The point where it ended is not judged yet: some fits move it before it is.
 */
export async function descendWithProgress<P>(descent: Descent<P>, options: WalkOptions = {}): Promise<Outcome> {
  const progress = createProgress();
  const interrupt = listenForInterrupt();
  const { checkpoint } = options;
  const forecast = createForecast(descent, options.maxSteps, options.relativeTolerance ?? 1e-8);
  let nextCheckpoint = performance.now() + 1000 * (checkpoint?.seconds ?? Number.POSITIVE_INFINITY);
  const start = performance.now();
  const firstStep = descent.steps;
  let piece = options.slow === true ? 1 : 16;
  try {
    for (;;) {
      const before = performance.now();
      (options.watched ?? descent).step(piece);
      const now = performance.now();
      // A point that met its tolerance is tested, and pursued with tighter ones where the tests find that it is no minimizer yet
      if (descent.reasons.length > 0 && !descent.pursue()) break;
      if (now - before < PIECE_MILLISECONDS / 2) piece *= 2;
      else if (now - before > PIECE_MILLISECONDS * 2) piece = Math.max(1, piece >> 1);
      progress.update(() => {
        const gradientNorm = largest(descent.gradient);
        const stepsPerSecond = (1000 * (descent.steps - firstStep)) / (now - start);
        return progressText(descent, { gradientNorm, stepsPerSecond, secondsLeft: forecast.secondsLeft(now, gradientNorm) }, options);
      });
      await setImmediate();
      if (interrupt.requested) return { interrupted: true };
      if (checkpoint !== undefined && performance.now() >= nextCheckpoint) {
        await checkpoint.write();
        nextCheckpoint = performance.now() + 1000 * checkpoint.seconds;
      }
    }
    return { interrupted: false };
  } finally {
    progress.finish();
    interrupt.release();
  }
}

/** Such as "step 4096 of 20000  value 0.31  ‖g‖∞ 2.1e-5  rate 0.01  at most 2 s left  8100 steps/s". */
function progressText<P>(
  descent: Descent<P>,
  { gradientNorm, stepsPerSecond, secondsLeft }: { gradientNorm: number; stepsPerSecond: number; secondsLeft: number | undefined },
  options: WalkOptions,
): string {
  const { maxSteps, stepsPerEpoch = 1, valueUnit = 1, learningRate, prefix = "" } = options;
  const { steps } = descent;
  const { progress, seconds } = words();
  const place =
    stepsPerEpoch > 1
      ? progress.epoch((steps / stepsPerEpoch).toFixed(1), maxSteps === undefined ? undefined : formatNumber(maxSteps / stepsPerEpoch, 4))
      : progress.step(steps, maxSteps === undefined ? undefined : String(maxSteps));
  return [
    prefix + place,
    progress.value(formatNumber(descent.value * valueUnit)),
    `‖g‖∞ ${formatNumber(gradientNorm, 3)}`,
    ...(learningRate === undefined ? [] : [progress.rate(formatNumber(learningRate, 3))]),
    ...(secondsLeft === undefined ? [] : [progress.left(seconds(secondsLeft), maxSteps !== undefined)]),
    // Last, where a narrow terminal cuts it off first
    stepsPerEpoch > 1
      ? progress.epochsPerSecond(formatNumber(stepsPerSecond / stepsPerEpoch, 3))
      : progress.stepsPerSecond(formatNumber(stepsPerSecond, 3)),
  ].join("  ");
}

/** Largest absolute number in a tree of numbers. */
export function largest(tree: unknown): number {
  if (typeof tree === "number") return Math.abs(tree);
  if (tree === null || typeof tree !== "object") return 0;
  let most = 0;
  for (const entry of ArrayBuffer.isView(tree) ? (tree as Float64Array) : Object.values(tree)) most = Math.max(most, largest(entry));
  return most;
}
