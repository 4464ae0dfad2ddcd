/** Executes the statements of a function, and calls the functions it defines. */

import type { FunctionDeclaration, Statement, Node as SyntaxNode, VariableDeclaration } from "acorn";
import { branchStatements, mapCompletion, resolve, returned, truth } from "./branches.js";
import { constructName } from "./expressions.js";
import { unreadable } from "./locate.js";
import { executeLoop } from "./loops.js";
import { assign, declare } from "./patterns.js";
import { variableNames } from "./scan.js";
import { type Completion, NORMAL, type Session } from "./session.js";
import { Binding, Builtin, Closure, describe, List, Mixed, Scope, type Value } from "./values.js";

/** Runs a statement. */
export function execute(session: Session, node: Statement, scope: Scope, label?: string): Completion {
  session.step(node);
  switch (node.type) {
    case "ExpressionStatement":
      session.reader.evaluate(node.expression, scope);
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
        session,
        truth(session, session.reader.evaluate(node.test, scope), node.test),
        () => execute(session, node.consequent, scope),
        () => (node.alternate ? execute(session, node.alternate, scope) : NORMAL),
      );
    case "ForStatement":
    case "ForOfStatement":
    case "ForInStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "SwitchStatement":
      return executeLoop(session, node, scope, label);
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
  if (node.async || node.generator)
    throw unreadable(node.async ? "async function" : "generator function", node, "An objective returns its number at once.");
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
    if (node.type !== "ArrowFunctionExpression")
      scope.bindings.set("arguments", new Binding(new List([...args], session.now()), session.now()));
    node.params.forEach((param, i) => {
      if (param.type === "RestElement") declare(session, param.argument, new List(args.slice(i), session.now()), scope);
      else declare(session, param, args[i], scope);
    });
    if (node.body.type !== "BlockStatement") return session.reader.evaluate(node.body, scope);
    for (const name of variableNames(node.body))
      if (!scope.bindings.has(name)) scope.bindings.set(name, new Binding(undefined, session.now()));
    return returned(session, executeBlock(session, node.body.body, scope));
  });
}
