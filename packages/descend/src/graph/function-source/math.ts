/** `Math` for numbers that may be known later: a row a function. */

import type { Node as SyntaxNode } from "acorn";
import { power } from "../../numeric/power.js";
import { reduceMax, sum, unary } from "../build.js";
import { acosh, asinh, atanh, cbrt, hypot, log2, log10, reduceMin, square } from "../derived.js";
import type { ElementwiseOp, Node } from "../graph.js";
import { asDense } from "./dense.js";
import { itemsOf } from "./elements.js";
import { unreadable } from "./locate.js";
import { applyNodes, applyOperation, settle } from "./numbers.js";
import { gatherInto, operandOf } from "./operators.js";
import type { Session } from "./session.js";
import { Accumulation, Builtin, type Gathering, isKnown, Rec, Spread, Sym, type Value } from "./values.js";

/** Functions of Math that are a primitive. */
const primitives: Readonly<Record<string, ElementwiseOp>> = {
  abs: "abs",
  sign: "sign",
  floor: "floor",
  ceil: "ceil",
  trunc: "trunc",
  sqrt: "sqrt",
  exp: "exp",
  expm1: "expm1",
  log: "log",
  log1p: "log1p",
  sin: "sin",
  cos: "cos",
  tan: "tan",
  asin: "asin",
  acos: "acos",
  atan: "atan",
  sinh: "sinh",
  cosh: "cosh",
  tanh: "tanh",
  pow: "pow",
  atan2: "atan2",
};

/** Functions of Math that are made of several. */
const compositions: Readonly<Record<string, (x: Node) => Node>> = { cbrt, log2, log10, asinh, acosh, atanh };

/** Functions of Math on whole numbers of 32 bits or on other number formats: for known numbers only. */
const knownOnly = ["clz32", "fround", "imul", "f16round"] as const;

type MathFunction = (...args: number[]) => number;

/** The object `Math`. */
export function mathNamespace(session: Session): Rec {
  const host = Math as unknown as Readonly<Record<string, unknown>>;
  const fields = new Map<string, Value>();
  for (const name of ["PI", "E", "LN2", "LN10", "LOG2E", "LOG10E", "SQRT2", "SQRT1_2"]) fields.set(name, host[name] as number);
  const define = (name: string, symbolic: (args: readonly Value[], at: SyntaxNode) => Value): void => {
    const known = name === "pow" ? power : (host[name] as MathFunction | undefined);
    if (known === undefined) return;
    fields.set(name, new Builtin(`Math.${name}`, (args, at) => (args.every(isKnown) ? known(...(args as number[])) : symbolic(args, at))));
  };
  for (const [name, op] of Object.entries(primitives)) {
    const arity = name === "pow" || name === "atan2" ? 2 : 1;
    define(name, (args, at) => {
      const operands = Array.from({ length: arity }, (_, i) => operandOf(args[i], `Math.${name}`, at));
      return applyOperation(session, op, operands);
    });
  }
  for (const [name, build] of Object.entries(compositions)) {
    define(name, (args, at) =>
      applyNodes(session, [operandOf(args[0], `Math.${name}`, at)], ([x]) => build(x!), host[name] as MathFunction, false, name),
    );
  }
  for (const name of knownOnly) {
    define(name, (_, at) => {
      throw unreadable(`Math.${name} of a number that is not known while the function is read`, at, "It has no counterpart in a graph.");
    });
  }
  // Nearest whole number, halves upwards.
  define("round", (args, at) => applyOperation(session, "floor", [add(session, operandOf(args[0], "Math.round", at), 0.5)]));
  fields.set("max", new Builtin("Math.max", (args, at) => extreme(session, "max", args, at), { keepsSpread: true }));
  fields.set("min", new Builtin("Math.min", (args, at) => extreme(session, "min", args, at), { keepsSpread: true }));
  fields.set("hypot", new Builtin("Math.hypot", (args, at) => euclidean(session, args, at), { keepsSpread: true }));
  fields.set(
    "random",
    new Builtin("Math.random", (_, at) => {
      throw unreadable(
        "Math.random",
        at,
        "An objective gives the same number for the same parameters; draw random numbers before, or use the tensor function random().",
      );
    }),
  );
  return new Rec(fields, 0);
}

function add(session: Session, a: number | Sym, b: number): number | Sym {
  const result = applyOperation(session, "add", [a, b]);
  return result instanceof Sym ? result : Number(result);
}

/** From this many elements on a spread array is reduced whole. */
const WHOLE = 8;

/** The arguments with spread arrays either one by one, or as one dense value to be reduced. */
function expanded(session: Session, args: readonly Value[]): { single: Value[]; whole: Sym[] } {
  const single: Value[] = [];
  const whole: Sym[] = [];
  for (const arg of args) {
    if (!(arg instanceof Spread)) {
      single.push(arg);
      continue;
    }
    const { list } = arg;
    session.noteRead(list);
    const dense = list.length < WHOLE ? undefined : asDense(session, list);
    if (dense === undefined || dense.rest.length !== 1 || (dense.known !== undefined && dense.lanes.length === 0))
      single.push(...itemsOf(session, list));
    else whole.push(dense);
  }
  return { single, whole };
}

function extreme(session: Session, name: "max" | "min", args: readonly Value[], at: SyntaxNode): Value {
  const { single, whole } = expanded(session, args);
  if (whole.length === 0 && single.every(isKnown)) return Math[name](...(single as number[]));
  const reduce = name === "max" ? reduceMax : reduceMin;
  const reduced = whole.map((dense) => settle(reduce(dense.node, [dense.firstAxis]), dense.lanes, false));
  session.grow(reduced.length);
  const accumulations = single.filter((value) => value instanceof Accumulation);
  const operands = [...single.filter((value) => !(value instanceof Accumulation)), ...reduced].map((value) =>
    operandOf(value, `Math.${name}`, at),
  );
  let result: number | Sym | undefined;
  for (const operand of operands) {
    if (result === undefined) result = operand;
    else {
      const both = applyOperation(session, name, [result, operand]);
      result = both instanceof Sym ? both : Number(both);
    }
  }
  if (accumulations.length === 0) return result;
  if (accumulations.length > 1 || result === undefined) return operandOf(accumulations[0], `Math.${name}`, at);
  return gatherInto(session, accumulations[0]!, name satisfies Gathering, result);
}

function euclidean(session: Session, args: readonly Value[], at: SyntaxNode): Value {
  const { single, whole } = expanded(session, args);
  if (whole.length === 0) {
    if (single.every(isKnown)) return Math.hypot(...(single as number[]));
    const operands = single.map((value) => operandOf(value, "Math.hypot", at));
    if (operands.length <= 3)
      return applyNodes(
        session,
        operands,
        (nodes) => hypot(...nodes),
        (a, b, c) => Math.hypot(a, b, c),
        false,
        "hypot",
      );
  }
  const squares: (number | Sym)[] = whole.map((dense) => {
    session.grow(2);
    return numeric(settle(sum(square(dense.node), [dense.firstAxis]), dense.lanes, false));
  });
  for (const value of single) {
    const operand = operandOf(value, "Math.hypot", at);
    squares.push(numeric(applyOperation(session, "mul", [operand, operand])));
  }
  const total = squares.reduce((a, b) => numeric(applyOperation(session, "add", [a, b])), 0);
  return applyNodes(session, [total], ([x]) => unary("sqrt", x!), Math.sqrt);
}

function numeric(value: number | boolean | Sym): number | Sym {
  return value instanceof Sym ? value : Number(value);
}
