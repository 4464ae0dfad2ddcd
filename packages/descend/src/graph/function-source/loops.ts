/** Loops and `switch`: their headers, and what `break` and `continue` mean in them. */

import type {
  BinaryExpression,
  DoWhileStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Pattern,
  SwitchStatement,
  Node as SyntaxNode,
  VariableDeclaration,
  WhileStatement,
} from "acorn";
import { DescendError } from "../../errors.js";
import { mapCompletion, resolve, truth } from "./branches.js";
import { itemAt, itemAtSym } from "./elements.js";
import { unreadable } from "./locate.js";
import { binaryOperator } from "./operators.js";
import { assign, declare, iterate } from "./patterns.js";
import { assignedNames } from "./scan.js";
import { CannotVectorize, type Completion, NORMAL, type Session } from "./session.js";
import { runApart, setBinding } from "./store.js";
import { Binding, describe, fieldNames, isKnown, List, Rec, Scope, Sequence, type Sym, type Value } from "./values.js";
import { runLoop } from "./vectorize.js";

type LoopStatement = ForStatement | ForOfStatement | ForInStatement | WhileStatement | DoWhileStatement | SwitchStatement;

/** Runs a loop or a switch. */
export function executeLoop(session: Session, node: LoopStatement, scope: Scope, label: string | undefined): Completion {
  return leaveLoop(session, runAny(session, node, scope, label), label);
}

function runAny(session: Session, node: LoopStatement, scope: Scope, label: string | undefined): Completion {
  switch (node.type) {
    case "ForStatement":
      return forLoop(session, node, scope, label);
    case "ForOfStatement":
      return forOf(session, node, scope, label);
    case "ForInStatement":
      return forIn(session, node, scope, label);
    case "SwitchStatement":
      return switchOn(session, node, scope);
    default:
      return whileLoop(session, node, scope, label);
  }
}

/** What `break` without label means for the loop it is in. */
function leaveLoop(session: Session, completion: Completion, label: string | undefined): Completion {
  if (completion.type === "normal" || completion.type === "return") return completion;
  return mapCompletion(session, completion, (leaf) =>
    leaf.type === "break" && (leaf.label === undefined || leaf.label === label) ? NORMAL : leaf,
  );
}

/** What `continue` means at the end of the body of a loop. */
function endIteration(session: Session, completion: Completion, label: string | undefined): Completion {
  if (completion.type === "normal" || completion.type === "return") return completion;
  return mapCompletion(session, completion, (leaf) =>
    leaf.type === "continue" && (leaf.label === undefined || leaf.label === label) ? NORMAL : leaf,
  );
}

/** The condition of a loop, which must be known. */
function goesOn(session: Session, test: Expression | null | undefined, scope: Scope): boolean {
  if (!test) return true;
  const holds = truth(session, session.reader.evaluate(test, scope), test);
  if (typeof holds === "boolean") return holds;
  if (session.frames.length > 0) throw new CannotVectorize("the number of iterations differs");
  throw unreadable(
    "a loop whose number of iterations depends on values that are not known while the function is read",
    test,
    "Use a fixed number of iterations, with a break under a condition if need be.",
  );
}

function forLoop(session: Session, node: ForStatement, outer: Scope, label: string | undefined): Completion {
  const scope = new Scope(outer);
  if (node.init?.type === "VariableDeclaration") session.reader.execute(node.init, scope);
  else if (node.init) session.reader.evaluate(node.init, scope);
  const counter = counterOf(session, node, scope);
  return counter === undefined ? uncountedLoop(session, node, scope, label) : countedLoop(session, node, scope, counter, label);
}

/** A loop `for (i = start; i < end; i += step)` with known numbers, whose body leaves i alone. */
interface Counter {
  readonly name: string;
  readonly binding: Binding;
  readonly start: number;
  readonly step: number;
  readonly count: number;
  /** Each iteration has an i of its own. */
  readonly own: boolean;
}

function counterOf(session: Session, { init, test, update, body }: ForStatement, scope: Scope): Counter | undefined {
  if (test?.type !== "BinaryExpression" || !update) return undefined;
  const name = stepped(update);
  const binding = name === undefined ? undefined : scope.lookup(name);
  if (name === undefined || binding === undefined || assignedNames(body).has(name)) return undefined;
  const start = binding.value;
  if (typeof start !== "number" || !Number.isSafeInteger(start)) return undefined;
  const amount =
    update.type === "AssignmentExpression"
      ? stepOf(session, update.right, name, update.operator, scope)
      : update.type === "UpdateExpression"
        ? 1
        : undefined;
  const sign =
    (update.type === "UpdateExpression" && update.operator === "--") || (update.type === "AssignmentExpression" && update.operator === "-=")
      ? -1
      : 1;
  if (amount === undefined || !Number.isSafeInteger(amount) || amount === 0) return undefined;
  const step = sign * amount;
  const count = iterations(test.operator, distances(session, test, name, [start, start + step], scope));
  if (count === undefined) return undefined;
  return { name, binding, start, step, count, own: init?.type === "VariableDeclaration" && init.kind !== "var" };
}

/** Left side minus right side of the test for values of the counter, if both are known numbers. */
function distances(session: Session, test: BinaryExpression, name: string, values: readonly number[], outer: Scope): number[] | undefined {
  const results: number[] = [];
  try {
    for (const value of values) {
      const scope = new Scope(outer);
      scope.bindings.set(name, new Binding(value, session.now()));
      const { result } = runApart(session, () => [test.left, test.right].map((side) => session.reader.evaluate(side as Expression, scope)));
      const [left, right] = result;
      if (typeof left !== "number" || typeof right !== "number") return undefined;
      results.push(left - right);
    }
    return results;
  } catch (error) {
    // What cannot be evaluated beyond the end says nothing; the loop is run one by one.
    if (error instanceof DescendError && error.code !== "INTERNAL") return undefined;
    throw error;
  }
}

function stepped(update: Expression): string | undefined {
  const target = update.type === "UpdateExpression" ? update.argument : update.type === "AssignmentExpression" ? update.left : undefined;
  return target?.type === "Identifier" ? target.name : undefined;
}

function stepOf(session: Session, right: Expression, name: string, operator: string, scope: Scope): number | undefined {
  if (operator === "+=" || operator === "-=") {
    const value = right.type === "Literal" || right.type === "Identifier" ? session.reader.evaluate(right, scope) : undefined;
    return typeof value === "number" ? value : undefined;
  }
  if (operator !== "=" || right.type !== "BinaryExpression" || right.left.type !== "Identifier" || right.left.name !== name)
    return undefined;
  const value = right.right.type === "Literal" ? right.right.value : undefined;
  return typeof value !== "number" ? undefined : right.operator === "+" ? value : right.operator === "-" ? -value : undefined;
}

/** How often `first + k·(second − first) operator 0` holds for k = 0, 1, 2, … before it does not; undefined if without end. */
function iterations(operator: string, distances: readonly number[] | undefined): number | undefined {
  if (distances === undefined) return undefined;
  const [first, second] = distances as [number, number];
  const slope = second - first;
  const zero = -first / slope;
  if (!Number.isFinite(zero) || zero > 1e9) return undefined;
  const upwards = slope > 0;
  if (operator === "<" || operator === ">") return (operator === "<") === upwards ? Math.max(0, Math.ceil(zero)) : undefined;
  if (operator === "<=" || operator === ">=") return (operator === "<=") === upwards ? Math.max(0, Math.floor(zero) + 1) : undefined;
  if ((operator === "!==" || operator === "!=") && Number.isInteger(zero) && zero >= 0) return zero;
  return undefined;
}

function countedLoop(session: Session, node: ForStatement, scope: Scope, counter: Counter, label: string | undefined): Completion {
  const { name, binding, start, step, count, own } = counter;
  const iteration = (k: number | Sym): Completion => {
    const value = binaryOperator(session, "+", start, binaryOperator(session, "*", k, step, node), node);
    let inner = scope;
    if (own) {
      inner = new Scope(scope);
      inner.bindings.set(name, new Binding(value, session.now()));
    } else {
      setBinding(session, binding, value);
    }
    // The end may move while the loop runs; and what it is read from must not be written by a body that is read at once.
    if (!goesOn(session, node.test, inner)) return { type: "break", label: undefined };
    return endIteration(session, session.reader.execute(node.body, inner), label);
  };
  const assigned = [...assignedBindings(node.body, scope), ...(own ? [] : [binding])];
  const completion = runLoop(session, { at: node, count, vectorizable: true, assigned, iteration });
  return resolve(session, completion, () => {
    const end = start + count * step;
    if (!own) setBinding(session, binding, end);
    const after = new Scope(scope);
    if (own) after.bindings.set(name, new Binding(end, session.now()));
    // A body that moves the end away goes on one by one.
    return goesOn(session, node.test, after) ? uncountedLoop(session, node, after, label) : NORMAL;
  });
}

function assignedBindings(body: SyntaxNode, scope: Scope): Binding[] {
  return [...assignedNames(body)].map((name) => scope.lookup(name)).filter((binding) => binding !== undefined);
}

/** A loop of any form, one iteration after the other. */
function uncountedLoop(session: Session, node: ForStatement, scope: Scope, label: string | undefined): Completion {
  const own = node.init?.type === "VariableDeclaration" && node.init.kind !== "var" ? [...scope.bindings.keys()] : [];
  for (let current = scope; ; ) {
    session.step(node);
    if (!goesOn(session, node.test, current)) return NORMAL;
    const completion = endIteration(session, session.reader.execute(node.body, current), label);
    const here = current;
    const advance = (): Scope => {
      const next = new Scope(scope.parent);
      for (const name of own) next.bindings.set(name, new Binding(here.lookup(name)!.value, session.now()));
      const target = own.length === 0 ? here : next;
      if (node.update) session.reader.evaluate(node.update, target);
      return target;
    };
    if (completion.type === "split") return resolve(session, completion, () => uncountedLoop(session, node, advance(), label));
    if (completion.type !== "normal") return completion;
    current = advance();
  }
}

function whileLoop(
  session: Session,
  node: WhileStatement | DoWhileStatement,
  scope: Scope,
  label: string | undefined,
  started = false,
): Completion {
  for (let first = node.type === "DoWhileStatement" && !started; ; first = false) {
    session.step(node);
    if (!first && !goesOn(session, node.test, scope)) return NORMAL;
    const completion = endIteration(session, session.reader.execute(node.body, scope), label);
    if (completion.type === "split") return resolve(session, completion, () => whileLoop(session, node, scope, label, true));
    if (completion.type !== "normal") return completion;
  }
}

function forOf(session: Session, node: ForOfStatement, scope: Scope, label: string | undefined): Completion {
  if (node.await) throw unreadable("for await", node, "An objective returns its number at once.");
  const value = session.reader.evaluate(node.right, scope);
  const { length, at } = sequenceOf(session, value, node);
  const assigned = [
    ...assignedBindings(node.body, scope),
    ...(node.left.type === "VariableDeclaration" && node.left.kind !== "var" ? [] : assignedBindings(node, scope)),
  ];
  return runLoop(session, {
    at: node,
    count: length,
    vectorizable: true,
    assigned,
    iteration: (k) => {
      const inner = new Scope(scope);
      takeItem(session, node.left, at(k), inner);
      return endIteration(session, session.reader.execute(node.body, inner), label);
    },
  });
}

function sequenceOf(session: Session, value: Value, at: SyntaxNode): Sequence {
  if (value instanceof Sequence) return value;
  if (value instanceof List)
    return new Sequence(value.length, (k) => (typeof k === "number" ? itemAt(session, value, k) : itemAtSym(session, value, k as Sym)));
  const items = iterate(session, value, at);
  return new Sequence(items.length, (k) => {
    if (typeof k !== "number") throw new CannotVectorize("it iterates over something that is not an array");
    return items[k];
  });
}

function takeItem(session: Session, left: VariableDeclaration | Pattern, value: Value, scope: Scope): void {
  if (left.type !== "VariableDeclaration") assign(session, left, value, scope);
  else if (left.kind === "var") assign(session, left.declarations[0]!.id, value, scope);
  else declare(session, left.declarations[0]!.id, value, scope);
}

function forIn(session: Session, node: ForInStatement, scope: Scope, label: string | undefined): Completion {
  const value = session.reader.evaluate(node.right, scope);
  const names =
    value instanceof Rec
      ? fieldNames(value)
      : value instanceof List
        ? Array.from({ length: value.length }, (_, i) => String(i))
        : undefined;
  if (names === undefined) throw unreadable(`the field names of ${describe(value)}`, node, "Only objects and arrays have field names.");
  return runLoop(session, {
    at: node,
    count: names.length,
    vectorizable: false,
    assigned: [],
    iteration: (k) => {
      const inner = new Scope(scope);
      takeItem(session, node.left, names[k as number], inner);
      return endIteration(session, session.reader.execute(node.body, inner), label);
    },
  });
}

function switchOn(session: Session, node: SwitchStatement, outer: Scope): Completion {
  const value = session.reader.evaluate(node.discriminant, outer);
  if (!isKnown(value)) {
    throw unreadable("switch on a value that is not known while the function is read", node.discriminant, "Use if and else.");
  }
  const scope = new Scope(outer);
  const matches = (test: Expression): boolean => {
    const wanted = session.reader.evaluate(test, scope);
    if (!isKnown(wanted)) throw unreadable("a case that is not known while the function is read", test, "Use if and else.");
    return wanted === value;
  };
  let start = node.cases.findIndex(({ test }) => test && matches(test));
  if (start < 0) start = node.cases.findIndex(({ test }) => !test);
  if (start < 0) return NORMAL;
  return session.reader.executeAll(
    node.cases.slice(start).flatMap(({ consequent }) => consequent),
    scope,
  );
}
