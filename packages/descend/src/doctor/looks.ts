/**
 * Which steps of a run the doctor looks at: spread over the logarithm of the step count and over the whole budget, a
 * few in a row at each mark, and the last ones.
 */

export interface LookOptions {
  /** Steps made before. */
  readonly first: number;
  /** Steps at most, those before included. */
  readonly budget: number;
  /** Operations of a step, see `stepWork`. */
  readonly work: number;
  /** Parameters. */
  readonly size: number;
  /**
   * Whether gradients are noisy: then few marks are kept, and these spread evenly, since what is near each other is alike. Default false.
   */
  readonly noisy?: boolean | undefined;
}

/** Runs up to this length are looked at in every step: where steps are long enough to be looked at, and always. */
const WATCHED_STEPS = 1024;
const ALWAYS_WATCHED_STEPS = 256;
const LOG_MARKS = 36;
const LINEAR_MARKS = 48;
/** Of noisy runs, and how many of their marks are kept: of those before the tail, and of the tail. */
const NOISY_LINEAR_MARKS = 24;
const NOISY_MARKS = 16;
const NOISY_TAIL = 8;
/** Steps in a row at a mark. */
const BURST = 3;
/** Last steps of the budget, each looked at; the fewest that show how a run turns round at its end. */
const TAIL = 64;
const LEAST_TAIL = 32;
/** Looks of all these, about. */
const FULL = 312;

/** What looks may take of the work of all steps. */
const SHARE = 0.02;
/** Operations that a look takes: leaving compiled code and coming back, and a few for each parameter. */
const LOOK = 2000;
const LOOK_AT_PARAMETER = 8;
/** Of the looks of a long run, what the shortest one has. */
const LEAST = 0.25;

/** Chosen by counts of steps and operations, so that the same run is looked at in the same places wherever it is made. */
export class Looks {
  /** The next step to look at; infinite behind the last one. */
  step: number;
  /** Whether it is a mark, where the point is kept. */
  isMark = true;
  /** Looks at most. */
  readonly most: number;
  /** Of noisy runs one mark in so many is kept, in the tail and before. */
  readonly thinning: { readonly before: number; readonly tail: number };
  private readonly first: number;
  private readonly budget: number;
  private readonly logs: number;
  private readonly lines: number;
  private readonly tail: number;
  /** The next mark of each kind, and how many were before it. */
  private log: number;
  private logCount = 0;
  private line: number;
  private lineCount = 0;
  /** Steps left of the row at the last mark. */
  private burst = 0;

  constructor({ first, budget, work, size, noisy = false }: LookOptions) {
    const span = Math.max(0, budget - first);
    const affordable = (SHARE * work * span) / (LOOK + LOOK_AT_PARAMETER * size);
    const every = span <= ALWAYS_WATCHED_STEPS || (span <= WATCHED_STEPS && span <= affordable);
    const density = Math.min(1, Math.max(LEAST, affordable / FULL));
    const tail = every ? span : Math.max(LEAST_TAIL, Math.round(density * TAIL));
    this.first = first;
    this.budget = budget;
    this.logs = every ? 0 : Math.round(density * LOG_MARKS);
    this.lines = every ? 0 : noisy ? NOISY_LINEAR_MARKS : Math.round(density * LINEAR_MARKS);
    this.tail = budget - tail + 1;
    this.thinning = {
      before: Math.max(1, Math.round((this.logs + this.lines) / NOISY_MARKS)),
      tail: Math.max(1, Math.round(tail / NOISY_TAIL)),
    };
    this.most = BURST * (this.logs + this.lines) + tail;
    this.step = first;
    this.log = first;
    this.line = first;
    this.goOn(first);
  }

  /** Whether the next step is one of the last, which are all looked at. */
  get isTail(): boolean {
    return this.step >= this.tail;
  }

  /** The next place behind a step. */
  goOn(after: number): void {
    const { first, budget, logs, lines } = this;
    const span = budget - first;
    while (this.log <= after)
      this.log = this.logCount < logs ? first + Math.round(span ** (this.logCount++ / logs)) : Number.POSITIVE_INFINITY;
    while (this.line <= after)
      this.line = this.lineCount < lines ? first + Math.round((span * ++this.lineCount) / lines) : Number.POSITIVE_INFINITY;
    const mark = Math.min(this.log, this.line, Math.max(after + 1, this.tail));
    this.isMark = this.burst === 0 || mark === after + 1;
    this.burst = this.isMark ? BURST - 1 : this.burst - 1;
    const next = this.isMark ? mark : after + 1;
    this.step = next <= budget ? next : Number.POSITIVE_INFINITY;
  }
}
