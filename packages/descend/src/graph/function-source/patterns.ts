/** Destructuring, and assignment to variables, elements and fields. */

import type { Identifier, MemberExpression, Pattern, Node as SyntaxNode } from "acorn";
import { itemAt, itemsOf } from "./elements.js";
import { unreadable } from "./locate.js";
import { propertyKey, readProperty, unknownName } from "./properties.js";
import { CannotVectorize, type Session } from "./session.js";
import { setBinding, setItem, storeByLane, writableFields, writableItems } from "./store.js";
import { Binding, describe, isKnown, List, Rec, type Scope, Sequence, Sym, type Value } from "./values.js";

/** Declares the variables of a pattern in `scope`. */
export function declare(session: Session, pattern: Pattern, value: Value, scope: Scope): void {
  spread(session, pattern, value, scope, (target, part) => {
    scope.bindings.set((target as Identifier).name, new Binding(part, session.now()));
  });
}

/** Assigns to variables, elements and fields that exist. */
export function assign(session: Session, pattern: Pattern, value: Value, scope: Scope): void {
  spread(session, pattern, value, scope, (target, part) => {
    if (target.type === "MemberExpression") assignMember(session, target, part, scope);
    else assignVariable(session, target as Identifier, part, scope);
  });
}

function assignVariable(session: Session, target: Identifier, value: Value, scope: Scope): void {
  const binding = scope.lookup(target.name);
  if (binding === undefined) throw unknownName(session, target, scope);
  setBinding(session, binding, value);
}

function assignMember(session: Session, target: MemberExpression, value: Value, scope: Scope): void {
  const object = session.reader.evaluate(target.object as never, scope);
  const key = propertyKey(session, target, scope);
  if (object instanceof Rec && isKnown(key)) {
    writableFields(session, object).set(String(key), value);
    return;
  }
  if (object instanceof List) {
    if (key instanceof Sym && key.lanes.length > 0) {
      storeByLane(session, object, key, value);
      return;
    }
    if (key === "length" && typeof value === "number") {
      writableItems(session, object).length = value;
      return;
    }
    const index = typeof key === "string" ? Number(key) : key;
    if (typeof index === "number" && Number.isInteger(index) && index >= 0) {
      setItem(session, object, index, value);
      return;
    }
    throw unreadable(
      "an assignment to an element whose index is not known while the function is read",
      target,
      "Use known indices on the left of =.",
    );
  }
  throw unreadable(
    `an assignment to a part of ${describe(object)}`,
    target,
    "Assign to variables, elements of arrays and fields of objects.",
  );
}

/** Takes a value apart along a pattern. */
function spread(session: Session, pattern: Pattern, value: Value, scope: Scope, target: (target: Pattern, value: Value) => void): void {
  switch (pattern.type) {
    case "Identifier":
    case "MemberExpression":
      target(pattern, value);
      return;
    case "AssignmentPattern":
      spread(session, pattern.left, value === undefined ? session.reader.evaluate(pattern.right, scope) : value, scope, target);
      return;
    case "ArrayPattern": {
      const at = indexing(session, value, pattern);
      pattern.elements.forEach((element, i) => {
        if (element === null) return;
        if (element.type === "RestElement") spread(session, element.argument, restOf(session, value, i, pattern), scope, target);
        else spread(session, element, at(i), scope, target);
      });
      return;
    }
    case "ObjectPattern": {
      const taken = new Set<string>();
      for (const property of pattern.properties) {
        if (property.type === "RestElement") {
          spread(session, property.argument, remaining(session, value, taken, pattern), scope, target);
          continue;
        }
        const key = property.computed
          ? session.reader.evaluate(property.key, scope)
          : property.key.type === "Identifier"
            ? property.key.name
            : (property.key as { value?: Value }).value;
        if (!isKnown(key)) throw unreadable("a field whose name is not known while the function is read", property, "Use known names.");
        taken.add(String(key));
        spread(session, property.value, readProperty(session, value, key, property), scope, target);
      }
      return;
    }
    default:
      throw unreadable(`the pattern ${pattern.type}`, pattern, "Use plain destructuring.");
  }
}

function indexing(session: Session, value: Value, at: SyntaxNode): (index: number) => Value {
  if (value instanceof List) return (i) => itemAt(session, value, i);
  if (value instanceof Sequence) return (i) => (i < value.length ? value.at(i) : undefined);
  if (typeof value === "string") return (i) => value[i];
  throw unreadable(`the elements of ${describe(value)}`, at, "Only arrays can be taken apart by position.");
}

function restOf(session: Session, value: Value, from: number, at: SyntaxNode): List {
  return new List(iterate(session, value, at).slice(from), session.now());
}

function remaining(session: Session, value: Value, taken: ReadonlySet<string>, at: SyntaxNode): Rec {
  if (!(value instanceof Rec)) throw unreadable(`the fields of ${describe(value)}`, at, "Only objects can be taken apart by name.");
  return new Rec(new Map([...value.fields].filter(([name]) => !taken.has(name))), session.now());
}

/** All values of something that can be iterated over. */
export function iterate(session: Session, value: Value, at: SyntaxNode): Value[] {
  if (value instanceof List) {
    session.noteRead(value);
    return itemsOf(session, value);
  }
  if (value instanceof Sequence) return Array.from({ length: value.length }, (_, i) => value.at(i));
  if (typeof value === "string") return [...value];
  if (value !== null && typeof value === "object" && session.frames.length > 0)
    throw new CannotVectorize("it iterates over something that is not an array");
  throw unreadable(`iterating over ${describe(value)}`, at, "Only arrays can be iterated over.");
}
