/**
 * Polynomials with constant coefficients, as vector expressions.
 */

import type { Operand, Vector } from "./vector.js";

/** c₀ + c₁x + … by Horner's rule: the fewest operations, each waiting for the one before. */
export function horner(x: Vector, coefficients: readonly number[]): Vector {
  let total: Operand = coefficients.at(-1)!;
  for (let i = coefficients.length - 2; i >= 0; i--) total = x.mul(total).add(coefficients[i]!);
  return total as Vector;
}

/**
 * c₀ + c₁x + … by Estrin's scheme: pairs (c₀ + c₁x), (c₂ + c₃x), … are combined with x², x⁴, …, which shortens the
 * chain of dependent operations from 2n to about 2 log₂ n.
 *
 * Source: Muller 2016, Elementary Functions, section 5.1.
 */
export function estrin(x: Vector, coefficients: readonly number[]): Vector {
  let terms: Operand[] = [...coefficients];
  let power = x;
  while (terms.length > 1) {
    const next: Operand[] = [];
    for (let i = 0; i < terms.length; i += 2) {
      const odd = terms[i + 1];
      next.push(odd === undefined ? terms[i]! : power.mul(odd).add(terms[i]!));
    }
    terms = next;
    if (terms.length > 1) power = power.mul(power);
  }
  return terms[0] as Vector;
}
