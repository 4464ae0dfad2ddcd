/** What can be seen in a syntax tree without evaluating it. */

import type { Pattern, Node as SyntaxNode } from "acorn";

const assignedCache = new WeakMap<SyntaxNode, ReadonlySet<string>>();

/** Names of variables that a piece of source assigns to, also inside functions it defines. */
export function assignedNames(node: SyntaxNode): ReadonlySet<string> {
  let names = assignedCache.get(node);
  if (names === undefined) {
    const found = new Set<string>();
    walk(node, (each) => {
      if (each.type === "AssignmentExpression") collectNames((each as { left?: Pattern }).left!, found);
      if (each.type === "UpdateExpression") collectNames((each as { argument?: Pattern }).argument!, found);
      if (each.type === "ForOfStatement" || each.type === "ForInStatement") collectNames((each as { left?: Pattern }).left!, found);
      // A `var` with a value assigns to a variable of the function around.
      if (each.type === "VariableDeclaration" && (each as { kind?: string }).kind === "var") {
        for (const { id } of (each as { declarations?: readonly { id: Pattern }[] }).declarations!) collectNames(id, found);
      }
    });
    names = found;
    assignedCache.set(node, names);
  }
  return names;
}

/** Names that `var` declares in the body of a function, not in functions inside it. */
export function variableNames(body: SyntaxNode): ReadonlySet<string> {
  const found = new Set<string>();
  walk(body, (each) => {
    if (each !== body && /Function/.test(each.type)) return false;
    if (each.type === "VariableDeclaration" && (each as { kind?: string }).kind === "var") {
      for (const { id } of (each as { declarations?: readonly { id: Pattern }[] }).declarations!) collectNames(id, found);
    }
    return undefined;
  });
  return found;
}

/** Names that a pattern binds. */
function collectNames(pattern: Pattern | SyntaxNode, into: Set<string>): void {
  const node = pattern as Pattern;
  switch (node.type) {
    case "Identifier":
      into.add(node.name);
      break;
    case "ArrayPattern":
      for (const element of node.elements) if (element !== null) collectNames(element, into);
      break;
    case "ObjectPattern":
      for (const property of node.properties) collectNames(property.type === "RestElement" ? property.argument : property.value, into);
      break;
    case "AssignmentPattern":
      collectNames(node.left, into);
      break;
    case "RestElement":
      collectNames(node.argument, into);
      break;
    default:
      break;
  }
}

/** Visits a node and all below it; below a node for which `visit` gives false it does not go. */
function walk(node: SyntaxNode, visit: (node: SyntaxNode) => unknown): void {
  if (visit(node) === false) return;
  for (const key in node) {
    if (key === "loc" || key === "start" || key === "end") continue;
    const child = (node as unknown as Readonly<Record<string, unknown>>)[key];
    if (Array.isArray(child)) {
      for (const each of child) if (isSyntax(each)) walk(each, visit);
    } else if (isSyntax(child)) walk(child, visit);
  }
}

function isSyntax(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}
