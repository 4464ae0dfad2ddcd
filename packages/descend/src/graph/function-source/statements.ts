/** Executes the statements of a function, and calls the functions it defines. */

import type {
  DoWhileStatement, Expression, ForInStatement, ForOfStatement, ForStatement, FunctionDeclaration, Node as SyntaxNode, Pattern, Statement, SwitchStatement,
  VariableDeclaration, WhileStatement,
} from "acorn";
import { itemAt, itemAtSym } from "./elements.js";
import { branchStatements, mapCompletion, resolve, returned, truth } from "./branches.js";
import { constructName, isCounter } from "./expressions.js";
import { unreadable } from "./locate.js";
import { binaryOperator } from "./operators.js";
import { assign, declare, iterate } from "./patterns.js";
import { assignedNames, variableNames } from "./scan.js";
import { CannotVectorize, type Completion, NORMAL, type Session } from "./session.js";
import { setBinding } from "./store.js";
import { Binding, Builtin, Closure, describe, isKnown, List, Mixed, Rec, Scope, Sequence, type Sym, type Value } from "./values.js";
import { runLoop } from "./vectorize.js";

/** Runs a statement. */
export function execute(session: Session, node: Statement, scope: Scope, label?: string): Completion {
  session.step(node);
  switch (node.type) {
    case "ExpressionStatement":
      if (!isCounter(node.expression, scope)) session.reader.evaluate(node.expression, scope);
      return NORMAL;
    case "VariableDeclaration":
      declareVariables(session, node, scope);
      return NORMAL;
    case "FunctionDeclaration":
    case "EmptyStatement":
    case "DebuggerStatement":
      return NORMAL;
    case "ReturnStatement":
      return { type: "return", value: node.argument ? session.reader.evaluate(node.argument, scope) : undefined };
    case "BlockStatement":
      return executeBlock(session, node.body, new Scope(scope));
    case "IfStatement":
      return branchStatements(
        session, truth(session, session.reader.evaluate(node.test, scope), node.test),
        () => execute(session, node.consequent, scope),
        () => (node.alternate ? execute(session, node.alternate, scope) : NORMAL),
      );
    case "ForStatement":
      return leaveLoop(session, forLoop(session, node, scope, label), label);
    case "ForOfStatement":
      return leaveLoop(session, forOf(session, node, scope, label), label);
    case "ForInStatement":
      return leaveLoop(session, forIn(session, node, scope, label), label);
    case "WhileStatement":
    case "DoWhileStatement":
      return leaveLoop(session, whileLoop(session, node, scope, label), label);
    case "SwitchStatement":
      return leaveLoop(session, switchOn(session, node, scope), label);
    case "LabeledStatement": {
      const completion = execute(session, node.body, scope, node.label.name);
      return mapCompletion(session, completion, (leaf) => (leaf.type === "break" && leaf.label === node.label.name ? NORMAL : leaf));
    }
    case "BreakStatement":
      return { type: "break", label: node.label?.name };
    case "ContinueStatement":
      return { type: "continue", label: node.label?.name };
    case "ThrowStatement":
      throw unreadable("throw", node, "It is reached for some parameters; return NaN or Infinity there instead.");
    default:
      throw unreadable(constructName(node.type), node, "Write the calculation with variables, conditions, loops and functions.");
  }
}

/** Runs a list of statements whose functions are known from its start on. */
export function executeBlock(session: Session, nodes: readonly Statement[], scope: Scope): Completion {
  for (const node of nodes) if (node.type === "FunctionDeclaration") hoist(session, node, scope);
  return executeFrom(session, nodes, 0, scope);
}

function executeFrom(session: Session, nodes: readonly Statement[], from: number, scope: Scope): Completion {
  for (let i = from; i < nodes.length; i++) {
    const completion = execute(session, nodes[i]!, scope);
    if (completion.type === "split") return resolve(session, completion, () => executeFrom(session, nodes, i + 1, scope));
    if (completion.type !== "normal") return completion;
  }
  return NORMAL;
}

function hoist(session: Session, node: FunctionDeclaration, scope: Scope): void {
  if (node.async || node.generator) throw unreadable(node.async ? "async function" : "generator function", node, "An objective returns its number at once.");
  scope.bindings.set(node.id.name, new Binding(new Closure(node, scope), session.now()));
}

function declareVariables(session: Session, node: VariableDeclaration, scope: Scope): void {
  for (const { id, init } of node.declarations) {
    if (node.kind === "var") {
      // Its variables are there since the start of the function.
      if (init) assign(session, id, session.reader.evaluate(init, scope), scope);
    } else {
      declare(session, id, init ? session.reader.evaluate(init, scope) : undefined, scope);
    }
  }
}

/** Calls a function with values. */
export function callFunction(session: Session, callee: Value, args: readonly Value[], at: SyntaxNode): Value {
  if (callee instanceof Builtin) return callee.call(args, at);
  if (callee instanceof Mixed) throw unreadable(callee.description, at, "Choose between numbers, not between functions.");
  if (!(callee instanceof Closure)) throw unreadable(`a call of ${describe(callee)}`, at, "Only functions can be called.");
  const { node } = callee;
  return session.enter(at, () => {
    const scope = new Scope(callee.scope, true);
    if (node.type === "FunctionExpression" && node.id) scope.bindings.set(node.id.name, new Binding(callee, session.now()));
    if (node.type !== "ArrowFunctionExpression") scope.bindings.set("arguments", new Binding(new List([...args], session.now()), session.now()));
    node.params.forEach((param, i) => {
      if (param.type === "RestElement") declare(session, param.argument, new List(args.slice(i), session.now()), scope);
      else declare(session, param, args[i], scope);
    });
    if (node.body.type !== "BlockStatement") return session.reader.evaluate(node.body, scope);
    for (const name of variableNames(node.body)) if (!scope.bindings.has(name)) scope.bindings.set(name, new Binding(undefined, session.now()));
    return returned(session, executeBlock(session, node.body.body, scope));
  });
}

/** What `break` without label means for the loop it is in. */
function leaveLoop(session: Session, completion: Completion, label: string | undefined): Completion {
  if (completion.type === "normal" || completion.type === "return") return completion;
  return mapCompletion(session, completion, (leaf) => (leaf.type === "break" && (leaf.label === undefined || leaf.label === label) ? NORMAL : leaf));
}

/** What `continue` means at the end of the body of a loop. */
function endIteration(session: Session, completion: Completion, label: string | undefined): Completion {
  if (completion.type === "normal" || completion.type === "return") return completion;
  return mapCompletion(session, completion, (leaf) => (leaf.type === "continue" && (leaf.label === undefined || leaf.label === label) ? NORMAL : leaf));
}

/** The condition of a loop, which must be known. */
function goesOn(session: Session, test: Expression | null | undefined, scope: Scope): boolean {
  if (!test) return true;
  const holds = truth(session, session.reader.evaluate(test, scope), test);
  if (typeof holds === "boolean") return holds;
  if (session.frames.length > 0) throw new CannotVectorize("the number of iterations differs");
  throw unreadable(
    "a loop whose number of iterations depends on values that are not known while the function is read", test,
    "Use a fixed number of iterations, with a break under a condition if need be.",
  );
}

function forLoop(session: Session, node: ForStatement, outer: Scope, label: string | undefined): Completion {
  const scope = new Scope(outer);
  if (node.init?.type === "VariableDeclaration") declareVariables(session, node.init, scope);
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
  const amount = update.type === "AssignmentExpression" ? stepOf(session, update.right, name, update.operator, scope) : update.type === "UpdateExpression" ? 1 : undefined;
  const sign = (update.type === "UpdateExpression" && update.operator === "--") || (update.type === "AssignmentExpression" && update.operator === "-=") ? -1 : 1;
  if (amount === undefined || !Number.isSafeInteger(amount) || amount === 0) return undefined;
  const step = sign * amount;
  const onLeft = test.left.type === "Identifier" && test.left.name === name;
  const onRight = test.right.type === "Identifier" && test.right.name === name;
  if (onLeft === onRight || test.left.type === "PrivateIdentifier") return undefined;
  const bound = session.reader.evaluate(onLeft ? test.right : test.left, scope);
  if (typeof bound !== "number" || Number.isNaN(bound)) return undefined;
  const count = iterations(start, step, onLeft ? test.operator : mirrored(test.operator), bound);
  if (count === undefined) return undefined;
  return { name, binding, start, step, count, own: init?.type === "VariableDeclaration" && init.kind !== "var" };
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
  if (operator !== "=" || right.type !== "BinaryExpression" || right.left.type !== "Identifier" || right.left.name !== name) return undefined;
  const value = right.right.type === "Literal" ? right.right.value : undefined;
  return typeof value !== "number" ? undefined : right.operator === "+" ? value : right.operator === "-" ? -value : undefined;
}

function mirrored(operator: string): string {
  return { "<": ">", ">": "<", "<=": ">=", ">=": "<=" }[operator] ?? operator;
}

function iterations(start: number, step: number, operator: string, bound: number): number | undefined {
  const distance = (bound - start) / step;
  if (!Number.isFinite(distance) || distance > 1e9) return undefined;
  const upwards = step > 0;
  if (operator === "<" || operator === ">") return (operator === "<") === upwards ? Math.max(0, Math.ceil(distance)) : undefined;
  if (operator === "<=" || operator === ">=") return (operator === "<=") === upwards ? Math.max(0, Math.floor(distance) + 1) : undefined;
  if ((operator === "!==" || operator === "!=") && Number.isInteger(distance) && distance >= 0) return distance;
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
    return endIteration(session, execute(session, node.body, inner), label);
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
    const completion = endIteration(session, execute(session, node.body, current), label);
    const here = current;
    const advance = (): Scope => {
      const next = new Scope(scope.parent);
      for (const name of own) next.bindings.set(name, new Binding(here.lookup(name)!.value, session.now()));
      const target = own.length === 0 ? here : next;
      if (node.update && !isCounter(node.update, target)) session.reader.evaluate(node.update, target);
      return target;
    };
    if (completion.type === "split") return resolve(session, completion, () => uncountedLoop(session, node, advance(), label));
    if (completion.type !== "normal") return completion;
    current = advance();
  }
}

function whileLoop(session: Session, node: WhileStatement | DoWhileStatement, scope: Scope, label: string | undefined, started = false): Completion {
  for (let first = node.type === "DoWhileStatement" && !started; ; first = false) {
    session.step(node);
    if (!first && !goesOn(session, node.test, scope)) return NORMAL;
    const completion = endIteration(session, execute(session, node.body, scope), label);
    if (completion.type === "split") return resolve(session, completion, () => whileLoop(session, node, scope, label, true));
    if (completion.type !== "normal") return completion;
  }
}

function forOf(session: Session, node: ForOfStatement, scope: Scope, label: string | undefined): Completion {
  if (node.await) throw unreadable("for await", node, "An objective returns its number at once.");
  const value = session.reader.evaluate(node.right, scope);
  const { length, at } = sequenceOf(session, value, node);
  const assigned = [...assignedBindings(node.body, scope), ...(node.left.type === "VariableDeclaration" && node.left.kind !== "var" ? [] : assignedBindings(node, scope))];
  return runLoop(session, {
    at: node, count: length, vectorizable: true, assigned,
    iteration: (k) => {
      const inner = new Scope(scope);
      takeItem(session, node.left, at(k), inner);
      return endIteration(session, execute(session, node.body, inner), label);
    },
  });
}

function sequenceOf(session: Session, value: Value, at: SyntaxNode): Sequence {
  if (value instanceof Sequence) return value;
  if (value instanceof List) return new Sequence(value.length, (k) => (typeof k === "number" ? itemAt(session, value, k) : itemAtSym(session, value, k as Sym)));
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
  const names = value instanceof Rec ? [...value.fields.keys()] : value instanceof List ? Array.from({ length: value.length }, (_, i) => String(i)) : undefined;
  if (names === undefined) throw unreadable(`the field names of ${describe(value)}`, node, "Only objects and arrays have field names.");
  return runLoop(session, {
    at: node, count: names.length, vectorizable: false, assigned: [],
    iteration: (k) => {
      const inner = new Scope(scope);
      takeItem(session, node.left, names[k as number], inner);
      return endIteration(session, execute(session, node.body, inner), label);
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
  return executeBlock(session, node.cases.slice(start).flatMap(({ consequent }) => consequent), scope);
}
