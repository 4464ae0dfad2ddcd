/**
 * Nonlinear conjugate gradients: each direction is the steepest descent, bent by the one before.
 *
 * d₊ = −g₊ + β·d,  y = g₊ − g
 *
 * - fletcher-reeves        β = g₊ᵀg₊/gᵀg
 * - polak-ribiere-plus     β = max(0, g₊ᵀy/gᵀg)
 * - hestenes-stiefel       β = max(0, g₊ᵀy/dᵀy)
 * - dai-yuan               β = g₊ᵀg₊/dᵀy
 * - hager-zhang            β = max(η, (y − 2d·yᵀy/dᵀy)ᵀg₊/dᵀy),  η = −1/(‖d‖·min(0.01, ‖g‖))
 *
 * Starts anew along −g₊ after n steps, where successive gradients are far from orthogonal (Powell: |g₊ᵀg| ≥ ν·g₊ᵀg₊, for the two formulas
 * that do not do so by themselves), and where d₊ would not descend.
 *
 * Source: Fletcher, Reeves 1964; Polak, Ribière 1969; Hestenes, Stiefel 1952; Dai, Yuan 1999; Hager, Zhang 2005; Powell 1977 for the
 * restarts; Nocedal and Wright 2006, section 5.2, equation 3.60 for the first trial of a step.
 */

import { dot, twoNorm } from "../../numeric/blas1.js";
import { type OptionTable, type Range, readOptions } from "../options.js";
import type { SearchMethod } from "../search-method.js";
import { restartingSearch } from "../searches/restarting-search.js";
import { LOOSE, wolfeSearch } from "../searches/wolfe-search.js";

const FORMULAS = ["fletcher-reeves", "polak-ribiere-plus", "hestenes-stiefel", "dai-yuan", "hager-zhang"] as const;
type Formula = (typeof FORMULAS)[number];

export interface ConjugateGradientOptions {
  readonly beta?: Formula;
  readonly curvature?: number;
}

const OPEN_HALF: Range = { minimum: 0, minimumExcluded: true, maximum: 0.5, maximumExcluded: true };

/** The rows of {@link ConjugateGradientOptions}. */
export const conjugateGradientTable: OptionTable<ConjugateGradientOptions> = {
  beta: { kind: "choice", default: "hager-zhang", choices: FORMULAS, meaning: "how much of the direction before is kept" },
  curvature: { kind: "number", default: 0.1, ...OPEN_HALF, meaning: "c₂ of the line search: share of the slope that may remain" },
};

/** The direction of the next step and what its first trial is made from; empty before the first step. */
export type ConjugateGradientState = {
  readonly direction: Float64Array;
  readonly initial: number;
  /** Steps since the last restart. */
  readonly age: number;
};

const NONE: ConjugateGradientState = { direction: new Float64Array(0), initial: 1, age: 0 };
/** |g₊ᵀg|/g₊ᵀg₊ from which on gradients count as not orthogonal: ν. */
const ORTHOGONALITY = 0.2;
/** Smallest curvature that directions of Hager and Zhang are cut at: 0.01 of their η. */
const ETA = 0.01;
/** c₁ below any c₂ that is allowed. */
const DECREASE = 1e-4;
/** Descent that a direction must promise, relative to that of the steepest. */
const DESCENT = 1e-10;

/**
 * @param options.beta - formula of β. Default "hager-zhang".
 * @param options.curvature - c₂ of the line search, 0 < c₂ < 1/2. Default 0.1: conjugate directions want a fairly exact one.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost of a step: about two evaluations and some 10·n multiplications; memory 2·n.
 */
export function conjugateGradient(options: ConjugateGradientOptions = {}): SearchMethod<ConjugateGradientState> {
  const { beta, curvature } = readOptions("conjugateGradient", conjugateGradientTable, options);
  const search = wolfeSearch({ ...LOOSE, decrease: Math.min(DECREASE, curvature / 2), curvature });
  return {
    kind: "search",
    name: "conjugateGradient",
    uses: "gradients",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return NONE;
    },
    *step(point, state, problem) {
      const found = yield* restartingSearch(search, point, problem, state.direction.length === 0 ? undefined : state);
      if (found === undefined) return undefined;
      const { direction, stepSize } = found;
      const before = point.gradient!;
      const after = found.point.gradient;
      const age = found.restarted ? 1 : state.age + 1;
      const next = age >= problem.size && problem.size > 1 ? undefined : nextDirection(beta, direction, before, after);
      const slope = dot(direction, before);
      if (next === undefined) {
        // The change of value that the last step made, expected again (equation 3.60)
        const initial = Math.min(1, (stepSize * slope) / -dot(after, after));
        return { point: found.point, state: { direction: after.map((g) => -g), initial: usable(initial), age: 0 } };
      }
      return { point: found.point, state: { direction: next, initial: usable((stepSize * slope) / dot(next, after)), age } };
    },
  };
}

/** Undefined where a restart along the steepest descent is due. */
function nextDirection(formula: Formula, d: Float64Array, before: Float64Array, after: Float64Array): Float64Array | undefined {
  const y = after.map((g, i) => g - before[i]!);
  const afterSquared = dot(after, after);
  const orthogonal = Math.abs(dot(after, before)) < ORTHOGONALITY * afterSquared;
  if ((formula === "fletcher-reeves" || formula === "dai-yuan") && !orthogonal) return undefined;
  const beta = betaOf(formula, { d, y, before, after, afterSquared });
  const next = after.map((g, i) => beta * d[i]! - g);
  const slope = dot(next, after);
  return Number.isFinite(beta) && slope < -DESCENT * afterSquared ? next : undefined;
}

interface Vectors {
  readonly d: Float64Array;
  readonly y: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly afterSquared: number;
}

function betaOf(formula: Formula, { d, y, before, after, afterSquared }: Vectors): number {
  const beforeSquared = dot(before, before);
  const dy = dot(d, y);
  switch (formula) {
    case "fletcher-reeves":
      return afterSquared / beforeSquared;
    case "polak-ribiere-plus":
      return Math.max(0, dot(after, y) / beforeSquared);
    case "hestenes-stiefel":
      return Math.max(0, dot(after, y) / dy);
    case "dai-yuan":
      return afterSquared / dy;
    case "hager-zhang": {
      const beta = (dot(y, after) - (2 * dot(y, y) * dot(d, after)) / dy) / dy;
      return Math.max(-1 / (twoNorm(d) * Math.min(ETA, Math.sqrt(beforeSquared))), beta);
    }
  }
}

function usable(stepSize: number): number {
  return stepSize > 0 && Number.isFinite(stepSize) ? stepSize : 1;
}
