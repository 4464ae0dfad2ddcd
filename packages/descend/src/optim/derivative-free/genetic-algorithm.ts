import { maxNorm } from "../../numeric/blas1.js";
import { COUNT, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Search, type SearchMethod, type SearchPoint, type SearchProblem, type SearchStep, valuesAt } from "../search-method.js";
import { Draws } from "./draws.js";
import { hasContracted, latinHypercube, type Population, ranking, widthsOf, withPoint } from "./population.js";
import { Region, ranked } from "./region.js";
import { firstSteps, isDone, samePoint, stepScales } from "./step-sizes.js";

export interface GeneticAlgorithmOptions {
  readonly populationFactor?: number;
  readonly tournament?: number;
  readonly crossover?: number;
  readonly mutation?: number;
  readonly patience?: number;
  readonly tolerance?: number;
}

/** The rows of {@link GeneticAlgorithmOptions}. */
export const geneticAlgorithmTable: OptionTable<GeneticAlgorithmOptions> = {
  populationFactor: { kind: "number", default: 1, ...POSITIVE, meaning: "size of the population, as a multiple of max(100, 20·n)" },
  tournament: { kind: "number", default: 3, ...COUNT, meaning: "members drawn for a parent, of which the best becomes one" },
  crossover: { kind: "number", default: 0.9, minimum: 0, maximum: 1, meaning: "probability that two parents mix" },
  mutation: { kind: "number", default: 1, minimum: 0, meaning: "coordinates of a child that mutate, on average" },
  patience: { kind: "number", default: 50, ...COUNT, meaning: "generations without a better member after which the search ends" },
  tolerance: {
    kind: "number",
    default: 1e-8,
    ...POSITIVE,
    meaning: "extent of its better half, relative to the parameter, at which the search ends",
  },
};

export type GeneticAlgorithmState = {
  readonly members: readonly Float64Array[];
  readonly values: Float64Array;
  /** Generations in a row without a better member. */
  readonly still: number;
  readonly counter: number;
};

const STREAM = 0x6a01;
/** Share of the population that goes on as it is. */
const ELITE = 0.05;

/**
 * A genetic algorithm: the fitter of a few members become parents, their children mix and mutate, the best go on unchanged.
 *
 * Real and whole numbers mix by simulated binary crossover, c = ½((1 ± β)·p + (1 ∓ β)·q) with β drawn so that children lie around both
 * parents, and mutate by a normal step with the standard deviation of the better half; whole numbers are then rounded and mutate
 * by one at least. Categories come from either parent and mutate to any other.
 *
 * A step is a generation, asked for at once. The first members are a Latin hypercube of the box (of ±5·max(1, |xᵢ|) around the
 * start where a bound is missing) and the start.
 *
 * @param options.populationFactor - population over max(100, 20·n), > 0. Default 1.
 * @param options.tournament - whole, ≥ 1. Default 3.
 * @param options.crossover - 0 ≤ … ≤ 1. Default 0.9.
 * @param options.mutation - coordinates of a child that mutate on average, ≥ 0. Default 1.
 * @param options.patience - generations without a better member that end the search, whole, ≥ 1. Default 50.
 * @param options.tolerance - extent of its better half relative to |xᵢ| at which the search ends, > 0. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Holland 1975; Deb and Agrawal 1995 for the crossover. We deviate in the width of mutations, which follows the population.
 */
export function geneticAlgorithm(options: GeneticAlgorithmOptions = {}): SearchMethod<GeneticAlgorithmState> {
  const { populationFactor, tournament, crossover, mutation, patience, tolerance } = readOptions(
    "geneticAlgorithm",
    geneticAlgorithmTable,
    options,
  );

  function* init(point: SearchPoint, problem: SearchProblem): Search<GeneticAlgorithmState> {
    const region = new Region(problem);
    const draws = new Draws(problem.seed, STREAM, 0);
    const count = Math.max(4, Math.round(populationFactor * Math.max(100, 20 * problem.size)));
    const others = latinHypercube(count - 1, { start: point.params }, region, draws);
    const values = Array.from(yield* valuesAt(others), ranked);
    return { ...sorted([point.params, ...others], [ranked(point.value), ...values]), still: 0, counter: draws.counter };
  }

  function* step(point: SearchPoint, state: GeneticAlgorithmState, problem: SearchProblem): Search<SearchStep<GeneticAlgorithmState>> {
    const region = new Region(problem);
    const draws = new Draws(problem.seed, STREAM, state.counter);
    const joined = withPoint(state, point);
    const { members, values } = sorted(joined.members, Array.from(joined.values));
    const widths = deviationsOf(betterHalf({ members, values }).members);
    const elite = Math.max(1, Math.floor(ELITE * members.length));
    const parent = (): Float64Array => {
      let winner = members.length;
      // Members are in order, so the lowest index is the fittest.
      for (let k = 0; k < tournament; k++) winner = Math.min(winner, draws.below(members.length));
      return members[winner]!;
    };
    const children: Float64Array[] = [];
    while (children.length < members.length - elite) {
      const pair = mixed(parent(), parent(), draws.uniform() < crossover, region, draws);
      for (const child of pair) {
        if (children.length === members.length - elite) break;
        mutate(child, mutation / child.length, widths, region, draws);
        children.push(child);
      }
    }
    const answers = Array.from(yield* valuesAt(children), ranked);
    const next = sorted([...members.slice(0, elite), ...children], [...values.subarray(0, elite), ...answers]);
    const found: SearchPoint = { params: next.members[0]!, value: next.values[0]!, gradient: undefined };
    const still = samePoint(found.params, point.params) ? state.still + 1 : 0;
    const after = { ...next, still, counter: draws.counter };
    const scales = stepScales(found.params, firstSteps(problem, region, 1));
    if (still >= patience || hasContracted(betterHalf(next), scales, tolerance)) return isDone(found, after);
    return { point: found, state: after, extent: maxNorm(widthsOf(betterHalf(next).members)) };
  }

  return { kind: "search", name: "geneticAlgorithm", uses: "values", handles: { box: true, integers: true, categories: true }, init, step };
}

/** Two children, between or around their parents if these mix, otherwise copies. */
function mixed(p: Float64Array, q: Float64Array, mixes: boolean, region: Region, draws: Draws): [Float64Array, Float64Array] {
  const one = p.slice();
  const other = q.slice();
  if (!mixes) return [one, other];
  for (let i = 0; i < p.length; i++) {
    const u = draws.uniform();
    const swaps = draws.uniform() < 0.5;
    let [a, b] = [p[i]!, q[i]!];
    if (!region.isCategory(i)) {
      // Distribution index 3: the larger it is, the nearer are children to their parents. A fourth root has the same bits everywhere.
      const beta = Math.sqrt(Math.sqrt(u < 0.5 ? 2 * u : 1 / (2 * (1 - u))));
      const [middle, half] = [0.5 * (a + b), 0.5 * beta * (b - a)];
      [a, b] = [region.settle(i, middle - half), region.settle(i, middle + half)];
    }
    one[i] = swaps ? b : a;
    other[i] = swaps ? a : b;
  }
  return [one, other];
}

function mutate(child: Float64Array, probability: number, widths: Float64Array, region: Region, draws: Draws): void {
  for (let i = 0; i < child.length; i++) {
    if (draws.uniform() >= probability) continue;
    if (region.isCategory(i)) {
      child[i] = region.otherCategory(i, child[i]!, draws.uniform());
      continue;
    }
    const move = widths[i]! * draws.normal();
    const whole = region.isWhole(i) ? (move < 0 ? Math.min(-1, move) : Math.max(1, move)) : move;
    child[i] = region.settle(i, child[i]! + whole);
  }
}

/** Half of a population in order. */
function betterHalf({ members, values }: Population): Population {
  const half = Math.ceil(members.length / 2);
  return { members: members.slice(0, half), values: values.slice(0, half) };
}

/** Standard deviation in each coordinate, [n]. */
function deviationsOf(members: readonly Float64Array[]): Float64Array {
  return Float64Array.from(members[0]!, (_, i) => {
    const mean = members.reduce((sum, member) => sum + member[i]!, 0) / members.length;
    return Math.sqrt(members.reduce((sum, member) => sum + (member[i]! - mean) ** 2, 0) / members.length);
  });
}

function sorted(members: readonly Float64Array[], values: readonly number[]): Population {
  const order = ranking(values);
  return { members: order.map((k) => members[k]!), values: Float64Array.from(order, (k) => values[k]!) };
}
