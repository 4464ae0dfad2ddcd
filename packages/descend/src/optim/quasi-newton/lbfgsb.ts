/**
 * L-BFGS-B: limited-memory BFGS within bounds.
 *
 * x̄ = argmin of the model over the face that the projected path of steepest descent leads to,  d = x̄ − x,  x₊ = x + α·d
 *
 * The line search goes no farther than the box; no point outside is ever evaluated.
 *
 * Source: Byrd, Lu, Nocedal, Zhu 1995; Morales, Nocedal 2011. We deviate in the line search (`wolfeSearch`) and in the first step, which
 * moves by a tenth of the parameters at most.
 */

import { dot, maxNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { COUNT, type OptionTable, readOptions } from "../options.js";
import type { Search, SearchMethod, SearchPoint, SearchProblem } from "../search-method.js";
import { type LineStep, searchAlong, smallMove } from "../searches/line-search.js";
import { LOOSE, wolfeSearch } from "../searches/wolfe-search.js";
import { cauchyPoint } from "./cauchy-point.js";
import { compactMatrix } from "./compact-matrix.js";
import { EMPTY, type LbfgsState, remembered } from "./limited-memory-search.js";
import { subspaceMinimum } from "./subspace-minimum.js";

export interface LbfgsbOptions {
  readonly memory?: number;
}

/** The rows of {@link LbfgsbOptions}. */
export const lbfgsbTable: OptionTable<LbfgsbOptions> = {
  memory: { kind: "number", default: 10, ...COUNT, meaning: "pairs of changes kept" },
};

const search = wolfeSearch(LOOSE);

/**
 * @param options.memory - pairs kept, m, whole, ≥ 1. Default 10.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost of a step: one or two evaluations, some (8·m + 4·m²)·n multiplications and a sort of n; memory 4·m·n.
 * Without bounds: `lbfgs`, which is cheaper.
 */
export function lbfgsb(options: LbfgsbOptions = {}): SearchMethod<LbfgsState> {
  const { memory } = readOptions("lbfgsb", lbfgsbTable, options);
  return {
    kind: "search",
    name: "lbfgsb",
    uses: "gradients",
    handles: { box: true, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return EMPTY;
    },
    *step(point, state, problem) {
      const box = problem.box ?? everywhere(problem.size);
      let kept = state;
      let found = yield* stepFrom(point, kept, box, problem);
      if (found === undefined && kept.steps.length > 0) {
        kept = EMPTY;
        found = yield* stepFrom(point, kept, box, problem);
      }
      return found && { point: found.point, state: remembered(kept, point, found.point, memory) };
    },
  };
}

function* stepFrom(point: SearchPoint, { steps, changes }: LbfgsState, box: Box, { start }: SearchProblem): Search<LineStep | undefined> {
  const { params } = point;
  const gradient = point.gradient!;
  const matrix = compactMatrix(steps, changes);
  if (matrix === undefined) return undefined;
  if (steps.length === 0) {
    const steepest = gradient.map((g) => -g);
    let length = smallMove(params, steepest);
    for (let trial = 0; trial < 2; trial++) {
      const direction = nearestInBox(
        box,
        params.map((x, i) => x + length * steepest[i]!),
      ).map((x, i) => x - params[i]!);
      const found = yield* searchAlong(search, point, direction, { initial: 1, maximum: roomAlong(params, direction, box), box });
      const size = maxNorm(params);
      if (found !== undefined || size === 0 || params.some((x, i) => x !== start[i])) return found;
      // Gradients or parameters that are tiny by their unit alone: only the size of the start tells how far the first step may lead.
      length = (0.1 * size) / maxNorm(steepest);
    }
    return undefined;
  }
  const cauchy = cauchyPoint(params, gradient, box, matrix);
  const target = subspaceMinimum(params, gradient, box, matrix, cauchy);
  const direction = target.map((x, i) => x - params[i]!);
  if (!(dot(direction, gradient) < 0)) return undefined;
  return yield* searchAlong(search, point, direction, { initial: 1, maximum: roomAlong(params, direction, box), box });
}

/** Step size at which the line leaves the box, at least 1: the direction leads to a point inside. */
function roomAlong(params: Float64Array, direction: Float64Array, { lower, upper }: Box): number {
  let room = Number.POSITIVE_INFINITY;
  for (let i = 0; i < params.length; i++) {
    const d = direction[i]!;
    if (d !== 0) room = Math.min(room, ((d > 0 ? upper[i]! : lower[i]!) - params[i]!) / d);
  }
  return Math.max(1, room);
}

function everywhere(n: number): Box {
  return { lower: new Float64Array(n).fill(Number.NEGATIVE_INFINITY), upper: new Float64Array(n).fill(Number.POSITIVE_INFINITY) };
}
