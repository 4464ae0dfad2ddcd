/**
 * What an update rule is: a transformation of updates, written in the language of objectives and compiled into the step.
 *
 * A rule gets the gradient and gives what is *added* to params; rules are put in a row by {@link chain}, each reading what
 * the one before it gave. A method is a chain that ends in a scaling by −learningRate.
 *
 * A rule is called while the program is built, once; what it builds runs every step. So it has no branches on values, and
 * what it remembers is explicit: its state is a record of tensors, each of which becomes a cell of the program, can be read
 * between steps, and survives JSON.
 *
 * @example A rule of one's own, as fast as the built-in ones:
 * const damped: Transformation<{ mean: Tensor }> = {
 *   name: "damped",
 *   init: (params) => ({ mean: zeros(params.shape) }),
 *   update(updates, { mean }) {
 *     const next = mean.mul(0.9).add(updates.mul(0.1));
 *     return { updates: next.mul(-0.01), state: { mean: next } };
 *   },
 * };
 */

import type { DType } from "../graph/program.js";
import type { Tensor } from "../graph/tensor.js";
import type { Leaf } from "../tree/tree.js";

/** What a rule remembers: a record of tensors of fixed shapes, nested as it likes; `{}` if nothing. */
export type State = { readonly [name: string]: Tensor | State };

/** What is known where the state is laid out. */
export interface InitContext {
  /** Blocks of the flat vector, in order: for rules that act on each layer or matrix by itself. */
  readonly leaves: readonly Leaf[];
  /** Number format that the rule runs in. Default "float64". */
  readonly dtype?: DType | undefined;
}

/** What a rule may read beside the updates. */
export interface UpdateContext extends InitContext {
  /** Parameters before this update, [n]. */
  readonly params: Tensor;
  /** Objective at `params`, scalar. */
  readonly value: Tensor;
  /** Gradient at `params` as it came in, before any transformation, [n]. */
  readonly gradient: Tensor;
  /** Updates made before this one, scalar: 0 for the first. */
  readonly step: Tensor;
  /** Gradient where the rule's {@link Transformation.probe} asked for it, [n]; absent if it asks for none. */
  readonly probeGradient?: Tensor;
}

/** What a rule gives: updates of the same shape, and the state for the next step with the same names and shapes. */
export interface Update<S extends State = State> {
  readonly updates: Tensor;
  readonly state: S;
}

/** One rule. The pair `init` / `update` is all the rest of Descend knows of it. */
export interface Transformation<S extends State = State> {
  /** For printing and for the names of cells: "adam". */
  readonly name: string;
  /** Of a method of the catalogue: the options it was made with. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** State before the first update, from the starting point [n]. May not depend on data. */
  init(params: Tensor, context: InitContext): S;
  /**
   * One update.
   *
   * @param updates - [n]: the gradient for the first rule of a chain. What comes out of the last one is added to params.
   */
  update(updates: Tensor, state: S, context: UpdateContext): Update<S>;
  /**
   * What must vanish at a minimizer, [n], for a rule that handles kinks of the objective exactly: the subgradient of smallest norm.
   * It takes the place of the gradient in stopping tests and certificate, and equals the gradient in every coordinate without a kink.
   * Absent: the gradient itself.
   */
  residual?(params: Tensor, gradient: Tensor): Tensor;
  /**
   * The allowed point nearest to `params`, [n], for a rule that keeps parameters in a set: what is proposed is
   * project(params + updates), and a descent begins at the projection of its start. Needs a {@link residual}, since the gradient does not
   * vanish at the edge of a set. Absent: every point is allowed.
   */
  project?(params: Tensor): Tensor;
  /**
   * What the rule minimizes beside the objective, scalar; values of the descent are of the sum,
   * gradients of the objective. Absent: nothing.
   */
  penalty?(params: Tensor): Tensor;
  /**
   * 1 for each parameter along which the sum is smooth and free, [n]: where curvature tells something. Absent:
   * where {@link residual} equals the gradient.
   */
  smooth?(params: Tensor): Tensor;
  /**
   * A second point at which the rule wants the gradient, [n], found from the point where it stands and the gradient there. The gradient is
   * taken on the same rows and handed to the next update as `probeGradient`. It costs as much as the first one. A rule with a set
   * ({@link project}) gets it at the nearest allowed point. Absent: none is wanted.
   */
  probe?(params: Tensor, gradient: Tensor, context: InitContext): Tensor;
  /**
   * The point that the rule recommends, [n], if not the one where it stands: an average of its iterates. A descent over batches gives it as
   * its solution; one over all rows does if its value is lower. A rule with a set recommends the nearest allowed point.
   */
  answer?(params: Tensor, state: S, context: InitContext): Tensor;
}

/** A transformation that remembers nothing. */
export function stateless(name: string, transform: (updates: Tensor, context: UpdateContext) => Tensor): Transformation {
  return {
    name,
    init: () => ({}),
    update: (updates, state, context) => ({ updates: transform(updates, context), state }),
  };
}
