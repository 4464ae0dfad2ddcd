/**
 * What the function families know of the library: the names of its functions, and how to ask it for one.
 */

import type { FunctionBuilder } from "../encode/assembler.js";
import type { Lanes, Vector } from "./vector.js";

/** Primitives that are functions of the library; the others are single instructions or a few. */
export type MathOp =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "atan2"
  | "sinh"
  | "cosh"
  | "tanh"
  | "sigmoid"
  | "softplus"
  | "erf"
  | "lgamma"
  | "digamma"
  | "pow"
  | "random";

/** Writes a function of vectors as an expression. */
export type VectorFunction = (args: readonly Vector[], functions: FunctionSource) => Vector;

/** Forms of functions of float64 that are made for the inside of loops: fewer operations, a larger error. */
export type ShortFunctions = Partial<Record<MathOp, VectorFunction>>;

/** Where an expression gets the functions it calls; each is made on first use. */
export interface FunctionSource {
  /** The function (v128, …) → v128 of a primitive. */
  function(op: MathOp, lanes: Lanes): FunctionBuilder;
  /** A function written as an expression, by name: the edge cases of another, for example. */
  part(name: string, lanes: Lanes, arity: number, write: VectorFunction): FunctionBuilder;
  /** The high or the low lanes of the reduction of huge angles, for two float64 arguments: v128 → v128. */
  hugeReduction(which: "high" | "low"): FunctionBuilder;
}
