/**
 * The program of a descent: objective, gradient, update rule and stopping tests fused into one procedure.
 *
 * A step starts from a committed point with its value and gradient, proposes the next point (`proposal.ts`), evaluates there, and
 * commits all of it together only if value and gradient are finite (`step-procedure.ts`). So the value always belongs to the point, and a
 * non-finite trial leaves everything as it was.
 */

import { gradient as gradientOf } from "../../autodiff/vjp.js";
import { binary, constant, input, ternary } from "../../graph/build.js";
import { type Node, ROWS, type Shape, substitute, topologicalOrder } from "../../graph/graph.js";
import { evaluate } from "../../graph/interpret.js";
import type { Cell, Procedure, Program, RowRange } from "../../graph/program.js";
import { Tensor } from "../../graph/tensor.js";
import { mapState } from "../../optim/state.js";
import type { InitContext } from "../../optim/transformation.js";
import { residualOf } from "../least-squares/residual.js";
import { allRows, EVALUATE } from "../objective/evaluate-program.js";
import type { ObjectiveGraph } from "../objective/objective-graph.js";
import type { Table } from "../objective/rows.js";
import { type ActiveCriteria, measureNames, toleranceNames } from "../stopping.js";
import * as cells from "./cells.js";
import { nodesOf, type Proposal, type ProposalOptions, propose } from "./proposal.js";
import { carriedWrites, stepProcedure, type Trial } from "./step-procedure.js";

export interface StepProgramOptions extends ProposalOptions {
  readonly table: Table | undefined;
  /** Rows per step; all of them if absent. */
  readonly batch: number | undefined;
  /** Keep the best point seen. Without sense for batches, whose values do not compare. */
  readonly keepBest: boolean;
  readonly record: { readonly params: boolean } | undefined;
  readonly criteria: ActiveCriteria;
}

/** A program and what its cells hold before the first step. */
export interface StepProgram {
  readonly program: Program;
  readonly initialAt: (start: Float64Array) => ReadonlyMap<string, ArrayLike<number>>;
  /** What stopping tests look at in place of the gradient; undefined where it is the gradient. */
  readonly residual: ReturnType<typeof residualOf>;
  /** Whether a step leaves the norm of its gradient behind; if not, it is that of the cell GRADIENT. */
  readonly measuresGradient: boolean;
  /** Cells that make up the state of the update rule, by their name without prefix. */
  readonly state: ReadonlyMap<string, Cell>;
}

/** Names of the procedures. A compiled objective has {@link EVALUATE} and `step`; one called from outside `propose` and `accept`. */
export const STEP_PROCEDURE = "step";
export const PROPOSE = "propose";
export const ACCEPT = "accept";
/** For rules that ask for a second gradient of an objective called from outside: where. */
export const PROBE = "probe";
/** For rules that recommend another point than the one where they stand. */
export const FIND_ANSWER = "findAnswer";

/** What a descent remembers and how it computes, in pieces that are put together. */
interface Part {
  readonly memory: readonly Cell[];
  readonly procedures: readonly Procedure[];
}

/** An update rule at the cells of a descent. */
interface BoundRule {
  readonly context: InitContext;
  /** The point, as its cell. */
  readonly params: Node;
  /** By name: what the state begins as, as a function of the point; the cells that hold it, and these as inputs. */
  readonly initialState: ReadonlyMap<string, Node>;
  readonly stateCells: ReadonlyMap<string, Cell>;
  readonly stateInputs: ReadonlyMap<string, Node>;
  readonly proposal: Proposal;
  /** The nearest point in the set of the rule. */
  readonly allowed: (point: Tensor) => Node;
  /** Where it asks for a second gradient, given a point and the gradient there. */
  readonly probe: ((point: Node, gradient: Node) => Node) | undefined;
}

export function buildStepProgram(options: StepProgramOptions): StepProgram {
  const { layout, dtype, method, table, graph } = options;
  const rule = bindRule(options);
  const stepping = graph === undefined ? steppingByCalls(options, rule) : steppingByGraph(options, rule, graph);
  const answering = answeringOf(options, rule);
  const columns = (table?.columns ?? []).map(({ cell, inner }): Cell => ({ name: cell, shape: [ROWS, ...inner] }));
  const initialAt = (start: Float64Array): Map<string, ArrayLike<number>> => {
    const values = evaluate([...rule.initialState.values()], { inputs: new Map([[cells.PARAMS, start]]) });
    return new Map<string, ArrayLike<number>>([
      [cells.PARAMS, start],
      [cells.BEST_VALUE, [Number.POSITIVE_INFINITY]],
      ...[...rule.initialState.keys()].map((name, i) => [cells.STATE_PREFIX + name, values[i]!] as const),
    ]);
  };
  return {
    program: {
      dtype,
      cells: [...descentCells(options, rule), ...stepping.memory, ...answering.memory, ...columns],
      procedures: [...stepping.procedures, ...answering.procedures],
      streamed: table?.streamed,
    },
    initialAt,
    measuresGradient: options.criteria.gradientNorm,
    residual: residualOf(method, layout.size),
    state: rule.stateCells,
  };
}

function bindRule(options: StepProgramOptions): BoundRule {
  const { layout, dtype, method } = options;
  const context = { leaves: layout.leaves, dtype };
  const params = input(cells.PARAMS, [layout.size]);
  const initialState = nodesOf(method.init(Tensor.of(params), context));
  const stateCells = new Map([...initialState].map(([name, { shape }]) => [name, { name: cells.STATE_PREFIX + name, shape }]));
  const stateInputs = new Map([...stateCells].map(([name, cell]) => [name, input(cell.name, cell.shape)]));
  const allowed = (point: Tensor): Node => (method.project?.(point) ?? point).node;
  const probe = method.probe && ((x: Node, g: Node): Node => allowed(method.probe!(Tensor.of(x), Tensor.of(g), context)));
  return { context, params, initialState, stateCells, stateInputs, proposal: propose(options, initialState, stateInputs), allowed, probe };
}

/** What every descent remembers, however its objective is evaluated. */
function descentCells({ layout, keepBest, batch }: StepProgramOptions, { stateCells, proposal, probe }: BoundRule): Cell[] {
  const shape: Shape = [layout.size];
  const memory: Cell[] = [
    { name: cells.PARAMS, shape },
    { name: cells.VALUE, shape: [] },
    { name: cells.GRADIENT, shape },
    { name: cells.STEP, shape: [] },
    { name: cells.MEASURES, shape: [measureNames.length] },
    { name: cells.TOLERANCES, shape: [toleranceNames.length] },
    ...stateCells.values(),
  ];
  if (proposal.carried !== undefined) memory.push({ name: cells.UPDATE, shape });
  if (keepBest) memory.push({ name: cells.BEST, shape }, { name: cells.BEST_VALUE, shape: [] });
  if (batch !== undefined) memory.push({ name: cells.BATCH, shape: [] });
  if (probe !== undefined) memory.push({ name: cells.PROBE_GRADIENT, shape });
  return memory;
}

/** An objective that is called from outside: a point is proposed, and accepted once its value and gradient are in their cells. */
function steppingByCalls(options: StepProgramOptions, { stateCells, proposal, probe }: BoundRule): Part {
  const shape: Shape = [options.layout.size];
  const pendingCell = (name: string): string => cells.PENDING_PREFIX + cells.STATE_PREFIX + name;
  const memory: Cell[] = [
    { name: cells.TRIAL, shape },
    { name: cells.TRIAL_VALUE, shape: [] },
    { name: cells.TRIAL_GRADIENT, shape },
    ...[...stateCells].map(([name, cell]) => ({ name: pendingCell(name), shape: cell.shape })),
  ];
  const pending = [...proposal.state].map(([name, node]) => ({ cell: pendingCell(name), node }));
  const trial: Trial = {
    params: input(cells.TRIAL, shape),
    value: input(cells.TRIAL_VALUE, []),
    gradient: input(cells.TRIAL_GRADIENT, shape),
    state: new Map([...proposal.state].map(([name, node]) => [name, input(pendingCell(name), node.shape)])),
    carried: proposal.carried,
    ...(probe === undefined ? {} : { probeGradient: input(cells.TRIAL_PROBE_GRADIENT, shape) }),
  };
  const procedures: Procedure[] = [
    { name: PROPOSE, writes: [{ cell: cells.TRIAL, node: proposal.params }, ...pending] },
    stepProcedure(ACCEPT, { ...options, countsSteps: readsSteps(proposal) }, trial),
  ];
  if (probe !== undefined) {
    memory.push({ name: cells.TRIAL_PROBE, shape }, { name: cells.TRIAL_PROBE_GRADIENT, shape });
    procedures.push({ name: PROBE, writes: [{ cell: cells.TRIAL_PROBE, node: probe(trial.params, trial.gradient) }] });
  }
  return { memory, procedures };
}

/** A compiled objective: evaluated at the start, and then within each step at the point that it proposes. */
function steppingByGraph(
  options: StepProgramOptions,
  { params, proposal, probe }: BoundRule,
  { value, params: own }: ObjectiveGraph,
): Part {
  const { table, batch } = options;
  const [gradient] = gradientOf(value, [own]) as [Node];
  const at = (point: Node): Pick<Trial, "value" | "gradient" | "probeGradient"> => {
    const [v, g] = substitute([value, gradient], new Map([[cells.PARAMS, point]])) as [Node, Node];
    if (probe === undefined) return { value: v, gradient: g };
    return { value: v, gradient: g, probeGradient: substitute([gradient], new Map([[cells.PARAMS, probe(point, g)]]))[0]! };
  };
  const nextBatch = table !== undefined && batch !== undefined ? batchAfter(table.rows, batch) : undefined;
  const here = nextBatch === undefined ? allRows(table) : batchRows(table!.rows, batch!, input(cells.BATCH, []));
  const there = nextBatch === undefined ? allRows(table) : batchRows(table!.rows, batch!, nextBatch);
  const evaluation: Procedure = {
    name: EVALUATE,
    writes: [
      { cell: cells.VALUE, node: value },
      { cell: cells.GRADIENT, node: gradient },
      ...carriedWrites(proposal.carried, gradient),
      ...(probe === undefined ? [] : [{ cell: cells.PROBE_GRADIENT, node: at(params).probeGradient! }]),
    ],
    ...(here === undefined ? {} : { rows: here }),
  };
  const stepOptions = { ...options, countsSteps: readsSteps(proposal), rows: there, nextBatch };
  return { memory: [], procedures: [evaluation, stepProcedure(STEP_PROCEDURE, stepOptions, { ...proposal, ...at(proposal.params) })] };
}

/** For rules that recommend a point: the point, and its value where the objective is compiled. */
function answeringOf({ layout, method, graph, table }: StepProgramOptions, { context, params, stateInputs, allowed }: BoundRule): Part {
  if (method.answer === undefined) return { memory: [], procedures: [] };
  const state = mapState(method.init(Tensor.of(params), context), (_, path) => Tensor.of(stateInputs.get(path)!));
  const node = allowed(method.answer(Tensor.of(params), state, context));
  const writes = [{ cell: cells.ANSWER, node }];
  if (graph !== undefined) writes.push({ cell: cells.ANSWER_VALUE, node: substitute([graph.value], new Map([[cells.PARAMS, node]]))[0]! });
  const rows = graph === undefined ? undefined : allRows(table);
  return {
    memory: [
      { name: cells.ANSWER, shape: [layout.size] },
      { name: cells.ANSWER_VALUE, shape: [] },
    ],
    procedures: [{ name: FIND_ANSWER, writes, ...(rows === undefined ? {} : { rows }) }],
  };
}

/** Whether a rule asks for the count of steps, as those with a schedule do. */
function readsSteps({ params, state }: Proposal): boolean {
  return topologicalOrder([params, ...state.values()]).some((node) => node.op === "input" && node.attributes.name === cells.STEP);
}

/** Index of the batch after the current one; the last batch of an epoch may be smaller. */
function batchAfter(rows: number, batch: number): Node {
  const next = binary("add", input(cells.BATCH, []), constant(1));
  return ternary("select", binary("less", next, constant(Math.ceil(rows / batch))), next, constant(0));
}

function batchRows(rows: number, batch: number, index: Node): RowRange {
  const start = binary("mul", index, constant(batch));
  return { start, count: binary("min", constant(batch), binary("sub", constant(rows), start)) };
}
