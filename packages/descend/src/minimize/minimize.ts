/** The front of the library: minimize, maximize, and descents to walk by hand. */

import { OptionError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { resolveMethod } from "../optim/resolve-method.js";
import { compile } from "../wasm/compile.js";
import { COMPILED_LENGTH, compiledPairs } from "../wasm/compiled-pairs.js";
import { describeProjection, readBox } from "./bounds.js";
import { minimizeConstrained } from "./constrained/minimize-constrained.js";
import { Descent } from "./descent.js";
import { checkpoints } from "./descent-checkpoint.js";
import { Examiner } from "./judging/examiner.js";
import { generalEvidence } from "./judging/general-evidence.js";
import { testedView } from "./judging/tested-view.js";
import { methodConflicts } from "./method-conflicts.js";
import { agreesWithOriginal } from "./objective/agreement.js";
import { differencedHessianVector } from "./objective/differenced-curvature.js";
import { chooseGradient } from "./objective/gradient-choice.js";
import { hessianMatrix } from "./objective/hessian-matrix.js";
import type { ObjectiveFunction } from "./objective/objective.js";
import type { TableData } from "./objective/rows.js";
import { readStreamableObjective, readTableOrStore } from "./objective/streamable.js";
import { StreamedProbe } from "./objective/streamed-probe.js";
import { readVariables } from "./objective/variables.js";
import { checkKinds } from "./option-kinds.js";
import type { DescentOptions } from "./options.js";
import { remarks } from "./remarks.js";
import type { Solution } from "./solution.js";
import { BatchOrder, checkBatch } from "./steppers/batch-order.js";
import { bounded } from "./steppers/bounded.js";
import { ruleStepper } from "./steppers/rule-stepper.js";
import { ruleValues, withPenalty } from "./steppers/rule-values.js";
import { searchCells } from "./steppers/search-state.js";
import type { DescentSubject } from "./subject.js";
import type { DescentTools } from "./tools.js";
import { usualMethod } from "./usual-method.js";

/** Objectives of every kind, methods by name, gradients from anywhere. */
export const allTools: DescentTools = {
  checkKinds,
  readObjective: readStreamableObjective,
  compile,
  general: {
    readTable: readTableOrStore,
    agreesWithOriginal,
    chooseGradient,
    resolveMethod,
    usualMethod,
    ruleStepper,
    readBox,
    describeProjection,
    bounded,
    ruleValues,
    withPenalty,
    differencedHessianVector,
    hessianMatrix,
    searchCells,
    checkpoints,
    readVariables,
    testedView,
    evidence: generalEvidence,
    remarks,
    conflicts: methodConflicts,
    pairSpace: (size) => (size < COMPILED_LENGTH ? undefined : compiledPairs()),
    checkBatch,
    StreamedProbe,
    newBatchOrder: (...order) => new BatchOrder(...order),
  },
  Examiner,
};

/** A row of a table: a number or an array of numbers per column. */
export type RowOf<D extends TableData> = {
  readonly [K in keyof D]: D[K] extends ArrayLike<number> ? number : number[];
};

/** A plain function of the parameters. */
export type PlainObjective<P> = (params: P) => number;
/** The loss of one row of the table. */
export type RowObjective<P, D extends TableData> = (params: P, row: RowOf<D>) => number;
/**
 * A function of tensors: of the parameters and of all rows at once. `Tensor` as its type lets the compiler tell a
 * wrong start or a missing return of the others.
 */
export type TracedObjective = (params: never, rows: never) => Tensor;
/** Options with a table to run over. */
export type RowOptions<D extends TableData> = Omit<DescentOptions, "data"> & { readonly data: D };

// The overload over rows comes first: the types of a function's parameters are taken from the first overload that it may fit. That of plain
// functions comes last once more: what is wrong with a call is said by the last overload.

/**
 * Minimizes an objective.
 *
 * The objective may be a plain function with ordinary operators (read from its source, differentiated and compiled), a formula
 * as text, or a function of tensors. With `data` it is the loss of one row, and its mean over the rows is minimized.
 *
 * @param start - where to begin: a number, an array, a typed array, or records and lists of these. Finite.
 * @returns the point that passed the tests, or the best one seen, with a verdict that is never "converged" unless they passed (or
 * `certify: false` left them out); not converging is an outcome, not an error.
 * @throws OptionError for unknown options or values out of range; DataError for a start or table that is empty or not finite;
 * TraceError for a formula that cannot be parsed.
 *
 * @example
 * minimize(([x, y]: number[]) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2, [-1.2, 1]).x; // [1, 1]
 * @example
 * minimize((p, row) => (p.a * row.x + p.b - row.y) ** 2, { a: 0, b: 0 }, { data: { x, y } });
 * @example
 * minimize("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 });
 */
export function minimize<P, const D extends TableData>(objective: RowObjective<P, D>, start: P, options: RowOptions<D>): Solution<P>;
export function minimize<P>(objective: string | PlainObjective<P>, start: P, options?: DescentOptions): Solution<P>;
export function minimize<P>(objective: TracedObjective, start: P, options?: DescentOptions): Solution<P>;
export function minimize<P>(objective: string | PlainObjective<P>, start: P, options?: DescentOptions): Solution<P>;
export function minimize<P>(objective: string | ObjectiveFunction, start: P, options: DescentOptions = {}): Solution<P> {
  return solve(objective, start, options, 1);
}

/** As {@link minimize}, for the largest value. Its iterates are those of minimizing −f, bit for bit. */
export function maximize<P, const D extends TableData>(objective: RowObjective<P, D>, start: P, options: RowOptions<D>): Solution<P>;
export function maximize<P>(objective: string | PlainObjective<P>, start: P, options?: DescentOptions): Solution<P>;
export function maximize<P>(objective: TracedObjective, start: P, options?: DescentOptions): Solution<P>;
export function maximize<P>(objective: string | PlainObjective<P>, start: P, options?: DescentOptions): Solution<P>;
export function maximize<P>(objective: string | ObjectiveFunction, start: P, options: DescentOptions = {}): Solution<P> {
  return solve(objective, start, options, -1);
}

function solve<P>(objective: string | ObjectiveFunction, start: P, options: DescentOptions, sign: 1 | -1): Solution<P> {
  if (options?.constraints !== undefined) return minimizeConstrained(objective, start, options, sign);
  return new Descent(objective, start, options, sign, allTools).run().solution();
}

/** A descent that waits for `step(n)` or `run()`; arguments as for {@link minimize}. */
export function createDescent<P, const D extends TableData>(objective: RowObjective<P, D>, start: P, options: RowOptions<D>): Descent<P>;
export function createDescent<P>(objective: string | PlainObjective<P>, start: P, options?: DescentOptions): Descent<P>;
export function createDescent<P>(objective: TracedObjective, start: P, options?: DescentOptions): Descent<P>;
export function createDescent<P>(objective: string | PlainObjective<P>, start: P, options?: DescentOptions): Descent<P>;
export function createDescent<P>(objective: string | ObjectiveFunction, start: P, options: DescentOptions = {}): Descent<P> {
  refuseConstraints(options);
  return new Descent(objective, start, options, 1, allTools);
}

/** A descent from the arguments of `minimize` or `maximize` as data: as {@link createDescent} for both senses. */
export function descentOf({ objective, start, options, sense }: DescentSubject): Descent<unknown> {
  refuseConstraints(options);
  return new Descent(objective, start, options, sense === "minimize" ? 1 : -1, allTools);
}

/** @throws OptionError OPTIONS_CONFLICT */
export function refuseConstraints(options: DescentOptions): void {
  if (options?.constraints === undefined) return;
  throw new OptionError("OPTIONS_CONFLICT", "constraints: are for minimize and maximize; a descent to walk by hand keeps to bounds only.", {
    options: ["constraints"],
  });
}

/** `0` as a start means a number, not the literal 0. */
export type Widen<P> = P extends number ? number : P;
