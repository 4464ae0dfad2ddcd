/**
 * An objective at several points, or several products with its Hessian at one, by a single sweep over the rows.
 *
 * The graph is there once for each point: each is computed by the operations, and in the order, of the
 * objective by itself, so that the bits are the same.
 */

import { hvp } from "../../autodiff/hvp.js";
import { input, reshape, slice, stack } from "../../graph/build.js";
import { type Node, ROWS, substitute } from "../../graph/graph.js";
import type { Cell, Executable } from "../../graph/program.js";
import * as cells from "../steppers/cells.js";
import { allRows, EVALUATE } from "./evaluate-program.js";
import type { Target } from "./evaluation.js";
import type { ObjectiveGraph } from "./objective-graph.js";

/** Cells of what is side by side. */
const [POINTS, RESULTS] = ["points", "results"] as const;

/** Values at `count` points, or at fewer. */
export function compileValues(
  graph: ObjectiveGraph,
  target: Target,
  count: number,
): (points: readonly ArrayLike<number>[]) => Float64Array {
  const value = (point: Node): Node => substitute([graph.value], new Map([[cells.PARAMS, point]]))[0]!;
  const executable = compileSideBySide(target, count, [], (points) => stack(points.map(value)));
  return (points) => {
    executable.write(POINTS, inOneArray(points, count, target.layout.size));
    executable.run(EVALUATE);
    return Float64Array.from(executable.read(RESULTS).subarray(0, points.length));
  };
}

/** Products of the Hessian at a point with `count` directions, or with fewer. */
export function compileProducts(
  graph: ObjectiveGraph,
  target: Target,
  count: number,
): (params: ArrayLike<number>, directions: readonly ArrayLike<number>[]) => Float64Array[] {
  const n = target.layout.size;
  const product = (direction: Node): Node => hvp(graph.value, [graph.params], [direction])[0]!;
  const executable = compileSideBySide(target, count, [{ name: cells.PARAMS, shape: [n] }], (directions) => stack(directions.map(product)));
  return (params, directions) => {
    executable.write(cells.PARAMS, params);
    executable.write(POINTS, inOneArray(directions, count, n));
    executable.run(EVALUATE);
    const results = Float64Array.from(executable.read(RESULTS));
    return directions.map((_, k) => results.subarray(k * n, (k + 1) * n));
  };
}

/** @param results - of the nodes of `count` vectors as long as the parameters. */
function compileSideBySide(
  { layout, dtype, table, compile }: Target,
  count: number,
  others: readonly Cell[],
  results: (vectors: readonly Node[]) => Node,
): Executable {
  const n = layout.size;
  const all = input(POINTS, [count, n]);
  const node = results(Array.from({ length: count }, (_, k) => reshape(slice(all, 0, k, k + 1), [n])));
  const rows = allRows(table);
  const executable = compile({
    dtype,
    cells: [
      { name: POINTS, shape: all.shape },
      { name: RESULTS, shape: node.shape },
      ...others,
      ...(table?.columns ?? []).map(({ cell, inner }) => ({ name: cell, shape: [ROWS, ...inner] })),
    ],
    procedures: [{ name: EVALUATE, writes: [{ cell: RESULTS, node }], ...(rows && { rows }) }],
    streamed: table?.streamed,
  });
  table?.store(executable);
  return executable;
}

/** Vectors one after the other, with the last one again where there are fewer. */
function inOneArray(vectors: readonly ArrayLike<number>[], count: number, n: number): Float64Array {
  const all = new Float64Array(count * n);
  for (let k = 0; k < count; k++) all.set(vectors[Math.min(k, vectors.length - 1)]!, k * n);
  return all;
}
