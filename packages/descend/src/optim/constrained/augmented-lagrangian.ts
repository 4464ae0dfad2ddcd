/**
 * Augmented Lagrangian method: constraints become part of an objective that is minimized within the bounds, again and again, while
 * multipliers learn what the constraints weigh.
 *
 * L(x) = f + Σ equalities [λ·c + ½ρ·c²] + Σ inequalities [max(0, λ + ρ·c)² − λ²]/2ρ;
 * then λ ← λ + ρ·c, max(0, λ + ρ·c), and ρ ← 10·ρ where the violation did not fall to half
 *
 * f and each constraint are scaled to gradients of at most 1 at the start. ∇L = ∇f + Σ w·∇c with the *next* multipliers w, so a point where
 * it vanishes, that is feasible and has complementary w, satisfies the conditions of Karush, Kuhn and Tucker with them.
 *
 * Source: Hestenes 1969; Powell 1969; Rockafellar 1974; the loop is algorithm 4.1 of Birgin and Martínez 2014, "Practical augmented
 * Lagrangian methods for constrained optimization", with their first ρ (12.1) and scaling (section 12.1).
 */

import { maxNorm } from "../../numeric/blas1.js";
import { projectedGradient } from "../../numeric/box.js";
import {
  type Answer,
  answered,
  type Question,
  type SearchMethod,
  type SearchPoint,
  type SearchProblem,
  type SearchState,
} from "../search-method.js";

/** Objective and constraints with the derivatives of weighted sums of them; vectors are the caller's to keep. */
export interface ConstrainedModel {
  readonly size: number;
  /** The first ones are equalities, c = 0, the others inequalities, c ≤ 0. */
  readonly equalities: number;
  readonly constraints: number;
  evaluate(params: Float64Array): { readonly objective: number; readonly constraints: Float64Array };
  /** ∇(factor·f + Σ weights·c). */
  gradient(params: Float64Array, factor: number, weights: Float64Array): Float64Array;
  /** (∇²(factor·f + Σ weights·c) + Σ squares·∇c∇cᵀ)·direction. */
  hessianVector(params: Float64Array, factor: number, weights: Float64Array, squares: Float64Array, direction: Float64Array): Float64Array;
}

export interface LagrangianTolerances {
  /** Of ‖∇L‖∞ within the bounds, relative to the largest gradient of f seen. */
  readonly gradient: number;
  /** Of the violation, in units of the constraints. */
  readonly constraint: number;
}

/** A point as the user's constraints see it: nothing scaled. */
export interface LagrangianPoint {
  readonly params: Float64Array;
  readonly objective: number;
  readonly constraints: Float64Array;
  /** Of f + Σ multipliers·c. */
  readonly multipliers: Float64Array;
  /** ∇f + Σ multipliers·∇c without what pushes against bounds, [n]. */
  readonly residual: Float64Array;
  /** Largest |c| of equalities, max(0, c) of inequalities. */
  readonly violation: number;
  /** Largest |min(multiplier, −c)| of inequalities. */
  readonly complementarity: number;
}

const MAX_ROUNDS = 60;
const MAX_STEPS_A_ROUND = 300;
const MULTIPLIER_LIMIT = 1e20;
const PENALTY_LIMIT = 1e14;
/** Rounds in a row without a falling violation after which it is minimized by itself. */
const PATIENCE = 4;
/** ‖x‖∞ in units of 1 + ‖start‖∞ that means that the penalty is too weak to hold the parameters. */
const ESCAPED = 1e8;

export type LagrangianEnd = "solved" | "infeasible" | "no-progress" | "unbounded" | "not-finite";

export class AugmentedLagrangian {
  point: LagrangianPoint;
  /** Largest ‖∇f‖∞ so far. */
  gradientScale: number;
  private readonly model: ConstrainedModel;
  private readonly method: SearchMethod;
  tolerances: LagrangianTolerances;
  private readonly factor: number;
  private readonly scales: Float64Array;
  private readonly bound: number;
  private problem: SearchProblem;
  private multipliers: Float64Array;
  private penalty: number;
  private inner: SearchPoint;
  private state: SearchState | undefined;
  private stepsInRound = 0;
  private round = 0;
  private tolerance = 0.1;
  private lastMeasure = Number.POSITIVE_INFINITY;
  private roundsWithoutGain = 0;
  private restored = false;
  private roundStart: Float64Array;

  constructor(model: ConstrainedModel, method: SearchMethod, problem: SearchProblem, tolerances: LagrangianTolerances) {
    this.model = model;
    this.method = method;
    this.problem = problem;
    this.tolerances = tolerances;
    const { start } = problem;
    const { objective, constraints } = model.evaluate(start);
    const size = model.constraints;
    const none = new Float64Array(size);
    const slope = maxNorm(model.gradient(start, 1, none));
    this.gradientScale = slope;
    this.factor = 1 / Math.max(1, Number.isFinite(slope) ? slope : 1);
    this.scales = Float64Array.from({ length: size }, (_, i) => {
      const steepness = maxNorm(
        model.gradient(
          start,
          0,
          none.map((_, k) => (k === i ? 1 : 0)),
        ),
      );
      return 1 / Math.max(1, Number.isFinite(steepness) ? steepness : 1);
    });
    this.multipliers = new Float64Array(size);
    const squares = this.violations(constraints).reduce((sum, v, i) => sum + (v * this.scales[i]!) ** 2, 0);
    this.penalty = Math.min(10, Math.max(1e-6, (10 * Math.max(1, Math.abs(this.factor * objective))) / Math.max(1, squares / 2)));
    this.bound = ESCAPED * (1 + maxNorm(start));
    this.roundStart = start;
    this.inner = this.evaluateInner(start);
    this.point = this.pointHere();
  }

  /** One step of the inner method, or the change of multipliers where it has arrived. */
  advance(): { readonly moved: boolean; readonly end: LagrangianEnd | undefined } {
    if (!Number.isFinite(this.inner.value) || !Number.isFinite(maxNorm(this.inner.gradient!))) return { moved: false, end: "not-finite" };
    if (this.solved()) return { moved: false, end: "solved" };
    const { method, problem, inner } = this;
    const here = this.innerNorm();
    if (here > this.tolerance && this.stepsInRound < MAX_STEPS_A_ROUND) {
      this.state ??= answered(method.init(inner, problem), this.answer);
      const found = answered(method.step(inner, this.state, problem), this.answer);
      if (found !== undefined && Number.isFinite(found.point.value) && Number.isFinite(maxNorm(found.point.gradient!))) {
        this.inner = found.point;
        this.state = found.state;
        this.stepsInRound++;
        if (maxNorm(this.inner.params) > this.bound) return this.holdTighter();
        this.point = this.pointHere();
        return { moved: true, end: undefined };
      }
    }
    return { moved: false, end: this.nextRound() };
  }

  /** Goes on with a smaller tolerance of the gradient, for a point that is no minimizer yet. */
  tighten(factor: number): void {
    this.tolerances = { ...this.tolerances, gradient: factor * this.tolerances.gradient };
    this.tolerance *= factor;
    this.round = 0;
    this.roundsWithoutGain = 0;
    this.stepsInRound = 0;
  }

  /** L of the last multipliers at any point, its gradient and its products: what the tests of the end look at. */
  lagrangian(): {
    value(params: Float64Array): number;
    gradient(params: Float64Array): Float64Array;
    hessianVector(params: Float64Array, direction: Float64Array): Float64Array;
  } {
    // Unscaled: factor 1.
    const unit = 1 / this.factor;
    return {
      value: (params) => unit * this.valueAt(params),
      gradient: (params) => this.gradientAt(params).gradient.map((g) => unit * g),
      hessianVector: (params, direction) => this.hessianVector(params, direction).map((h) => unit * h),
    };
  }

  private solved(): boolean {
    const { residual, violation, complementarity } = this.point;
    return (
      maxNorm(residual) <= this.tolerances.gradient * this.gradientScale &&
      violation <= this.tolerances.constraint &&
      complementarity <= this.tolerances.constraint * Math.max(1, maxNorm(this.point.multipliers))
    );
  }

  /** Where the penalty does not hold the parameters: back to where the round began, with a stronger one. */
  private holdTighter(): { moved: boolean; end: LagrangianEnd | undefined } {
    if (this.penalty >= PENALTY_LIMIT || this.round >= MAX_ROUNDS) return { moved: false, end: "unbounded" };
    this.penalty *= 100;
    this.beginRound(this.roundStart);
    return { moved: false, end: undefined };
  }

  private nextRound(): LagrangianEnd | undefined {
    const { constraints } = this.model.evaluate(this.inner.params);
    const next = this.weights(constraints);
    const measure = next.reduce((most, _, i) => {
      const c = constraints[i]! * this.scales[i]!;
      // Of an inequality that is slack and has no multiplier nothing is missing.
      return Math.max(most, i < this.model.equalities ? Math.abs(c) : Math.abs(Math.max(c, -this.multipliers[i]! / this.penalty)));
    }, 0);
    const slope = maxNorm(this.model.gradient(this.inner.params, 1, new Float64Array(next.length)));
    if (slope > this.gradientScale) this.gradientScale = slope;
    const finest = 0.1 * this.tolerances.gradient * this.factor * this.gradientScale;
    const gained = measure <= 0.5 * this.lastMeasure;
    const falling = measure < 0.9 * this.lastMeasure || (measure <= this.tolerances.constraint && this.tolerance > finest);
    this.roundsWithoutGain = falling ? 0 : this.roundsWithoutGain + 1;
    this.round++;
    const stuck = this.roundsWithoutGain >= PATIENCE || this.penalty > PENALTY_LIMIT || this.round >= MAX_ROUNDS;
    if (stuck) {
      if (this.point.violation <= this.tolerances.constraint) return "no-progress";
      const feasible = this.restoreFeasibility();
      if (!feasible) return "infeasible";
      if (this.restored) return "no-progress";
      this.restored = true;
      this.multipliers = new Float64Array(this.model.constraints);
      this.penalty = 10;
      this.round = 0;
      this.roundsWithoutGain = 0;
      this.lastMeasure = Number.POSITIVE_INFINITY;
      this.tolerance = 0.1;
      this.beginRound(this.inner.params);
      return undefined;
    }
    this.multipliers = next.map((w) => Math.max(-MULTIPLIER_LIMIT, Math.min(MULTIPLIER_LIMIT, w)));
    if (!gained) this.penalty *= 10;
    this.lastMeasure = measure;
    this.tolerance = Math.max(finest, 0.05 * this.tolerance);
    this.beginRound(this.inner.params);
    return undefined;
  }

  private beginRound(params: Float64Array): void {
    this.roundStart = params;
    this.stepsInRound = 0;
    this.state = undefined;
    this.inner = this.evaluateInner(params);
    this.point = this.pointHere();
  }

  /** Minimizes ½Σ violation² alone; whether a feasible point was found. */
  private restoreFeasibility(): boolean {
    const { model, scales } = this;
    const answer = (question: Question): Answer => {
      const weightsAt = (params: Float64Array): Float64Array =>
        this.violations(model.evaluate(params).constraints).map((v, i) => v * scales[i]! ** 2);
      switch (question.kind) {
        case "values":
          return {
            values: question.points.map((x) =>
              this.violations(model.evaluate(x).constraints).reduce((s, v, i) => s + 0.5 * (v * scales[i]!) ** 2, 0),
            ),
          };
        case "gradient": {
          const weights = weightsAt(question.params);
          const value = weights.reduce((s, w, i) => s + (0.5 * w * w) / scales[i]! ** 2, 0);
          return { values: [value], vector: model.gradient(question.params, 0, weights) };
        }
        default: {
          const weights = weightsAt(question.params);
          const squares = weights.map((w, i) => (w === 0 && i >= model.equalities ? 0 : scales[i]! ** 2));
          const multiply = (v: Float64Array): Float64Array => model.hessianVector(question.params, 0, weights, squares, v);
          return { values: [], vector: question.kind === "hessian" ? hessianFrom(multiply, model.size) : multiply(question.direction) };
        }
      }
    };
    const first = answer({ kind: "gradient", params: this.inner.params });
    let point: SearchPoint = { params: this.inner.params, value: first.values[0]!, gradient: first.vector };
    let state = answered(this.method.init(point, this.problem), answer);
    for (let step = 0; step < MAX_STEPS_A_ROUND; step++) {
      const found = answered(this.method.step(point, state, this.problem), answer);
      if (found === undefined || !Number.isFinite(found.point.value)) break;
      point = found.point;
      state = found.state;
      if (maxNorm(this.violations(model.evaluate(point.params).constraints)) <= 0.1 * this.tolerances.constraint) break;
    }
    this.inner = this.evaluateInner(point.params);
    this.point = this.pointHere();
    return this.point.violation <= this.tolerances.constraint;
  }

  private readonly answer = (question: Question): Answer => {
    switch (question.kind) {
      case "values":
        return { values: question.points.map((x) => this.valueAt(x)) };
      case "gradient": {
        const { value, gradient } = this.gradientAt(question.params);
        return { values: [value], vector: gradient };
      }
      case "hessian-vector":
        return { values: [], vector: this.hessianVector(question.params, question.direction) };
      case "hessian":
        return { values: [], vector: hessianFrom((v) => this.hessianVector(question.params, v), this.model.size) };
    }
  };

  private valueAt(params: Float64Array): number {
    const { objective, constraints } = this.model.evaluate(params);
    return this.valueOf(objective, constraints);
  }

  private valueOf(objective: number, constraints: Float64Array): number {
    const { penalty, multipliers, scales } = this;
    return constraints.reduce((sum, raw, i) => {
      const c = raw * scales[i]!;
      const multiplier = multipliers[i]!;
      if (i < this.model.equalities) return sum + c * (multiplier + 0.5 * penalty * c);
      const weight = multiplier + penalty * c;
      return sum + (weight > 0 ? c * (multiplier + 0.5 * penalty * c) : (-0.5 * multiplier * multiplier) / penalty);
    }, this.factor * objective);
  }

  /** Next multipliers, of the scaled constraints. */
  private weights(constraints: Float64Array): Float64Array {
    return constraints.map((c, i) => {
      const weight = this.multipliers[i]! + this.penalty * c * this.scales[i]!;
      return i < this.model.equalities ? weight : Math.max(0, weight);
    });
  }

  private gradientAt(params: Float64Array): { value: number; gradient: Float64Array } {
    const { objective, constraints } = this.model.evaluate(params);
    const weights = this.weights(constraints).map((w, i) => w * this.scales[i]!);
    return { value: this.valueOf(objective, constraints), gradient: this.model.gradient(params, this.factor, weights) };
  }

  private hessianVector(params: Float64Array, direction: Float64Array): Float64Array {
    const { constraints } = this.model.evaluate(params);
    const weights = this.weights(constraints);
    const squares = weights.map((w, i) => (i >= this.model.equalities && w === 0 ? 0 : this.penalty * this.scales[i]! ** 2));
    return this.model.hessianVector(
      params,
      this.factor,
      weights.map((w, i) => w * this.scales[i]!),
      squares,
      direction,
    );
  }

  private evaluateInner(params: Float64Array): SearchPoint {
    const { value, gradient } = this.gradientAt(params);
    return { params, value, gradient };
  }

  private innerNorm(): number {
    return maxNorm(this.free(this.inner.params, this.inner.gradient!));
  }

  private free(params: Float64Array, gradient: Float64Array): Float64Array {
    const { box } = this.problem;
    return box === undefined ? gradient : projectedGradient(box, params, gradient);
  }

  private violations(constraints: Float64Array): Float64Array {
    return constraints.map((c, i) => (i < this.model.equalities ? c : Math.max(0, c)));
  }

  private pointHere(): LagrangianPoint {
    const { params, gradient } = this.inner;
    const { objective, constraints } = this.model.evaluate(params);
    const multipliers = this.weights(constraints).map((w, i) => (w * this.scales[i]!) / this.factor);
    const complementarity = multipliers.reduce(
      (most, w, i) => (i < this.model.equalities ? most : Math.max(most, Math.abs(Math.min(w, -constraints[i]!)))),
      0,
    );
    const residual = this.free(params, gradient!).map((g) => g / this.factor);
    return { params, objective, constraints, multipliers, residual, violation: maxNorm(this.violations(constraints)), complementarity };
  }
}

function hessianFrom(multiply: (direction: Float64Array) => Float64Array, n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit[j] = 1;
    const column = multiply(unit);
    for (let i = 0; i < n; i++) matrix[i * n + j] = column[i]!;
    unit[j] = 0;
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i] = 0.5 * (matrix[i * n + j]! + matrix[j * n + i]!);
  return matrix;
}
