/** Fields of objects, elements of arrays, names of variables. */

import type { Identifier, MemberExpression, Node as SyntaxNode } from "acorn";
import { nearestName, TraceError } from "../../errors.js";
import { itemAt, itemAtSym } from "./elements.js";
import { placeOf, unreadable } from "./locate.js";
import type { Session } from "./session.js";
import { tensorProperty } from "./tensors.js";
import { Accumulation, Builtin, describe, isKnown, List, Mixed, Rec, type Scope, Sym, type Value } from "./values.js";

/** Names of the host that no calculation needs. */
const hostNames: ReadonlySet<string> = new Set(["console", "performance", "Date", "JSON", "crypto", "globalThis", "window", "process"]);

/** The error for a name that is neither a variable of the function nor known here. */
export function unknownName(session: Session, node: Identifier, scope: Scope): TraceError<"NAME_UNKNOWN"> {
  const known = scope.names();
  const nearest = nearestName(node.name, known);
  const place = placeOf(node);
  const builtins = new Set(session.global.names());
  return new TraceError(
    "NAME_UNKNOWN",
    `The function cannot be read: the variable ${node.name}${place === undefined ? "" : ` at line ${place.line}, column ${place.column} of its source`} is defined outside of it, where its value cannot be seen.`,
    { name: node.name, known: known.filter((name) => !builtins.has(name)), ...(nearest === undefined ? {} : { nearest }), ...place },
    {
      hint: hostNames.has(node.name)
        ? "No calculation needs it: leave it out."
        : `Pass its value in the option constants: { ${node.name} }, or write it into the function.${nearest === undefined ? "" : ` Is ${nearest} meant?`}`,
    },
  );
}

/** The key of `object[key]` or `object.key`. */
export function propertyKey(session: Session, node: MemberExpression, scope: Scope): Value {
  if (node.property.type === "PrivateIdentifier") throw unreadable("a private field", node, "Use parameters and local variables.");
  if (!node.computed) return (node.property as Identifier).name;
  return session.reader.evaluate(node.property, scope);
}

/** `object[key]`. */
export function readProperty(session: Session, object: Value, key: Value, at: SyntaxNode): Value {
  if (key instanceof Mixed) throw unreadable(key.description, at, "Give the variable a value of one kind in both branches.");
  if (object instanceof List) return readFromList(session, object, key, at);
  if (object instanceof Rec) {
    if (!isKnown(key)) throw unreadable("a field whose name is not known while the function is read", at, "Use known names, or an array.");
    const name = String(key);
    if (!object.fields.has(name) && name in Object.prototype) throw methodAsValue(name, object, at);
    return object.fields.get(name);
  }
  if (object instanceof Builtin && isKnown(key)) return object.members.get(String(key));
  if (typeof object === "string" && isKnown(key)) return key === "length" ? object.length : object[Number(key)];
  if (object instanceof Sym && typeof key === "string") return tensorProperty(session, object, key);
  if (object === undefined || object === null || object instanceof Mixed || object instanceof Accumulation) {
    throw unreadable(`${keyText(key)} of ${describe(object)}`, at, "It has no such part.");
  }
  return undefined;
}

function readFromList(session: Session, list: List, key: Value, at: SyntaxNode): Value {
  if (key === "length") {
    session.noteRead(list);
    return list.length;
  }
  if (typeof key === "number") return itemAt(session, list, key);
  if (key instanceof Sym && key.rest.length === 0 && !key.boolean) return itemAtSym(session, list, key);
  if (typeof key === "string") {
    const index = Number(key);
    if (key.trim() !== "" && Number.isInteger(index)) return itemAt(session, list, index);
    const own = list.content instanceof Sym ? tensorProperty(session, list.content, key) : undefined;
    if (own === undefined && key in Array.prototype) throw methodAsValue(key, list, at);
    return own;
  }
  throw unreadable(`an element at ${describe(key)}`, at, "Use whole numbers as indices.");
}

function methodAsValue(name: string, object: Value, at: SyntaxNode): Error {
  return unreadable(`the method ${name} of ${describe(object)}`, at, "It is not known here as a value; write a function of your own.");
}

function keyText(key: Value): string {
  return typeof key === "string" ? `the field ${key}` : "an element";
}
