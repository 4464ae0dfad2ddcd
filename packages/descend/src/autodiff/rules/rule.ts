/**
 * What a derivative rule is.
 *
 * An elementwise primitive y = f(a, b, …) has one {@link Partial} per operand: the factor ∂y/∂operand, or a linear map
 * applied to what arrives. A factor is diagonal, so forward mode (multiply the tangent of the operand) and reverse mode
 * (multiply the cotangent of the result) share it. A structural primitive is linear in its differentiable operands
 * (but for `reduceMax` and `dot`) and has a rule for each mode.
 */

import type { Attributes, Node } from "../../graph/graph.js";

/** ∂y/∂operand for one operand: a node to multiply by, a linear map to apply, or undefined where the derivative is 0. */
export type Factor = Node | ((t: Node) => Node) | undefined;

/** Makes the factor of one operand when it is needed, from the operands and the result y. */
export type Partial = (operands: readonly Node[], y: Node) => Factor;

/** One partial per operand. */
export type ElementwiseRule = readonly Partial[];

/** Part `start ≤ i < stop` along `axis` of a cotangent that is 0 elsewhere. */
export interface Piece {
  readonly axis: number;
  readonly start: number;
  readonly stop: number;
  readonly values: Node;
}

/** What a node sends back to an operand: a cotangent of the operand's shape, or a piece of one. */
export type Contribution = Node | Piece;

export type StructuralOp = keyof Attributes;

/** A node whose `op` is O, with its attributes typed. */
export type NodeWith<O extends StructuralOp> = Extract<Node, { readonly op: O }>;

export interface StructuralRule<O extends StructuralOp> {
  /** Tangent of the result from the tangents of the operands (undefined = 0). At least one is defined. */
  readonly jvp: (node: NodeWith<O>, tangents: readonly (Node | undefined)[]) => Node | undefined;
  /** What goes back to each operand that is wanted. */
  readonly vjp: (node: NodeWith<O>, cotangent: Node, wanted: (operand: number) => boolean) => (Contribution | undefined)[];
}

/** The partial of an operand the result does not depend on smoothly. */
export const none: Partial = () => undefined;
