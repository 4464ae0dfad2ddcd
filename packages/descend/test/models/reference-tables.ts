/** Tables of ../shared/data as named columns, and distances between vectors. */

import { dataText } from "../reference-data.js";

export interface ReferenceTable {
  readonly names: readonly string[];
  readonly rows: number;
  texts(name: string): string[];
  numbers(name: string): number[];
  /** Columns of numbers by name. */
  features(names: readonly string[]): Record<string, number[]>;
}

export function referenceTable(file: string): ReferenceTable {
  const [header, ...lines] = dataText(file)!.trim().split(/\r?\n/);
  const names = header!.split(",");
  const cells = lines.map((line) => line.split(","));
  const texts = (name: string): string[] => cells.map((row) => row[names.indexOf(name)]!);
  const numbers = (name: string): number[] => texts(name).map(Number);
  return {
    names,
    rows: cells.length,
    texts,
    numbers,
    features: (wanted) => Object.fromEntries(wanted.map((name) => [name, numbers(name)])),
  };
}

/** max |a − b| / max |b|. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    size = Math.max(size, Math.abs(b[i]!));
  }
  return a.length === b.length ? difference / size : Number.POSITIVE_INFINITY;
}

/** Fewest correct digits of an entry: −log₁₀ of the relative error; entries expected to be 0 must be 0. */
export function correctDigits(got: ArrayLike<number>, expected: readonly number[]): number {
  return Math.min(...expected.map((value, i) => (got[i] === value ? 16 : -Math.log10(Math.abs(got[i]! - value) / Math.abs(value)))));
}
