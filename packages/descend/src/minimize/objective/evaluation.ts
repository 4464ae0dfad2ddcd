/** A compiled objective as a function of a flat vector. */

import type { DType, Executable } from "../../graph/program.js";
import type { Layout } from "../../tree/tree.js";
import type { Compile, CompileOptions } from "../../wasm/compile.js";
import * as cells from "../steppers/cells.js";
import type { HostEvaluation } from "../steppers/compiled-stepper.js";
import { buildEvaluateProgram, EVALUATE } from "./evaluate-program.js";
import type { ObjectiveGraph } from "./objective-graph.js";
import { type Table, tableOf } from "./rows.js";

/** What an objective is compiled with. */
export interface Target {
  readonly layout: Layout;
  readonly dtype: DType;
  readonly table: Table | undefined;
  readonly compile: Compile;
  readonly compileOptions: CompileOptions;
}

/** x ↦ f(x). */
export function compileValue(graph: ObjectiveGraph, target: Target): (params: Float64Array) => number {
  const executable = compileEvaluator(graph, target, "value");
  return (params) => {
    executable.write(cells.PARAMS, params);
    executable.run(EVALUATE);
    return executable.read(cells.VALUE)[0]!;
  };
}

/** x ↦ f(x) and ∇f(x); the gradient is a view that the next call overwrites. */
export function compileValueAndGradient(graph: ObjectiveGraph, target: Target): (params: Float64Array) => HostEvaluation {
  const executable = compileEvaluator(graph, target, "value and gradient");
  return (params) => {
    executable.write(cells.PARAMS, params);
    executable.run(EVALUATE);
    return { value: executable.read(cells.VALUE)[0]!, gradient: executable.read(cells.GRADIENT), valueCalls: 1, gradientCalls: 1 };
  };
}

/**
 * As {@link compileValueAndGradient} for the mean over `count` rows of the table that are named with the point. Compiled once, its columns
 * rewritten at each call.
 */
export function compileOverRows(
  graph: ObjectiveGraph,
  target: Target & { readonly table: Table },
  count: number,
): (params: Float64Array, rows: readonly number[]) => HostEvaluation {
  const { table } = target;
  const columns = table.columns.map((column) => ({
    ...column,
    values: new Float64Array(column.inner.reduce((size, d) => size * d, count)),
  }));
  const executable = compileEvaluator(graph, { ...target, table: tableOf(count, columns) }, "value and gradient");
  return (params, rows) => {
    const picked = table.pick(rows);
    table.columns.forEach(({ cell }, k) => {
      executable.writeRows(cell, picked[k]!);
    });
    executable.write(cells.PARAMS, params);
    executable.run(EVALUATE);
    return { value: executable.read(cells.VALUE)[0]!, gradient: executable.read(cells.GRADIENT), valueCalls: 1, gradientCalls: 1 };
  };
}

function compileEvaluator(
  graph: ObjectiveGraph,
  { layout, dtype, table, compile, compileOptions }: Target,
  writes: "value" | "value and gradient",
): Executable {
  const executable = compile(buildEvaluateProgram({ layout, dtype, table, graph, writes }), compileOptions);
  table?.store(executable);
  return executable;
}
