/** Kinds of parameters as users write them → what each entry of the flat vector takes. */

import { OptionError } from "../../errors.js";
import type { Box } from "../../numeric/box.js";
import { CATEGORY, type SearchMethod, WHOLE } from "../../optim/search-method.js";
import { indicesOf, type Places, placesOf } from "../../tree/places.js";
import { type Layout, pathOf } from "../../tree/tree.js";
import { WholeNumbers } from "./whole-numbers.js";

/** What a parameter takes: any number, whole numbers only, or whole numbers that are names of things without an order. */
export type VariableKind = "real" | "integer" | "category";

/**
 * Kinds of the parameters: a tree like the start in which a kind stands in place of a number, or in place of everything that it
 * holds for. What is `null`, or left out of a record, is real. Categories need bounds: the first and the last of their numbers.
 *
 * @example
 * "integer"                            // every parameter
 * { layers: "integer", kind: "category" }
 * [null, "integer"]                    // two entries of an array
 */
export type Variables = VariableKind | null | readonly Variables[] | { readonly [name: string]: Variables | undefined };

const CODES: Record<VariableKind, number> = { real: 0, integer: WHOLE, category: CATEGORY };

export interface VariablesContext {
  readonly layout: Layout;
  readonly start: Float64Array;
  readonly box: Box | undefined;
  /** What is to move them. */
  readonly method: Mover;
}

/** A search, or an update rule, which follows the gradient. */
type Mover = SearchMethod | { readonly name: string };

/**
 * The parameters that take whole numbers only; undefined if all are real.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE at a kind that is none or a place that the start does not have, for bounds with no whole number
 * between them, a category without bounds, a start that is not whole; INTEGERS_UNSUPPORTED for a method or gradient that needs real ones.
 */
export function readVariables(
  { variables, gradient }: { readonly variables?: Variables | undefined; readonly gradient?: unknown },
  { layout, start, box, method }: VariablesContext,
): WholeNumbers | undefined {
  if (variables === undefined) return undefined;
  const codes = new Uint8Array(layout.size);
  const visit = (given: unknown, places: Places, path: string): void => {
    if (given === null || given === undefined) return;
    if (typeof given === "string" && Object.hasOwn(CODES, given)) {
      for (const index of indicesOf(places)) codes[index] = CODES[given as VariableKind];
      return;
    }
    if (typeof places === "number" || typeof given !== "object") throw invalid(path, '"real", "integer" or "category"', given);
    if (Array.isArray(places)) {
      if (!Array.isArray(given) || given.length !== places.length)
        throw invalid(path, `a list of ${places.length} kinds as in the start`, given);
      given.forEach((part, i) => {
        visit(part, places[i]!, `${path}[${i}]`);
      });
      return;
    }
    const known = Object.keys(places).join(", ");
    if (Array.isArray(given)) throw invalid(path, `a record with ${known}`, given);
    for (const [name, part] of Object.entries(given)) {
      if (!Object.hasOwn(places, name)) throw invalid(`${path}.${name}`, `one of the names of the start: ${known}`, part);
      visit(part, (places as Record<string, Places>)[name]!, `${path}.${name}`);
    }
  };
  visit(variables, placesOf(layout), "variables");
  codes.forEach((code, i) => {
    if (code !== 0)
      checkWhole(code, pathOf(layout, i), start[i]!, box?.lower[i] ?? Number.NEGATIVE_INFINITY, box?.upper[i] ?? Number.POSITIVE_INFINITY);
  });
  checkHandled(codes, layout, method, gradient);
  return codes.some((code) => code !== 0) ? new WholeNumbers(codes, box) : undefined;
}

function checkWhole(code: number, path: string, start: number, lower: number, upper: number): void {
  if (!Number.isInteger(start)) throw invalid(`start${path}`, "a whole number, as variables says", start);
  if (Math.ceil(lower) > Math.floor(upper))
    throw invalid(`bounds${path}`, "a whole number between them, as variables says", `[${lower}, ${upper}]`);
  if (code === CATEGORY && !(Number.isFinite(lower) && Number.isFinite(upper))) {
    throw invalid(`bounds${path}`, "the first and the last number of the category, such as [0, 4]", `[${lower}, ${upper}]`);
  }
}

/** Refuses a gradient, and a method that does not move whole numbers as such. */
function checkHandled(codes: Uint8Array, layout: Layout, method: Mover, gradient: unknown): void {
  const search = "kind" in method ? method : undefined;
  const isHandled = (code: number): boolean => (code === CATEGORY ? search?.handles.categories : search?.handles.integers) === true;
  const index = codes.findIndex((code) => code !== 0 && (gradient !== undefined || !isHandled(code)));
  if (index < 0) return;
  const kind = codes[index] === CATEGORY ? "category" : "integer";
  const path = pathOf(layout, index);
  const by = gradient === undefined ? method.name : typeof gradient === "string" ? gradient : "gradient";
  const why =
    gradient === undefined && search?.uses === "values"
      ? `${by} does not move ${kind === "category" ? "categories" : "whole numbers"} as such`
      : `${by} needs a derivative, and there is none between whole numbers: a difference quotient there would be 0 and mean nothing`;
  const able = `${kind === "category" ? "" : "cmaes, "}geneticAlgorithm, differentialEvolution, simulatedAnnealing or compassSearch`;
  throw new OptionError(
    "INTEGERS_UNSUPPORTED",
    `variables${path}: ${why}.`,
    { path, kind, by },
    { hint: `Name ${able} as the method, without the option gradient.` },
  );
}

function invalid(option: string, expected: string, value: unknown): OptionError {
  const got = Array.isArray(value)
    ? `a list of ${value.length}`
    : typeof value === "object" && value !== null
      ? "a record"
      : JSON.stringify(value);
  return new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${got}.`, { option, expected, got: value });
}
