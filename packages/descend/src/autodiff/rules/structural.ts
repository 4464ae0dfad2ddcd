/** The catalogue of derivative rules of the primitives that are not elementwise. */

import { gather, scatterAdd } from "../../graph/build.js";
import { dotRule, reduceMaxRule, sumRule } from "./reductions.js";
import type { StructuralOp, StructuralRule } from "./rule.js";
import { broadcastRule, concatRule, reshapeRule, sliceRule, transposeRule } from "./views.js";

/** A source of values: nothing flows in. */
const leaf = { jvp: () => undefined, vjp: () => [] };

/** Linear in the table; the indices are whole numbers and have no derivative. */
const gatherRule: StructuralRule<"gather"> = {
  jvp: (node, [t]) => (t === undefined ? undefined : gather(t, node.inputs[1]!)),
  vjp: (node, cotangent, wanted) => [wanted(0) ? scatterAdd(node.inputs[1]!, cotangent, node.inputs[0]!.shape[0]!) : undefined, undefined],
};

/** Linear in the values: the adjoint of `gather`. */
const scatterAddRule: StructuralRule<"scatterAdd"> = {
  jvp: (node, [, t]) => (t === undefined ? undefined : scatterAdd(node.inputs[0]!, t, node.attributes.size)),
  vjp: (node, cotangent, wanted) => [undefined, wanted(1) ? gather(cotangent, node.inputs[0]!) : undefined],
};

/** One rule per structural primitive; the type checker refuses a primitive without one. */
export const structuralRules: { readonly [O in StructuralOp]: StructuralRule<O> } = {
  constant: leaf,
  input: leaf,
  rowCount: leaf,
  rowIndex: leaf,
  sum: sumRule,
  reduceMax: reduceMaxRule,
  broadcast: broadcastRule,
  reshape: reshapeRule,
  transpose: transposeRule,
  slice: sliceRule,
  concat: concatRule,
  gather: gatherRule,
  scatterAdd: scatterAddRule,
  dot: dotRule,
};
