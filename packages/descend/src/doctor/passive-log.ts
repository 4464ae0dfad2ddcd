/**
 * The passive log of a run: it is driven in stretches between the steps that are to be looked at, and only at these does
 * anything cost time. A look keeps numbers and makes no objects; what they say of each other (lengths of steps, the angles
 * between them) is worked out when they are read.
 */

import type { Descent } from "../minimize/descent.js";
import type { Onlooker, Sight } from "../minimize/onlooker.js";
import { stepWork } from "../minimize/steppers/step-work.js";
import { dot, twoNorm } from "../numeric/blas1.js";
import { Looks } from "./looks.js";

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
  readonly next: Float64Array | undefined;
}

export interface PassiveLogOptions {
  /** Steps at most. */
  readonly budget: number;
  /** Whether gradients are of batches: then a mark costs a pass over the table later on, and there are few. */
  readonly stochastic: boolean;
  /** The user's own sampler makes the batches. Default false. */
  readonly sampled?: boolean;
}

/** Numbers that are made room for at once: enough for the looks of few parameters, and no memory that stays untouched. */
const PAGE_NUMBERS = 4096;

/** Places in the row of a look; the point comes behind. */
const [STEP, VALUE, GRADIENT_NORM, KEPT, POINT] = [0, 1, 2, 3, 4];

export class PassiveLog implements Onlooker {
  readonly budget: number;
  /** Gradients of the steps, without those of the tests at the end. */
  gradients = 0;
  private readonly descent: Descent<unknown>;
  private readonly places: Looks;
  /** Whether only some marks are kept. */
  private readonly thins: boolean;
  private marks = 0;
  /** Rows of what was seen, so many a page. */
  private readonly pages: Float64Array[] = [];
  private readonly width: number;
  private readonly perPage: number;
  private count = 0;

  /** Begins where the descent stands. */
  constructor(descent: Descent<unknown>, { budget, stochastic, sampled = false }: PassiveLogOptions) {
    this.descent = descent;
    this.budget = budget;
    const { flat } = descent;
    const size = flat.params.length;
    // biome-ignore lint/complexity/useLiteralKeys: nobody but the doctor needs to know what steps are made of
    const work = stepWork(descent["setUp"]);
    const places = new Looks({ first: flat.steps, budget, work, size, noisy: sampled || stochastic });
    this.places = places;
    this.thins = stochastic;
    this.width = POINT + size;
    // The start, and the end where that is not among the places
    this.perPage = Math.max(1, Math.min(places.most + 2, Math.floor(PAGE_NUMBERS / this.width)));
    this.look(flat, true);
  }

  /** As `step` of the descent, which it calls, with looks on the way. */
  step(count: number): number {
    const { descent } = this;
    descent.onlooker = this;
    try {
      return descent.step(count);
    } finally {
      descent.onlooker = undefined;
      this.gradients = Math.max(descent.evaluations.gradient, descent.steps);
    }
  }

  stepsUntilLook(steps: number): number {
    const { places } = this;
    if (places.step <= steps) places.goOn(steps);
    return places.step - steps;
  }

  afterSteps(sight: Sight): void {
    const { places } = this;
    if (places.step !== sight.steps) return;
    this.look(sight, places.isMark && (!this.thins || this.isKept(sight.steps)));
    places.goOn(sight.steps);
  }

  /** Of the marks of a run by batches some are kept, and the end of the budget. */
  private isKept(step: number): boolean {
    const { isTail, thinning } = this.places;
    return this.marks++ % (isTail ? thinning.tail : thinning.before) === 0 || step === this.budget;
  }

  /** Looks at the last step, if that was not done, and keeps it. */
  close(): void {
    const { descent } = this;
    if (descent.steps > this.lastStep) this.look(descent.flat, true);
    this.row(this.count - 1)[KEPT] = 1;
    this.gradients = Math.max(this.gradients, descent.steps);
  }

  /** How often it was looked, the start included. */
  get lookCount(): number {
    return this.count;
  }

  /** Of the steps that were looked at. */
  get lastStep(): number {
    return this.row(this.count - 1)[STEP]!;
  }

  /** What was seen so far, in order. */
  get looks(): readonly Look[] {
    const rows = Array.from({ length: this.count }, (_, k) => this.row(k));
    const points = rows.map((row) => row.subarray(POINT));
    /** The step that led to a look; undefined where the step before was not looked at. */
    const moves = points.map((point, k) => {
      const before = points[k - 1];
      return before !== undefined && rows[k]![STEP] === rows[k - 1]![STEP]! + 1 ? point.map((x, i) => x - before[i]!) : undefined;
    });
    const lengths = moves.map((move) => (move === undefined ? Number.NaN : twoNorm(move)));
    return rows.map((row, k): Look => {
      const [move, moved, kept] = [moves[k], moves[k - 1], row[KEPT] === 1];
      return {
        step: row[STEP]!,
        ownValue: row[VALUE]!,
        gradientNorm: row[GRADIENT_NORM]!,
        paramsNorm: twoNorm(points[k]!),
        stepLength: lengths[k]!,
        cosine: move === undefined || moved === undefined ? Number.NaN : dot(move, moved) / (lengths[k]! * lengths[k - 1]!),
        params: kept ? points[k] : undefined,
        next: kept ? moves[k + 1] : undefined,
      };
    });
  }

  private look({ steps, params, value, gradient }: Sight, kept: boolean): void {
    const { perPage, width } = this;
    const from = (this.count++ % perPage) * width;
    if (from === 0) this.pages.push(new Float64Array(perPage * width));
    const page = this.pages[this.pages.length - 1]!;
    page[from + STEP] = steps;
    page[from + VALUE] = value;
    page[from + GRADIENT_NORM] = twoNorm(gradient);
    page[from + KEPT] = kept ? 1 : 0;
    for (let i = 0, to = from + POINT; i < params.length; i++, to++) page[to] = params[i]!;
  }

  /** A view. */
  private row(k: number): Float64Array {
    const { perPage, width } = this;
    const from = (k % perPage) * width;
    return this.pages[Math.floor(k / perPage)]!.subarray(from, from + width);
  }
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
