/**
 * The program of a descent: objective, gradient, update rule and stopping tests fused into one procedure.
 *
 * A step starts from a committed point with its value and gradient, proposes the next point, evaluates there, and
 * commits all of it together only if value and gradient are finite. So the value always belongs to the point, and a
 * non-finite trial leaves everything as it was.
 */

import { gradient as gradientOf } from "../../autodiff/vjp.js";
import { ShapeError, TraceError } from "../../errors.js";
import { binary, constant, input, reduceMax, sum, ternary, unary } from "../../graph/build.js";
import { formatShape, type Node, ROWS, type Shape, substitute, topologicalOrder } from "../../graph/graph.js";
import { evaluate } from "../../graph/interpret.js";
import type { Cell, DType, Procedure, Program, RowRange, Write } from "../../graph/program.js";
import { Tensor } from "../../graph/tensor.js";
import { mapState, stateEntries } from "../../optim/state.js";
import type { State, Transformation, Update } from "../../optim/transformation.js";
import type { Layout } from "../../tree/tree.js";
import { residualOf } from "../least-squares/residual.js";
import { allRows, EVALUATE } from "../objective/evaluate-program.js";
import type { ObjectiveGraph } from "../objective/objective-graph.js";
import type { Table } from "../objective/rows.js";
import { type ActiveCriteria, measureNames, stoppingNodes, toleranceNames } from "../stopping.js";
import * as cells from "./cells.js";

export interface StepProgramOptions {
  readonly layout: Layout;
  readonly dtype: DType;
  readonly method: Transformation;
  readonly start: Float64Array;
  /** Absent if the objective is called from outside. */
  readonly graph: ObjectiveGraph | undefined;
  readonly table: Table | undefined;
  /** Rows per step; all of them if absent. */
  readonly batch: number | undefined;
  /** Compute updates with the gradient they come from, not before they are added, if the rule has no memory: a step is shorter by that. */
  readonly carriesUpdate: boolean;
  /** Keep the best point seen. Without sense for batches, whose values do not compare. */
  readonly keepBest: boolean;
  readonly record: { readonly params: boolean } | undefined;
  readonly criteria: ActiveCriteria;
}

interface StepOptions extends StepProgramOptions {
  readonly countsSteps: boolean;
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

export function buildStepProgram(options: StepProgramOptions): StepProgram {
  const { layout, method, table, batch } = options;
  const shape: Shape = [layout.size];
  const params = input(cells.PARAMS, shape);
  const context = { leaves: layout.leaves, dtype: options.dtype };

  // What the update rule remembers: its cells, and their values at the start.
  const initialState = nodesOf(method.init(Tensor.of(params), context));
  const stateInputs = new Map([...initialState].map(([name, node]) => [name, input(cells.STATE_PREFIX + name, node.shape)]));
  const stateCells = new Map([...initialState].map(([name, node]) => [name, { name: cells.STATE_PREFIX + name, shape: node.shape }]));

  const proposal = propose(options, initialState, stateInputs);
  const carried = proposal.carried;
  const reads = topologicalOrder([proposal.params, ...proposal.state.values()]);
  const stepOptions = { ...options, countsSteps: reads.some((node) => node.op === "input" && node.attributes.name === cells.STEP) };

  const memory: Cell[] = [
    { name: cells.PARAMS, shape },
    { name: cells.VALUE, shape: [] },
    { name: cells.GRADIENT, shape },
    { name: cells.STEP, shape: [] },
    { name: cells.MEASURES, shape: [measureNames.length] },
    { name: cells.TOLERANCES, shape: [toleranceNames.length] },
    ...stateCells.values(),
  ];
  if (carried !== undefined) memory.push({ name: cells.UPDATE, shape });
  if (options.keepBest) memory.push({ name: cells.BEST, shape }, { name: cells.BEST_VALUE, shape: [] });
  if (batch !== undefined) memory.push({ name: cells.BATCH, shape: [] });
  const allowed = (point: Tensor): Node => (method.project?.(point) ?? point).node;
  const probe = method.probe && ((x: Node, g: Node): Node => allowed(method.probe!(Tensor.of(x), Tensor.of(g), context)));
  if (probe !== undefined) memory.push({ name: cells.PROBE_GRADIENT, shape });

  const procedures: Procedure[] = [];
  if (options.graph === undefined) {
    memory.push({ name: cells.TRIAL, shape }, { name: cells.TRIAL_VALUE, shape: [] }, { name: cells.TRIAL_GRADIENT, shape });
    for (const { name, shape } of stateCells.values()) memory.push({ name: cells.PENDING_PREFIX + name, shape });
    const pending = [...proposal.state].map(([name, node]) => ({ cell: cells.PENDING_PREFIX + cells.STATE_PREFIX + name, node }));
    procedures.push({ name: PROPOSE, writes: [{ cell: cells.TRIAL, node: proposal.params }, ...pending] });
    const trial = {
      params: input(cells.TRIAL, shape),
      value: input(cells.TRIAL_VALUE, []),
      gradient: input(cells.TRIAL_GRADIENT, shape),
      state: new Map(
        [...proposal.state].map(([name, node]) => [name, input(cells.PENDING_PREFIX + cells.STATE_PREFIX + name, node.shape)]),
      ),
      carried,
    };
    const probed = probe === undefined ? {} : { probeGradient: input(cells.TRIAL_PROBE_GRADIENT, shape) };
    procedures.push(stepProcedure(ACCEPT, stepOptions, { ...trial, ...probed }, undefined, undefined));
    if (probe !== undefined) {
      memory.push({ name: cells.TRIAL_PROBE, shape }, { name: cells.TRIAL_PROBE_GRADIENT, shape });
      procedures.push({ name: PROBE, writes: [{ cell: cells.TRIAL_PROBE, node: probe(trial.params, trial.gradient) }] });
    }
  } else {
    const { value } = options.graph;
    const [gradient] = gradientOf(value, [options.graph.params]) as [Node];
    const at = (point: Node): Pick<Trial, "value" | "gradient" | "probeGradient"> => {
      const [v, g] = substitute([value, gradient], new Map([[cells.PARAMS, point]])) as [Node, Node];
      if (probe === undefined) return { value: v, gradient: g };
      return { value: v, gradient: g, probeGradient: substitute([gradient], new Map([[cells.PARAMS, probe(point, g)]]))[0]! };
    };
    const nextBatch = table !== undefined && batch !== undefined ? batchAfter(table.rows, batch) : undefined;
    const here = nextBatch === undefined ? allRows(table) : batchRows(table!.rows, batch!, input(cells.BATCH, []));
    const there = nextBatch === undefined ? allRows(table) : batchRows(table!.rows, batch!, nextBatch);
    procedures.push({
      name: EVALUATE,
      writes: [
        { cell: cells.VALUE, node: value },
        { cell: cells.GRADIENT, node: gradient },
        ...carriedWrites(carried, gradient),
        ...(probe === undefined ? [] : [{ cell: cells.PROBE_GRADIENT, node: at(params).probeGradient! }]),
      ],
      ...(here === undefined ? {} : { rows: here }),
    });
    procedures.push(stepProcedure(STEP_PROCEDURE, stepOptions, { ...proposal, ...at(proposal.params) }, there, nextBatch));
  }
  if (method.answer !== undefined) {
    const state = mapState(method.init(Tensor.of(params), context), (_, path) => Tensor.of(stateInputs.get(path)!));
    const answer = allowed(method.answer(Tensor.of(params), state, context));
    memory.push({ name: cells.ANSWER, shape }, { name: cells.ANSWER_VALUE, shape: [] });
    const writes: Write[] = [{ cell: cells.ANSWER, node: answer }];
    const { graph } = options;
    if (graph !== undefined) {
      writes.push({ cell: cells.ANSWER_VALUE, node: substitute([graph.value], new Map([[cells.PARAMS, answer]]))[0]! });
    }
    const rows = graph === undefined ? undefined : allRows(table);
    procedures.push({ name: FIND_ANSWER, writes, ...(rows === undefined ? {} : { rows }) });
  }
  for (const column of table?.columns ?? []) memory.push({ name: column.cell, shape: [ROWS, ...column.inner] });

  const initialAt = (start: Float64Array): Map<string, ArrayLike<number>> => {
    const values = evaluate([...initialState.values()], { inputs: new Map([[cells.PARAMS, start]]) });
    return new Map<string, ArrayLike<number>>([
      [cells.PARAMS, start],
      [cells.BEST_VALUE, [Number.POSITIVE_INFINITY]],
      ...[...initialState.keys()].map((name, i) => [cells.STATE_PREFIX + name, values[i]!] as const),
    ]);
  };
  const measuresGradient = options.criteria.gradientNorm;
  return {
    program: { dtype: options.dtype, cells: memory, procedures, streamed: table?.streamed },
    initialAt,
    measuresGradient,
    residual: residualOf(method, layout.size),
    state: stateCells,
  };
}

interface Trial extends Proposal {
  readonly value: Node;
  readonly gradient: Node;
  /** At the second point of a rule that asks for one. */
  readonly probeGradient?: Node;
}

/** What an update rule makes of a point. */
export interface Proposal {
  readonly params: Node;
  readonly state: ReadonlyMap<string, Node>;
  /** The update as a function of the gradient, if the cell {@link cells.UPDATE} holds it; undefined where it is computed as it is added. */
  readonly carried: Node | undefined;
}

/** The update that the next step will add, in its cell. */
function carriedWrites(carried: Node | undefined, gradient: Node): Write[] {
  if (carried === undefined) return [];
  return [{ cell: cells.UPDATE, node: substitute([carried], new Map([[cells.GRADIENT, gradient]]))[0]!, urgent: true }];
}

/** The next point and state by the update rule, as functions of the cells that a step reads. */
export function propose(
  { layout, dtype, method, graph, carriesUpdate }: Pick<StepProgramOptions, "layout" | "dtype" | "method" | "graph" | "carriesUpdate">,
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

/** One committed step: the trial takes the place of the current point if it is finite. */
function stepProcedure(
  name: string,
  options: StepOptions,
  trial: Trial,
  rows: RowRange | undefined,
  nextBatch: Node | undefined,
): Procedure {
  const shape: Shape = [options.layout.size];
  const params = input(cells.PARAMS, shape);
  const value = input(cells.VALUE, []);
  const move = binary("sub", trial.params, params);
  const maxNorm = (x: Node): Node => reduceMax(unary("abs", x));
  const tests = stoppingNodes(
    {
      value,
      newValue: trial.value,
      newGradientNorm: maxNorm(options.method.residual?.(Tensor.of(trial.params), Tensor.of(trial.gradient)).node ?? trial.gradient),
      stepNorm: maxNorm(move),
      newParamsNorm: maxNorm(trial.params),
      measures: input(cells.MEASURES, [measureNames.length]),
      tolerances: input(cells.TOLERANCES, [toleranceNames.length]),
    },
    options.criteria,
  );
  const writes: Write[] = [
    { cell: cells.PARAMS, node: trial.params },
    { cell: cells.VALUE, node: trial.value },
    { cell: cells.GRADIENT, node: trial.gradient },
    { cell: cells.MEASURES, node: tests.measures },
    ...carriedWrites(trial.carried, trial.gradient),
    ...[...trial.state].map(([leaf, node]) => ({ cell: cells.STATE_PREFIX + leaf, node })),
  ];
  if (trial.probeGradient !== undefined) writes.push({ cell: cells.PROBE_GRADIENT, node: trial.probeGradient });
  if (nextBatch !== undefined) writes.push({ cell: cells.BATCH, node: nextBatch });
  // The stepper counts steps; only a rule that asks for the count (a schedule) needs it in the program.
  if (options.countsSteps) writes.push({ cell: cells.STEP, node: binary("add", input(cells.STEP, []), constant(1)) });

  // The best point is saved when it is left behind, so a descent that only improves never copies it.
  const bestValue = input(cells.BEST_VALUE, []);
  const leavesBest = binary("mul", binary("less", value, trial.value), binary("less", value, bestValue));
  const keeps = options.keepBest
    ? [
        { from: cells.PARAMS, to: cells.BEST, when: leavesBest },
        { from: cells.VALUE, to: cells.BEST_VALUE, when: leavesBest },
      ]
    : [];

  const twoNorm = (x: Node): Node => unary("sqrt", sum(binary("mul", x, x)));
  const record =
    options.record === undefined
      ? []
      : [trial.value, twoNorm(trial.gradient), twoNorm(move), ...(options.record.params ? [trial.params] : [])];
  return {
    name,
    writes,
    ...(rows === undefined ? {} : { rows }),
    repeat: { require: tests.require, stop: tests.stop, keeps, record },
  };
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
