/**
 * All methods that search, as records: help on the command line, the tables of the docs and the contract tests are made from them.
 */

import { conjugateGradient, conjugateGradientTable } from "./conjugate-gradient/conjugate-gradient.js";
import { projectedNewton, projectedNewtonTable } from "./constrained/projected-newton.js";
import { cmaes, cmaesTable } from "./derivative-free/cmaes.js";
import { compassSearch, compassSearchTable } from "./derivative-free/compass-search.js";
import { coordinateSearch, coordinateSearchTable } from "./derivative-free/coordinate-search.js";
import { differentialEvolution, differentialEvolutionTable } from "./derivative-free/differential-evolution.js";
import { geneticAlgorithm, geneticAlgorithmTable } from "./derivative-free/genetic-algorithm.js";
import { nelderMead, nelderMeadTable } from "./derivative-free/nelder-mead.js";
import { powell, powellTable } from "./derivative-free/powell.js";
import { simulatedAnnealing, simulatedAnnealingTable } from "./derivative-free/simulated-annealing.js";
import { newton, newtonTable } from "./newton/newton.js";
import { newtonCg, newtonCgTable } from "./newton/newton-cg.js";
import { trustRegion, trustRegionTable } from "./newton/trust-region.js";
import type { OptionSpec } from "./options.js";
import { bfgs, bfgsTable } from "./quasi-newton/bfgs.js";
import { lbfgs, lbfgsTable } from "./quasi-newton/lbfgs.js";
import { lbfgsb, lbfgsbTable } from "./quasi-newton/lbfgsb.js";
import type { SearchMethod } from "./search-method.js";
import { barzilaiBorwein, barzilaiBorweinTable } from "./spectral/barzilai-borwein.js";

type Factory = (options?: Readonly<Record<string, unknown>>) => SearchMethod;
type Options = Readonly<Record<string, OptionSpec>>;

/** What is known of a method that searches without running it. */
export interface SearchMethodRecord {
  /** Its name in code. */
  readonly name: string;
  /** Other names it goes by. Case, hyphens and underscores do not matter in names that users type. */
  readonly aliases: readonly string[];
  /** Makes it; checks the options. */
  readonly create: Factory;
  /** Default, range and meaning of each option. */
  readonly options: Options;
  /** One line for people. */
  readonly summary: string;
  /** Key in `docs/references.bib`. */
  readonly source: string;
  /** Its page, from the root of the repository. */
  readonly page: string;
  /** The most it asks for. */
  readonly uses: SearchMethod["uses"];
  /** Whether it respects a box, and whether it moves whole numbers as such. */
  readonly handles: SearchMethod["handles"];
}

/** Every method of Descend whose step decides where to evaluate next. */
export const searchMethodCatalogue: readonly SearchMethodRecord[] = [
  {
    name: "lbfgs",
    aliases: ["limited-memory-bfgs"],
    create: lbfgs as Factory,
    options: lbfgsTable as Options,
    summary: "Quasi-Newton from the last few changes of gradient, with a line search; the default.",
    source: "Nocedal1980",
    page: "docs/methods/l-bfgs.md",
    uses: "gradients",
    handles: { box: false, integers: false },
  },
  {
    name: "projectedNewton",
    aliases: [],
    create: projectedNewton as Factory,
    options: projectedNewtonTable as Options,
    summary: "Newton's method on the parameters that no bound holds; the default for few parameters with bounds.",
    source: "Bertsekas1982",
    page: "docs/methods/projected-newton.md",
    uses: "curvature",
    handles: { box: true, integers: false },
  },
  {
    name: "lbfgsb",
    aliases: ["bounded-lbfgs"],
    create: lbfgsb as Factory,
    options: lbfgsbTable as Options,
    summary: "L-BFGS within bounds; the default for many parameters with bounds.",
    source: "Byrd1995",
    page: "docs/methods/l-bfgs-b.md",
    uses: "gradients",
    handles: { box: true, integers: false },
  },
  {
    name: "bfgs",
    aliases: ["quasi-newton"],
    create: bfgs as Factory,
    options: bfgsTable as Options,
    summary: "Quasi-Newton with a dense estimate of the inverse Hessian; few parameters.",
    source: "Fletcher1970",
    page: "docs/methods/bfgs.md",
    uses: "gradients",
    handles: { box: false, integers: false },
  },
  {
    name: "conjugateGradient",
    aliases: ["cg", "nonlinear-cg"],
    create: conjugateGradient as Factory,
    options: conjugateGradientTable as Options,
    summary: "Each direction bent by the one before; next to no memory.",
    source: "HagerZhang2005",
    page: "docs/methods/conjugate-gradient.md",
    uses: "gradients",
    handles: { box: false, integers: false },
  },
  {
    name: "barzilaiBorwein",
    aliases: ["bb", "spg", "spectral-gradient"],
    create: barzilaiBorwein as Factory,
    options: barzilaiBorweinTable as Options,
    summary: "Steepest descent with lengths from the last change of gradient; keeps to bounds.",
    source: "BarzilaiBorwein1988",
    page: "docs/methods/barzilai-borwein.md",
    uses: "gradients",
    handles: { box: true, integers: false },
  },
  {
    name: "newton",
    aliases: ["newton-raphson"],
    create: newton as Factory,
    options: newtonTable as Options,
    summary: "The exact Hessian, made convex where it is not, and a line search.",
    source: "NocedalWright2006",
    page: "docs/methods/newton.md",
    uses: "curvature",
    handles: { box: false, integers: false },
  },
  {
    name: "newtonCg",
    aliases: ["truncated-newton"],
    create: newtonCg as Factory,
    options: newtonCgTable as Options,
    summary: "Newton steps by products with the Hessian, without its matrix; many parameters.",
    source: "DemboSteihaug1983",
    page: "docs/methods/newton-cg.md",
    uses: "curvature",
    handles: { box: false, integers: false },
  },
  {
    name: "trustRegion",
    aliases: ["trust-exact", "trust-ncg"],
    create: trustRegion as Factory,
    options: trustRegionTable as Options,
    summary: "The exact model within a ball; leaves saddles.",
    source: "MoreSorensen1983",
    page: "docs/methods/trust-region.md",
    uses: "curvature",
    handles: { box: false, integers: false },
  },
  {
    name: "nelderMead",
    aliases: ["simplex", "downhill-simplex", "amoeba"],
    create: nelderMead as unknown as Factory,
    options: nelderMeadTable as Options,
    summary: "A simplex of n + 1 points crawls downhill; few parameters, no derivatives.",
    source: "NelderMead1965",
    page: "docs/methods/nelder-mead.md",
    uses: "values",
    handles: { box: true, integers: false },
  },
  {
    name: "powell",
    aliases: ["powell-directions", "direction-set"],
    create: powell as unknown as Factory,
    options: powellTable as Options,
    summary: "Line minima along directions that become conjugate; smooth objectives without derivatives.",
    source: "Powell1964",
    page: "docs/methods/powell.md",
    uses: "values",
    handles: { box: true, integers: false },
  },
  {
    name: "coordinateSearch",
    aliases: ["coordinate", "coordinate-descent"],
    create: coordinateSearch as unknown as Factory,
    options: coordinateSearchTable as Options,
    summary: "One parameter after the other, each to its minimum; no derivatives.",
    source: "Brent1973",
    page: "docs/methods/coordinate-search.md",
    uses: "values",
    handles: { box: true, integers: false },
  },
  {
    name: "compassSearch",
    aliases: ["compass", "pattern-search", "hooke-jeeves"],
    create: compassSearch as unknown as Factory,
    options: compassSearchTable as Options,
    summary: "Looks in every direction of the compass on a mesh that narrows; kinks, whole numbers, categories.",
    source: "KoldaLewisTorczon2003",
    page: "docs/methods/compass-search.md",
    uses: "values",
    handles: { box: true, integers: true, categories: true },
  },
  {
    name: "cmaes",
    aliases: ["cma", "evolution-strategy"],
    create: cmaes as unknown as Factory,
    options: cmaesTable as Options,
    summary: "Samples from a normal distribution that learns the shape of the valley; noise, kinks, many basins with restarts.",
    source: "Hansen2016",
    page: "docs/methods/cmaes.md",
    uses: "values",
    handles: { box: true, integers: true },
  },
  {
    name: "differentialEvolution",
    aliases: ["de"],
    create: differentialEvolution as unknown as Factory,
    options: differentialEvolutionTable as Options,
    summary: "Members of a population compete with mutants made from their differences; many basins.",
    source: "StornPrice1997",
    page: "docs/methods/differential-evolution.md",
    uses: "values",
    handles: { box: true, integers: true, categories: true },
  },
  {
    name: "simulatedAnnealing",
    aliases: ["annealing", "anneal", "sa"],
    create: simulatedAnnealing as unknown as Factory,
    options: simulatedAnnealingTable as Options,
    summary: "A random walk that takes ever fewer rises as it cools; many basins, whole numbers, categories.",
    source: "Corana1987",
    page: "docs/methods/simulated-annealing.md",
    uses: "values",
    handles: { box: true, integers: true, categories: true },
  },
  {
    name: "geneticAlgorithm",
    aliases: ["ga", "genetic", "evolutionary-algorithm"],
    create: geneticAlgorithm as unknown as Factory,
    options: geneticAlgorithmTable as Options,
    summary: "Parents mix, children mutate, the fittest go on; whole numbers and categories among many basins.",
    source: "Holland1975",
    page: "docs/methods/genetic-algorithm.md",
    uses: "values",
    handles: { box: true, integers: true, categories: true },
  },
];
