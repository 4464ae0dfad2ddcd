/** Methods by the names users type: update rules and searches alike. */

import { nearestName, OptionError } from "../errors.js";
import { type MethodRecord, methodCatalogue } from "./methods/catalogue.js";
import type { LearningRate } from "./schedules/schedule.js";
import { type SearchMethodRecord, searchMethodCatalogue } from "./search-catalogue.js";
import type { SearchMethod } from "./search-method.js";
import type { Transformation } from "./transformation.js";

const records: readonly (MethodRecord | SearchMethodRecord)[] = [...searchMethodCatalogue, ...methodCatalogue];
const recordByName = new Map(
  records.flatMap((record) => [record.name, ...record.aliases].map((name) => [plainName(name), record] as const)),
);

/** The record of a method by its name or one of its aliases, or undefined. Case, hyphens, underscores and blanks do not matter. */
export function findMethod(name: string): MethodRecord | SearchMethodRecord | undefined {
  return recordByName.get(plainName(name));
}

/**
 * The method a user asked for.
 *
 * @param method - a name from one of the catalogues, an alias, or a method, which is taken as it is.
 * @param options - of a method given by name.
 * @param learningRate - for methods given by name that have one; others find the length of their steps themselves.
 * @throws OptionError OPTION_UNKNOWN for a name that is not known or an option the method has not, OPTION_OUT_OF_RANGE,
 * OPTIONS_CONFLICT for options beside a method, which has its own.
 */
export function resolveMethod(
  method: string | Transformation | SearchMethod,
  options: Readonly<Record<string, unknown>> = {},
  learningRate?: LearningRate,
): Transformation | SearchMethod {
  if (typeof method !== "string") {
    const given = Object.keys(options);
    if (given.length === 0) return method;
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `method: ${method.name} is a method that has its options already, got ${given.join(", ")} beside it.`,
      { options: ["method", ...given] },
      { hint: "Give them where the method is made, or give it by its name." },
    );
  }
  const record = findMethod(method);
  if (record === undefined) throw unknownMethod(method);
  if (learningRate === undefined || !("learningRate" in record.options)) return record.create(options);
  if (options.learningRate === undefined) return record.create({ ...options, learningRate });
  throw new OptionError("OPTIONS_CONFLICT", `learningRate: ${record.name} was given another one among its own options. Give one of them.`, {
    options: ["learningRate", "methodOptions"],
  });
}

/**
 * The update rule of a name, where only a rule will do.
 *
 * @throws OptionError OPTIONS_CONFLICT for the name of a search, and as {@link resolveMethod}.
 */
export function resolveRule(name: string, options: Readonly<Record<string, unknown>>): Transformation {
  const record = findMethod(name);
  if (record === undefined) throw unknownMethod(name);
  if (!("uses" in record)) return record.create(options);
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `method: ${record.name} finds the length of its steps itself; expected an update rule, such as "gradientDescent".`,
    { options: ["method", ...Object.keys(options)] },
  );
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, "");
}

function unknownMethod(name: string): OptionError {
  const known = records.map((record) => record.name);
  const near = nearestName(
    name,
    records.flatMap((record) => [record.name, ...record.aliases]),
  );
  const hint = near === undefined ? `There are ${known.join(", ")}.` : `Did you mean "${near}"?`;
  return new OptionError(
    "OPTION_UNKNOWN",
    `method: no method is called "${name}".`,
    near === undefined ? { option: name, known } : { option: name, known, nearest: near },
    { hint },
  );
}
