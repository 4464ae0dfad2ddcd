/** Functions that a module has once, however many ask for them. */

import type { FunctionBuilder, ModuleBuilder } from "./assembler.js";

const sharedFunctions = new WeakMap<ModuleBuilder, Map<string, FunctionBuilder>>();

/** The function of a module with this key, made when it is first asked for. */
export function sharedFunction(module: ModuleBuilder, key: string, make: () => FunctionBuilder): FunctionBuilder {
  const functions = sharedFunctions.get(module) ?? new Map<string, FunctionBuilder>();
  sharedFunctions.set(module, functions);
  const found = functions.get(key) ?? make();
  functions.set(key, found);
  return found;
}
