/** Bounds as users write them → a box around the flat vector. */

import { OptionError } from "../errors.js";
import type { DType } from "../graph/program.js";
import type { Box } from "../numeric/box.js";
import { indicesOf, type Places, placesOf } from "../tree/places.js";
import { type Layout, pathOf } from "../tree/tree.js";

/** Lower and upper bound; `null` or ±Infinity for none. Equal bounds hold a parameter fixed. */
export type BoundPair = readonly [lower: number | null, upper: number | null];

/**
 * Bounds of the parameters: a tree like the start in which a pair `[lower, upper]` stands in place of a number, or in place of
 * everything that it holds for. What is `null`, or left out of a record, is free.
 *
 * @example
 * [0, 1]                          // every parameter
 * { x: [0, 1], y: [null, 5] }     // by name; others are free
 * [[0, 1], [-1, null], null]      // three entries of an array
 */
export type Bounds = BoundPair | null | readonly Bounds[] | { readonly [name: string]: Bounds | undefined };

/**
 * The box of bounds given for parameters of a layout.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE at a bound that is not a number, a lower one above the upper one, or a place that the
 * start does not have.
 */
export function readBounds(bounds: Bounds, layout: Layout): Box {
  const lower = new Float64Array(layout.size).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(layout.size).fill(Number.POSITIVE_INFINITY);
  const visit = (given: unknown, places: Places, path: string): void => {
    if (given === null || given === undefined) return;
    if (isPair(given)) {
      const [low, high] = readPair(given, path);
      for (const index of indicesOf(places)) {
        lower[index] = low;
        upper[index] = high;
      }
      return;
    }
    if (typeof places === "number" || typeof given !== "object") throw invalid(path, "a pair such as [0, 1]", given);
    if (Array.isArray(places)) {
      if (!Array.isArray(given) || given.length !== places.length) {
        throw invalid(path, `one pair such as [0, 1], or a list of ${places.length} of them as in the start`, given);
      }
      given.forEach((part, i) => {
        visit(part, places[i]!, `${path}[${i}]`);
      });
      return;
    }
    if (Array.isArray(given)) throw invalid(path, `a pair such as [0, 1], or a record with ${Object.keys(places).join(", ")}`, given);
    for (const [name, part] of Object.entries(given)) {
      if (!Object.hasOwn(places, name))
        throw invalid(`${path}.${name}`, `one of the names of the start: ${Object.keys(places).join(", ")}`, part);
      visit(part, (places as Record<string, Places>)[name]!, `${path}.${name}`);
    }
  };
  visit(bounds, placesOf(layout), "bounds");
  return { lower, upper };
}

/** As {@link readBounds}, in the format of the parameters. */
export function readBox(bounds: Bounds, layout: Layout, dtype: DType): Box {
  const box = readBounds(bounds, layout);
  return dtype === "float64" ? box : roundInwards(box);
}

/** The box in float32: its bounds rounded inwards, so that what is inside of it is inside of the box; where nothing is, to the nearest. */
export function roundInwards({ lower, upper }: Box): Box {
  const low = lower.map((bound) => (Math.fround(bound) < bound ? neighbor32(bound, 1) : Math.fround(bound)));
  const high = upper.map((bound) => (Math.fround(bound) > bound ? neighbor32(bound, -1) : Math.fround(bound)));
  lower.forEach((bound, i) => {
    if (low[i]! > high[i]!) low[i] = high[i] = Math.fround(bound);
  });
  return { lower: low, upper: high };
}

/** In words, if the start was not allowed: where it was moved. */
export function describeProjection(start: Float64Array, moved: Float64Array, layout: Layout): string | undefined {
  const index = start.findIndex((x, i) => x !== moved[i]);
  if (index < 0) return undefined;
  const others = start.reduce((count, x, i) => count + (x === moved[i] ? 0 : 1), 0) - 1;
  const more = others === 0 ? "" : `, and ${others} other entr${others === 1 ? "y" : "ies"} likewise`;
  return `start${pathOf(layout, index)} is ${start[index]}, which is not allowed; the descent began at the nearest point that is, with ${moved[index]} there${more}.`;
}

/** Two entries that are no lists and no records. `[null, null]` is a pair as well: whichever it is meant to be, nothing is bounded. */
function isPair(given: unknown): given is readonly unknown[] {
  return Array.isArray(given) && given.length === 2 && given.every((bound) => typeof bound !== "object" || bound === null);
}

function readPair([low, high]: readonly unknown[], path: string): readonly [number, number] {
  const pair = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY] as const;
  pair.forEach((bound, side) => {
    if (typeof bound !== "number" || Number.isNaN(bound)) throw invalid(`${path}[${side}]`, "a number, or null for no bound", bound);
  });
  const [lower, upper] = pair as readonly [number, number];
  if (!(lower <= upper) || lower === Number.POSITIVE_INFINITY || upper === Number.NEGATIVE_INFINITY) {
    throw invalid(path, "a lower bound that is not above the upper one", `[${lower}, ${upper}]`);
  }
  return [lower, upper];
}

/** The float32 next to a finite number on the side of `sign`. */
function neighbor32(value: number, sign: 1 | -1): number {
  const bits = new Int32Array(1);
  const numbers = new Float32Array(bits.buffer);
  numbers[0] = value;
  if (numbers[0] === 0) return sign * 2 ** -149;
  bits[0]! += numbers[0]! > 0 === sign > 0 ? 1 : -1;
  return numbers[0]!;
}

function invalid(option: string, expected: string, value: unknown): OptionError {
  const got = Array.isArray(value) ? `a list of ${value.length}` : typeof value === "object" && value !== null ? "a record" : String(value);
  return new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${got}.`, { option, expected, got: value });
}
