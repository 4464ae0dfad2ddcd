/** What all products of a module share. */

import { invariant } from "../../errors.js";
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

/** Throws an InternalError unless the shape and the strides are those of a product. */
export function checkProduct({
  m,
  n,
  kMax,
  strides,
}: {
  m: number;
  n: number;
  kMax: number;
  strides: Readonly<Record<string, number>>;
}): void {
  invariant(m >= 1 && n >= 1 && kMax >= 0, "a product has at least one row and one column");
  invariant(
    Object.values(strides).every((stride) => stride >= 0),
    "strides of a product are not negative",
  );
}

/** A product that calls `inner` with its operands exchanged: (AB)ᵀ = BᵀAᵀ. */
export function exchanged(module: ModuleBuilder, inner: FunctionBuilder): FunctionBuilder {
  const fn = module.addFunction(["i32", "i32", "i32", "i32", "i32"], []);
  fn.get(1).get(0).get(2).get(3).get(4).call(inner);
  return fn;
}
