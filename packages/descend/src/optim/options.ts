/**
 * Options of methods, transforms and schedules as data: default, range and meaning of each, from which they are checked,
 * completed, documented, and offered on the command line.
 */

import { nearestName, OptionError } from "../errors.js";
import type { Hyperparameter } from "./schedules/schedule.js";

/** An interval of numbers; a side left out is unbounded. Infinite values never belong to it. */
export interface Range {
  readonly minimum?: number;
  readonly maximum?: number;
  /** The ends themselves are excluded. Default false. */
  readonly minimumExcluded?: boolean;
  readonly maximumExcluded?: boolean;
  /** Only whole numbers. Default false. */
  readonly whole?: boolean;
}

/** One option. `default` is the only place where its default stands; an option without one is computed, or must be given. */
export type OptionSpec<T = unknown> = {
  readonly default?: T;
  /** What an option without a default is if it is not given, in words: "peak/25". Without either it must be given. */
  readonly otherwise?: string;
  /** One line for people. */
  readonly meaning: string;
} & (
  | ({ readonly kind: "number" } & Range)
  /** A number in the range, or a {@link Schedule} (whose values are not checked). */
  | ({ readonly kind: "hyperparameter" } & Range)
  /** A list of numbers in the range. */
  | ({ readonly kind: "numbers" } & Range)
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "boolean" }
);

/** The options O of a method, one row each. */
export type OptionTable<O> = { readonly [K in keyof O]-?: OptionSpec<Exclude<O[K], undefined>> };

/** O with every option given. */
export type Complete<O> = { readonly [K in keyof O]-?: Exclude<O[K], undefined> };

/** 0 ≤ x < 1: decay rates. */
export const FRACTION: Range = { minimum: 0, maximum: 1, maximumExcluded: true };
/** x ≥ 0. */
export const NON_NEGATIVE: Range = { minimum: 0 };
/** x > 0. */
export const POSITIVE: Range = { minimum: 0, minimumExcluded: true };
/** 1, 2, 3, … */
export const COUNT: Range = { minimum: 1, whole: true };

/** The row of the option `learningRate`. */
export function learningRateSpec(usual: number): OptionSpec<Hyperparameter> {
  return {
    kind: "hyperparameter",
    default: usual,
    ...NON_NEGATIVE,
    meaning: "α: length of the step for an update of 1; a number, or a function of the step count",
  };
}

/**
 * `given` checked against `table` and completed with its defaults.
 *
 * @param where - the function the user called, for the message.
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE
 */
export function readOptions<O extends object>(where: string, table: OptionTable<O>, given: O): Complete<O> {
  const known = Object.keys(table);
  for (const option of Object.keys(given)) {
    if (!Object.hasOwn(table, option)) throw unknownOption(where, option, known);
  }
  const complete: Record<string, unknown> = {};
  for (const option of known) {
    const spec = table[option as keyof O] as OptionSpec;
    const value = (given as Record<string, unknown>)[option] ?? spec.default;
    checkOption(where, option, spec, value);
    complete[option] = value;
  }
  return complete as Complete<O>;
}

function checkOption(where: string, option: string, spec: OptionSpec, value: unknown): void {
  if (!isAllowed(spec, value)) {
    // A number is told its range; anything else, all that would be taken.
    const expected = spec.kind === "hyperparameter" && typeof value === "number" ? rangeText(option, spec) : expectation(option, spec);
    throw outOfRange(where, option, expected, value, spec.default === undefined ? undefined : `The usual value is ${show(spec.default)}.`);
  }
}

/**
 * Throws unless the argument `value` of `where` is a finite number in the range.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function checkNumber(where: string, option: string, value: number, range: Range): void {
  if (!inRange(value, range)) throw outOfRange(where, option, rangeText(option, range), value);
}

/**
 * Throws unless the argument `value` of `where` is a finite number in the range, or a schedule, whose values are not checked.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function checkHyperparameter(where: string, option: string, value: Hyperparameter, range: Range): void {
  checkOption(where, option, { kind: "hyperparameter", ...range, meaning: "" }, value);
}

/** The error for a value that is not what the option takes. */
export function outOfRange(where: string, option: string, expected: string, got: unknown, hint?: string): OptionError {
  const message = `${where}({ ${option} }): expected ${expected}, got ${show(got)}.`;
  return new OptionError("OPTION_OUT_OF_RANGE", message, { option, expected, got }, hint === undefined ? {} : { hint });
}

function unknownOption(where: string, option: string, known: readonly string[]): OptionError {
  const nearest = nearestName(option, known);
  const list = known.length === 0 ? "It takes no options." : `It takes ${known.join(", ")}.`;
  const hint = nearest === undefined ? list : `Did you mean ${nearest}? ${list}`;
  return new OptionError(
    "OPTION_UNKNOWN",
    `${where}({ ${option} }): there is no such option.`,
    nearest === undefined ? { option, known } : { option, known, nearest },
    { hint },
  );
}

function isAllowed(spec: OptionSpec, value: unknown): boolean {
  switch (spec.kind) {
    case "number":
      return inRange(value, spec);
    case "hyperparameter":
      return typeof value === "function" || inRange(value, spec);
    case "numbers":
      return Array.isArray(value) && value.every((item) => inRange(item, spec));
    case "choice":
      return typeof value === "string" && spec.choices.includes(value);
    case "boolean":
      return typeof value === "boolean";
  }
}

function inRange(value: unknown, range: Range): boolean {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (range.whole === true && !Number.isInteger(value)) return false;
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = range;
  const above = range.minimumExcluded === true ? value > minimum : value >= minimum;
  const below = range.maximumExcluded === true ? value < maximum : value <= maximum;
  return above && below;
}

/** What an option takes, in words: `0 ≤ beta2 < 1`, `"classic" or "ema"`. */
export function expectation(option: string, spec: OptionSpec): string {
  switch (spec.kind) {
    case "number":
      return rangeText(option, spec);
    case "hyperparameter":
      return `${rangeText(option, spec)} or a schedule`;
    case "numbers":
      return `a list of numbers, ${rangeText("each", spec)}`;
    case "choice":
      return spec.choices.map((choice) => `"${choice}"`).join(" or ");
    case "boolean":
      return "true or false";
  }
}

function rangeText(option: string, { minimum, maximum, minimumExcluded, maximumExcluded, whole }: Range): string {
  const what = whole === true ? `whole ${option}` : option;
  if (minimum === undefined && maximum === undefined) return `a finite ${what}`;
  if (maximum === undefined) return `${what} ${minimumExcluded === true ? ">" : "≥"} ${minimum}`;
  const right = `${what} ${maximumExcluded === true ? "<" : "≤"} ${maximum}`;
  return minimum === undefined ? right : `${minimum} ${minimumExcluded === true ? "<" : "≤"} ${right}`;
}

function show(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (value === undefined) return "nothing";
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return Array.isArray(value) ? `an array of ${value.length}` : `a value of type ${typeof value}`;
}
