/** Coefficients by name in the units of the table. */

import type { Coefficient, FittedModel } from "descend";

/** What the constant is called: "intercept", or "(intercept)" where a feature has that name. */
export function interceptName({ terms }: { readonly terms: readonly string[] }): string {
  return terms.includes("intercept") ? "(intercept)" : "intercept";
}

export interface NamedCoefficient extends Omit<Coefficient, "name" | "class"> {
  readonly name: string;
  readonly class: string | undefined;
  readonly isIntercept: boolean;
  /** By the closed form, where there is one. */
  readonly closedForm: number | undefined;
}

export function namedCoefficients(fitted: FittedModel): NamedCoefficient[] {
  const constant = interceptName(fitted);
  const { crossCheck } = fitted;
  const place = new Map(fitted.terms.map((term, k) => [term, k]));
  return fitted.coefficients.map(({ name, class: label, value, standardError, interval }) => ({
    name: name ?? constant,
    class: label === undefined ? undefined : String(label),
    value,
    standardError,
    interval,
    isIntercept: name === null,
    closedForm:
      crossCheck === undefined ? undefined : name === null ? (crossCheck.intercept ?? undefined) : crossCheck.weights[place.get(name)!],
  }));
}

/** name → value, or class → name → value where each class has its own. */
export function coefficientRecord<T>(
  coefficients: readonly NamedCoefficient[],
  value: (coefficient: NamedCoefficient) => T,
): Record<string, T> | Record<string, Record<string, T>> {
  if (coefficients.every((coefficient) => coefficient.class === undefined))
    return Object.fromEntries(coefficients.map((entry) => [entry.name, value(entry)]));
  const classes = [...new Set(coefficients.map((entry) => entry.class!))];
  return Object.fromEntries(
    classes.map((label) => [
      label,
      Object.fromEntries(coefficients.filter((entry) => entry.class === label).map((entry) => [entry.name, value(entry)])),
    ]),
  );
}
