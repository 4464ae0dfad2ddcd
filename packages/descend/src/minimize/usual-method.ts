import { resolveMethod } from "../optim/resolve-method.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";
import type { DescentOptions } from "./options.js";

/** The method that nobody named, where it is not L-BFGS: for whole numbers, mini-batches, and gradients that are estimates. */
export function usualMethod({ variables, gradient, batch, learningRate }: DescentOptions): Transformation | SearchMethod | undefined {
  if (variables !== undefined) return resolveMethod("geneticAlgorithm");
  const full = batch === undefined || batch === "full";
  const estimated = gradient === "spsa" || gradient === "gaussian-smoothing" || typeof gradient === "object";
  return full && !estimated ? undefined : resolveMethod("adam", {}, learningRate);
}
