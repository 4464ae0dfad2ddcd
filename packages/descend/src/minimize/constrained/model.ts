/** Objective and constraints with derivatives of their weighted sums: compiled together, or called. */

import { finiteDifferenceGradient } from "../../autodiff/finite-differences.js";
import { hvp } from "../../autodiff/hvp.js";
import { jvp } from "../../autodiff/jvp.js";
import { gradient as gradientOf, vjp } from "../../autodiff/vjp.js";
import { binary, input, stack, sum } from "../../graph/build.js";
import { type Node, ROWS, substitute } from "../../graph/graph.js";
import type { Program } from "../../graph/program.js";
import type { Box } from "../../numeric/box.js";
import type { ConstrainedModel } from "../../optim/constrained/augmented-lagrangian.js";
import { differencedHessianVector } from "../objective/differenced-curvature.js";
import { allRows } from "../objective/evaluate-program.js";
import type { Target } from "../objective/evaluation.js";
import type { ObjectiveGraph } from "../objective/objective-graph.js";
import * as cells from "../steppers/cells.js";
import type { Evaluations } from "../steppers/stepper.js";

const CONSTRAINTS = "constraints";
const FACTOR = "factor";
const WEIGHTS = "weights";
const SQUARES = "squares";
const [VALUES, SLOPE, CURVATURE] = ["values", "slope", "curvature"] as const;

/** The model of graphs, compiled into one program. */
export function compiledConstrainedModel(
  objective: ObjectiveGraph,
  constraints: readonly ObjectiveGraph[],
  equalities: number,
  target: Target,
  evaluations: Evaluations,
): ConstrainedModel {
  const { layout, table } = target;
  const executable = target.compile(program(objective, constraints, target), target.compileOptions);
  table?.store(executable);
  const at = lastPoint((params) => {
    executable.write(cells.PARAMS, params);
    executable.run(VALUES);
    evaluations.value++;
  });
  return {
    size: layout.size,
    equalities,
    constraints: constraints.length,
    evaluate(params) {
      at(params);
      return { objective: executable.read(cells.VALUE)[0]!, constraints: Float64Array.from(executable.read(CONSTRAINTS)) };
    },
    gradient(params, factor, weights) {
      at(params);
      executable.write(FACTOR, [factor]);
      executable.write(WEIGHTS, weights);
      executable.run(SLOPE);
      evaluations.gradient++;
      return Float64Array.from(executable.read(cells.GRADIENT));
    },
    hessianVector(params, factor, weights, squares, direction) {
      at(params);
      executable.write(FACTOR, [factor]);
      executable.write(WEIGHTS, weights);
      executable.write(SQUARES, squares);
      executable.write(cells.DIRECTION, direction);
      executable.run(CURVATURE);
      evaluations.hessianVector++;
      return Float64Array.from(executable.read(cells.PRODUCT));
    },
  };
}

function program(objective: ObjectiveGraph, constraints: readonly ObjectiveGraph[], { layout, table, dtype }: Target): Program {
  const shape = [layout.size];
  const each = [constraints.length];
  const params = input(cells.PARAMS, shape);
  const [value, ...parts] = substitute([objective.value, ...constraints.map((c) => c.value)], new Map([[cells.PARAMS, params]])) as [
    Node,
    ...Node[],
  ];
  const all = stack(parts);
  const direction = input(cells.DIRECTION, shape);
  const lagrangian = binary("add", binary("mul", input(FACTOR, []), value), sum(binary("mul", input(WEIGHTS, each), all)));
  // Σ squares·∇c(∇cᵀ·direction)
  const along = jvp([all], [params], [direction])[0]!;
  const outer = vjp([all], [binary("mul", input(SQUARES, each), along)], [params])[0]!;
  const rows = allRows(table);
  const over = rows === undefined ? {} : { rows };
  return {
    dtype,
    cells: [
      ...[cells.PARAMS, cells.GRADIENT, cells.DIRECTION, cells.PRODUCT].map((name) => ({ name, shape })),
      ...[cells.VALUE, FACTOR].map((name) => ({ name, shape: [] })),
      ...[CONSTRAINTS, WEIGHTS, SQUARES].map((name) => ({ name, shape: each })),
      ...(table?.columns ?? []).map((column) => ({ name: column.cell, shape: [ROWS, ...column.inner] })),
    ],
    procedures: [
      {
        name: VALUES,
        writes: [
          { cell: cells.VALUE, node: value },
          { cell: CONSTRAINTS, node: all },
        ],
        ...over,
      },
      { name: SLOPE, writes: [{ cell: cells.GRADIENT, node: gradientOf(lagrangian, [params])[0]! }], ...over },
      {
        name: CURVATURE,
        writes: [{ cell: cells.PRODUCT, node: binary("add", hvp(lagrangian, [params], [direction])[0]!, outer) }],
        ...over,
      },
    ],
  };
}

/** The model of functions that are called; derivatives are differences within the box. */
export function calledConstrainedModel(
  objective: (params: Float64Array) => number,
  constraints: readonly ((params: Float64Array) => number)[],
  equalities: number,
  { size, box, evaluations }: { readonly size: number; readonly box: Box | undefined; readonly evaluations: Evaluations },
): ConstrainedModel {
  let here = { objective: Number.NaN, constraints: new Float64Array(constraints.length) };
  const call = (params: Float64Array): typeof here => {
    evaluations.value++;
    return { objective: objective(params), constraints: Float64Array.from(constraints, (c) => c(params)) };
  };
  const at = lastPoint((params) => {
    here = call(params);
  });
  /** Of factor·f + Σ weights·c, with weights that may depend on the point. */
  const gradient = (params: Float64Array, factor: number, weights: (constraints: Float64Array) => Float64Array): Float64Array => {
    const fixed = weights(call(params).constraints);
    evaluations.gradient++;
    const sumAt = (x: Float64Array): number => {
      const { objective: value, constraints: c } = call(x);
      return c.reduce((total, part, i) => total + (fixed[i] === 0 ? 0 : fixed[i]! * part), factor === 0 ? 0 : factor * value);
    };
    return finiteDifferenceGradient(sumAt, params, box === undefined ? {} : { box }).gradient;
  };
  return {
    size,
    equalities,
    constraints: constraints.length,
    evaluate(params) {
      at(params);
      return here;
    },
    gradient: (params, factor, weights) => gradient(params, factor, () => weights),
    hessianVector(params, factor, weights, squares, direction) {
      at(params);
      const { constraints: center } = here;
      evaluations.hessianVector++;
      // The weights move with the constraints: their change times ∇c is the second part.
      const moving = (c: Float64Array): Float64Array => weights.map((w, i) => w + squares[i]! * (c[i]! - center[i]!));
      return differencedHessianVector((x) => gradient(x, factor, moving), params, box)(direction);
    },
  };
}

/** Runs `arrive` unless the point is the one it was last run for. */
function lastPoint(arrive: (params: Float64Array) => void): (params: Float64Array) => void {
  let last: Float64Array | undefined;
  return (params) => {
    if (last?.every((x, i) => Object.is(x, params[i]))) return;
    arrive(params);
    last = params.slice();
  };
}
