/** Functions that several products of a module use. */

import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";

const sharedFunctions = new WeakMap<ModuleBuilder, Map<string, FunctionBuilder>>();

/** One function for all products of a module that need the same. */
export function sharedFunction(module: ModuleBuilder, key: string, make: () => FunctionBuilder): FunctionBuilder {
  const functions = sharedFunctions.get(module) ?? new Map<string, FunctionBuilder>();
  sharedFunctions.set(module, functions);
  const found = functions.get(key) ?? make();
  functions.set(key, found);
  return found;
}
