/** A descent that its caller walks, looked at in passing: it can be diagnosed afterwards without being made a second time. */

import type { Descent } from "../minimize/descent.js";
import { subjectOf } from "../minimize/subject.js";
import type { Case } from "./case.js";
import { caseMethod } from "./method.js";
import { PassiveLog } from "./passive-log.js";

/** Numbers that a log may keep; of a longer vector of parameters nothing is kept. */
const MOST_NUMBERS = 16_000_000;
/** Points that a log keeps at most, about. */
const MOST_POINTS = 1024;
/** Steps that a descent without a budget of its own has at most; the doctor looks at no more. */
export const DEFAULT_STEPS = { rule: 100_000, search: 10_000 } as const;

const logs = new WeakMap<object, PassiveLog>();

/**
 * Looks at a descent while it is walked, so that {@link diagnose} and {@link cure} need not repeat it.
 *
 * The log keeps the points of at most about a thousand steps, and looks at every step only where there are no more than
 * that and looking takes a few hundredths of them. Where it looks depends on counts alone, never on time. The steps are
 * those the descent makes alone, bit for bit.
 *
 * @param descent - at its start, or where it goes on.
 * @returns what to call in place of `descent.step`, and how often it has looked; undefined where the parameters
 * are too many for points of theirs to be kept.
 *
 * @example
 * const descent = createDescent("x^2 + 50 y^2", { x: 1, y: 1 }, { method: "gradientDescent", learningRate: 0.03, maxSteps: 400 });
 * const watched = watch(descent);
 * while (descent.reasons.length === 0) watched.step(100);
 * diagnose(descent).findings[0].id; // "lr-too-large"
 */
export function watch<P>(descent: Descent<P>): { step(count: number): number; readonly lookCount: number } | undefined {
  const { options } = subjectOf(descent)!;
  const { maxSteps, batch } = options;
  if (descent.flat.params.length * MOST_POINTS > MOST_NUMBERS) return undefined;
  const log = new PassiveLog(descent as unknown as Descent<unknown>, {
    budget: maxSteps ?? DEFAULT_STEPS[caseMethod(options as Case).family === "search" ? "search" : "rule"],
    stochastic: typeof batch === "number",
  });
  logs.set(descent, log);
  return log;
}

/** A descent that was made, with what was seen of it. */
export interface WatchedRun {
  readonly descent: Descent<unknown>;
  readonly log: PassiveLog;
}

/** What was seen of a descent; undefined for other subjects, where nobody looked, and where it was begun anew since. */
export function watchedRunOf(subject: object): WatchedRun | undefined {
  const log = logs.get(subject);
  const descent = subject as Descent<unknown>;
  return log === undefined || log.lastStep > descent.steps ? undefined : { descent, log };
}
