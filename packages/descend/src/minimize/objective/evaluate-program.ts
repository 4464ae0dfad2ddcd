/** The program that evaluates an objective and its derivatives at a point. */

import { hvp } from "../../autodiff/hvp.js";
import { gradient as gradientOf } from "../../autodiff/vjp.js";
import { constant, input } from "../../graph/build.js";
import { ROWS, type Shape } from "../../graph/graph.js";
import type { Cell, DType, Procedure, Program, RowRange, Write } from "../../graph/program.js";
import type { Layout } from "../../tree/tree.js";
import * as cells from "../steppers/cells.js";
import type { ObjectiveGraph } from "./objective-graph.js";
import type { Table } from "./rows.js";

/** Name of the procedure that evaluates. */
export const EVALUATE = "evaluate";
/** Name of the procedure that multiplies a direction with the Hessian. */
export const HESSIAN_VECTOR = "hessianVector";

/** A program that only evaluates. */
export function buildEvaluateProgram(options: {
  readonly layout: Layout;
  readonly dtype: DType;
  readonly table: Table | undefined;
  readonly graph: ObjectiveGraph;
  readonly writes: "value" | "value and gradient" | "value and Hessian product";
}): Program {
  const { layout, dtype, table, graph } = options;
  const shape: Shape = [layout.size];
  const rows = allRows(table);
  const over = rows === undefined ? {} : { rows };
  const memory: Cell[] = [
    { name: cells.PARAMS, shape },
    { name: cells.VALUE, shape: [] },
    ...(table?.columns ?? []).map((column) => ({ name: column.cell, shape: [ROWS, ...column.inner] })),
  ];
  const writes: Write[] = [{ cell: cells.VALUE, node: graph.value }];
  if (options.writes === "value and gradient") {
    memory.push({ name: cells.GRADIENT, shape });
    writes.push({ cell: cells.GRADIENT, node: gradientOf(graph.value, [graph.params])[0]! });
  }
  const procedures: Procedure[] = [{ name: EVALUATE, writes, ...over }];
  if (options.writes === "value and Hessian product") {
    const product = hvp(graph.value, [graph.params], [input(cells.DIRECTION, shape)])[0]!;
    memory.push({ name: cells.DIRECTION, shape }, { name: cells.PRODUCT, shape });
    procedures.push({ name: HESSIAN_VECTOR, writes: [{ cell: cells.PRODUCT, node: product }], ...over });
  }
  return { dtype, cells: memory, procedures, streamed: table?.streamed };
}

/** The range of all rows. */
export function allRows(table: Table | undefined): RowRange | undefined {
  return table === undefined ? undefined : { start: constant(0), count: constant(table.rows) };
}
