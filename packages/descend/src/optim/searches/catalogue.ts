/** Every line search, as records: the option `search` of methods, the tables of the docs and the contract tests are made from them. */

import type { OptionSpec } from "../options.js";
import { backtracking, backtrackingTable } from "./backtracking.js";
import { hagerZhang, hagerZhangTable } from "./hager-zhang.js";
import type { LineSearch } from "./line-search.js";
import { strongWolfe, strongWolfeTable } from "./strong-wolfe.js";

/** What is known of a line search without running it. */
export interface LineSearchRecord {
  /** Its name in code. */
  readonly name: string;
  /** What the option `search` of methods calls it. */
  readonly choice: string;
  /** Makes it; checks the options. */
  readonly create: (options?: Readonly<Record<string, unknown>>) => LineSearch;
  /** Default, range and meaning of each option. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** One line for people. */
  readonly summary: string;
  /** Key in `docs/references.bib`. */
  readonly source: string;
  /** Its page, from the root of the repository. */
  readonly page: string;
  /** Whether what it accepts has a slope less steep than at the start, which quasi-Newton updates need. */
  readonly curvature: boolean;
}

const page = "docs/methods/line-searches.md";
type Create = LineSearchRecord["create"];

export const searchCatalogue: readonly LineSearchRecord[] = [
  {
    name: "strongWolfe",
    choice: "strong-wolfe",
    create: strongWolfe as Create,
    options: strongWolfeTable as LineSearchRecord["options"],
    summary: "Enough decrease and a slope much less steep; cubic interpolation within a safe interval.",
    source: "MoreThuente1994",
    page,
    curvature: true,
  },
  {
    name: "hagerZhang",
    choice: "hager-zhang",
    create: hagerZhang as Create,
    options: hagerZhangTable as LineSearchRecord["options"],
    summary: "Wolfe's conditions, near the minimum by slopes alone; pairs of secants.",
    source: "HagerZhang2006",
    page,
    curvature: true,
  },
  {
    name: "backtracking",
    choice: "backtracking",
    create: backtracking as Create,
    options: backtrackingTable as LineSearchRecord["options"],
    summary: "The first trial that decreases enough; for methods whose steps have a length of their own.",
    source: "Armijo1966",
    page,
    curvature: false,
  },
];

/** The row of the option `search`. */
export function searchSpec(usual: string): OptionSpec<string> {
  return {
    kind: "choice",
    default: usual,
    choices: searchCatalogue.map(({ choice }) => choice),
    meaning: "how the length of a step is found",
  };
}

/** The line search of a choice, with its usual options. */
export function lineSearchOf(choice: string): LineSearch {
  return searchCatalogue.find((record) => record.choice === choice)!.create();
}
