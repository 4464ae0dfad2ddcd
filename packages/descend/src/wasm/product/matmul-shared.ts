/** What all products of a module share. */

import { invariant } from "../../errors.js";
import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";

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
