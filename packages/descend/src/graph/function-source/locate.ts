/** From a function to its syntax tree, and from a place in it to an error that says where. */

import { type Expression, parse, type Node as SyntaxNode } from "acorn";
import { TraceError } from "../../errors.js";
import type { FunctionNode } from "./values.js";

/**
 * The error for a construct that cannot become part of a graph.
 *
 * @param at - where in the source of the function; line and column are counted from 1.
 * @param remedy - what to write instead.
 */
export function unreadable(construct: string, at: SyntaxNode | undefined, remedy: string): TraceError<"SOURCE_UNREADABLE"> {
  const place = placeOf(at);
  const where = place === undefined ? "" : ` at line ${place.line}, column ${place.column} of its source`;
  return new TraceError(
    "SOURCE_UNREADABLE",
    `The function cannot be read: ${construct}${where}.`,
    { construct, ...place },
    { hint: remedy },
  );
}

/** Line and column of a syntax node within the function's own source, counted from 1. */
export function placeOf(at: SyntaxNode | undefined): { line: number; column: number } | undefined {
  const start = at?.loc?.start;
  // The text is parsed with one line put in front of it.
  return start === undefined ? undefined : { line: start.line - 1, column: start.column + 1 };
}

/**
 * The syntax tree of a function, from the text the engine keeps of it: an arrow function, a function expression or
 * declaration, or a method.
 *
 * @throws TraceError SOURCE_UNREADABLE for native and bound functions, classes, async functions and generators.
 */
export function parseFunction(fn: (...args: never[]) => unknown): FunctionNode {
  // A private method is read as one of another name.
  const text = Function.prototype.toString.call(fn).replace(/^#/, "_");
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) {
    const bound = fn.name.startsWith("bound ");
    throw unreadable(
      bound ? "a bound function" : "a native function",
      undefined,
      "Its source is not available: wrap it in an arrow function that does the calculation itself.",
    );
  }
  const node = asFunction(parseText(`(\n${text}\n)`) ?? parseText(`({\n${text}\n})`));
  if (node === undefined) throw unreadable("its syntax", undefined, "It is not an arrow function, a function, or a method.");
  if (node.async) throw unreadable("async function", node, "An objective returns its number at once.");
  if (node.generator) throw unreadable("generator function", node, "An objective returns its number at once.");
  return node;
}

function parseText(text: string): Expression | undefined {
  try {
    const [statement] = parse(text, { ecmaVersion: "latest", locations: true, checkPrivateFields: false }).body;
    return statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function asFunction(expression: Expression | undefined): FunctionNode | undefined {
  if (expression?.type === "ClassExpression") throw unreadable("class", expression, "Pass a function.");
  if (expression?.type === "ArrowFunctionExpression" || expression?.type === "FunctionExpression") return expression;
  if (expression?.type !== "ObjectExpression") return undefined;
  const [property] = expression.properties;
  if (property?.type !== "Property" || property.value.type !== "FunctionExpression") return undefined;
  if (property.kind !== "init") throw unreadable("getter or setter", property, "Pass a function.");
  return property.value;
}
