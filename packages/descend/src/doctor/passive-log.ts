/**
 * The passive log of a run: it is driven in stretches between marks, and only at marks does anything cost time. Marks are spread over the
 * logarithm of the step count and over the whole budget; at each a few steps in a row are looked at, for the angle between them.
 */

import type { Descent } from "../minimize/descent.js";
import { dot, twoNorm } from "../numeric/blas1.js";

/** A step that was looked at, as the descent itself saw it. */
export interface Look {
  readonly step: number;
  /** The value that is minimized: of the batch, for mini-batches. */
  readonly ownValue: number;
  /** ‖g‖₂, of the batch for mini-batches. */
  readonly gradientNorm: number;
  readonly paramsNorm: number;
  /** ‖Δx‖₂ of the step that led here; NaN where the step before was not looked at. */
  readonly stepLength: number;
  /** Cosine between this step and the one before. */
  readonly cosine: number;
  /** Of marks; undefined between them. */
  readonly params: Float64Array | undefined;
  /** The step the method took from a mark, where it was looked at. */
  next: Float64Array | undefined;
}

export interface PassiveLogOptions {
  readonly sign: 1 | -1;
  /** Steps at most. */
  readonly budget: number;
  /** Whether gradients are of batches: then a mark costs a pass over the table later on, and there are few. */
  readonly stochastic: boolean;
  /** The user's own sampler makes the batches. Default false. */
  readonly sampled?: boolean;
}

/** Runs up to this length are looked at in every step. */
const WATCHED_STEPS = 1024;
const LOG_MARKS = 36;
const LINEAR_MARKS = 48;
/** Steps in a row at a mark. */
const BURST = 3;
/** Last steps of the budget, each looked at. */
const TAIL = 64;
/** Marks at which a mini-batch run has its whole objective evaluated. */
const STOCHASTIC_MARKS = 24;

export class PassiveLog {
  readonly looks: Look[] = [];
  readonly budget: number;
  /** Whether every value and gradient that was looked at is finite. */
  finite = true;
  /** Gradients of the steps, without those of the tests at the end. */
  gradients = 0;
  private readonly descent: Descent<unknown>;
  private readonly sign: 1 | -1;
  private readonly stochastic: boolean;
  private readonly every: boolean;
  private readonly marks: readonly number[];
  /** Of the places to look at whole mini-batch runs, one in so many is a mark. */
  private readonly thinning: number;
  private place = 0;
  private burst = 0;
  private before: Float64Array | undefined;
  private moved: Float64Array | undefined;
  private movedLength = Number.NaN;

  /** Begins where the descent stands. */
  constructor(descent: Descent<unknown>, { sign, budget, stochastic, sampled = false }: PassiveLogOptions) {
    this.descent = descent;
    this.sign = sign;
    this.stochastic = stochastic;
    this.budget = budget;
    const first = descent.steps;
    this.every = budget - first <= WATCHED_STEPS;
    this.marks = this.every
      ? Array.from({ length: Math.max(0, budget - first) }, (_, k) => first + k + 1)
      : marksOf(first, budget, sampled || stochastic ? STOCHASTIC_MARKS : LINEAR_MARKS);
    this.thinning = Math.max(1, Math.ceil(this.marks.length / STOCHASTIC_MARKS));
    this.look(true);
  }

  /** As `step` of the descent, which it calls, with looks on the way. */
  step(count: number): number {
    const { descent, marks } = this;
    let made = 0;
    while (made < count) {
      const mark = marks[this.place];
      const ahead = this.burst > 0 ? 1 : mark === undefined ? Number.POSITIVE_INFINITY : Math.max(1, mark - descent.steps);
      const asked = Math.min(count - made, ahead);
      const steps = descent.step(asked);
      made += steps;
      if (steps === ahead) this.visit();
      if (steps < asked || descent.reasons.length > 0) break;
    }
    this.gradients = Math.max(descent.evaluations.gradient, descent.steps);
    return made;
  }

  /** Looks at the last step, if that was not done or not as a mark. */
  close(): void {
    const last = this.looks.at(-1)!;
    if (this.descent.steps > last.step || last.params === undefined) {
      this.before = undefined;
      this.look(true);
    }
    this.gradients = Math.max(this.gradients, this.descent.steps);
  }

  private visit(): void {
    const mark = this.marks[this.place];
    if (this.burst > 0) {
      this.burst--;
      this.look(false);
      return;
    }
    this.look(!this.stochastic || this.place % this.thinning === 0 || mark === this.budget);
    this.place++;
    this.burst = this.every || this.descent.steps >= this.budget ? 0 : BURST - 1;
  }

  private look(keeps: boolean): void {
    const { descent, before, moved, movedLength, looks } = this;
    const { steps, flat } = descent;
    const params = new Float64Array(flat.params);
    const previous = looks.at(-1);
    const follows = before !== undefined && steps === previous!.step + 1;
    const move = follows ? difference(params, before) : undefined;
    const stepLength = move === undefined ? Number.NaN : twoNorm(move);
    const ownValue = this.sign * descent.value;
    const gradientNorm = twoNorm(flat.gradient);
    if (!Number.isFinite(ownValue) || !Number.isFinite(gradientNorm)) this.finite = false;
    if (previous?.params !== undefined && previous.step === steps - 1) previous.next = move;
    looks.push({
      step: steps,
      ownValue,
      gradientNorm,
      paramsNorm: twoNorm(params),
      stepLength,
      cosine: move === undefined || moved === undefined ? Number.NaN : dot(move, moved) / (stepLength * movedLength),
      params: keeps ? params : undefined,
      next: undefined,
    });
    this.before = params;
    this.moved = move;
    this.movedLength = stepLength;
  }
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const move = new Float64Array(a.length);
  for (let i = 0; i < move.length; i++) move[i] = a[i]! - b[i]!;
  return move;
}

/** Numbers of a tree in order; unlike `flatten` it lets through what is not finite. */
export function flattenLoosely(tree: unknown): Float64Array {
  if (ArrayBuffer.isView(tree)) return Float64Array.from(tree as Float64Array);
  const values: number[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === "number") values.push(node);
    else if (ArrayBuffer.isView(node)) for (const value of node as Float64Array) values.push(value);
    else if (Array.isArray(node)) node.forEach(visit);
    else Object.values(node as object).forEach(visit);
  };
  visit(tree);
  return Float64Array.from(values);
}

/** Step counts to look at, ascending. */
function marksOf(first: number, budget: number, linear: number): number[] {
  const span = budget - first;
  const marks = new Set<number>();
  for (let k = 0; k <= LOG_MARKS; k++) marks.add(first + Math.round(span ** (k / LOG_MARKS)));
  for (let k = 1; k <= linear; k++) marks.add(first + Math.round((span * k) / linear));
  for (let step = Math.max(first + 1, budget - TAIL); step <= budget; step++) marks.add(step);
  return [...marks].filter((step) => step > first && step <= budget).sort((a, b) => a - b);
}
