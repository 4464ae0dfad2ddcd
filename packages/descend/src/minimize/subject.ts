/** What a descent was asked to do, kept beside its solution so that it can be asked again: for a diagnosis, or to continue by hand. */

import type { ObjectiveFunction } from "./objective/objective.js";
import type { DescentOptions } from "./options.js";

/** The arguments of `minimize` or `maximize`, as they were given. */
export interface DescentSubject {
  readonly objective: string | ObjectiveFunction;
  readonly start: unknown;
  readonly options: DescentOptions;
  readonly sense: "minimize" | "maximize";
  /** What the columns of its table mean, where that is known. */
  readonly roles?: TableRoles;
}

/** Which columns of a table an objective takes as features of a model, and what these are called. */
export interface TableRoles {
  /** Of `data`, each of numbers or of several numbers a row. */
  readonly features: readonly string[];
  /** Of the features, in order. Default: the names of the columns, numbered where they hold several numbers a row. */
  readonly featureNames?: readonly string[];
  /** The column of `data` to be predicted. */
  readonly target: string;
  /** Whether the model has an intercept. Default true. */
  readonly intercept?: boolean;
}

/** Not a property of the solution, which stays plain data. */
const subjects = new WeakMap<object, DescentSubject>();

/** Keeps the subject of a descent or of one of its solutions. */
export function rememberSubject(of: object, subject: DescentSubject): void {
  subjects.set(of, subject);
}

/** What led to a descent or solution; undefined for objects that were not made by a descent (copies among them). */
export function subjectOf(of: object): DescentSubject | undefined {
  return subjects.get(of);
}
