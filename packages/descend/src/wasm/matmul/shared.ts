/** Functions that several products of a module use. */

import type { FunctionBuilder, ModuleBuilder } from "../assembler.js";

const sharedFunctions = new WeakMap<ModuleBuilder, Map<string, FunctionBuilder>>();

/** One function for all products of a module that need the same. */
export function sharedFunction(module: ModuleBuilder, key: string, make: () => FunctionBuilder): FunctionBuilder {
  let functions = sharedFunctions.get(module);
  if (functions === undefined) sharedFunctions.set(module, (functions = new Map()));
  let found = functions.get(key);
  if (found === undefined) functions.set(key, (found = make()));
  return found;
}
