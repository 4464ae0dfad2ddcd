/**
 * ψ′, the derivative of digamma, written in the language: it is needed only for second derivatives of `lgamma`, and
 * as a graph of arithmetic it can be differentiated again.
 *
 * ψ′(x) = Σ_{k<K} 1/(x+k)² + ψ′(x+K) moves the argument to where the asymptotic series
 * 1/z + 1/(2z²) + Σ B₂ⱼ/z^(2j+1) is exact to rounding; for x < 0 reflection gives ψ′(x) = π²/sin²(πx) − ψ′(1−x).
 *
 * Source: Abramowitz & Stegun 1964, 6.4.6 (recurrence), 6.4.7 (reflection), 6.4.12 (series); coefficients are the
 * Bernoulli numbers B₂ … B₁₄. Accuracy: relative error below 1e-14 on (0, 1e6], elementwise-rules.test.ts.
 */

import { binary, constant, ternary, unary } from "../../graph/build.js";
import type { Node } from "../../graph/graph.js";

/** Shift: the first neglected term, B₁₆/z¹⁷, is then below 1e-16 of the sum. */
const SHIFT = 10;
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6] as const;

const add = (a: Node, b: Node): Node => binary("add", a, b);
const mul = (a: Node, b: Node): Node => binary("mul", a, b);
const square = (a: Node): Node => mul(a, a);

/** ψ′(x) elementwise; +∞ at 0, −1, −2, …. */
export function trigamma(x: Node): Node {
  const one = constant(1);
  const half = constant(0.5);
  const negative = binary("less", x, constant(0));
  const positive = positiveTrigamma(ternary("select", negative, binary("sub", one, x), x));
  // The unused branch gets 1/2, where the sine is 1, so that no infinity leaks into derivatives. The argument of the sine is
  // reduced by the nearest whole number, which costs no accuracy: sin² has period 1 in units of π.
  const fraction = binary("sub", x, unary("floor", add(x, half)));
  const sine = unary("sin", mul(constant(Math.PI), ternary("select", negative, fraction, half)));
  const reflected = binary("sub", binary("div", constant(Math.PI * Math.PI), square(sine)), positive);
  return ternary("select", negative, reflected, positive);
}

function positiveTrigamma(x: Node): Node {
  const z = add(x, constant(SHIFT));
  const r = binary("div", constant(1), z);
  const r2 = square(r);
  let series: Node = constant(0);
  for (let j = BERNOULLI.length - 1; j >= 0; j--) series = mul(r2, add(constant(BERNOULLI[j]!), series));
  // Small terms first.
  let total = mul(r, add(series, add(constant(1), mul(constant(0.5), r))));
  for (let k = SHIFT - 1; k >= 0; k--) total = add(total, binary("div", constant(1), square(add(x, constant(k)))));
  return total;
}
