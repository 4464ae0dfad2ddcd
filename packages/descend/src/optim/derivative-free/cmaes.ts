import { dot, twoNorm } from "../../numeric/blas1.js";
import { symmetricEigen } from "../../numeric/symmetric-eigen.js";
import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import {
  decided,
  type Search,
  type SearchMethod,
  type SearchPoint,
  type SearchProblem,
  type SearchStep,
  valueAt,
  valuesAt,
} from "../search-method.js";
import { type CmaesParameters, cmaesParameters, usualPopulation } from "./cmaes-parameters.js";
import { CmaesSpace } from "./cmaes-space.js";
import { Draws } from "./draws.js";
import { ranking } from "./population.js";
import { ranked } from "./region.js";
import { isDone, roundingOf } from "./step-sizes.js";

export interface CmaesOptions {
  readonly spread?: number;
  readonly populationFactor?: number;
  readonly restarts?: number;
  readonly regime?: "ipop" | "bipop";
  readonly tolerance?: number;
}

/** The rows of {@link CmaesOptions}. */
export const cmaesTable: OptionTable<CmaesOptions> = {
  spread: {
    kind: "number",
    default: 0.3,
    ...POSITIVE,
    meaning: "first standard deviation, relative to the width of the box, or to max(1, abs(x)) without one",
  },
  populationFactor: { kind: "number", default: 1, ...POSITIVE, meaning: "size of the population, as a multiple of 4 + ⌊3·ln n⌋" },
  restarts: {
    kind: "number",
    default: 0,
    minimum: 0,
    whole: true,
    meaning: "times it begins again with another population after it has ended",
  },
  regime: {
    kind: "choice",
    choices: ["ipop", "bipop"],
    default: "bipop",
    meaning: "populations of restarts: doubled each time, or large and small ones by turns",
  },
  tolerance: { kind: "number", default: 1e-9, ...POSITIVE, meaning: "standard deviation, relative to the parameter, at which a run ends" },
};

/** All in the free coordinates of {@link CmaesSpace}, whose unit is the first standard deviation. m free coordinates. */
export type CmaesState = {
  /** [m]. */
  readonly mean: Float64Array;
  readonly stepSize: number;
  /** The paths p_σ and p_c, [m]. */
  readonly stepPath: Float64Array;
  readonly path: Float64Array;
  /** C, [m, m], and its factors C = B·D²·Bᵀ as they were at generation `factoredAt`: columns of B, and D. */
  readonly covariance: Float64Array;
  readonly basis: readonly Float64Array[];
  readonly deviations: Float64Array;
  readonly factoredAt: number;
  /** Since the last restart. */
  readonly generation: number;
  readonly population: number;
  /** The lowest values of the last generations, oldest first. */
  readonly recent: Float64Array;
  readonly restarts: number;
  /** λ of the last doubled population; evaluations spent by large and small populations since the first run. */
  readonly large: number;
  readonly spentLarge: number;
  readonly spentSmall: number;
  readonly counter: number;
};

const STREAM = 0xc3a0;
/** Largest condition of C; beyond it, products with it have no digits left. */
const MAX_CONDITION = 1e14;

/**
 * CMA-ES: samples from a normal distribution whose mean, size and shape follow the better samples.
 *
 * x_k = m + σ·B·D·z_k, z_k ~ N(0, I), k = 1 … λ
 * m ← m + σ·Σ wᵢ·yᵢ            (the best μ, y = (x − m)/σ)
 * σ ← σ·exp(c_σ/d_σ·(‖p_σ‖/E‖N‖ − 1))
 * C ← (1 − c₁ − c_μ·Σw)·C + c₁·p_c·p_cᵀ + c_μ·Σ wᵢ·yᵢ·yᵢᵀ      (all λ, the worse ones with negative weights)
 *
 * It depends on the order of values alone, and not on the coordinates they are written in: the first choice where the objective is
 * smooth in the large but noisy, kinked or oblique in the small, up to some hundred parameters.
 *
 * A step is a generation, asked for at once. Bounded coordinates are searched through a fold ({@link unfold}). Whole numbers are
 * rounded, and their deviation is not allowed to become so small that only one of them is ever tried.
 *
 * @param options.spread - first standard deviation relative to the width of the box, or to max(1, |xᵢ|) without one, > 0. Default 0.3.
 * @param options.populationFactor - λ over 4 + ⌊3·ln n⌋, > 0. Default 1.
 * @param options.restarts - whole, ≥ 0. Default 0.
 * @param options.regime - "ipop": λ doubles at every restart; "bipop": large populations and small ones with narrow first spreads,
 * whichever has cost less so far. Default "bipop".
 * @param options.tolerance - standard deviation relative to |xᵢ| at which a run ends, > 0. Default 1e-9.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost: λ values a step, and about 10·n³ operations every n/10 steps for the factors of C.
 * Source: Hansen 2016; Auger and Hansen 2005 (IPOP); Hansen 2009 (BIPOP). We deviate in the tests that end a run: tolerances are relative,
 * and a range of values counts as none if it is rounding.
 */
export function cmaes(options: CmaesOptions = {}): SearchMethod<CmaesState> {
  const { spread, populationFactor, restarts, regime, tolerance } = readOptions("cmaes", cmaesTable, options);

  function* step(point: SearchPoint, given: CmaesState, problem: SearchProblem): Search<SearchStep<CmaesState>> {
    const space = new CmaesSpace(problem, spread);
    if (space.size === 0) return isDone(point, given);
    const draws = new Draws(problem.seed, STREAM, given.counter);
    const { next, best } = yield* generation(factored(given), space, draws);
    const improved = best.value < ranked(point.value) ? best : point;
    if (!hasEnded(next, space, tolerance)) return { point: improved, state: next, extent: extentOf(next, space) };

    // The mean is often better than any sample.
    const center = space.point(next.mean);
    const value = ranked(yield* valueAt(center));
    const found: SearchPoint = value < ranked(improved.value) ? { params: center, value, gradient: undefined } : improved;
    const spent = next.generation * next.population;
    const ended =
      next.population === next.large ? { ...next, spentLarge: next.spentLarge + spent } : { ...next, spentSmall: next.spentSmall + spent };
    if (next.restarts >= restarts) return isDone(found, ended);
    const again = restarted(ended, space, draws, regime, usualSize(space.size));
    return { point: found, state: again, extent: extentOf(again, space) };
  }

  const usualSize = (m: number): number => Math.max(4, Math.round(populationFactor * usualPopulation(m)));

  return {
    kind: "search",
    name: "cmaes",
    uses: "values",
    handles: { box: true, integers: true },
    init(point, problem) {
      const space = new CmaesSpace(problem, spread);
      const population = space.size === 0 ? 0 : usualSize(space.size);
      const first = begun(space.coordinates(point.params), 1, population, 0);
      return decided({ ...first, restarts: 0, large: population, spentLarge: 0, spentSmall: 0 });
    },
    step,
  };
}

type Run = Omit<CmaesState, "restarts" | "large" | "spentLarge" | "spentSmall">;

function begun(mean: Float64Array, stepSize: number, population: number, counter: number): Run {
  const m = mean.length;
  const unit = (i: number): Float64Array => Float64Array.from({ length: m }, (_, j) => (i === j ? 1 : 0));
  const basis = Array.from({ length: m }, (_, i) => unit(i));
  return {
    mean,
    stepSize,
    stepPath: new Float64Array(m),
    path: new Float64Array(m),
    covariance: Float64Array.from(basis.flatMap((row) => [...row])),
    basis,
    deviations: new Float64Array(m).fill(1),
    factoredAt: 0,
    generation: 0,
    population,
    recent: new Float64Array(0),
    counter,
  };
}

/** One generation: sample, evaluate, and let mean, paths, covariance and step size follow. */
function* generation(
  state: CmaesState,
  space: CmaesSpace,
  draws: Draws,
): Search<{ next: CmaesState; best: { params: Float64Array; value: number; gradient: undefined } }> {
  const { mean, stepSize, basis, deviations, population } = state;
  const m = mean.length;
  const constants = cmaesParameters(m, population);
  const samples = Array.from({ length: population }, () => sample(state, space, draws));
  const points = samples.map(({ move }) => space.point(mean.map((c, i) => c + stepSize * move[i]!)));
  const values = Array.from(yield* valuesAt(points), ranked);
  const order = ranking(values);
  const best = { params: points[order[0]!]!, value: values[order[0]!]!, gradient: undefined };

  const meanMove = new Float64Array(m);
  const meanY = new Float64Array(m);
  const meanNormal = new Float64Array(m);
  for (let rank = 0; rank < constants.parents; rank++) {
    const { y, z, move } = samples[order[rank]!]!;
    for (let i = 0; i < m; i++) {
      meanMove[i]! += constants.weights[rank]! * move[i]!;
      meanY[i]! += constants.weights[rank]! * y[i]!;
      meanNormal[i]! += constants.weights[rank]! * z[i]!;
    }
  }
  // C^(−1/2)·⟨y⟩ = B·⟨z⟩
  const whitened = new Float64Array(m);
  basis.forEach((column, k) => {
    for (let i = 0; i < m; i++) whitened[i]! += column[i]! * meanNormal[k]!;
  });
  const { stepRate, pathRate, effective, expectedNorm } = constants;
  const stepGain = Math.sqrt(stepRate * (2 - stepRate) * effective);
  const stepPath = state.stepPath.map((p, i) => (1 - stepRate) * p + stepGain * whitened[i]!);
  const length = twoNorm(stepPath);
  const settled = length / Math.sqrt(1 - (1 - stepRate) ** (2 * (state.generation + 1))) < (1.4 + 2 / (m + 1)) * expectedNorm;
  const gain = settled ? Math.sqrt(pathRate * (2 - pathRate) * effective) : 0;
  const path = state.path.map((p, i) => (1 - pathRate) * p + gain * meanY[i]!);
  const ranks = order.map((k) => samples[k]!);
  const span = 10 + Math.ceil((30 * m) / population);
  return {
    best,
    next: {
      ...state,
      mean: mean.map((c, i) => c + stepSize * meanMove[i]!),
      stepSize: stepSize * Math.exp(Math.min(1, (stepRate / constants.damping) * (length / expectedNorm - 1))),
      stepPath,
      path,
      covariance: adapted(state.covariance, path, settled, ranks, constants),
      generation: state.generation + 1,
      recent: Float64Array.from([...state.recent.subarray(Math.max(0, state.recent.length + 1 - span)), best.value]),
      counter: draws.counter,
      deviations,
    },
  };
}

interface Sample {
  /** N(0, I). */
  readonly z: Float64Array;
  /** B·D·z. */
  readonly y: Float64Array;
  /** y with what keeps whole numbers moving; C is to know nothing of that, or it would not stay positive definite. */
  readonly move: Float64Array;
}

function sample({ basis, deviations, covariance, stepSize }: CmaesState, space: CmaesSpace, draws: Draws): Sample {
  const m = deviations.length;
  const z = Float64Array.from({ length: m }, () => draws.normal());
  const y = new Float64Array(m);
  basis.forEach((column, k) => {
    const length = deviations[k]! * z[k]!;
    for (let i = 0; i < m; i++) y[i]! += column[i]! * length;
  });
  const move = y.slice();
  for (let i = 0; i < m; i++) {
    const missing = space.leastVariance(i) - stepSize ** 2 * covariance[i * m + i]!;
    if (missing > 0) move[i]! += (Math.sqrt(missing) / stepSize) * draws.normal();
  }
  return { z, y, move };
}

/** The covariance after a generation. */
function adapted(
  covariance: Float64Array,
  path: Float64Array,
  settled: boolean,
  ranks: readonly Sample[],
  constants: CmaesParameters,
): Float64Array {
  const m = path.length;
  const { weights, rankOne, rankMany, pathRate } = constants;
  const total = weights.reduce((sum, w) => sum + w, 0);
  const kept = 1 - rankOne - rankMany * total + (settled ? 0 : rankOne * pathRate * (2 - pathRate));
  // Negative weights are scaled so that no direction can be subtracted further than there is of it.
  const scaled = weights.map((w, k) => rankMany * (w >= 0 ? w : (w * m) / dot(ranks[k]!.z, ranks[k]!.z)));
  const next = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let entry = kept * covariance[i * m + j]! + rankOne * path[i]! * path[j]!;
      for (let k = 0; k < scaled.length; k++) entry += scaled[k]! * ranks[k]!.y[i]! * ranks[k]!.y[j]!;
      next[i * m + j] = entry;
      next[j * m + i] = entry;
    }
  }
  return next;
}

/** The state with factors of its covariance, if those it has are too old. */
function factored(state: CmaesState): CmaesState {
  const m = state.mean.length;
  const { rankOne, rankMany } = cmaesParameters(m, state.population);
  const age = state.generation - state.factoredAt;
  if (age === 0 || age < Math.floor(1 / (10 * m * (rankOne + rankMany)))) return state;
  const { values, vectors } = symmetricEigen(state.covariance, m);
  // Rounding may make a variance negative.
  const floor = values.at(-1)! * 1e-16;
  return { ...state, basis: vectors, deviations: values.map((v) => Math.sqrt(Math.max(v, floor))), factoredAt: state.generation };
}

/** Whether nothing more is to be expected of this run. Source: Hansen 2016, appendix B.3. */
function hasEnded(state: CmaesState, space: CmaesSpace, tolerance: number): boolean {
  const { mean, stepSize, covariance, path, deviations, recent, generation: made, population } = state;
  const m = mean.length;
  const narrow = (i: number): boolean => {
    const deviation = stepSize * Math.max(Math.sqrt(Math.max(0, covariance[i * m + i]!)), Math.abs(path[i]!));
    return deviation <= tolerance * space.scaleOf(mean, i) || deviation ** 2 <= space.leastVariance(i);
  };
  const span = 10 + Math.ceil((30 * m) / population);
  const flat = recent.length >= span && Math.max(...recent) - Math.min(...recent) <= roundingOf(Math.min(...recent));
  const [thinnest, widest] = [Math.min(...deviations), Math.max(...deviations)];
  const runsAway = stepSize * widest > 1e12 || !Number.isFinite(stepSize * widest);
  const tooLong = made > 100 + (150 * (m + 3) ** 2) / Math.sqrt(population);
  return flat || runsAway || tooLong || (widest / thinnest) ** 2 > MAX_CONDITION || mean.every((_, i) => narrow(i));
}

/** Largest standard deviation, in units of the parameters. */
function extentOf({ stepSize, covariance, mean }: CmaesState, space: CmaesSpace): number {
  const m = mean.length;
  return mean.reduce((extent, _, i) => Math.max(extent, space.unitOf(i) * stepSize * Math.sqrt(Math.max(0, covariance[i * m + i]!))), 0);
}

/** The next run: its population, its spread, and where it begins. */
function restarted(state: CmaesState, space: CmaesSpace, draws: Draws, regime: "ipop" | "bipop", usual: number): CmaesState {
  const small = regime === "bipop" && state.restarts > 0 && state.spentSmall < state.spentLarge;
  const large = small ? state.large : 2 * state.large;
  const u = draws.uniform();
  const population = small ? Math.max(4, Math.floor(usual * (0.5 * (large / usual)) ** (u * u))) : large;
  const stepSize = small ? 10 ** (-2 * draws.uniform()) : 1;
  const mean = space.drawn(draws);
  return { ...state, ...begun(mean, stepSize, population, draws.counter), large, restarts: state.restarts + 1 };
}
