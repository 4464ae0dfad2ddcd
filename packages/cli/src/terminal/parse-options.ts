/** Values of command-line options, checked where they are typed. */

import { InvalidArgumentError } from "commander";
import { OptionError } from "descend";

export interface NumberRange {
  /** The value must be a whole number. */
  readonly whole?: boolean;
  readonly min?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
  readonly max?: number;
  /** Exclusive upper bound. */
  readonly below?: number;
}

/** A parser of one number, for an option of commander. */
export function numberOption(range: NumberRange = {}): (text: string) => number {
  return (text) => {
    const value = parseNumber(text);
    const fits =
      value !== undefined &&
      (range.whole !== true || Number.isSafeInteger(value)) &&
      value >= (range.min ?? Number.NEGATIVE_INFINITY) &&
      value > (range.above ?? Number.NEGATIVE_INFINITY) &&
      value <= (range.max ?? Number.POSITIVE_INFINITY) &&
      value < (range.below ?? Number.POSITIVE_INFINITY);
    if (!fits) throw new InvalidArgumentError(`Expected ${describe(range)}.`);
    return value;
  };
}

/** The finite number a text spells in full, or undefined. */
function parseNumber(text: string): number | undefined {
  const value = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function describe(range: NumberRange): string {
  const bounds = [
    range.min === undefined ? "" : `≥ ${range.min}`,
    range.above === undefined ? "" : `> ${range.above}`,
    range.max === undefined ? "" : `≤ ${range.max}`,
    range.below === undefined ? "" : `< ${range.below}`,
  ].filter((bound) => bound !== "");
  return [range.whole === true ? "a whole number" : "a number", bounds.join(" and ")].join(" ").trim();
}

/**
 * Named numbers such as "x=-1.2, y=1".
 *
 * @param option - how the user spelt the option, for the message.
 * @param before - numbers given by earlier occurrences of the option; the new ones are added.
 * @throws OptionError OPTION_OUT_OF_RANGE for an entry that is not name=number, or a name given twice.
 */
export function parseAssignments(option: string, text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const values = new Map(Object.entries(before));
  for (const part of text.split(",")) {
    const [, typed, spelt] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=(.*)$/u.exec(part) ?? [];
    const name = plainDigits(typed);
    const value = spelt === undefined ? undefined : parseNumber(spelt);
    if (name === undefined || value === undefined || values.has(name)) {
      const expected = "name=number, separated by commas, each name once";
      throw new OptionError(
        "OPTION_OUT_OF_RANGE",
        `${option}: expected ${expected}, got "${part.trim()}". For example: ${option} x=-1.2,y=1`,
        {
          option,
          expected,
          got: part.trim(),
        },
      );
    }
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

/**
 * Named intervals such as "x=0..1, y=..5": bounds, null where a side is left open.
 *
 * @param before - intervals given by earlier occurrences of the option; the new ones are added.
 * @throws OptionError OPTION_OUT_OF_RANGE for an entry that is not name=lower..upper, or a name given twice.
 */
export function parseIntervals(
  option: string,
  text: string,
  before: Readonly<Record<string, readonly [number | null, number | null]>> = {},
): Record<string, readonly [number | null, number | null]> {
  const values = new Map(Object.entries(before));
  const side = (spelt: string): number | null | undefined => (spelt.trim() === "" ? null : parseNumber(spelt));
  for (const part of text.split(",")) {
    const [, typed, low, high] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=(.*?)\.\.(.*)$/u.exec(part) ?? [];
    const name = plainDigits(typed);
    const lower = low === undefined ? undefined : side(low);
    const upper = high === undefined ? undefined : side(high);
    if (name === undefined || lower === undefined || upper === undefined || values.has(name)) {
      const expected = "name=lower..upper, separated by commas, each name once; a side left out is open";
      throw new OptionError(
        "OPTION_OUT_OF_RANGE",
        `${option}: expected ${expected}, got "${part.trim()}". For example: ${option} x=0..1,y=0..`,
        { option, expected, got: part.trim() },
      );
    }
    values.set(name, [lower, upper]);
  }
  return Object.fromEntries(values);
}

/**
 * Kinds of variables by name, such as "n=integer, color=category".
 *
 * @param before - kinds given by earlier occurrences of the option; the new ones are added.
 * @throws OptionError OPTION_OUT_OF_RANGE for an entry that is not name=kind, or a name given twice.
 */
export function parseKinds(
  option: string,
  text: string,
  before: Readonly<Record<string, VariableKind>> = {},
): Record<string, VariableKind> {
  const values = new Map(Object.entries(before));
  for (const part of text.split(",")) {
    const [, typed, spelt] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=\s*(\w+)\s*$/u.exec(part) ?? [];
    const name = plainDigits(typed);
    const kind = KINDS[spelt ?? ""];
    if (name === undefined || kind === undefined || values.has(name)) {
      const expected = "name=kind, separated by commas, each name once; a kind is integer, category or real";
      throw new OptionError(
        "OPTION_OUT_OF_RANGE",
        `${option}: expected ${expected}, got "${part.trim()}". For example: ${option} n=integer`,
        {
          option,
          expected,
          got: part.trim(),
        },
      );
    }
    values.set(name, kind);
  }
  return Object.fromEntries(values);
}

/** A formula reads x₁ as x1. */
function plainDigits(name: string | undefined): string | undefined {
  return name?.replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
}

type VariableKind = "real" | "integer" | "category";
const KINDS: Readonly<Record<string, VariableKind>> = { real: "real", integer: "integer", category: "category", categorical: "category" };

/** "full" or a whole number of rows. */
export function batchOption(text: string): number | "full" {
  return text.trim() === "full" ? "full" : numberOption({ whole: true, min: 1 })(text);
}

/** One of some words. */
export function choiceOption<const T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text.trim());
    if (word === undefined) throw new InvalidArgumentError(`Expected ${words.join(" or ")}.`);
    return word;
  };
}

/** Names separated by commas. A name with a comma in it is written between double quotes. */
export function namesOption(text: string): string[] {
  const names = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'),
  );
  const given = names.filter((name) => name !== "");
  if (given.length === 0) throw new InvalidArgumentError("Expected names separated by commas.");
  if (new Set(given).size < given.length) throw new InvalidArgumentError("Expected each name once.");
  return given;
}

/** "balanced", or a number ≥ 0 for classes by name: "yes=5,no=1". A name with a comma or = in it is written between double quotes. */
export function classWeightsOption(text: string): "balanced" | Record<string, number> {
  if (text.trim() === "balanced") return "balanced";
  const weights = new Map<string, number>();
  const expected = 'Expected "balanced", or class=number with numbers ≥ 0, separated by commas, each class once.';
  let at = 0;
  for (const match of text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,="]+?))\s*=\s*([^,=\s]+)\s*(?:,|$)/gy)) {
    const [whole, quoted, plain, spelt] = match;
    const name = quoted === undefined ? plain! : quoted.replaceAll('""', '"');
    const value = parseNumber(spelt!);
    if (value === undefined || value < 0 || weights.has(name)) throw new InvalidArgumentError(expected);
    weights.set(name, value);
    at += whole.length;
  }
  if (weights.size === 0 || at < text.length) throw new InvalidArgumentError(expected);
  return Object.fromEntries(weights);
}
