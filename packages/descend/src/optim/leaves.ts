/**
 * Rules that act on each leaf of the parameters (a layer's matrix, a bias) by itself.
 */

import { elementCount } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import { concat } from "../graph/tensor-functions.js";
import type { Leaf } from "../tree/tree.js";

/** The part of a flat vector [n] that belongs to a leaf, as a vector. */
export function leafOf(vector: Tensor, leaf: Leaf): Tensor {
  return vector.slice(leaf.offset, leaf.offset + elementCount(leaf.shape), 0);
}

/** A vector [n] whose leaves are what `rule` gives for each, as vectors of the same lengths. */
export function mapLeaves(leaves: readonly Leaf[], rule: (leaf: Leaf) => Tensor): Tensor {
  return concat(leaves.map(rule), 0);
}
