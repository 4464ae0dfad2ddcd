/** A case with its reference cure written into it, so that it is a case of its own. */

import type { Case } from "../../../src/doctor/index.js";
import type { Patch } from "../../../src/doctor/patch.js";

/** Undefined for cures that a case cannot express by itself (rows, columns and scales are then the table's own affair). */
export function patched(source: Case, patch: Patch): Case | undefined {
  const { method, methodOptions, learningRate, maxSteps, precision, gradient, shuffle, batch, start, standardize, ...rest } = patch;
  if (Object.keys(rest).length > 0 || standardize !== undefined || start !== undefined) return undefined;
  const { gradient: own, ...kept } = source;
  return {
    ...kept,
    ...(own === undefined || gradient === "exact" ? {} : { gradient: own }),
    ...(method === undefined ? {} : { method: methodOptions === undefined ? method : { name: method, ...methodOptions } }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(precision === undefined ? {} : { precision }),
    ...(shuffle === undefined ? {} : { shuffle }),
    ...(batch === undefined ? {} : { batch }),
  };
}
