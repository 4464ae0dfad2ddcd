/** The operators of JavaScript on values that may be known later. */

import type { BinaryOperator, Node as SyntaxNode, UnaryOperator } from "acorn";
import { power } from "../../numeric/power.js";
import { remainder } from "../derived.js";
import type { BinaryOp } from "../graph.js";
import { neutral, not, numberOf, truth } from "./branches.js";
import { unreadable } from "./locate.js";
import { applyNodes, applyOperation, isNumeric, type Numeric, toNumeric } from "./numbers.js";
import { CannotVectorize, type Session } from "./session.js";
import { Accumulation, describe, type Gathering, isKnown, Mixed, Sym, type Value } from "./values.js";

const arithmetic: Partial<Record<BinaryOperator, BinaryOp>> = { "+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow" };

/** `left operator right`. */
export function binaryOperator(session: Session, operator: BinaryOperator, left: Value, right: Value, at: SyntaxNode): Value {
  if (isKnown(left) && isKnown(right)) return knownBinary(operator, left, right, at);
  if (left instanceof Accumulation || right instanceof Accumulation) return accumulate(session, operator, left, right);
  if (operator === "===" || operator === "!==" || operator === "==" || operator === "!=")
    return equality(session, operator, left, right, at);
  const a = operandOf(left, operator, at);
  const b = operandOf(right, operator, at);
  if (operator === "+" && (typeof left === "string" || typeof right === "string")) {
    throw unreadable("a text made of a number that is not known while the function is read", at, "Leave the text out.");
  }
  const op = arithmetic[operator];
  if (op !== undefined) return applyOperation(session, op, [a, b]);
  switch (operator) {
    case "%":
      return applyNodes(
        session,
        [a, b],
        ([x, y]) => remainder(x!, y!),
        (x, y) => x % y,
        false,
        "%",
      );
    case "<":
      return applyOperation(session, "less", [a, b], true);
    case ">":
      return applyOperation(session, "less", [b, a], true);
    case "<=":
      return applyOperation(session, "lessEqual", [a, b], true);
    case ">=":
      return applyOperation(session, "lessEqual", [b, a], true);
    default:
      throw unreadable(
        `the operator ${operator} on a number that is not known while the function is read`,
        at,
        "Graphs have no operations on bits.",
      );
  }
}

/** The operand of an arithmetic operator. @throws SOURCE_UNREADABLE for arrays, objects and functions. */
export function operandOf(value: Value, operation: string, at: SyntaxNode): number | Sym {
  const operand = toNumeric(value);
  if (operand !== undefined) return operand;
  if (value instanceof Mixed) throw unreadable(value.description, at, "Give the variable a number in both branches.");
  throw unreadable(`${operation} on ${describe(value)}`, at, "Calculate with its elements, or with the methods of tensors.");
}

function equality(session: Session, operator: "===" | "!==" | "==" | "!=", left: Value, right: Value, at: SyntaxNode): Value {
  const wanted = operator === "===" || operator === "==";
  const strict = operator.length === 3;
  let equal: boolean | Sym;
  if (left instanceof Mixed || right instanceof Mixed) {
    throw unreadable(
      ((left instanceof Mixed ? left : right) as Mixed).description,
      at,
      "Give the variable a value of one kind in both branches.",
    );
  }
  if (isNumeric(left) && isNumeric(right) && !(strict && isCondition(left) !== isCondition(right))) {
    equal = conditionOf(applyOperation(session, "equal", [numberOf(left), numberOf(right)], true));
  } else {
    // A number known later equals no text, null, undefined, array or object; other things are equal if they are the same.
    equal = left === right;
  }
  return wanted ? equal : not(session, equal);
}

function conditionOf(value: Numeric): boolean | Sym {
  return value instanceof Sym ? value : Boolean(value);
}

function isCondition(value: Numeric): boolean {
  return typeof value === "boolean" || (value instanceof Sym && value.boolean);
}

/** Operators on a variable that a loop, read once for all iterations, gathers: s + v, s − v, s · v, s / v. */
function accumulate(session: Session, operator: BinaryOperator, left: Value, right: Value): Accumulation {
  if (left instanceof Accumulation && !(right instanceof Accumulation)) {
    if (operator === "+") return gatherInto(session, left, "add", right);
    if (operator === "-") return gatherInto(session, left, "add", applyOperation(session, "neg", [gatherable(right)]));
    if (operator === "*") return gatherInto(session, left, "mul", right);
    if (operator === "/") return gatherInto(session, left, "mul", applyOperation(session, "div", [1, gatherable(right)]));
  }
  if (right instanceof Accumulation && !(left instanceof Accumulation) && (operator === "+" || operator === "*")) {
    return gatherInto(session, right, operator === "+" ? "add" : "mul", left);
  }
  throw new CannotVectorize("an iteration needs the result of the one before");
}

function gatherable(value: Value): number | Sym {
  const operand = toNumeric(value);
  if (operand === undefined) throw new CannotVectorize("it gathers something that is not a number");
  return operand;
}

/** The accumulation with one more operand. */
export function gatherInto(session: Session, into: Accumulation, gathering: Gathering, value: Value): Accumulation {
  if (into.lane !== session.innermost?.lane || (into.gathering ?? gathering) !== gathering) {
    throw new CannotVectorize("a variable is combined in two ways");
  }
  const before = into.gathering === undefined ? neutral[gathering] : gatherable(into.operand);
  const operand = before === neutral[gathering] ? gatherable(value) : applyOperation(session, gathering, [before, gatherable(value)]);
  return new Accumulation(into.lane, into.binding, gathering, operand);
}

function knownBinary(operator: BinaryOperator, left: Value, right: Value, at: SyntaxNode): Value {
  // Both are primitives, on which JavaScript's operators are total; the casts only choose an overload.
  const a = left as number;
  const b = right as number;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    case "**":
      return power(a, b);
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
    case "===":
      return a === b;
    case "!==":
      return a !== b;
    case "==":
      // biome-ignore lint/suspicious/noDoubleEquals: the operator that is being read
      return a == b;
    case "!=":
      // biome-ignore lint/suspicious/noDoubleEquals: the operator that is being read
      return a != b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return a << b;
    case ">>":
      return a >> b;
    case ">>>":
      return a >>> b;
    default:
      throw unreadable(`the operator ${operator}`, at, "It has no counterpart in a graph.");
  }
}

/** `operator value`, but `typeof` of an unknown name, which the caller knows about. */
export function unaryOperator(session: Session, operator: UnaryOperator, value: Value, at: SyntaxNode): Value {
  switch (operator) {
    case "!":
      return not(session, truth(session, value, at));
    case "void":
      return undefined;
    case "typeof":
      return typeOf(value);
    case "-":
      return applyOperation(session, "neg", [operandOf(value, "-", at)]);
    case "+":
      return operandOf(value, "+", at);
    case "~": {
      if (isKnown(value)) return ~(value as number);
      break;
    }
  }
  throw unreadable(`the operator ${operator}`, at, "It has no counterpart in a graph.");
}

function typeOf(value: Value): string {
  if (isKnown(value)) return typeof value;
  if (value instanceof Accumulation) throw new CannotVectorize("an iteration asks for the type of what it gathers");
  if (value instanceof Sym) return value.boolean ? "boolean" : "number";
  return typeof value === "object" && "call" in value ? "function" : "object";
}
