/** How much a step computes, by count: what has to be small beside it is measured against this, never against a clock. */

import { ROWS, type Shape, topologicalOrder } from "../../graph/graph.js";
import type { SetUp } from "../set-up.js";

/** Operations on elements that lie side by side and take the time of one on a scalar, about: those are a chain, these fill lanes. */
const SIDE_BY_SIDE = 4;
/** A gradient in reverse mode and the value, in values. */
const REVERSE_MODE = 4;
/** Of an update rule, the norms and the stopping tests, for each parameter. */
const UPDATE = 10;
/** A call of a function of the user's; a step of a search, which decides outside compiled code. */
const CALL = 2000;
const SEARCH = 20_000;

/**
 * Operations of a step, in those of scalars that wait for each other (a third of a nanosecond on a machine of today): from the sizes of the
 * nodes of the objective, so the same on all machines. Products of matrices count by what they read, which is too little.
 */
export function stepWork({
  choice,
  layout,
  table,
  batch,
  search,
}: Pick<SetUp, "choice" | "layout" | "table" | "batch" | "search">): number {
  const rows = batch ?? table?.rows ?? 1;
  let value = choice.kind === "exact" ? 0 : CALL;
  if (choice.kind === "exact") {
    for (const { op, shape, inputs } of topologicalOrder([choice.graph.value])) {
      if (op === "input" || op === "constant") continue;
      let elements = sizeOf(shape, rows);
      for (const read of inputs) elements = Math.max(elements, sizeOf(read.shape, rows));
      value += inLanes(elements);
    }
  }
  return REVERSE_MODE * value + UPDATE * inLanes(layout.size) + (search === undefined ? 0 : SEARCH);
}

function sizeOf(shape: Shape, rows: number): number {
  let size = 1;
  for (const length of shape) size *= length === ROWS ? rows : length;
  return size;
}

function inLanes(elements: number): number {
  return elements < SIDE_BY_SIDE ? elements : elements / SIDE_BY_SIDE;
}
