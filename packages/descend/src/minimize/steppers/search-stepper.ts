/** A descent whose steps ask where they want the objective evaluated: any search method around any way to evaluate. */

import { invariant } from "../../errors.js";
import { maxNorm, twoNorm } from "../../numeric/blas1.js";
import { projectedGradient } from "../../numeric/box.js";
import { answered, type SearchMethod, type SearchPoint, type SearchProblem, type SearchState } from "../../optim/search-method.js";
import { parameterScale } from "../judging/certificate/point-evidence.js";
import { type Measures, Patience, STOP_BITS, type TerminationReason, toleranceNames } from "../stopping.js";
import type { Answers } from "./answers.js";
import { named, type SearchCells } from "./search-state.js";
import type { Evaluations, Stepper } from "./stepper.js";

export interface SearchStepperOptions {
  readonly method: SearchMethod;
  readonly problem: SearchProblem;
  readonly answer: Answers;
  /** Counted up by `answer`. */
  readonly evaluations: Evaluations;
  /** Tolerances in the order of `toleranceNames`, given f at the start. */
  readonly tolerances: (value: number) => readonly number[];
  readonly recordsParams: boolean;
  /** What writes and reads checkpoints; absent where there are none. */
  readonly cells: SearchCells | undefined;
}

/** Evaluates at the start, and is ready for the first step. */
export function searchStepper({
  method,
  problem: given,
  answer,
  evaluations,
  tolerances,
  recordsParams,
  cells,
}: SearchStepperOptions): Stepper {
  const followsGradient = method.uses !== "values";
  const patience = new Patience();
  let problem = given;
  let point = pointAt(problem.start);
  let best = point;
  let memory = begin();
  let steps = 0;
  let extent: number | undefined;
  let measures = startMeasures(0);
  let tolerance = named(toleranceNames, tolerances(point.value));
  /** Where the last step came from. */
  let left: Float64Array = point.params;
  /** Gradients that a method of values alone did not ask for: at the start and at the current point, once somebody looks. */
  let startGradient: Float64Array | undefined;
  let gradientHere: Float64Array | undefined;

  function gradientAt(params: Float64Array): Float64Array {
    return answer({ kind: "gradient", params }).vector!;
  }

  function pointAt(params: Float64Array): SearchPoint {
    const { values, vector } = answer(followsGradient ? { kind: "gradient", params } : { kind: "values", points: [params] });
    return { params, value: values[0]!, gradient: vector };
  }

  function codec(): SearchCells {
    invariant(cells !== undefined, "a search without cells is asked for its state");
    return cells;
  }

  function begin(): SearchState {
    return whatBreaks(point) === undefined ? answered(method.init(point, problem), answer) : {};
  }

  /** ‖g‖∞, of what is left to follow inside the box. */
  function slopeNorm(params: Float64Array, gradient: Float64Array | undefined): number {
    if (gradient === undefined) return Number.NaN;
    return maxNorm(problem.box === undefined ? gradient : projectedGradient(problem.box, params, gradient));
  }

  function startMeasures(scale: number): Measures {
    const { params, gradient } = point;
    const gradientScale = gradient === undefined ? 0 : Math.max(maxNorm(gradient), scale);
    return { gradientNorm: slopeNorm(params, gradient), gradientScale, stepNorm: 0, valueChange: 0 };
  }

  function moveOn(to: SearchPoint): void {
    if (to.params !== point.params) gradientHere = undefined;
    point = to;
    if (to.value <= best.value || !Number.isFinite(best.value)) best = to;
  }

  /** One step of the method, committed if it is finite. Returns the code of reasons to stop. */
  function step(): number {
    // Nothing was left to search.
    if (extent === 0) return bitOf("step-tolerance");
    const before = point;
    const found = answered(method.step(before, memory, problem), answer);
    if (found === undefined) {
      if (slopeNorm(before.params, before.gradient) !== 0) return bitOf("line-search-failed");
      measures = { ...measures, stepNorm: 0, valueChange: 0 };
      return bitOf("gradient-tolerance");
    }
    const broken = whatBreaks(found.point);
    if (broken !== undefined) return bitOf(broken);

    moveOn(found.point);
    memory = found.state;
    problem.pairs?.settle(memory);
    extent = found.extent;
    steps++;
    left = before.params;
    return test(before);
  }

  /** The same tests as the compiled step makes (`stopping.ts`), and the one of extents. */
  function test(before: SearchPoint): number {
    const { value, gradient, params } = point;
    const stepNorm = distance(params, before.params);
    const t = tolerance;
    const gradientNorm = slopeNorm(params, gradient);
    const gradientScale = followsGradient ? Math.max(measures.gradientScale, gradientNorm) : 0;
    const valueChange = Math.abs(value - before.value);
    measures = { gradientNorm, gradientScale, stepNorm, valueChange };
    const reasons: Partial<Record<TerminationReason, boolean>> = {
      diverged: Math.abs(value) > t.divergence,
      "target-value": value <= t.target,
      "gradient-tolerance": gradientNorm <= Math.max(t.gradient, t.relativeGradient * gradientScale),
      // A search by values alone often stays where it is for many steps before it finds something better.
      "step-tolerance": followsGradient && stepNorm <= (t.step && t.step * maxNorm(params)),
      "value-tolerance": t.value >= 0 && valueChange <= t.value * Math.abs(value),
    };
    const code = STOP_BITS.reduce((sum, [bit, reason]) => sum | (reasons[reason] === true ? bit : 0), 0);
    const lasting = patience.lasting(code, steps, t.patience);
    const exhausted = extent !== undefined && extent <= t.extent * parameterScale({ params, startParams: problem.start });
    return exhausted ? lasting | bitOf("step-tolerance") : lasting;
  }

  return {
    evaluations,
    recordCapacity: 1,
    followsGradient,
    get params() {
      return point.params;
    },
    get value() {
      return point.value;
    },
    /** A method of values alone has it evaluated when it is asked for. */
    get gradient() {
      gradientHere ??= point.gradient ?? gradientAt(point.params);
      return gradientHere;
    },
    get steps() {
      return steps;
    },
    get extent() {
      return extent;
    },
    get best() {
      return best;
    },
    get measures() {
      if (followsGradient || gradientHere === undefined) return measures;
      startGradient ??= gradientAt(problem.start);
      const gradientNorm = slopeNorm(point.params, gradientHere);
      const atStart = maxNorm(startGradient);
      return { ...measures, gradientNorm, gradientScale: Math.max(gradientNorm, Number.isFinite(atStart) ? atStart : 0) };
    },

    advance(times) {
      const first = steps;
      let code = 0;
      for (let pass = 0; pass < times && code === 0; pass++) code = step();
      return { passes: steps - first, code };
    },

    records() {
      const { params, value, gradient } = point;
      const move = params.map((x, i) => x - left[i]!);
      return [value, gradient === undefined ? Number.NaN : twoNorm(gradient), twoNorm(move), ...(recordsParams ? params : [])];
    },

    /** The method starts anew there: what it remembers belongs to the way that led to the old point. */
    moveTo(params) {
      const start = Float64Array.from(params);
      problem = { ...problem, start };
      moveOn(pointAt(start));
      startGradient = undefined;
      extent = undefined;
      measures = startMeasures(measures.gradientScale);
      memory = begin();
    },

    forgetBest() {
      best = point;
    },

    tighten(factor) {
      tolerance.relativeGradient *= factor;
      tolerance.extent *= factor;
    },

    state: () => codec().state(memory),

    save: () => codec().save({ start: problem.start, point, best, extent, steps, patience: patience.save(), measures, tolerance, memory }),

    load(saved) {
      const like = { start: problem.start, point, best, extent, steps, patience: patience.save(), measures, tolerance, memory };
      const loaded = codec().load(saved, like);
      problem = { ...problem, start: loaded.start };
      ({ best, extent, steps, measures, tolerance, memory } = loaded);
      moveOn(loaded.point);
      startGradient = undefined;
      patience.load(loaded.patience);
    },
  };
}

function whatBreaks({ value, gradient }: SearchPoint): TerminationReason | undefined {
  if (!Number.isFinite(value)) return "non-finite-value";
  return gradient === undefined || Number.isFinite(maxNorm(gradient)) ? undefined : "non-finite-gradient";
}

/** ‖a − b‖∞ */
function distance(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

function bitOf(reason: TerminationReason): number {
  return STOP_BITS.find(([, name]) => name === reason)![0];
}
