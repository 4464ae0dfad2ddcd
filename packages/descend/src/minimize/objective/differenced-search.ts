/** Searches by gradients where there are values alone: each gradient becomes central differences, asked for at once. */

import { finiteDifferenceGradient } from "../../autodiff/finite-differences.js";
import type { Box } from "../../numeric/box.js";
import type { Answer, Search } from "../../optim/search-method.js";

/** The same search with questions for values only. */
export function* differencedSearch<T>(search: Search<T>, box: Box | undefined): Search<T> {
  let next = search.next();
  while (!next.done) {
    const question = next.value;
    next = search.next(question.kind === "gradient" ? yield* differencesAt(question.params, box) : yield question);
  }
  return next.value;
}

/**
 * f and ∇f at a point from the value there and central differences, in one question of 2n + 1 points.
 *
 * Where a neighbor has no value, differences are taken from one side, and a second question asks for what they need: which points
 * these are is found by taking the differences of what is known.
 */
function* differencesAt(params: Float64Array, box: Box | undefined): Search<Answer> {
  const known = new Map<string, number>();
  for (;;) {
    const missing = new Map<string, Float64Array>();
    const recall = (point: Float64Array): number => {
      const value = known.get(point.join());
      if (value === undefined) missing.set(point.join(), point.slice());
      return value ?? 0;
    };
    const here = recall(params);
    if (!Number.isFinite(here)) return { values: [here], vector: new Float64Array(params.length).fill(Number.NaN) };
    const { gradient } = finiteDifferenceGradient(recall, params, { value: here, ...(box === undefined ? {} : { box }) });
    if (missing.size === 0) return { values: [here], vector: gradient };
    const { values } = yield { kind: "values", points: [...missing.values()] };
    [...missing.keys()].forEach((key, k) => {
      known.set(key, values[k]!);
    });
  }
}
