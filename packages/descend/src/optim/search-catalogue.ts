/**
 * All methods that search, as records: help on the command line, the tables of the docs and the contract tests are made from them.
 */

import { projectedNewton, projectedNewtonTable } from "./constrained/projected-newton.js";
import type { OptionSpec } from "./options.js";
import { lbfgs, lbfgsTable } from "./quasi-newton/lbfgs.js";
import type { SearchMethod } from "./search-method.js";

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
    summary: "Newton's method on the parameters that no bound holds; the default with bounds.",
    source: "Bertsekas1982",
    page: "docs/methods/projected-newton.md",
    uses: "curvature",
    handles: { box: true, integers: false },
  },
];
