/**
 * Steepest descent whose steps have the length that the last change of gradient suggests, and that may rise for a while.
 *
 * x₊ = x + α·d,  d = P(x − σ·g) − x
 *
 * long: σ = sᵀs/sᵀy · short: σ = sᵀy/yᵀy · alternating: one, then the other. α is 1 unless the value rises above the largest of the last M.
 * P is the projection onto the box, or nothing; with it this is the spectral projected gradient method.
 *
 * Source: Barzilai, Borwein 1988; Raydan 1997; Birgin, Martínez, Raydan 2000 (SPG), algorithm 2.1 (SPG2).
 */

import { dot, maxNorm } from "../../numeric/blas1.js";
import { nearestInBox } from "../../numeric/box.js";
import { COUNT, type OptionTable, readOptions } from "../options.js";
import type { SearchMethod, SearchPoint, SearchProblem } from "../search-method.js";
import { backtracking } from "../searches/backtracking.js";
import { searchAlong } from "../searches/line-search.js";
import { grippoLamparielloLucidi } from "../searches/non-monotone.js";

export interface BarzilaiBorweinOptions {
  readonly length?: "long" | "short" | "alternating";
  readonly memory?: number;
}

/** The rows of {@link BarzilaiBorweinOptions}. */
export const barzilaiBorweinTable: OptionTable<BarzilaiBorweinOptions> = {
  length: {
    kind: "choice",
    default: "long",
    choices: ["long", "short", "alternating"],
    meaning: "which of the two estimates of curvature is used",
  },
  memory: { kind: "number", default: 10, ...COUNT, meaning: "M: values whose largest a step must not exceed; 1 is monotone" },
};

export type BarzilaiBorweinState = {
  /** σ of the next step. */
  readonly stepSize: number;
  /** Values that decrease is measured from. */
  readonly values: Float64Array;
  /** Steps made, for alternating. */
  readonly count: number;
};

/** Bounds of σ. */
const STEP_SIZES = { least: 1e-10, most: 1e10 };

/**
 * @param options.length - "long", "short" or "alternating". Default "long".
 * @param options.memory - M, whole, ≥ 1. Default 10.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost of a step: one evaluation and a few multiplications a parameter; memory 2·n.
 */
export function barzilaiBorwein(options: BarzilaiBorweinOptions = {}): SearchMethod<BarzilaiBorweinState> {
  const { length, memory } = readOptions("barzilaiBorwein", barzilaiBorweinTable, options);
  const references = grippoLamparielloLucidi({ memory });
  const search = backtracking();
  return {
    kind: "search",
    name: "barzilaiBorwein",
    uses: "gradients",
    handles: { box: true, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init(point, problem) {
      return { stepSize: firstStepSize(point, problem), values: references.init(point.value), count: 0 };
    },
    *step(point, { stepSize, values, count }, problem) {
      const { box } = problem;
      let size = stepSize;
      for (;;) {
        const direction = spectralDirection(point, size, problem);
        const reference = references.reference(values);
        const found = yield* searchAlong(search, point, direction, { initial: 1, reference, maximum: 1, box });
        if (found !== undefined) {
          const next = nextStepSize(point, found.point, length, count);
          return {
            point: found.point,
            state: { stepSize: next, values: references.next(values, found.point.value), count: count + 1 },
          };
        }
        // A long step may fail where a short one would not.
        const first = firstStepSize(point, problem);
        if (!(size > first) || !(first > 0)) return undefined;
        size = first;
      }
    },
  };
}

function spectralDirection({ params, gradient }: SearchPoint, stepSize: number, { box }: SearchProblem): Float64Array {
  const target = params.map((x, i) => x - stepSize * gradient![i]!);
  const inside = box === undefined ? target : nearestInBox(box, target);
  return inside.map((x, i) => x - params[i]!);
}

/** A move by a tenth of the parameters, or of 1 where these are less. */
function firstStepSize(point: SearchPoint, problem: SearchProblem): number {
  const slope = maxNorm(spectralDirection(point, 1, problem));
  return slope > 0 ? clipped((0.1 * Math.max(1, maxNorm(point.params))) / slope) : 1;
}

function nextStepSize(before: SearchPoint, after: SearchPoint, length: "long" | "short" | "alternating", count: number): number {
  const s = after.params.map((x, i) => x - before.params[i]!);
  const y = after.gradient!.map((g, i) => g - before.gradient![i]!);
  const curvature = dot(s, y);
  // The function is concave along the step: as far as the parameters are large.
  if (!(curvature > 0)) return clipped(Math.max(1, maxNorm(after.params)) / maxNorm(after.gradient!));
  const isLong = length === "long" || (length === "alternating" && count % 2 === 0);
  return clipped(isLong ? dot(s, s) / curvature : curvature / dot(y, y));
}

function clipped(stepSize: number): number {
  return Math.min(STEP_SIZES.most, Math.max(STEP_SIZES.least, stepSize));
}
