/**
 * A search whose objective lives elsewhere: it says where values are wanted, and is told them.
 *
 * What a checkpoint holds is the last finished step and what was told since: the step is played again with these answers, and asks on
 * where it was.
 */

import { DataError, OptionError } from "../errors.js";
import { maxNorm } from "../numeric/blas1.js";
import { firstOutsideBox, projectedGradient } from "../numeric/box.js";
import type { MethodName } from "../optim/method-name.js";
import { resolveMethod } from "../optim/resolve-method.js";
import {
  gradientAt,
  type Question,
  type Search,
  type SearchMethod,
  type SearchPoint,
  type SearchProblem,
  type SearchState,
  type SearchStep,
  valueAt,
} from "../optim/search-method.js";
import { flatten, type Layout, type Params, pathOf, unflatten } from "../tree/tree.js";
import { type Bounds, readBounds } from "./bounds.js";
import { encodeCells } from "./checkpoint.js";
import { differencedSearch } from "./objective/differenced-search.js";
import { readVariables, type Variables } from "./objective/variables.js";
import { check, refuseUnknown } from "./options.js";
import { cellsOf, stateFrom } from "./steppers/search-state.js";
import type { TerminationReason } from "./stopping.js";

export interface SearchOptions {
  /**
   * A search by values ("cmaes", "nelderMead", …), or one by gradients ("lbfgs", "bfgs", "lbfgsb", …), for which central differences are
   * asked for; a name or a method. Default "cmaes"; "geneticAlgorithm" with `variables`.
   */
  readonly method?: MethodName | SearchMethod | undefined;
  /** Options of a method given by name. Default: the method's. */
  readonly methodOptions?: Readonly<Record<string, unknown>> | undefined;
  /** As for `minimize`. No point lies outside of them. */
  readonly bounds?: Bounds | undefined;
  /** As for `minimize`. */
  readonly variables?: Variables | undefined;
  /** Whole number ≥ 0 behind every random choice. Default 0. */
  readonly seed?: number | undefined;
  /** Go on from a checkpoint of the same method. */
  readonly checkpoint?: SearchCheckpoint | undefined;
}

/**
 * ‖g‖∞ relative to the largest seen at which a search by gradients ends, as for `minimize` with differences; and
 * what {@link AskTellSearch.pursue} makes of it.
 */
const GRADIENT_TOLERANCE = 1e-6;
const PURSUIT_FACTOR = 0.01;

const OPTION_NAMES: readonly (keyof SearchOptions)[] = ["method", "methodOptions", "bounds", "variables", "seed", "checkpoint"];

type Numbers = readonly (number | string)[];
/** What a search may end with. */
type Ending = Extract<TerminationReason, "step-tolerance" | "gradient-tolerance" | "line-search-failed" | "non-finite-gradient">;
/** What is played: the start, the memory of the method, a step. */
type Played = SearchPoint | SearchState | SearchStep | undefined;

/** A search as plain data: survives JSON, and going on from it gives the same bits. */
export interface SearchCheckpoint {
  readonly format: "descend-search";
  readonly version: 1;
  readonly method: string;
  readonly size: number;
  readonly seed: number;
  readonly steps: number;
  readonly evaluations: number;
  readonly cells: Readonly<Record<string, Numbers>>;
  /** Kinds of the entries of the method's state: absent before its first step. */
  readonly kinds: Readonly<Record<string, "number" | "vector" | "list">> | undefined;
  readonly ending: Ending | undefined;
  /** Values told since the last finished step, one list for each time. */
  readonly told: readonly Numbers[];
}

/** A search that is asked for points and told their values. Make one with {@link createSearch}. */
export class AskTellSearch<P> {
  /** Name of the method. */
  readonly method: string;
  private readonly layout: Layout;
  private readonly search: SearchMethod;
  private readonly problem: SearchProblem;
  private playing: Search<Played> | undefined;
  private pending: readonly Float64Array[] = [];
  private point: SearchPoint | undefined;
  private state: SearchState | undefined;
  private told: number[][] = [];
  private lowest: SearchPoint | undefined;
  private stepCount = 0;
  private valueCount = 0;
  private largestSlope = 0;
  private gradientTolerance = GRADIENT_TOLERANCE;
  private ending: Ending | undefined;

  /** Use {@link createSearch}. */
  constructor(start: P, options: SearchOptions) {
    refuseUnknown("createSearch", options, OPTION_NAMES);
    check("seed", options.seed, (v) => Number.isInteger(v) && v >= 0, "a whole number ≥ 0");
    const { layout, values } = flatten(start as Params);
    const box = options.bounds ? readBounds(options.bounds, layout) : undefined;
    this.search = searchOf(options);
    if (box !== undefined && !this.search.handles.box) throw cannotBound(this.search.name);
    const whole = readVariables(options, { layout, start: values, box, method: this.search });
    const outside = box === undefined ? -1 : firstOutsideBox(box, values);
    if (outside >= 0) throw startOutside(pathOf(layout, outside), box!.lower[outside]!, box!.upper[outside]!, values[outside]!);
    this.layout = layout;
    this.method = this.search.name;
    this.problem = { size: layout.size, start: values, box, integers: whole?.codes, seed: options.seed ?? 0 };
    if (options.checkpoint !== undefined) this.restore(options.checkpoint);
    else this.play();
  }

  /** Points whose values are wanted next, shaped like the start; the same ones until they are told. Empty when the search has ended. */
  ask(): P[] {
    return this.pending.map((params) => unflatten(this.layout, params) as P);
  }

  /**
   * Takes the values of the points last asked for, in their order. What is no number counts as infinitely bad.
   *
   * @throws DataError DATA_LENGTH_MISMATCH
   */
  tell(values: ArrayLike<number>): void {
    if (values.length !== this.pending.length) {
      throw new DataError(
        "DATA_LENGTH_MISMATCH",
        `tell: expected ${this.pending.length} values, one for each point asked for, got ${values.length}.`,
        {
          column: "values",
          expected: this.pending.length,
          got: values.length,
        },
      );
    }
    if (this.done) return;
    const list = Array.from(values, Number);
    // What is told for differences is not where the search is.
    if (this.search.uses === "values") list.forEach((value, k) => this.keepLowest(this.pending[k]!, value));
    this.valueCount += list.length;
    this.told.push(list);
    this.answer(list);
  }

  /** The lowest value told and its point; undefined before a number was told. */
  get best(): { readonly params: P; readonly value: number } | undefined {
    return this.lowest && { params: unflatten(this.layout, this.lowest.params) as P, value: this.lowest.value };
  }

  /** Whether there is nothing left to search. */
  get done(): boolean {
    return this.ending !== undefined;
  }

  /** Why there is nothing left: no extent, no slope, or no step that helps. Undefined while there is. */
  get reason(): Ending | undefined {
    return this.ending;
  }

  /** Steps finished. */
  get steps(): number {
    return this.stepCount;
  }

  /** Values told. */
  get evaluations(): number {
    return this.valueCount;
  }

  /**
   * Takes up a search by gradients that ended at a small slope, for a hundredth of it.
   *
   * @returns whether there is something to ask: not if it ended otherwise, or at no slope at all.
   */
  pursue(): boolean {
    if (this.ending !== "gradient-tolerance" || this.point!.gradient!.every((g) => g === 0)) return false;
    this.gradientTolerance *= PURSUIT_FACTOR;
    this.ending = undefined;
    this.play();
    return true;
  }

  /** Everything needed to go on, bit for bit, also in the middle of a step. */
  checkpoint(): SearchCheckpoint {
    const { point, state, lowest, problem } = this;
    const cells = {
      start: problem.start,
      ...(point === undefined ? {} : { params: point.params, value: [point.value], slope: [this.largestSlope, this.gradientTolerance] }),
      ...(point?.gradient === undefined ? {} : { gradient: point.gradient }),
      ...(lowest === undefined ? {} : { bestParams: lowest.params, bestValue: [lowest.value] }),
      ...(state === undefined ? {} : cellsOf(state, "state.")),
    };
    return {
      format: "descend-search",
      version: 1,
      method: this.method,
      size: problem.size,
      seed: problem.seed,
      steps: this.stepCount,
      evaluations: this.valueCount,
      cells: encodeCells(cells),
      ending: this.ending,
      kinds: state && Object.fromEntries(Object.entries(state).map(([name, entry]) => [name, kindOf(entry)])),
      told: this.told.map((values) => encodeCells({ values }).values!),
    };
  }

  /** Begins what comes next: the value at the start, the memory of the method, or a step. */
  private play(): void {
    const { point, state, search, problem } = this;
    this.told = [];
    const next: Search<Played> =
      point === undefined
        ? startPoint(problem.start, search.uses)
        : state === undefined
          ? search.init(point, problem)
          : search.step(point, state, problem);
    this.playing = differencedSearch(next, problem.box);
    this.take(this.playing.next());
  }

  private answer(values: readonly number[]): void {
    this.take(this.playing!.next({ values }));
  }

  /** Waits for the points of a question, or keeps the result and goes on. */
  private take(next: IteratorResult<Question, Played>): void {
    if (!next.done) {
      const question = next.value;
      this.pending = question.kind === "values" ? question.points : [];
      return;
    }
    if (this.point === undefined) this.moveTo(next.value as SearchPoint);
    else if (this.state === undefined) this.state = next.value as SearchState;
    else {
      const step = next.value as SearchStep | undefined;
      if (step === undefined) this.ending = "line-search-failed";
      else {
        if (step.extent === 0) this.ending = "step-tolerance";
        this.moveTo(step.point);
        this.state = step.state;
        this.stepCount++;
      }
    }
    if (this.done) {
      this.pending = [];
      this.told = [];
    } else this.play();
  }

  private moveTo(point: SearchPoint): void {
    this.point = point;
    if (point.gradient === undefined) return;
    this.keepLowest(point.params, point.value);
    const { box } = this.problem;
    const slope = maxNorm(box === undefined ? point.gradient : projectedGradient(box, point.params, point.gradient));
    this.largestSlope = Math.max(this.largestSlope, slope);
    if (slope <= this.gradientTolerance * this.largestSlope) this.ending = "gradient-tolerance";
    // Without a slope there is no direction.
    else if (!Number.isFinite(slope)) this.ending = "non-finite-gradient";
  }

  private keepLowest(params: Float64Array, value: number): void {
    if (value < (this.lowest?.value ?? Number.POSITIVE_INFINITY)) this.lowest = { params, value, gradient: undefined };
  }

  private restore(checkpoint: SearchCheckpoint): void {
    const { size, seed } = this.problem;
    const refuse = (reason: string): never => {
      throw new DataError("CHECKPOINT_INVALID", `checkpoint: ${reason}. Start again, or use the method it was made with.`, { reason });
    };
    if (checkpoint?.format !== "descend-search" || checkpoint.version !== 1) refuse("this is no checkpoint of a search");
    if (checkpoint.method !== this.method) refuse(`expected method ${this.method}, got ${checkpoint.method}`);
    if (checkpoint.size !== size) refuse(`expected ${size} parameters, got ${checkpoint.size}`);
    if (checkpoint.seed !== seed) refuse(`expected seed ${seed}, got ${checkpoint.seed}`);
    const cells = Object.fromEntries(Object.entries(checkpoint.cells).map(([name, values]) => [name, Float64Array.from(values, Number)]));
    const pointOf = (params: string, value: string, gradient?: Float64Array): SearchPoint | undefined =>
      cells[params] && { params: cells[params], value: cells[value]![0]!, gradient };
    if (cells.start?.some((x, i) => x !== this.problem.start[i])) refuse("it began somewhere else");
    this.point = pointOf("params", "value", cells.gradient);
    [this.largestSlope, this.gradientTolerance] = cells.slope ? [cells.slope[0]!, cells.slope[1]!] : [0, GRADIENT_TOLERANCE];
    this.lowest = pointOf("bestParams", "bestValue");
    this.state = checkpoint.kinds && stateFrom(cells, likeOf(checkpoint.kinds), "state.");
    this.stepCount = checkpoint.steps;
    this.valueCount = checkpoint.evaluations;
    this.ending = checkpoint.ending;
    if (this.done) return;
    this.play();
    for (const values of checkpoint.told) {
      const list = Array.from(values, Number);
      this.told.push(list);
      this.answer(list);
    }
  }
}

/**
 * A search for the lowest value of an objective that this program does not call: an experiment, another machine, a person.
 *
 * @param start - where to begin, within the bounds: a number, an array, or records and lists of these.
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE, OPTIONS_CONFLICT for a method that needs second derivatives or cannot keep to
 * bounds, INTEGERS_UNSUPPORTED;
 * DataError as `minimize`, CHECKPOINT_INVALID
 *
 * @example
 * const search = createSearch([1, 2], { method: "cmaes", bounds: [0, 10], seed: 1 });
 * while (!search.done && search.evaluations < 500) search.tell(search.ask().map(measure));
 * search.best; // { params, value }
 */
export function createSearch<P>(start: P, options: SearchOptions = {}): AskTellSearch<P> {
  return new AskTellSearch(start, options);
}

function* startPoint(params: Float64Array, uses: SearchMethod["uses"]): Search<SearchPoint> {
  if (uses !== "values") return yield* gradientAt(params);
  const value = yield* valueAt(params);
  return { params, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value, gradient: undefined };
}

function searchOf({ method, methodOptions, variables }: SearchOptions): SearchMethod {
  const chosen = resolveMethod(method ?? (variables === undefined ? "cmaes" : "geneticAlgorithm"), methodOptions);
  if ("kind" in chosen && chosen.uses !== "curvature") return chosen;
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `method: ${chosen.name} ${"kind" in chosen ? "needs second derivatives" : "is an update rule"}, and there are values alone. Name a search by values or by gradients, such as "cmaes" or "lbfgs".`,
    { options: ["method"] },
  );
}

function cannotBound(name: string): OptionError {
  return new OptionError("OPTIONS_CONFLICT", `bounds: ${name} cannot keep to them. Name another method, such as "cmaes" or "lbfgsb".`, {
    options: ["bounds", "method"],
  });
}

function startOutside(path: string, lower: number, upper: number, got: number): OptionError {
  const [option, expected] = [`start${path}`, `a number from ${lower} to ${upper}, as bounds says`];
  return new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${got}.`, { option, expected, got });
}

function kindOf(entry: SearchState[string]): "number" | "vector" | "list" {
  return typeof entry === "number" ? "number" : entry instanceof Float64Array ? "vector" : "list";
}

/** An empty state of the given kinds. */
function likeOf(kinds: NonNullable<SearchCheckpoint["kinds"]>): SearchState {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, kind === "number" ? 0 : kind === "vector" ? new Float64Array(0) : []]),
  );
}
