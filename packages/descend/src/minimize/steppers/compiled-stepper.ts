/** A descent whose whole step is one compiled procedure. */

import { DataError } from "../../errors.js";
import type { Executable, RunResult } from "../../graph/program.js";
import { maxNorm } from "../../numeric/blas1.js";
import { EVALUATE } from "../objective/evaluate-program.js";
import type { Table } from "../objective/rows.js";
import { type Measures, measuresIn, Patience, toleranceNames } from "../stopping.js";
import * as cells from "./cells.js";
import { ACCEPT, FIND_ANSWER, PROBE, PROPOSE, STEP_PROCEDURE, type StepProgram } from "./step-program.js";
import type { Evaluations, Stepper } from "./stepper.js";

/** Shared by both kinds of program: cells in, cells out. */
abstract class ProgramStepper implements Stepper {
  readonly evaluations: Evaluations = { value: 0, gradient: 0, hessianVector: 0 };
  readonly followsGradient: boolean = true;
  readonly extent: undefined = undefined;
  protected readonly executable: Executable;
  private readonly stepProgram: StepProgram;
  private readonly repeatName: string;
  private readonly patience: Patience = new Patience();
  private stepCount = 0;
  private beginHere: () => void = () => undefined;

  constructor(stepProgram: StepProgram, executable: Executable, repeatName: string) {
    this.stepProgram = stepProgram;
    this.executable = executable;
    this.repeatName = repeatName;
  }

  protected abstract run(times: number): RunResult;
  protected abstract evaluateHere(): void;

  advance(times: number): RunResult {
    const result = this.run(times);
    this.stepCount += result.passes;
    if (result.code === 0) return result;
    const patience = this.executable.read(cells.TOLERANCES)[toleranceNames.indexOf("patience")]!;
    return { passes: result.passes, code: this.patience.lasting(result.code, this.steps, patience) };
  }

  get recordCapacity(): number {
    return this.executable.recordCapacity(this.repeatName);
  }

  records(): ArrayLike<number> {
    return this.executable.record(this.repeatName);
  }

  get params(): ArrayLike<number> {
    return this.executable.read(cells.PARAMS);
  }

  get value(): number {
    return this.executable.read(cells.VALUE)[0]!;
  }

  get gradient(): ArrayLike<number> {
    return this.executable.read(cells.GRADIENT);
  }

  get steps(): number {
    return this.stepCount;
  }

  get best(): { params: ArrayLike<number>; value: number } {
    if (this.has(cells.BEST)) {
      const value = this.executable.read(cells.BEST_VALUE)[0]!;
      if (value < this.value) return { params: this.executable.read(cells.BEST), value };
    }
    return { params: this.params, value: this.value };
  }

  get answer(): { params: ArrayLike<number>; value: number } | undefined {
    if (!this.has(cells.ANSWER)) return undefined;
    this.executable.run(FIND_ANSWER);
    const params = this.executable.read(cells.ANSWER);
    return { params, value: this.answerValue(params) };
  }

  /** Value at the point that the rule recommends, over all rows. */
  protected answerValue(_params: ArrayLike<number>): number {
    this.evaluations.value++;
    return this.executable.read(cells.ANSWER_VALUE)[0]!;
  }

  get measures(): Measures {
    const measures = measuresIn(this.executable.read(cells.MEASURES));
    return this.stepProgram.measuresGradient ? measures : { ...measures, gradientNorm: maxNorm(this.gradient) };
  }

  /**
   * Begins at the start: evaluates there and starts the measures.
   *
   * @param arrangeRows - puts the rows of a descent by batches in the order that the first evaluation needs.
   */
  begin(start: Float64Array, tolerances: (value: number) => readonly number[], arrangeRows: () => void = () => undefined): void {
    this.beginHere = () => {
      arrangeRows();
      this.evaluateHere();
      this.executable.write(cells.TOLERANCES, tolerances(this.value));
      this.startMeasures(0);
    };
    this.writeInitial(start);
    this.beginHere();
  }

  /** Begins anew at another point: nothing is remembered, nothing counted. */
  restart(start: Float64Array): void {
    for (const cell of this.savedCells()) this.executable.write(cell, new Float64Array(this.executable.read(cell).length));
    this.writeInitial(start);
    this.stepCount = 0;
    this.patience.load([0, 0, 0, 0]);
    Object.assign(this.evaluations, { value: 0, gradient: 0, hessianVector: 0 });
    this.beginHere();
  }

  private writeInitial(start: Float64Array): void {
    for (const [cell, values] of this.stepProgram.initialAt(start)) {
      if (this.has(cell)) this.executable.write(cell, values);
    }
  }

  moveTo(params: ArrayLike<number>): void {
    const { gradientScale } = this.measures;
    this.executable.write(cells.PARAMS, params);
    this.evaluateHere();
    this.startMeasures(gradientScale);
  }

  forgetBest(): void {
    if (this.has(cells.BEST)) this.executable.write(cells.BEST_VALUE, [Number.POSITIVE_INFINITY]);
  }

  tighten(factor: number): void {
    const tolerances = Float64Array.from(this.executable.read(cells.TOLERANCES));
    tolerances[toleranceNames.indexOf("relativeGradient")]! *= factor;
    this.executable.write(cells.TOLERANCES, tolerances);
  }

  state(): Record<string, Float64Array> {
    return Object.fromEntries(
      [...this.stepProgram.state].map(([name, cell]) => [name, Float64Array.from(this.executable.read(cell.name))]),
    );
  }

  save(): Record<string, ArrayLike<number>> {
    return {
      ...Object.fromEntries(this.savedCells().map((cell) => [cell, new Float64Array(this.executable.read(cell))])),
      [cells.STEP]: [this.stepCount],
      patience: this.patience.save(),
    };
  }

  load(saved: Readonly<Record<string, ArrayLike<number>>>, partly = false): void {
    for (const cell of this.savedCells()) {
      const values = saved[cell];
      if (partly && values === undefined) continue;
      const expected = this.executable.read(cell).length;
      if (values === undefined || values.length !== expected) {
        const reason = `expected ${expected} numbers in "${cell}", got ${values?.length ?? "nothing"}`;
        throw new DataError("CHECKPOINT_INVALID", `checkpoint: ${reason}. It belongs to another objective or method.`, { reason });
      }
      this.executable.write(cell, values);
    }
    this.stepCount = this.executable.read(cells.STEP)[0]!;
    if (!partly) this.patience.load(saved.patience ?? [0, 0, 0, 0]);
  }

  private startMeasures(gradientScale: number): void {
    const { residual } = this.stepProgram;
    const size = maxNorm(this.gradient);
    const norm = residual === undefined ? size : maxNorm(residual(this.params, this.gradient));
    this.executable.write(cells.MEASURES, [Math.max(size, gradientScale), norm, 0, 0]);
  }

  private savedCells(): string[] {
    const transient = (name: string): boolean =>
      name.startsWith(cells.ROWS_CELL_PREFIX) ||
      name.startsWith(cells.PENDING_PREFIX) ||
      name.startsWith(cells.TRIAL) ||
      name.startsWith(cells.ANSWER);
    return this.stepProgram.program.cells.map((cell) => cell.name).filter((name) => !transient(name));
  }

  protected has(cell: string): boolean {
    return this.stepProgram.program.cells.some((candidate) => candidate.name === cell);
  }
}

/** Objective, gradient and rule in one procedure. */
export class CompiledStepper extends ProgramStepper {
  /** A rule may ask for a second one. */
  private readonly gradientsPerStep: number;

  constructor(stepProgram: StepProgram, executable: Executable, table: Table | undefined) {
    super(stepProgram, executable, STEP_PROCEDURE);
    this.gradientsPerStep = this.has(cells.PROBE_GRADIENT) ? 2 : 1;
    table?.store(executable);
  }

  protected run(times: number): RunResult {
    const result = this.executable.run(STEP_PROCEDURE, times);
    // A dropped trial was evaluated as well.
    const dropped = (result.code & 3) !== 0 ? 1 : 0;
    this.evaluations.value += result.passes + dropped;
    this.evaluations.gradient += (result.passes + dropped) * this.gradientsPerStep;
    return result;
  }

  protected evaluateHere(): void {
    this.executable.run(EVALUATE);
    this.evaluations.value++;
    this.evaluations.gradient += this.gradientsPerStep;
  }

  /** Writes the rows anew. @param order - which comes first, second, … (a new epoch's shuffle). Default: as they are. */
  rewriteRows(table: Table, order?: Int32Array): void {
    table.arrange(this.executable, order);
  }
}

/** Value and gradient of an objective that is called from outside. */
export interface HostEvaluation {
  readonly value: number;
  readonly gradient: ArrayLike<number>;
  /** Calls of the objective this took, and of a gradient function. */
  readonly valueCalls: number;
  readonly gradientCalls: number;
}

/** The rule is compiled, the objective is called: each step proposes a point, asks for its value and gradient, and accepts. */
export class HostStepper extends ProgramStepper {
  private readonly evaluate: (params: Float64Array, draw: number) => HostEvaluation;

  constructor(stepProgram: StepProgram, executable: Executable, evaluate: (params: Float64Array, draw: number) => HostEvaluation) {
    super(stepProgram, executable, ACCEPT);
    this.evaluate = evaluate;
  }

  override get recordCapacity(): number {
    return 1;
  }

  protected run(times: number): RunResult {
    for (let passes = 0; passes < times; passes++) {
      this.executable.run(PROPOSE);
      this.store(this.executable.read(cells.TRIAL), cells.TRIAL_VALUE, cells.TRIAL_GRADIENT);
      this.probe(cells.TRIAL_PROBE_GRADIENT);
      const { passes: accepted, code } = this.executable.run(ACCEPT);
      if (code !== 0 || accepted === 0) return { passes: passes + accepted, code };
    }
    return { passes: times, code: 0 };
  }

  protected evaluateHere(): void {
    this.store(this.params, cells.VALUE, cells.GRADIENT);
    if (!this.has(cells.PROBE_GRADIENT)) return;
    this.executable.write(cells.TRIAL, this.params);
    this.executable.write(cells.TRIAL_GRADIENT, this.gradient);
    this.probe(cells.PROBE_GRADIENT);
  }

  protected override answerValue(params: ArrayLike<number>): number {
    const { value, valueCalls } = this.evaluate(Float64Array.from(params), this.evaluations.gradient);
    this.evaluations.value += valueCalls;
    return value;
  }

  /** The second gradient that the rule asks for at the trial point. At a point that is not finite there is none. */
  private probe(gradientCell: string): void {
    if (!this.has(cells.PROBE_GRADIENT)) return;
    this.executable.run(PROBE);
    // Both gradients of a step look along the same directions, where they are estimated.
    const draw = this.evaluations.gradient - 1;
    const { gradient, valueCalls, gradientCalls } = this.evaluate(Float64Array.from(this.executable.read(cells.TRIAL_PROBE)), draw);
    this.evaluations.value += valueCalls;
    this.evaluations.gradient += gradientCalls;
    this.executable.write(gradientCell, gradient);
  }

  private store(point: ArrayLike<number>, valueCell: string, gradientCell: string): void {
    const { value, gradient, valueCalls, gradientCalls } = this.evaluate(Float64Array.from(point), this.evaluations.gradient);
    this.evaluations.value += valueCalls;
    this.evaluations.gradient += gradientCalls;
    this.executable.write(valueCell, [value]);
    this.executable.write(gradientCell, gradient);
  }
}
