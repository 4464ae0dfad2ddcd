/**
 * When a descent ends, and how far each criterion was from ending it.
 *
 * The tests are part of the compiled step: a step costs no call into JavaScript. Several may hold at once; each has a
 * bit of the step's code.
 */

import { OptionError } from "../errors.js";
import { binary, constant, element, stack, ternary, unary } from "../graph/build.js";
import type { Node } from "../graph/graph.js";
import type { DType } from "../graph/program.js";

/** Why a descent ended, in order of what is reported first. */
export type TerminationReason =
  | "non-finite-value"
  | "non-finite-gradient"
  | "diverged"
  | "target-value"
  | "gradient-tolerance"
  | "step-tolerance"
  | "value-tolerance"
  | "line-search-failed"
  | "infeasible"
  | "max-steps"
  | "max-evaluations"
  | "time-limit"
  | "stopped-by-caller";

/** Bits of the code of a step, and the reasons they stand for: two requirements of a step, then reasons to stop after it. */
export const STOP_BITS: readonly (readonly [bit: number, reason: TerminationReason])[] = [
  [1, "non-finite-value"],
  [2, "non-finite-gradient"],
  [4, "diverged"],
  [8, "target-value"],
  [16, "gradient-tolerance"],
  [32, "step-tolerance"],
  [64, "value-tolerance"],
  [128, "line-search-failed"],
];

/** What the user may set. */
export interface Stopping {
  /**
   * ‖g‖∞ ≤ this ends the descent whatever the scale; with bounds g is the projected gradient. ≥ 0, in units
   * of the objective per parameter. Default 0.
   */
  readonly gradientTolerance?: number;
  /**
   * ‖g‖∞ ≤ this × the largest ‖g‖∞ seen so far ends the descent. 0 ≤ … < 1. Default 1e-8; 1e-6 for gradients by finite
   * differences, 1e-5 in float32.
   */
  readonly relativeGradientTolerance?: number;
  /**
   * ‖Δx‖∞ ≤ this × ‖x‖∞ for `patience` steps in a row ends it. ≥ 0. Default 0: the point no longer moves at all. A method that says how far
   * its search still extends (a simplex, a mesh, a population) is ended by that extent instead,
   * at once. Default then 1e-8; 1e-4 in float32.
   */
  readonly stepTolerance?: number;
  /** |Δf| ≤ this × |f| for `patience` steps in a row ends it. ≥ 0. Default: off, since a small change proves nothing. */
  readonly valueTolerance?: number;
  /** Steps in a row that the two criteria above must hold. Whole, ≥ 1. Default 3; 200 for update rules that keep to bounds or a set. */
  readonly patience?: number;
  /** f ≤ this ends it (≥ for maximize). Default: off. */
  readonly targetValue?: number;
  /** |f| > this × (1 + |f at the start|) ends it as diverged. > 1. Default 1e20. */
  readonly divergenceFactor?: number;
}

/** Entries of the cell of tolerances. */
export const toleranceNames = ["gradient", "relativeGradient", "step", "value", "patience", "target", "divergence", "extent"] as const;

/** Entries of the cell of measures, all of the last committed step; norms are maximum norms. Only what is asked for is measured. */
export const measureNames = ["gradientScale", "gradientNorm", "stepNorm", "valueChange"] as const;
export type Measures = Record<(typeof measureNames)[number], number>;

/** What a cell of measures holds. */
export function measuresIn(values: ArrayLike<number>): Measures {
  return { gradientScale: values[0]!, gradientNorm: values[1]!, stepNorm: values[2]!, valueChange: values[3]! };
}

/** What the defaults depend on. */
export interface ToleranceContext {
  readonly stochastic: boolean;
  readonly dtype: DType;
  readonly exactGradient: boolean;
  /** −1 to maximize. */
  readonly sign: 1 | -1;
}

/**
 * Checked tolerances with defaults, in the order of {@link toleranceNames}.
 *
 * @param startValue - f at the start, which sets the scale of divergence.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function toleranceValues(
  stopping: Stopping,
  startValue: number,
  { stochastic, dtype, exactGradient, sign }: ToleranceContext,
): number[] {
  const usual = dtype === "float32" ? 1e-5 : exactGradient ? 1e-8 : 1e-6;
  const gradient = checked("stopping.gradientTolerance", stopping.gradientTolerance ?? 0, (v) => v >= 0, "a number ≥ 0");
  const relative = checked(
    "stopping.relativeGradientTolerance",
    stopping.relativeGradientTolerance ?? usual,
    (v) => v >= 0 && v < 1,
    "0 ≤ value < 1",
  );
  const step = checked("stopping.stepTolerance", stopping.stepTolerance ?? 0, (v) => v >= 0, "a number ≥ 0");
  const value = checked(
    "stopping.valueTolerance",
    stopping.valueTolerance ?? -1,
    (v) => v >= 0 || stopping.valueTolerance === undefined,
    "a number ≥ 0",
  );
  const patience = checked("stopping.patience", stopping.patience ?? 3, (v) => Number.isInteger(v) && v >= 1, "a whole number ≥ 1");
  const target = checked(
    "stopping.targetValue",
    stopping.targetValue ?? sign * Number.NEGATIVE_INFINITY,
    (v) => !Number.isNaN(v),
    "a number",
  );
  const factor = checked("stopping.divergenceFactor", stopping.divergenceFactor ?? 1e20, (v) => v > 1, "a number > 1");
  // The gradient of one batch says nothing about the gradient of the whole table, so it never ends a stochastic descent.
  const off = -1;
  return [
    stochastic ? off : gradient,
    stochastic ? off : relative,
    stochastic ? off : step,
    stochastic ? off : value,
    patience,
    sign * target,
    factor * (1 + Math.abs(startValue)),
    stopping.stepTolerance === undefined ? (dtype === "float32" ? 1e-4 : 1e-8) : step,
  ];
}

function checked(option: string, value: number, valid: (value: number) => boolean, expected: string): number {
  if (typeof value === "number" && valid(value)) return value;
  throw new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${value}.`, { option, expected, got: value });
}

/** The criteria that the tests of a step are made for, and the norms it leaves behind. What is not asked for is not computed. */
export interface ActiveCriteria {
  readonly gradientNorm: boolean;
  readonly stepNorm: boolean;
  readonly stationarity: boolean;
  readonly absoluteGradient: boolean;
  /** A tolerance of the step above 0. */
  readonly step: boolean;
  readonly value: boolean;
  readonly target: boolean;
}

export function activeCriteria(
  stopping: Stopping,
  stochastic: boolean,
  norms: { readonly gradient: boolean; readonly step: boolean },
): ActiveCriteria {
  return {
    gradientNorm: norms.gradient,
    stepNorm: norms.step,
    stationarity: !stochastic,
    absoluteGradient: (stopping.gradientTolerance ?? 0) > 0,
    step: (stopping.stepTolerance ?? 0) > 0,
    value: !stochastic && stopping.valueTolerance !== undefined,
    target: stopping.targetValue !== undefined,
  };
}

/** What the tests of one step look at. */
export interface StepQuantities {
  readonly value: Node;
  readonly newValue: Node;
  readonly newGradientNorm: Node;
  readonly stepNorm: Node;
  readonly newParamsNorm: Node;
  readonly measures: Node;
  readonly tolerances: Node;
}

/**
 * The tests as nodes: the new measures, what a step must satisfy, and the reasons to stop, in the order of {@link STOP_BITS}.
 * A single step below the tolerance of steps or values gives its reason; having the patience is {@link Patience}.
 */
export function stoppingNodes(q: StepQuantities, active: ActiveCriteria): { measures: Node; require: Node[]; stop: Node[] } {
  const tolerance = (name: (typeof toleranceNames)[number]): Node => element(q.tolerances, toleranceNames.indexOf(name));
  const measure = (name: (typeof measureNames)[number]): Node => element(q.measures, measureNames.indexOf(name));
  const infinity = constant(Number.POSITIVE_INFINITY);
  const never = constant(0);

  const size = unary("abs", q.newValue);
  const scale = measure("gradientScale");
  const gradientScale = ternary("select", binary("less", scale, q.newGradientNorm), q.newGradientNorm, scale);
  // Of the scale before this step: a gradient that raises the scale is not small against it.
  const relative = binary("mul", tolerance("relativeGradient"), scale);
  const gradientTolerance = active.absoluteGradient ? binary("max", tolerance("gradient"), relative) : relative;

  const valueChange = active.value ? unary("abs", binary("sub", q.newValue, q.value)) : measure("valueChange");
  const smallestMove = active.step ? binary("mul", tolerance("step"), q.newParamsNorm) : never;

  return {
    measures: stack([
      gradientScale,
      active.gradientNorm ? q.newGradientNorm : measure("gradientNorm"),
      active.stepNorm ? q.stepNorm : measure("stepNorm"),
      valueChange,
    ]),
    require: [binary("less", size, infinity), binary("less", q.newGradientNorm, infinity)],
    stop: [
      binary("less", tolerance("divergence"), size),
      active.target ? binary("lessEqual", q.newValue, tolerance("target")) : never,
      active.stationarity ? binary("lessEqual", q.newGradientNorm, gradientTolerance) : never,
      active.stationarity ? binary("lessEqual", q.stepNorm, smallestMove) : never,
      active.value ? binary("lessEqual", valueChange, binary("mul", tolerance("value"), size)) : never,
    ],
  };
}

/** Reasons in a code, first the one to report. */
export function reasonsOf(code: number): TerminationReason[] {
  return STOP_BITS.filter(([bit]) => (code & bit) !== 0).map(([, reason]) => reason);
}

/**
 * Counts steps in a row that were below the tolerances of steps or values. One proves little: a schedule may start at rate 0,
 * an oscillating point may turn.
 */
export class Patience {
  /** Step count after the last still step, and how many were still in a row, for steps and for values. */
  private readonly state: number[] = [0, 0, 0, 0];

  /** The code without the reasons that have not lasted long enough; `step` is the count after the last step. */
  lasting(code: number, step: number, patience: number): number {
    let rest = code;
    [STEP_BIT, VALUE_BIT].forEach((bit, k) => {
      if ((code & bit) === 0) return;
      const count = this.state[2 * k] === step - 1 ? this.state[2 * k + 1]! + 1 : 1;
      this.state[2 * k] = step;
      this.state[2 * k + 1] = count;
      if (count < patience) rest &= ~bit;
    });
    return rest;
  }

  save(): number[] {
    return [...this.state];
  }

  load(state: ArrayLike<number>): void {
    for (let i = 0; i < this.state.length; i++) this.state[i] = state[i]!;
  }
}

const bitOf = (reason: TerminationReason): number => STOP_BITS.find(([, name]) => name === reason)![0];
const STEP_BIT = bitOf("step-tolerance");
const VALUE_BIT = bitOf("value-tolerance");
