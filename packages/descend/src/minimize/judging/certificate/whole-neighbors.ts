import type { Box } from "../../../numeric/box.js";
import { CATEGORY } from "../../../optim/search-method.js";
import { short, type Test } from "./test.js";

export interface WholePoint {
  readonly params: Float64Array;
  readonly value: number;
  readonly box: Box | undefined;
  /** What each parameter takes, [n]. */
  readonly integers: Uint8Array;
  readonly evaluate: (params: Float64Array) => number;
}

/** Values of one category that are tried at most. */
const MAX_CATEGORIES = 100;

/** Is a point lower in which one whole number is one more or less, or one category another, and all else the same? */
export function wholeNeighborsTest({ params, value, box, integers, evaluate }: WholePoint): Test {
  const rounding = 8 * Number.EPSILON * Math.abs(value);
  let lowest = Number.POSITIVE_INFINITY;
  let count = 0;
  integers.forEach((code, i) => {
    if (code === 0) return;
    const [low, high] = [box?.lower[i] ?? Number.NEGATIVE_INFINITY, box?.upper[i] ?? Number.POSITIVE_INFINITY];
    for (const other of code === CATEGORY ? between(low, high) : [params[i]! - 1, params[i]! + 1]) {
      if (other === params[i] || other < low || other > high) continue;
      const neighbor = params.slice();
      neighbor[i] = other;
      const change = evaluate(neighbor) - value;
      count++;
      if (change < lowest) lowest = change;
    }
  });
  return {
    name: "whole-neighbors",
    passed: !(lowest < -rounding),
    value: lowest,
    threshold: -rounding,
    evidence: count === 0 ? "every whole number is fixed" : `of ${count} neighbors the lowest changes the objective by ${short(lowest)}`,
  };
}

function between(low: number, high: number): number[] {
  return Array.from({ length: Math.min(MAX_CATEGORIES, Math.floor(high) - Math.ceil(low) + 1) }, (_, k) => Math.ceil(low) + k);
}
