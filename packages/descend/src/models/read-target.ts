/** Targets and weights as a user has them, as numbers. */

import { requireFinite } from "../data/feature-table.js";
import { DataError, nearestName, OptionError } from "../errors.js";
import type { ClassLabel } from "./model-spec.js";

/** Classes in order, and the index of each row's. */
export interface ReadClasses {
  readonly classes: readonly ClassLabel[];
  readonly indices: Float64Array;
}

/** A numeric target, [rows], finite. */
export function readNumbers(target: ArrayLike<ClassLabel>, rows: number): Float64Array {
  requireLength(target, rows, "target");
  requireFinite(target, "target", "target");
  return Float64Array.from(target as ArrayLike<number>);
}

/**
 * Labels as class indices.
 *
 * @param classes - in the order wanted. Default: numbers ascending, else texts by code unit, false before true.
 * @throws DataError DATA_NOT_FINITE for what is no label, CLASSES_TOO_FEW, CLASS_UNKNOWN for a label that is not among `classes`
 */
export function readClasses(target: ArrayLike<ClassLabel>, rows: number, classes?: readonly ClassLabel[]): ReadClasses {
  requireLength(target, rows, "target");
  for (let row = 0; row < rows; row++) {
    const label: unknown = target[row];
    if (typeof label === "string" || typeof label === "boolean" || Number.isFinite(label)) continue;
    throw new DataError(
      "DATA_NOT_FINITE",
      `target: expected a class (a text, a number, true or false) in every row, got ${String(label)} in row ${row}. Drop or fill the row first.`,
      { column: "target", row, got: String(label) },
    );
  }
  const known = classes ?? sortedLabels(target);
  if (known.length < 2) {
    throw new DataError(
      "CLASSES_TOO_FEW",
      `target: expected at least 2 classes, got ${known.length === 0 ? "none" : `only ${String(known[0])}`}.`,
      {
        classes: known.length,
        needed: 2,
      },
    );
  }
  const index = new Map(known.map((label, c) => [label, c]));
  const indices = Float64Array.from({ length: rows }, (_, row) => {
    const c = index.get(target[row]!);
    if (c !== undefined) return c;
    const names = known.map(String);
    throw new DataError(
      "CLASS_UNKNOWN",
      `target: row ${row} is ${String(target[row])}, expected one of ${names.slice(0, 10).join(", ")}.`,
      {
        label: String(target[row]),
        row,
        known: names,
      },
    );
  });
  return { classes: known, indices };
}

function sortedLabels(target: ArrayLike<ClassLabel>): ClassLabel[] {
  const labels = [...new Set(Array.from(target))];
  if (labels.every((label) => typeof label === "number")) return labels.sort((a, b) => (a as number) - (b as number));
  return labels.sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

/** "balanced": rows/(classes·rows of the class); or a weight by label, as a record or a map. Labels left out count 1. */
export type ClassWeights = "balanced" | Readonly<Record<string, number>> | ReadonlyMap<ClassLabel, number>;

/**
 * How often each row counts: the product of its own weight and that of its class; undefined if all count once.
 *
 * @throws DataError DATA_LENGTH_MISMATCH, DATA_NOT_FINITE; OptionError OPTION_OUT_OF_RANGE for weights < 0 or all 0,
 * OPTION_UNKNOWN for a class that is not there
 */
export function readWeights(
  rows: number,
  weights: ArrayLike<number> | undefined,
  classWeights: ClassWeights | undefined,
  read: ReadClasses | undefined,
): Float64Array | undefined {
  if (weights !== undefined) {
    requireLength(weights, rows, "weights");
    requireFinite(weights, "weights", "weights");
  }
  if (classWeights !== undefined && read === undefined) {
    throw new OptionError("OPTIONS_CONFLICT", "classWeights: the target has no classes.", { options: ["classWeights", "model"] });
  }
  if (weights === undefined && classWeights === undefined) return undefined;
  const ofClass = classWeights === undefined ? undefined : weightsOfClasses(classWeights, read!.classes, () => countsOf(read!, weights));
  const product = Float64Array.from(
    { length: rows },
    (_, i) => (weights === undefined ? 1 : weights[i]!) * (ofClass === undefined ? 1 : ofClass[read!.indices[i]!]!),
  );
  const negative = product.findIndex((weight) => !(weight >= 0));
  if (negative >= 0 || !product.some((weight) => weight > 0)) {
    const expected = "weights ≥ 0, not all 0";
    const got = negative >= 0 ? product[negative] : 0;
    throw new OptionError(
      "OPTION_OUT_OF_RANGE",
      `weights: expected ${expected}, got ${got}${negative >= 0 ? ` in row ${negative}` : " in every row"}.`,
      {
        option: "weights",
        expected,
        got,
      },
    );
  }
  return product;
}

/** How often each class counts before classes are weighted. */
function countsOf({ classes, indices }: ReadClasses, weights: ArrayLike<number> | undefined): number[] {
  const counts = classes.map(() => 0);
  indices.forEach((c, i) => {
    counts[c]! += weights === undefined ? 1 : weights[i]!;
  });
  return counts;
}

/**
 * The weight of each class, in their order.
 *
 * @param counted - how often each class counts before.
 */
export function weightsOfClasses(given: ClassWeights, classes: readonly ClassLabel[], counted: () => readonly number[]): number[] {
  if (given === "balanced") {
    const counts = counted();
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (count > 0 ? total / (classes.length * count) : 0));
  }
  const entries: (readonly [ClassLabel, number])[] =
    given instanceof Map ? [...given] : Object.entries(given as Readonly<Record<string, number>>);
  const names = classes.map(String);
  const byName = new Map(entries.map(([label, weight]) => [String(label), weight]));
  for (const label of byName.keys()) {
    if (names.includes(label)) continue;
    const nearest = nearestName(label, names);
    throw new OptionError("OPTION_UNKNOWN", `classWeights: there is no class "${label}". Classes are ${names.slice(0, 10).join(", ")}.`, {
      option: label,
      known: names,
      ...(nearest === undefined ? {} : { nearest }),
    });
  }
  return names.map((name) => byName.get(name) ?? 1);
}

function requireLength(values: ArrayLike<unknown>, rows: number, what: string): void {
  if (values.length === rows) return;
  throw new DataError("DATA_LENGTH_MISMATCH", `${what}: expected ${rows} values like the features have rows, got ${values.length}.`, {
    column: what,
    expected: rows,
    got: values.length,
  });
}
