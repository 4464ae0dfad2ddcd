/** Evaluates the expressions of a function. */

import type {
  ArrayExpression,
  AssignmentExpression,
  BinaryOperator,
  CallExpression,
  Expression,
  Identifier,
  LogicalExpression,
  MemberExpression,
  NewExpression,
  ObjectExpression,
  Pattern,
  SpreadElement,
  Super,
  Node as SyntaxNode,
  UnaryExpression,
  UpdateExpression,
} from "acorn";
import { nearestName } from "../../errors.js";
import { arrayMethods } from "./array-methods.js";
import { branch, truth } from "./branches.js";
import { unreadable } from "./locate.js";
import { binaryOperator, unaryOperator } from "./operators.js";
import { assign, iterate } from "./patterns.js";
import { propertyKey, readProperty, unknownName } from "./properties.js";
import { CannotVectorize, type Session } from "./session.js";
import { callTensorMethod, isTensorMethod } from "./tensors.js";
import { Accumulation, Builtin, Closure, describe, isKnown, List, Mixed, Rec, type Scope, Spread, Sym, type Value } from "./values.js";

/** The value of an expression. */
export function evaluate(session: Session, node: Expression, scope: Scope): Value {
  session.step(node);
  switch (node.type) {
    case "Literal":
      return literal(node);
    case "Identifier":
      return variable(session, node, scope);
    case "ParenthesizedExpression":
      return evaluate(session, node.expression, scope);
    case "TemplateLiteral":
      return text(
        session,
        node.expressions,
        node.quasis.map(({ value }) => value.cooked ?? ""),
        scope,
      );
    case "ArrayExpression":
      return array(session, node, scope);
    case "ObjectExpression":
      return record(session, node, scope);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      if (node.async) throw unreadable("async function", node, "An objective returns its number at once.");
      if (node.generator) throw unreadable("generator function", node, "An objective returns its number at once.");
      return new Closure(node, scope);
    case "UnaryExpression":
      return unary(session, node, scope);
    case "UpdateExpression":
      return update(session, node, scope);
    case "BinaryExpression":
      return binary(session, node, scope);
    case "LogicalExpression":
      return logical(session, node, scope);
    case "AssignmentExpression":
      return assignment(session, node, scope);
    case "ConditionalExpression":
      return branch(
        session,
        truth(session, evaluate(session, node.test, scope), node.test),
        () => evaluate(session, node.consequent, scope),
        () => evaluate(session, node.alternate, scope),
      );
    case "SequenceExpression": {
      let value: Value;
      for (const expression of node.expressions) value = evaluate(session, expression, scope);
      return value;
    }
    case "MemberExpression":
      return member(session, node, scope).value;
    case "ChainExpression":
      return evaluate(session, node.expression, scope);
    case "CallExpression":
      return call(session, node, scope);
    case "NewExpression":
      return construct(session, node, scope);
    case "ThisExpression":
      throw unreadable("this", node, "Pass what it holds as a constant or a parameter.");
    default:
      throw unreadable(constructName(node.type), node, "Write the calculation with numbers, arrays, objects and functions.");
  }
}

/** `AwaitExpression` → `await`, `ClassExpression` → `class`. */
export function constructName(type: string): string {
  return type
    .replace(/(Expression|Statement|Declaration)$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function literal(node: Extract<Expression, { type: "Literal" }>): Value {
  const { value } = node;
  if (node.regex !== undefined) throw unreadable("a regular expression", node, "Objectives calculate with numbers.");
  if (typeof value === "bigint") throw unreadable("a big integer", node, "Use ordinary numbers.");
  return value as Value;
}

function variable(session: Session, node: Identifier, scope: Scope): Value {
  const binding = scope.lookup(node.name);
  if (binding === undefined) throw unknownName(session, node, scope);
  return binding.value;
}

function text(session: Session, expressions: readonly Expression[], parts: readonly string[], scope: Scope): Value {
  let result = parts[0]!;
  expressions.forEach((expression, i) => {
    const value = evaluate(session, expression, scope);
    if (!isKnown(value)) throw unreadable(`a text made of ${describe(value)}`, expression, "Leave the text out.");
    result += String(value) + parts[i + 1]!;
  });
  return result;
}

function array(session: Session, node: ArrayExpression, scope: Scope): List {
  const items: Value[] = [];
  for (const element of node.elements) {
    if (element === null) items.push(undefined);
    else if (element.type === "SpreadElement") items.push(...iterate(session, evaluate(session, element.argument, scope), element));
    else items.push(evaluate(session, element, scope));
  }
  return new List(items, session.now());
}

function record(session: Session, node: ObjectExpression, scope: Scope): Rec {
  const fields = new Map<string, Value>();
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      const value = evaluate(session, property.argument, scope);
      if (value instanceof Rec) for (const [name, field] of value.fields) fields.set(name, field);
      else if (value instanceof List) for (const [i, item] of iterate(session, value, property).entries()) fields.set(String(i), item);
      else if (!isKnown(value)) throw unreadable(`the fields of ${describe(value)}`, property, "Only objects have fields.");
      continue;
    }
    if (property.kind !== "init") throw unreadable("getter or setter", property, "Use plain fields.");
    fields.set(fieldName(session, property.key, property.computed, scope), evaluate(session, property.value, scope));
  }
  return new Rec(fields, session.now());
}

function fieldName(session: Session, key: Expression, computed: boolean, scope: Scope): string {
  if (!computed && key.type === "Identifier") return key.name;
  const value = evaluate(session, key, scope);
  if (!isKnown(value)) throw unreadable("a field whose name is not known while the function is read", key, "Use known names.");
  return String(value);
}

function unary(session: Session, node: UnaryExpression, scope: Scope): Value {
  if (node.operator === "typeof" && node.argument.type === "Identifier" && scope.lookup(node.argument.name) === undefined)
    return "undefined";
  return unaryOperator(session, node.operator, evaluate(session, node.argument, scope), node);
}

function update(session: Session, node: UpdateExpression, scope: Scope): Value {
  if (isCounter(node, scope)) return new Mixed("the value of a counter that is defined outside of the function");
  const before = evaluate(session, node.argument, scope);
  const after = binaryOperator(session, node.operator === "++" ? "+" : "-", isKnown(before) ? Number(before) : before, 1, node);
  assign(session, node.argument as Pattern, after, scope);
  return node.prefix ? after : before;
}

function binary(session: Session, node: Extract<Expression, { type: "BinaryExpression" }>, scope: Scope): Value {
  if (node.left.type === "PrivateIdentifier") throw unreadable("a private field", node, "Use parameters and local variables.");
  const left = evaluate(session, node.left, scope);
  const right = evaluate(session, node.right, scope);
  if (node.operator === "in" && isKnown(left) && right instanceof Rec) return right.fields.has(String(left));
  if (node.operator === "in" && isKnown(left) && right instanceof List)
    return Number(left) in Array.from({ length: right.length }, () => 0);
  return binaryOperator(session, node.operator, left, right, node);
}

function logical(session: Session, node: LogicalExpression, scope: Scope): Value {
  const left = evaluate(session, node.left, scope);
  return shortCircuit(session, node.operator, left, node, () => evaluate(session, node.right, scope));
}

function shortCircuit(session: Session, operator: "&&" | "||" | "??", left: Value, at: SyntaxNode, right: () => Value): Value {
  if (operator === "??") {
    if (left instanceof Mixed) throw unreadable(left.description, at, "Give the variable a value of one kind in both branches.");
    if (left instanceof Accumulation) throw new CannotVectorize("an iteration needs the result of the one before");
    return left === undefined || left === null ? right() : left;
  }
  const holds = truth(session, left, at);
  // Where a condition decides, it is known to be false or true.
  const decided = holds === left ? operator === "||" : left;
  return operator === "&&" ? branch(session, holds, right, () => decided) : branch(session, holds, () => decided, right);
}

function assignment(session: Session, node: AssignmentExpression, scope: Scope): Value {
  const { operator } = node;
  if (operator === "=") {
    const value = evaluate(session, node.right, scope);
    assign(session, node.left, value, scope);
    return value;
  }
  const before = evaluate(session, node.left as Expression, scope);
  if (operator === "&&=" || operator === "||=" || operator === "??=") {
    return shortCircuit(session, operator.slice(0, 2) as "&&" | "||" | "??", before, node, () => {
      const value = evaluate(session, node.right, scope);
      assign(session, node.left, value, scope);
      return value;
    });
  }
  const value = binaryOperator(session, operator.slice(0, -1) as BinaryOperator, before, evaluate(session, node.right, scope), node);
  assign(session, node.left, value, scope);
  return value;
}

/** `object.key` with its object; undefined object and `skipped` where an optional chain ends. */
function member(session: Session, node: MemberExpression, scope: Scope): { object: Value; value: Value; skipped: boolean } {
  if (node.object.type === "Super") throw unreadable("super", node, "Pass a function of its own.");
  const inner = link(session, node.object, scope);
  if (inner.skipped || (node.optional && (inner.value === undefined || inner.value === null)))
    return { object: undefined, value: undefined, skipped: true };
  const value = readProperty(session, inner.value, propertyKey(session, node, scope), node);
  return { object: inner.value, value, skipped: false };
}

/** The value of what stands before a `.` or a `(`, and whether an optional chain has ended there. */
function link(session: Session, node: Expression, scope: Scope): { object: Value; value: Value; skipped: boolean } {
  if (node.type === "MemberExpression") return member(session, node, scope);
  if (node.type === "CallExpression") {
    const result = callLink(session, node, scope);
    return { object: undefined, ...result };
  }
  return { object: undefined, value: evaluate(session, node, scope), skipped: false };
}

function call(session: Session, node: CallExpression, scope: Scope): Value {
  return callLink(session, node, scope).value;
}

function callLink(session: Session, node: CallExpression, scope: Scope): { value: Value; skipped: boolean } {
  if (node.callee.type === "Super") throw unreadable("super", node, "Pass a function of its own.");
  if (node.callee.type === "MemberExpression") return callMember(session, node, node.callee, scope);
  if (keepsName(node, scope)) return { value: evaluate(session, node.arguments[0] as Expression, scope), skipped: false };
  const { value: callee, skipped } = link(session, node.callee, scope);
  if (skipped || (node.optional && (callee === undefined || callee === null))) return { value: undefined, skipped: true };
  return { value: session.reader.call(callee, argumentsOf(session, node.arguments, scope, callee), node), skipped: false };
}

function callMember(session: Session, node: CallExpression, callee: MemberExpression, scope: Scope): { value: Value; skipped: boolean } {
  if (callee.object.type === "Super") throw unreadable("super", node, "Pass a function of its own.");
  const { value: object, skipped } = link(session, callee.object, scope);
  if (skipped || (callee.optional && (object === undefined || object === null))) return { value: undefined, skipped: true };
  const key = propertyKey(session, callee, scope);
  const args = (target: Value): Value[] => argumentsOf(session, node.arguments, scope, target);
  if (typeof key === "string") {
    if (object instanceof List && Object.hasOwn(arrayMethods, key))
      return { value: arrayMethods[key]!(session, object, args(undefined), node), skipped: false };
    const tensor = object instanceof List ? object.content : object;
    if (tensor instanceof Sym && isTensorMethod(key))
      return { value: callTensorMethod(session, tensor, key, args(undefined), node), skipped: false };
    if ((object instanceof Closure || object instanceof Builtin) && (key === "call" || key === "apply")) {
      const [, ...rest] = args(undefined);
      return { value: session.reader.call(object, key === "call" ? rest : spread(session, rest[0], object, node), node), skipped: false };
    }
    if (typeof object === "string" || typeof object === "number") {
      const known = args(undefined);
      if (known.every(isKnown) && isMethodOf(object, key)) return { value: ofKnown(session, object, key, known, node), skipped: false };
    }
    if (object instanceof List || object instanceof Sym || typeof object === "number") throw unknownMethod(object, key, node);
  }
  const target = readProperty(session, object, key, callee);
  if (target === undefined && node.optional) return { value: undefined, skipped: true };
  if (target === undefined && typeof key === "string") throw unknownMethod(object, key, node);
  return { value: session.reader.call(target, args(target), node), skipped: false };
}

function unknownMethod(object: Value, key: string, at: SyntaxNode): Error {
  const known =
    object instanceof Rec ? [...object.fields.keys()] : object instanceof Builtin ? [...object.members.keys()] : Object.keys(arrayMethods);
  const nearest = nearestName(key, known);
  return unreadable(
    `the method ${key} of ${describe(object)}`,
    at,
    nearest === undefined ? "It is not known here." : `Is ${nearest} meant?`,
  );
}

function argumentsOf(session: Session, nodes: readonly (Expression | SpreadElement)[], scope: Scope, callee: Value): Value[] {
  const args: Value[] = [];
  for (const node of nodes) {
    if (node.type !== "SpreadElement") {
      args.push(evaluate(session, node, scope));
      continue;
    }
    args.push(...spread(session, evaluate(session, node.argument, scope), callee, node));
  }
  return args;
}

/** The arguments that `...value` stands for; none for undefined, as in `f.apply(null)`. */
function spread(session: Session, value: Value, callee: Value, at: SyntaxNode): Value[] {
  if (callee instanceof Builtin && callee.keepsSpread && value instanceof List) return [new Spread(value)];
  return at.type === "CallExpression" && (value === undefined || value === null) ? [] : iterate(session, value, at);
}

/** True for methods of texts and numbers. */
function isMethodOf(object: string | number, key: string): boolean {
  const prototype = (typeof object === "string" ? String : Number).prototype as unknown as Readonly<Record<string, unknown>>;
  return typeof prototype[key] === "function";
}

/** `object.key(...args)` of a known text or number: JavaScript's own, where it gives known values. */
function ofKnown(session: Session, object: string | number, key: string, args: readonly Value[], at: SyntaxNode): Value {
  const methods = Object(object) as Readonly<Record<string, (...args: readonly Value[]) => unknown>>;
  let result: unknown;
  try {
    result = methods[key]!(...args);
  } catch (error) {
    throw unreadable(`the method ${key} of ${describe(object)}`, at, `It fails: ${String(error)}.`);
  }
  if (Array.isArray(result)) return new List(result as Value[], session.now());
  if (typeof result === "object") throw unreadable(`the method ${key} of ${describe(object)}`, at, "It is not known here.");
  return result as Value;
}

/** Classes of JavaScript that objectives have no use for; others are unknown names. */
const hostConstructors: ReadonlySet<string> = new Set([
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "Date",
  "RegExp",
  "Error",
  "RangeError",
  "TypeError",
  "Promise",
  "Proxy",
]);

function construct(session: Session, node: NewExpression, scope: Scope): Value {
  const name = node.callee.type === "Identifier" ? node.callee.name : "an expression";
  if (node.callee.type === "Identifier" && hostConstructors.has(name) && scope.lookup(name) === undefined) {
    throw unreadable(`new ${name}`, node, "Use arrays and plain objects.");
  }
  const callee = evaluate(session, node.callee, scope);
  if (callee instanceof Builtin) return session.reader.call(callee, argumentsOf(session, node.arguments, scope, callee), node);
  throw unreadable(`new ${name}`, node, "Use arrays and plain objects.");
}

/**
 * `__name(fn, "fn")`, which esbuild puts around functions to keep their names; a minifier gives `__name` another name, but it is
 * never a variable of the function.
 */
function keepsName({ callee, arguments: args }: CallExpression, scope: Scope): boolean {
  const [fn, name] = args;
  if (callee.type !== "Identifier" || scope.lookup(callee.name) !== undefined || args.length !== 2) return false;
  if (name?.type !== "Literal" || typeof name.value !== "string") return false;
  return (
    fn?.type === "ArrowFunctionExpression" ||
    fn?.type === "FunctionExpression" ||
    (fn?.type === "Identifier" && scope.lookup(fn.name)?.value instanceof Closure)
  );
}

/** `counter().s[0]++` on a name that is not known: coverage tools put such counters everywhere, where nothing uses their values. */
function isCounter(node: UpdateExpression, scope: Scope): boolean {
  const root = rootOf(node.argument);
  if (node.argument.type !== "MemberExpression" || root.type !== "Identifier") return false;
  return scope.lookup(root.name) === undefined;
}

/** `a` of `a.b().c[0]`. */
function rootOf(node: Expression | Super): Expression | Super {
  if (node.type === "MemberExpression") return rootOf(node.object);
  return node.type === "CallExpression" ? rootOf(node.callee) : node;
}
