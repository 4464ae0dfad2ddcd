/** The program of descents side by side: each cell holds the numbers of all lanes, and one pass is a step of every lane. */

import { gradient as gradientOf } from "../../autodiff/vjp.js";
import { binary, constant, input } from "../../graph/build.js";
import { byParts } from "../../graph/by-parts.js";
import { elementCount, type Node, type Shape, substitute, topologicalOrder } from "../../graph/graph.js";
import { inLanes } from "../../graph/lanes.js";
import type { Cell, DType, Procedure, Program } from "../../graph/program.js";
import { Tensor } from "../../graph/tensor.js";
import type { Transformation } from "../../optim/transformation.js";
import type { Layout } from "../../tree/tree.js";
import { EVALUATE } from "../objective/evaluate-program.js";
import type { ObjectiveGraph } from "../objective/objective-graph.js";
import * as cells from "../steppers/cells.js";
import { nodesOf, propose } from "../steppers/proposal.js";
import { STEP_PROCEDURE } from "../steppers/step-program.js";

/** Begins at the points in the cell of the parameters: the state of the rule, and no steps. */
export const BEGIN = "begin";

/** Cells that fit into the first cache beside what a loop reads: a block of lanes makes all its steps there. */
const BLOCK_BYTES = 16384;
/** Fewer lanes are mostly the cost of loops; more bring nothing. */
const LANES = { least: 16, most: 128 };

/** A program, and for how many descents it is. */
export interface LockstepProgram {
  readonly program: Program;
  readonly lanes: number;
}

/** No step is tested: neither values nor norms are computed, unless the rule asks for them. */
export function buildLockstepProgram(options: {
  readonly layout: Layout;
  readonly dtype: DType;
  readonly method: Transformation;
  readonly graph: ObjectiveGraph;
}): LockstepProgram {
  const { layout, dtype, method, graph } = options;
  const shape: Shape = [layout.size];
  const params = input(cells.PARAMS, shape);
  const context = { leaves: layout.leaves, dtype };
  const initial = nodesOf(method.init(Tensor.of(params), context));
  const stateInputs = new Map([...initial].map(([name, node]) => [name, input(cells.STATE_PREFIX + name, node.shape)]));
  const proposal = propose({ layout, dtype, method, graph, carriesUpdate: false }, initial, stateInputs);

  const [gradient] = gradientOf(graph.value, [graph.params]) as [Node];
  const at = (point: Node): Node => substitute([gradient], new Map([[cells.PARAMS, point]]))[0]!;
  const known = new Map([
    [cells.VALUE, graph.value],
    [cells.GRADIENT, gradient],
  ]);
  if (method.probe !== undefined) {
    const probed = method.probe(Tensor.of(params), Tensor.of(gradient), context);
    known.set(cells.PROBE_GRADIENT, at((method.project?.(probed) ?? probed).node));
  }
  const next = byParts(substitute([proposal.params, ...proposal.state.values()], known));
  const countsSteps = topologicalOrder(next).some((node) => node.op === "input" && node.attributes.name === cells.STEP);

  const floats = [shape, ...[...initial.values()].map((node) => node.shape)].reduce((sum, s) => sum + elementCount(s), 0);
  const fitting = Math.floor(BLOCK_BYTES / (8 * Math.max(1, floats)));
  const lanes = Math.max(LANES.least, Math.min(LANES.most, fitting - (fitting % 8)));
  const cell = (name: string, single: Shape): Cell => ({ name, shape: [...single, lanes] });
  const memory = [
    cell(cells.PARAMS, shape),
    cell(cells.VALUE, []),
    ...[...initial].map(([name, node]) => cell(cells.STATE_PREFIX + name, node.shape)),
  ];
  const wide = new Map(memory.map(({ name, shape }) => [name, input(name, shape)]));
  const states = [...initial.keys()].map((name) => cells.STATE_PREFIX + name);
  const writes = (names: readonly string[], nodes: readonly Node[]): Procedure["writes"] =>
    inLanes(nodes, lanes, wide).map((node, i) => ({ cell: names[i]!, node }));
  const count = (node: Node): Procedure["writes"] => (countsSteps ? [{ cell: cells.STEP, node }] : []);

  return {
    lanes,
    program: {
      dtype,
      cells: [...memory, ...(countsSteps ? [{ name: cells.STEP, shape: [] }] : [])],
      procedures: [
        { name: BEGIN, writes: [...writes(states, [...initial.values()]), ...count(constant(0))] },
        {
          name: STEP_PROCEDURE,
          writes: [...writes([cells.PARAMS, ...states], next), ...count(binary("add", input(cells.STEP, []), constant(1)))],
          repeat: { require: [], stop: [] },
        },
        { name: EVALUATE, writes: writes([cells.VALUE], [graph.value]) },
      ],
    },
  };
}
