/** Arithmetic on numbers that may be known now, known for each iteration of a loop, or known when the graph runs. */

import { power } from "../../numeric/power.js";
import { constant, elementwise, uniformValue } from "../build.js";
import { type ElementwiseOp, hasRows, type Node, ROWS } from "../graph.js";
import { elementwisePrimitives } from "../primitives.js";
import { foldDense, reshapeKnown } from "./constants.js";
import { CannotVectorize, type Session } from "./session.js";
import { Accumulation, isKnown, type Lane, Sym, type Value } from "./values.js";

/** A value that arithmetic takes: a known number or condition, or a Sym without rest. */
export type Numeric = number | boolean | Sym;

export function isNumeric(value: Value): value is Numeric {
  return typeof value === "number" || typeof value === "boolean" || (value instanceof Sym && value.rest.length === 0);
}

/**
 * The number JavaScript would calculate with, or undefined for arrays, objects and functions.
 *
 * @throws CannotVectorize for a value that is carried from one iteration to the next.
 */
export function toNumeric(value: Value): number | Sym | undefined {
  if (value instanceof Accumulation) throw new CannotVectorize("an iteration needs the result of the one before");
  if (value instanceof Sym) return value.rest.length === 0 ? value : undefined;
  if (isKnown(value) && typeof value !== "function") return Number(value);
  return undefined;
}

/** A known number as a value with a node. */
export function toSym(value: Numeric): Sym {
  return value instanceof Sym ? value : new Sym(constant(Number(value)), [], typeof value === "boolean");
}

/** The lanes of several values together, from the outermost inwards. */
export function unionOfLanes(values: readonly (number | boolean | Sym)[]): readonly Lane[] {
  let union: readonly Lane[] = [];
  for (const value of values) {
    if (!(value instanceof Sym) || value.lanes === union) continue;
    if (union.length === 0) union = value.lanes;
    else if (!value.lanes.every((lane) => union.includes(lane)))
      union = [...new Set([...union, ...value.lanes])].sort((a, b) => a.depth - b.depth);
  }
  return union;
}

/**
 * The node of a value with axes for all of `lanes` and a rest of the given rank, of length 1 where
 * it lacks them; it broadcasts from the right.
 */
export function align(value: Sym, lanes: readonly Lane[], restRank = 0): Node {
  const { node, rest } = value;
  const rows = hasRows(node);
  const shape: number[] = lanes.map((lane) => (value.lanes.includes(lane) ? lane.length : 1));
  for (let i = rest.length; i < restRank; i++) shape.push(1);
  shape.push(...rest);
  if (rows) return reshapeKnown(node, [ROWS, ...shape]);
  while (shape.length > node.shape.length && shape[0] === 1) shape.shift();
  return reshapeKnown(node, shape);
}

/** A number or condition if the value is the same everywhere and now known, else the value. */
export function settle(node: Node, lanes: readonly Lane[], boolean: boolean): Numeric {
  const uniform = uniformValue(node);
  if (uniform !== undefined) return boolean ? uniform !== 0 : uniform;
  if (node.op === "constant") {
    const values = node.attributes.value as Float64Array;
    if (values.every((value) => Object.is(value, values[0]))) return boolean ? values[0] !== 0 : values[0]!;
  }
  return new Sym(node, lanes, boolean);
}

/** An elementwise primitive on numbers. @param boolean - the result stands for true or false. */
export function applyOperation(session: Session, op: ElementwiseOp, operands: readonly (number | Sym)[], boolean = false): Numeric {
  const apply = op === "pow" ? power : elementwisePrimitives[op].apply;
  if (operands.every((operand) => typeof operand === "number")) {
    const value = apply(operands[0]!, operands[1] ?? 0, operands[2] ?? 0);
    return boolean ? value !== 0 : value;
  }
  return applyNodes(session, operands, (nodes) => elementwise(op, nodes), apply, boolean, op);
}

/**
 * A function of numbers made of elementwise primitives.
 *
 * @param build - the graph of it.
 * @param known - what it is for known numbers.
 * @param key - its name, if equal calls shall be the same node.
 */
export function applyNodes(
  session: Session,
  operands: readonly (number | Sym)[],
  build: (nodes: readonly Node[]) => Node,
  known: (a: number, b: number, c: number) => number,
  boolean = false,
  key?: string,
): Numeric {
  const lanes = unionOfLanes(operands);
  const nodes = operands.map((operand) => (typeof operand === "number" ? constant(operand) : align(operand, lanes)));
  if (nodes.every((node) => node.op === "constant" && !hasRows(node))) {
    return settle(foldDense(nodes, known), lanes, boolean);
  }
  const name = key === undefined ? undefined : `${key} ${nodes.map((node) => uniformScalar(node) ?? `#${node.id}`).join(" ")}`;
  let node = name === undefined ? undefined : session.cache.get(name);
  if (node === undefined) {
    session.grow();
    node = build(nodes);
    if (name !== undefined) session.cache.set(name, node);
  }
  return settle(node, lanes, boolean);
}

function uniformScalar(node: Node): string | undefined {
  const value = node.shape.length === 0 ? uniformValue(node) : undefined;
  return value === undefined ? undefined : Object.is(value, -0) ? "-0" : String(value);
}
