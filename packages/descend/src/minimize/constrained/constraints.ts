/** Constraints as users write them, and what they become. */

import { DescendError, OptionError } from "../../errors.js";
import type { Layout } from "../../tree/tree.js";
import type { ReadObjective } from "../objective/objective-graph.js";
import { check, refuseUnknown } from "../options.js";
import { readComparisons } from "./comparison.js";
import type { ConstraintFunction, Constraints } from "./constraint-options.js";

/** Constraints, equalities first. */
export interface ReadConstraints {
  readonly all: readonly ReadObjective[];
  readonly equalities: number;
  readonly tolerance: number | undefined;
}

/**
 * @param given - functions by kind, or comparisons as text: `["x + y <= 1", "x*y = 2"]`.
 * @param read - reads one function or formula.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN; TraceError as for objectives.
 */
export function readConstraints(
  given: Constraints | readonly string[],
  layout: Layout,
  read: (constraint: ConstraintFunction, layout: Layout) => ReadObjective,
): ReadConstraints {
  const { equal = [], atMost = [], tolerance } = Array.isArray(given) ? fromText(given) : (given as Constraints);
  if (!Array.isArray(given)) refuseUnknown("constraints", given, ["equal", "atMost", "tolerance"]);
  check("constraints.tolerance", tolerance, (v) => v > 0 && Number.isFinite(v), "a finite number > 0");
  const readEach = (list: readonly ConstraintFunction[], name: string): ReadObjective[] => {
    if (!Array.isArray(list)) throw wrongKind(`constraints.${name}`, "a list of functions or formulas", list);
    return list.map((constraint, k) => {
      const where = Array.isArray(given) ? `constraints "${constraint}"` : `constraints.${name}[${k}]`;
      if (typeof constraint !== "function" && typeof constraint !== "string") throw wrongKind(where, "a function or a formula", constraint);
      try {
        return read(constraint, layout);
      } catch (error) {
        if (error instanceof DescendError) error.message = `${where}: ${error.message}`;
        throw error;
      }
    });
  };
  const equalities = readEach(equal, "equal");
  return { all: [...equalities, ...readEach(atMost, "atMost")], equalities: equalities.length, tolerance };
}

function fromText(texts: readonly string[]): Constraints {
  const comparisons = texts.flatMap((text) => {
    if (typeof text !== "string") throw wrongKind("constraints", 'comparisons as text such as "x + y <= 1", or { equal, atMost }', text);
    return readComparisons(text);
  });
  const of = (kind: "equal" | "atMost"): string[] => comparisons.filter((c) => c.kind === kind).map((c) => c.formula);
  return { equal: of("equal"), atMost: of("atMost") };
}

function wrongKind(option: string, expected: string, value: unknown): OptionError {
  const got = Array.isArray(value) ? "a list" : value === null ? "null" : typeof value;
  return new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${got}.`, { option, expected, got: value });
}
