/** A kernel: what the fusion hands to those who write code. */

import { type Node, ROWS } from "../../graph/graph.js";
import type { Root, RootSpec } from "./roots.js";
import type { Value } from "./value.js";

/** Multiplications from which a product is worth the packed matrix kernel. */
const MATMUL_WORK = 16384;

/** One loop nest, a group of scalars to be stored, or a matrix product. */
export interface Kernel {
  readonly kind: "nest" | "scalars" | "matmul";
  readonly axes: readonly number[];
  /** Summed axes as bits; of roots that are not reductions none are. */
  reduced: number;
  readonly roots: Root[];
  /** Numbers read from memory or registers of the loop in one iteration, roughly. */
  operands: number;
  /** What each root computes, once `bodies.ts` has written it; scatters have indices and values. */
  bodies: (readonly Value[])[];
}

/** A product that the packed matrix kernel computes: one free axis each side, one contracted. */
export function isMatmul(spec: RootSpec, node: Node): boolean {
  if (node.op !== "dot" || node.attributes.batch.length > 0 || node.attributes.contract.length !== 1) return false;
  // A contracted axis of one element is no loop axis.
  if (spec.axes.length !== 3 || spec.combine !== "dot" || spec.reduced === 0) return false;
  const lengths = spec.axes.map((length) => (length === ROWS ? 64 : length));
  return lengths.every((length) => length >= 4) && lengths.reduce((a, b) => a * b, 1) >= MATMUL_WORK;
}
