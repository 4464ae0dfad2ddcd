/**
 * One step as a procedure: the trial takes the place of the current point, with all that belongs to it, or nothing changes. It says what it
 * requires (a finite trial), what stops the run, what to keep of the best point, and what to record.
 */

import { binary, constant, input, reduceMax, sum, unary } from "../../graph/build.js";
import { type Node, type Shape, substitute } from "../../graph/graph.js";
import type { Procedure, RowRange, Write } from "../../graph/program.js";
import { Tensor } from "../../graph/tensor.js";
import type { Transformation } from "../../optim/transformation.js";
import type { Layout } from "../../tree/tree.js";
import { type ActiveCriteria, measureNames, stoppingNodes, toleranceNames } from "../stopping.js";
import * as cells from "./cells.js";
import type { Proposal } from "./proposal.js";

/** What belongs to a trial, as functions of the cells that a step reads. */
export interface Trial extends Proposal {
  readonly value: Node;
  readonly gradient: Node;
  /** At the second point of a rule that asks for one. */
  readonly probeGradient?: Node;
}

export interface StepProcedureOptions {
  readonly layout: Layout;
  readonly method: Transformation;
  readonly keepBest: boolean;
  readonly record: { readonly params: boolean } | undefined;
  readonly criteria: ActiveCriteria;
  /** Whether the program counts steps, for a rule that asks for the count. The stepper counts by itself. */
  readonly countsSteps: boolean;
  /** Those that the trial is evaluated on; none without a table. */
  readonly rows?: RowRange | undefined;
  /** Index of the batch that the trial is evaluated on. */
  readonly nextBatch?: Node | undefined;
}

/** One committed step: the trial takes the place of the current point if it is finite. */
export function stepProcedure(name: string, options: StepProcedureOptions, trial: Trial): Procedure {
  const { rows, nextBatch } = options;
  const shape: Shape = [options.layout.size];
  const params = input(cells.PARAMS, shape);
  const value = input(cells.VALUE, []);
  const move = binary("sub", trial.params, params);
  const maxNorm = (x: Node): Node => reduceMax(unary("abs", x));
  const tests = stoppingNodes(
    {
      value,
      newValue: trial.value,
      newGradientNorm: maxNorm(options.method.residual?.(Tensor.of(trial.params), Tensor.of(trial.gradient)).node ?? trial.gradient),
      stepNorm: maxNorm(move),
      newParamsNorm: maxNorm(trial.params),
      measures: input(cells.MEASURES, [measureNames.length]),
      tolerances: input(cells.TOLERANCES, [toleranceNames.length]),
    },
    options.criteria,
  );
  const writes: Write[] = [
    { cell: cells.PARAMS, node: trial.params },
    { cell: cells.VALUE, node: trial.value },
    { cell: cells.GRADIENT, node: trial.gradient },
    { cell: cells.MEASURES, node: tests.measures },
    ...carriedWrites(trial.carried, trial.gradient),
    ...[...trial.state].map(([leaf, node]) => ({ cell: cells.STATE_PREFIX + leaf, node })),
  ];
  if (trial.probeGradient !== undefined) writes.push({ cell: cells.PROBE_GRADIENT, node: trial.probeGradient });
  if (nextBatch !== undefined) writes.push({ cell: cells.BATCH, node: nextBatch });
  if (options.countsSteps) writes.push({ cell: cells.STEP, node: binary("add", input(cells.STEP, []), constant(1)) });

  // The best point is saved when it is left behind, so a descent that only improves never copies it.
  const bestValue = input(cells.BEST_VALUE, []);
  const leavesBest = binary("mul", binary("less", value, trial.value), binary("less", value, bestValue));
  const keeps = options.keepBest
    ? [
        { from: cells.PARAMS, to: cells.BEST, when: leavesBest },
        { from: cells.VALUE, to: cells.BEST_VALUE, when: leavesBest },
      ]
    : [];

  const twoNorm = (x: Node): Node => unary("sqrt", sum(binary("mul", x, x)));
  const record =
    options.record === undefined
      ? []
      : [trial.value, twoNorm(trial.gradient), twoNorm(move), ...(options.record.params ? [trial.params] : [])];
  return {
    name,
    writes,
    ...(rows === undefined ? {} : { rows }),
    repeat: { require: tests.require, stop: tests.stop, keeps, record },
  };
}

/** The update that the next step will add, in its cell. */
export function carriedWrites(carried: Node | undefined, gradient: Node): Write[] {
  if (carried === undefined) return [];
  return [{ cell: cells.UPDATE, node: substitute([carried], new Map([[cells.GRADIENT, gradient]]))[0]!, urgent: true }];
}
