/** What an update rule makes of the point where a descent stands, as functions of the cells that a step reads. */

import { ShapeError, TraceError } from "../../errors.js";
import { input } from "../../graph/build.js";
import { formatShape, type Node, type Shape, topologicalOrder } from "../../graph/graph.js";
import type { DType } from "../../graph/program.js";
import { Tensor } from "../../graph/tensor.js";
import { mapState, stateEntries } from "../../optim/state.js";
import type { State, Transformation, Update } from "../../optim/transformation.js";
import type { Layout } from "../../tree/tree.js";
import type { ObjectiveGraph } from "../objective/objective-graph.js";
import * as cells from "./cells.js";

export interface ProposalOptions {
  readonly layout: Layout;
  readonly dtype: DType;
  readonly method: Transformation;
  /** Absent if the objective is called from outside. */
  readonly graph: ObjectiveGraph | undefined;
  /** Compute updates with the gradient they come from, not before they are added, if the rule has no memory: a step is shorter by that. */
  readonly carriesUpdate: boolean;
}

/** The next point. */
export interface Proposal {
  readonly params: Node;
  readonly state: ReadonlyMap<string, Node>;
  /** The update as a function of the gradient, if the cell {@link cells.UPDATE} holds it; undefined where it is computed as it is added. */
  readonly carried: Node | undefined;
}

/** The next point and state by the update rule, as functions of the cells that a step reads. */
export function propose(
  { layout, dtype, method, graph, carriesUpdate }: ProposalOptions,
  initialState: ReadonlyMap<string, Node>,
  stateInputs: ReadonlyMap<string, Node>,
): Proposal {
  const shape: Shape = [layout.size];
  const params = Tensor.of(input(cells.PARAMS, shape));
  const gradient = Tensor.of(input(cells.GRADIENT, shape));
  const template = method.init(params, { leaves: layout.leaves, dtype });
  const update = method.update(
    gradient,
    mapState(template, (_, path) => Tensor.of(stateInputs.get(path)!)),
    {
      leaves: layout.leaves,
      dtype,
      params,
      gradient,
      value: Tensor.of(input(cells.VALUE, [])),
      step: Tensor.of(input(cells.STEP, [])),
      ...(method.probe === undefined ? {} : { probeGradient: Tensor.of(input(cells.PROBE_GRADIENT, shape)) }),
    },
  );
  checkUpdate(method.name, update, params);
  const state = nodesOf(update.state);
  checkState(method.name, initialState, state);
  const dependsOn = topologicalOrder([update.updates.node]).flatMap((node) => (node.op === "input" ? [node.attributes.name] : []));
  const carries = carriesUpdate && graph !== undefined && initialState.size === 0 && dependsOn.every((name) => name === cells.GRADIENT);
  const next = params.add(carries ? Tensor.of(input(cells.UPDATE, shape)) : update.updates);
  return { params: (method.project?.(next) ?? next).node, state, carried: carries ? update.updates.node : undefined };
}

/** The nodes of a state by path. */
export function nodesOf(state: State): Map<string, Node> {
  return new Map(stateEntries(state).map(({ path, tensor }) => [path, tensor.node]));
}

/** A rule of the user's own may return anything. */
function checkUpdate(method: string, update: Partial<Update> | undefined, params: Tensor): void {
  const { updates, state } = update ?? {};
  if (!(updates instanceof Tensor) || typeof state !== "object" || state === null) {
    const missing = updates instanceof Tensor ? "state" : "updates";
    throw new TraceError(
      "NOT_A_TENSOR",
      `${method}: update must return { updates, state }: a tensor and a record of tensors; got no ${missing}.`,
      {
        where: `${method}.update`,
        got: `no ${missing}`,
      },
    );
  }
  if (updates.shape.join() !== params.shape.join()) {
    const [expected, got] = [formatShape(params.shape), formatShape(updates.shape)];
    throw new ShapeError(
      "SHAPE_MISMATCH",
      `${method}: update must return updates in the shape of the parameters, ${expected}; got ${got}.`,
      {
        where: `${method}.update`,
        expected,
        got,
      },
    );
  }
}

function checkState(method: string, before: ReadonlyMap<string, Node>, after: ReadonlyMap<string, Node>): void {
  for (const [name, node] of before) {
    const next = after.get(name);
    if (next === undefined || next.shape.join() !== node.shape.join()) {
      throw new ShapeError(
        "SHAPE_MISMATCH",
        `${method}: update must return the state "${name}" in the shape that init gave it, ${formatShape(node.shape)}; got ${next === undefined ? "nothing" : formatShape(next.shape)}.`,
        { where: `${method}.update`, expected: formatShape(node.shape), got: next === undefined ? "nothing" : formatShape(next.shape) },
      );
    }
  }
}
