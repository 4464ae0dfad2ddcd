import { maxNorm } from "../../numeric/blas1.js";
import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Search, type SearchMethod, type SearchPoint, type SearchProblem, type SearchStep, valuesAt } from "../search-method.js";
import { Draws } from "./draws.js";
import { bestOf, hasContracted, latinHypercube, type Population, widthsOf, withPoint } from "./population.js";
import { Region, ranked } from "./region.js";
import { firstSteps, isDone, stepScales } from "./step-sizes.js";

export interface DifferentialEvolutionOptions {
  readonly strategy?: "rand/1/bin" | "best/1/bin";
  readonly crossover?: number;
  readonly smallestScale?: number;
  readonly largestScale?: number;
  readonly populationFactor?: number;
  readonly tolerance?: number;
}

/** The rows of {@link DifferentialEvolutionOptions}. */
export const differentialEvolutionTable: OptionTable<DifferentialEvolutionOptions> = {
  strategy: {
    kind: "choice",
    choices: ["rand/1/bin", "best/1/bin"],
    default: "rand/1/bin",
    meaning: "what differences are added to: a random member, or the best",
  },
  crossover: { kind: "number", default: 0.7, minimum: 0, maximum: 1, meaning: "probability that a coordinate comes from the mutant" },
  smallestScale: {
    kind: "number",
    default: 0.5,
    minimum: 0,
    maximum: 2,
    meaning: "smallest factor of the difference; drawn anew each generation",
  },
  largestScale: { kind: "number", default: 1, minimum: 0, maximum: 2, meaning: "largest factor of the difference" },
  populationFactor: { kind: "number", default: 1, ...POSITIVE, meaning: "size of the population, as a multiple of max(20, 15·n)" },
  tolerance: {
    kind: "number",
    default: 1e-8,
    ...POSITIVE,
    meaning: "extent of the population, relative to the parameter, at which the search ends",
  },
};

export type DifferentialEvolutionState = {
  readonly members: readonly Float64Array[];
  readonly values: Float64Array;
  /** Random numbers used. */
  readonly counter: number;
};

const STREAM = 0xde01;
/** Share of mutants whose category is drawn anew; the others take it from a member. */
const NEW_CATEGORY = 0.1;

/**
 * Differential evolution: each member competes with a mutant made from the differences of others.
 *
 * v = x_base + F·(x_a − x_b), F drawn from [smallestScale, largestScale] each generation; each coordinate of the rival is that of v with
 * probability `crossover`, else that of the member; the better of the two stays.
 *
 * A step is a generation, asked for at once. The first members are a Latin hypercube of the box (of ±5·max(1, |xᵢ|) around the start where
 * a bound is missing) and the start. Whole numbers are rounded, categories inherited or drawn. A mutant beyond a bound is put at random
 * between the bound and the member.
 *
 * @param options.strategy - the base: "rand/1/bin" a random member, or "best/1/bin", about twice as fast. Default "rand/1/bin".
 * @param options.crossover - 0 ≤ … ≤ 1. Default 0.7.
 * @param options.smallestScale - 0 ≤ … ≤ 2. Default 0.5.
 * @param options.largestScale - 0 ≤ … ≤ 2. Default 1.
 * @param options.populationFactor - population over max(20, 15·n), > 0. Default 1.
 * @param options.tolerance - extent of the population relative to |xᵢ| at which the search ends, > 0. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Storn and Price 1997; Price, Storn and Lampinen 2005 for dither and the return from bounds.
 */
export function differentialEvolution(options: DifferentialEvolutionOptions = {}): SearchMethod<DifferentialEvolutionState> {
  const { strategy, crossover, smallestScale, largestScale, populationFactor, tolerance } = readOptions(
    "differentialEvolution",
    differentialEvolutionTable,
    options,
  );

  function* init(point: SearchPoint, problem: SearchProblem): Search<DifferentialEvolutionState> {
    const region = new Region(problem);
    const draws = new Draws(problem.seed, STREAM, 0);
    const count = Math.max(5, Math.round(populationFactor * Math.max(20, 15 * problem.size)));
    const others = latinHypercube(count - 1, { start: point.params }, region, draws);
    const values = Array.from(yield* valuesAt(others), ranked);
    return { members: [point.params, ...others], values: Float64Array.of(ranked(point.value), ...values), counter: draws.counter };
  }

  function* step(
    point: SearchPoint,
    state: DifferentialEvolutionState,
    problem: SearchProblem,
  ): Search<SearchStep<DifferentialEvolutionState>> {
    const region = new Region(problem);
    const { members, values } = withPoint(state, point);
    const draws = new Draws(problem.seed, STREAM, state.counter);
    const scale = draws.between(smallestScale, Math.max(smallestScale, largestScale));
    const best = bestOf(values);
    const rivals = members.map((member, k) => {
      const [a, b, c] = others(members.length, k, draws);
      const base = strategy === "best/1/bin" ? best : c!;
      return rivalOf(member, members[base]!, members[a!]!, members[b!]!, { scale, crossover, region, draws });
    });
    const answers = yield* valuesAt(rivals);
    const stays = members.map((_, k) => ranked(answers[k]!) > values[k]!);
    const next: Population = {
      members: members.map((member, k) => (stays[k] ? member : rivals[k]!)),
      values: values.map((value, k) => (stays[k] ? value : ranked(answers[k]!))),
    };
    const leader = bestOf(next.values);
    const found: SearchPoint = { params: next.members[leader]!, value: next.values[leader]!, gradient: undefined };
    const after = { ...next, counter: draws.counter };
    const scales = stepScales(found.params, firstSteps(problem, region, 1));
    if (hasContracted(next, scales, tolerance)) return isDone(found, after);
    return { point: found, state: after, extent: maxNorm(widthsOf(next.members)) };
  }

  return {
    kind: "search",
    name: "differentialEvolution",
    uses: "values",
    handles: { box: true, integers: true, categories: true },
    init,
    step,
  };
}

/** Three members, different from each other and from member k. */
function others(count: number, k: number, draws: Draws): number[] {
  const chosen: number[] = [];
  while (chosen.length < 3) {
    const other = draws.below(count);
    if (other !== k && !chosen.includes(other)) chosen.push(other);
  }
  return chosen;
}

interface Mixing {
  readonly scale: number;
  readonly crossover: number;
  readonly region: Region;
  readonly draws: Draws;
}

function rivalOf(
  member: Float64Array,
  base: Float64Array,
  a: Float64Array,
  b: Float64Array,
  { scale, crossover, region, draws }: Mixing,
): Float64Array {
  const rival = member.slice();
  // One coordinate at least comes from the mutant.
  const certain = draws.below(member.length);
  for (let i = 0; i < rival.length; i++) {
    if (draws.uniform() >= crossover && i !== certain) continue;
    if (region.isCategory(i)) {
      rival[i] = draws.uniform() < NEW_CATEGORY ? region.otherCategory(i, base[i]!, draws.uniform()) : base[i]!;
      continue;
    }
    const mutant = base[i]! + scale * (a[i]! - b[i]!);
    const [low, high] = [region.lower[i]!, region.upper[i]!];
    const back = mutant < low ? draws.between(low, member[i]!) : mutant > high ? draws.between(member[i]!, high) : mutant;
    rival[i] = region.settle(i, back);
  }
  return rival;
}
