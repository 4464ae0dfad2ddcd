/** The objective of a case at points that the doctor chooses: values, gradients, curvature, single rows; and what they cost. */

import { invariant } from "../errors.js";
import { allTools } from "../minimize/minimize.js";
import { CurvatureProbe } from "../minimize/objective/curvature-probe.js";
import { differencedHessianVector } from "../minimize/objective/differenced-curvature.js";
import { compileOverRows, compileValueAndGradient, type Target } from "../minimize/objective/evaluation.js";
import { chooseGradient } from "../minimize/objective/gradient-choice.js";
import type { ReadObjective } from "../minimize/objective/objective-graph.js";
import { readTable, type Table } from "../minimize/objective/rows.js";
import { readAndCompare } from "../minimize/set-up.js";
import type { SettledCase } from "./settle-case.js";

export interface PointValue {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** A value as a share of a gradient, and a product with the Hessian as a multiple of it. */
const VALUE_COST = 1 / 3;
const PRODUCT_COST = 2;

export class Probe {
  /** Number of parameters. */
  readonly size: number;
  readonly rows: number;
  readonly dtype: "float64" | "float32";
  /** Whether gradients and products with the Hessian are derived rather than difference quotients. */
  readonly exact: boolean;
  private readonly read: ReadObjective;
  private readonly target: Target;
  private readonly penalty: number;
  private readonly curvature: CurvatureProbe | undefined;
  private readonly evaluate: (params: Float64Array) => PointValue;
  private readonly partial: Map<number, ReturnType<typeof compileOverRows>> = new Map();
  private cost = 0;

  /** @param dtype - float64 unless asked for, whatever the case runs in. */
  constructor(settled: SettledCase, dtype: "float64" | "float32" = "float64") {
    const { layout, data, objective, startParams, sign, seed, penalty } = settled;
    this.size = layout.size;
    this.rows = settled.rows;
    this.dtype = dtype;
    this.penalty = penalty;
    const table = data === undefined ? undefined : readTable(data);
    this.target = { layout, table, dtype, compile: allTools.compile, compileOptions: { precision: "reproducible" } };
    this.read = readAndCompare(
      objective,
      this.target,
      { start: startParams, box: undefined },
      { constants: settled.source.constants ?? {}, seed },
      sign,
      allTools,
    );
    this.exact = this.read.kind === "graph";
    if (this.read.kind === "graph") {
      const compiled = compileValueAndGradient(this.read.graph, this.target);
      this.evaluate = (params) => {
        const { value, gradient } = compiled(params);
        return { value, gradient: Float64Array.from(gradient) };
      };
      this.curvature = new CurvatureProbe(this.read.graph, this.target);
    } else {
      const choice = chooseGradient(this.read, {
        layout,
        sign,
        seed,
        gradient: undefined,
        check: false,
        start: startParams,
        box: undefined,
        whole: undefined,
        method: undefined,
        evaluator: () => () => Number.NaN,
      });
      invariant(choice.kind === "host", "an objective that is called has differenced gradients");
      this.evaluate = (params) => {
        const { value, gradient, valueCalls } = choice.evaluate(params);
        this.cost += (valueCalls - 1) * VALUE_COST;
        return { value, gradient: Float64Array.from(gradient) };
      };
      this.curvature = undefined;
    }
  }

  /** Spent so far, in gradients. */
  get spent(): number {
    return this.cost;
  }

  /** Adds what was spent elsewhere on the same objective, in gradients. */
  charge(gradients: number): void {
    this.cost += gradients;
  }

  /** f(params): the value that is minimized. */
  value(params: ArrayLike<number>): number {
    const point = Float64Array.from(params);
    this.cost += VALUE_COST;
    if (this.curvature !== undefined) return this.curvature.value(point) + this.penaltyAt(point);
    invariant(this.read.kind === "host", "without a graph there is a function to call");
    return this.read.evaluate(point) + this.penaltyAt(point);
  }

  at(params: ArrayLike<number>): PointValue {
    this.cost += 1;
    const point = Float64Array.from(params);
    return this.penalized(this.evaluate(point), point);
  }

  /** v ↦ H(params)·v. */
  hessianVector(params: ArrayLike<number>): (direction: Float64Array) => Float64Array {
    const point = Float64Array.from(params);
    const multiply =
      this.curvature === undefined
        ? differencedHessianVector((x) => this.evaluate(x).gradient, point)
        : this.curvature.hessianVector(point);
    return (direction) => {
      this.cost += PRODUCT_COST;
      const product = multiply(direction);
      return this.penalty === 0 ? product : product.map((value, i) => value + this.penalty * direction[i]!);
    };
  }

  /** Whether the mean over some of the rows can be had. */
  get partible(): boolean {
    return this.target.table !== undefined && this.read.kind === "graph";
  }

  /** Value and gradient of the mean over some rows, with the parts of the objective that have no rows. */
  over(rows: readonly number[], params: ArrayLike<number>): PointValue {
    const { table } = this.target;
    invariant(table !== undefined && this.read.kind === "graph", "only a compiled objective with rows is partible");
    let compiled = this.partial.get(rows.length);
    if (compiled === undefined) {
      compiled = compileOverRows(this.read.graph, { ...this.target, table: table as Table }, rows.length);
      this.partial.set(rows.length, compiled);
    }
    this.cost += rows.length / this.rows;
    const point = Float64Array.from(params);
    const { value, gradient } = compiled(point, rows);
    return this.penalized({ value, gradient: Float64Array.from(gradient) }, point);
  }

  private penaltyAt(params: Float64Array): number {
    return this.penalty === 0 ? 0 : (this.penalty / 2) * params.reduce((sum, w) => sum + w * w, 0);
  }

  private penalized({ value, gradient }: PointValue, params: Float64Array): PointValue {
    if (this.penalty === 0) return { value, gradient };
    return { value: value + this.penaltyAt(params), gradient: gradient.map((g, i) => g + this.penalty * params[i]!) };
  }
}
