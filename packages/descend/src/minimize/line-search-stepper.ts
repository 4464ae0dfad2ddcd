/** A descent whose step is a direction and a line search along it (L-BFGS), around any way to evaluate. */

import { DataError } from "../errors.js";
import type { RunResult } from "../graph/program.js";
import { dot, maxNorm, twoNorm } from "../numeric/blas1.js";
import { type LbfgsMethod, type LbfgsState, lbfgsDirection, lbfgsRemember } from "../optim/quasi-newton/lbfgs.js";
import { strongWolfe } from "../optim/searches/strong-wolfe.js";
import type { HostEvaluation } from "./compiled-stepper.js";
import type { Evaluations, Stepper } from "./stepper.js";
import { type Measures, measureNames, Patience, STOP_BITS, toleranceNames } from "./stopping.js";

interface Point {
  readonly params: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

export class LineSearchStepper implements Stepper {
  readonly evaluations: Evaluations = { value: 0, gradient: 0, hessianVector: 0 };
  readonly recordCapacity: number = 1;
  private readonly method: LbfgsMethod;
  private readonly evaluateAt: (params: Float64Array) => HostEvaluation;
  private readonly recordsParams: boolean;
  private point: Point;
  private memory: LbfgsState = { steps: [], changes: [] };
  private stepCount = 0;
  private measured: Measures;
  private readonly patience: Patience = new Patience();
  private tolerances: Record<(typeof toleranceNames)[number], number>;
  private lastRecord: number[] = [];

  constructor(
    method: LbfgsMethod,
    start: Float64Array,
    evaluate: (params: Float64Array) => HostEvaluation,
    tolerances: (value: number) => readonly number[],
    recordsParams: boolean,
  ) {
    this.method = method;
    this.evaluateAt = evaluate;
    this.recordsParams = recordsParams;
    this.point = this.evaluate(start);
    const values = tolerances(this.point.value);
    this.tolerances = Object.fromEntries(toleranceNames.map((name, i) => [name, values[i]!])) as typeof this.tolerances;
    this.measured = startMeasures(this.point.gradient, 0);
  }

  get params(): Float64Array {
    return this.point.params;
  }
  get value(): number {
    return this.point.value;
  }
  get gradient(): Float64Array {
    return this.point.gradient;
  }
  get steps(): number {
    return this.stepCount;
  }
  /** Every accepted step decreases the objective (up to rounding), so the current point is the best. */
  get best(): { params: Float64Array; value: number } {
    return this.point;
  }
  get measures(): Measures {
    return this.measured;
  }

  advance(times: number): RunResult {
    for (let passes = 0; passes < times; passes++) {
      const code = this.step();
      if (code !== 0) return { passes: passes + ((code & LINE_SEARCH_FAILED) === 0 ? 1 : 0), code };
    }
    return { passes: times, code: 0 };
  }

  records(): ArrayLike<number> {
    return this.lastRecord;
  }

  moveTo(params: ArrayLike<number>): void {
    this.point = this.evaluate(Float64Array.from(params));
    this.memory = { steps: [], changes: [] };
    this.measured = startMeasures(this.point.gradient, this.measured.gradientScale);
  }

  tighten(factor: number): void {
    this.tolerances.relativeGradient *= factor;
  }

  state(): Record<string, Float64Array> {
    return Object.fromEntries([
      ...this.memory.steps.map((step, k) => [`step.${k}`, step.slice()] as const),
      ...this.memory.changes.map((change, k) => [`change.${k}`, change.slice()] as const),
    ]);
  }

  save(): Record<string, ArrayLike<number>> {
    return {
      params: this.point.params.slice(),
      value: [this.point.value],
      gradient: this.point.gradient.slice(),
      step: [this.stepCount],
      patience: this.patience.save(),
      measures: measureNames.map((name) => this.measured[name]),
      tolerances: toleranceNames.map((name) => this.tolerances[name]),
      ...this.state(),
    };
  }

  load(saved: Readonly<Record<string, ArrayLike<number>>>): void {
    const vector = (name: string, length: number): Float64Array => {
      const values = saved[name];
      if (values === undefined || values.length !== length) {
        const reason = `expected ${length} numbers in "${name}", got ${values?.length ?? "nothing"}`;
        throw new DataError("CHECKPOINT_INVALID", `checkpoint: ${reason}. It belongs to another objective or method.`, { reason });
      }
      return Float64Array.from(values);
    };
    const n = this.point.params.length;
    const pairs = (kind: string): Float64Array[] => {
      const list: Float64Array[] = [];
      while (`${kind}.${list.length}` in saved) list.push(vector(`${kind}.${list.length}`, n));
      return list;
    };
    this.point = { params: vector("params", n), value: vector("value", 1)[0]!, gradient: vector("gradient", n) };
    this.stepCount = vector("step", 1)[0]!;
    this.patience.load(vector("patience", 4));
    this.measured = Object.fromEntries(
      measureNames.map((name, i) => [name, vector("measures", measureNames.length)[i]!]),
    ) as unknown as Measures;
    this.tolerances = Object.fromEntries(
      toleranceNames.map((name, i) => [name, vector("tolerances", toleranceNames.length)[i]!]),
    ) as unknown as typeof this.tolerances;
    this.memory = { steps: pairs("step"), changes: pairs("change") };
  }

  private evaluate(params: Float64Array): Point {
    const { value, gradient, valueCalls, gradientCalls } = this.evaluateAt(params);
    this.evaluations.value += valueCalls;
    this.evaluations.gradient += gradientCalls;
    return { params, value, gradient: Float64Array.from(gradient) };
  }

  /** One direction and search; if it fails, once more from the steepest descent. Returns the code of reasons to stop. */
  private step(): number {
    const before = this.point;
    if (maxNorm(before.gradient) === 0) {
      this.measured = { ...this.measured, stepNorm: 0, valueChange: 0 };
      return GRADIENT_TOLERANCE;
    }
    let after = this.search(lbfgsDirection(this.memory, before.gradient));
    if (after === undefined && this.memory.steps.length > 0) {
      this.memory = { steps: [], changes: [] };
      after = this.search(lbfgsDirection(this.memory, before.gradient));
    }
    // Gradients or parameters that are tiny by their unit alone: only the size of the start tells how far the first step may lead.
    const size = maxNorm(before.params);
    if (after === undefined && this.stepCount === 0 && size > 0) {
      const direction = lbfgsDirection(this.memory, before.gradient);
      after = this.search(direction, (0.1 * size) / maxNorm(direction));
    }
    if (after === undefined) return LINE_SEARCH_FAILED;

    const step = difference(after.params, before.params);
    this.memory = lbfgsRemember(this.memory, step, difference(after.gradient, before.gradient), this.method.memory);
    this.point = after;
    this.stepCount++;
    this.lastRecord = [after.value, twoNorm(after.gradient), twoNorm(step), ...(this.recordsParams ? after.params : [])];
    return this.test(before, step);
  }

  /** @param first - first trial in units of the direction. Default: that of the method, or a small move as long as there is no memory. */
  private search(direction: Float64Array, first?: number): Point | undefined {
    const { params, value, gradient } = this.point;
    const slope = dot(gradient, direction);
    if (!(slope < 0) || !Number.isFinite(slope)) return undefined;
    // Without memory the length of the gradient says nothing about the length of the step: start with a small move.
    const typical = Math.max(maxNorm(params), 1);
    const initial = first ?? (this.memory.steps.length > 0 ? 1 : Math.min(1, (0.1 * typical) / maxNorm(direction)));
    let last: Point | undefined;
    let lastStepSize = 0;
    const accepted = strongWolfe(
      (stepSize) => {
        const trial = new Float64Array(params.length);
        for (let i = 0; i < trial.length; i++) trial[i] = params[i]! + stepSize * direction[i]!;
        last = this.evaluate(trial);
        lastStepSize = stepSize;
        return { stepSize, value: last.value, slope: dot(last.gradient, direction) };
      },
      value,
      slope,
      initial,
    );
    if (accepted === undefined) return undefined;
    const moved = lastStepSize === accepted.stepSize ? last! : this.evaluate(params.map((x, i) => x + accepted.stepSize * direction[i]!));
    return moved.params.some((x, i) => x !== params[i]) ? moved : undefined;
  }

  /** The same tests as the compiled step makes (`stopping.ts`). */
  private test(before: Point, step: Float64Array): number {
    const { value, gradient, params } = this.point;
    const t = this.tolerances;
    const gradientNorm = maxNorm(gradient);
    const gradientScale = Math.max(this.measured.gradientScale, gradientNorm);
    const stepNorm = maxNorm(step);
    const valueChange = Math.abs(value - before.value);
    this.measured = { gradientNorm, gradientScale, stepNorm, valueChange };
    let code = 0;
    if (Math.abs(value) > t.divergence) code |= 4;
    if (value <= t.target) code |= 8;
    if (gradientNorm <= Math.max(t.gradient, t.relativeGradient * gradientScale)) code |= GRADIENT_TOLERANCE;
    if (stepNorm <= t.step * maxNorm(params)) code |= 32;
    if (valueChange <= t.value * Math.abs(value)) code |= 64;
    return this.patience.lasting(code, this.stepCount, t.patience);
  }
}

const LINE_SEARCH_FAILED = STOP_BITS.find(([, reason]) => reason === "line-search-failed")![0];
const GRADIENT_TOLERANCE = STOP_BITS.find(([, reason]) => reason === "gradient-tolerance")![0];

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function startMeasures(gradient: ArrayLike<number>, scale: number): Measures {
  const norm = maxNorm(gradient);
  return { gradientNorm: norm, gradientScale: Math.max(norm, scale), stepNorm: 0, valueChange: 0 };
}
