/** Derivatives of primitives that only rearrange or repeat elements. */

import { broadcast, concat, constant, reshape, slice, transpose } from "../../graph/build.js";
import { sumToShape } from "../../graph/contraction.js";
import type { Contribution, StructuralRule } from "./rule.js";

export const broadcastRule: StructuralRule<"broadcast"> = {
  jvp: (node, [t]) => broadcast(t!, node.shape),
  vjp: (node, cotangent) => [sumToShape(cotangent, node.inputs[0]!.shape)],
};

export const reshapeRule: StructuralRule<"reshape"> = {
  jvp: (node, [t]) => reshape(t!, node.shape),
  vjp: (node, cotangent) => [reshape(cotangent, node.inputs[0]!.shape)],
};

export const transposeRule: StructuralRule<"transpose"> = {
  jvp: (node, [t]) => transpose(t!, node.attributes.permutation),
  vjp: (node, cotangent) => {
    const inverse: number[] = [];
    node.attributes.permutation.forEach((axis, i) => {
      inverse[axis] = i;
    });
    return [transpose(cotangent, inverse)];
  },
};

/** Its adjoint pads with zeros. The padding is left to the collection of all pieces of one node, see `cotangents.ts`. */
export const sliceRule: StructuralRule<"slice"> = {
  jvp: (node, [t]) => slice(t!, node.attributes.axis, node.attributes.start, node.attributes.stop),
  vjp: (node, cotangent) => [{ ...node.attributes, values: cotangent }],
};

export const concatRule: StructuralRule<"concat"> = {
  jvp: (node, tangents) =>
    concat(
      tangents.map((t, k) => t ?? constant(0, node.inputs[k]!.shape)),
      node.attributes.axis,
    ),
  vjp: (node, cotangent, wanted) => {
    const { axis } = node.attributes;
    const parts: (Contribution | undefined)[] = [];
    let start = 0;
    for (const [k, part] of node.inputs.entries()) {
      const stop = start + part.shape[axis]!;
      parts.push(wanted(k) ? slice(cotangent, axis, start, stop) : undefined);
      start = stop;
    }
    return parts;
  },
};
