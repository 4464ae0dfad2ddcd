/**
 * Writes values as instructions, in two modes: as scalars outside of loops, as vectors along one axis of a loop nest.
 *
 * In layers, each a class that extends the one before: `scopes.ts` (what is known), `addresses.ts` (where it is), `scalar-writer.ts`,
 * `vector-writer.ts`, and here *when* things are computed. Before a loop is entered, {@link Emitter.hoist} computes what does not change
 * inside it: splats, partial addresses, whole subexpressions; and what several vectors need is computed side by side.
 */

import type { Value } from "../lower/value.js";
import { type ShortForm, VectorWriter } from "./vector-writer.js";

export class Emitter extends VectorWriter {
  /** Computes now what the given values need and what no axis that is still to be opened changes. */
  hoist(values: Iterable<Value>, copies: number): void {
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      if (seen.has(value) || value.op === "constant") return;
      seen.add(value);
      if ((value.axes & ~this.openMask) === 0) {
        this.forCopies(value, copies, () => {
          this.vectorOrPlace(value);
          this.f.op("drop");
        });
        return;
      }
      if (value.access !== undefined) this.prepareAddress(value.access);
      for (const arg of value.args) visit(arg);
    };
    for (const value of values) visit(value);
  }

  /** Computes now what the given values need and what no loop changes: scalars, and vectors with the same number in every lane. */
  hoistConstants(values: Iterable<Value>, asVectors: boolean): void {
    const invariants = invariantsOf(values);
    this.ensureScalars(invariants.filter((value) => value.op !== "load" || this.known(`s${value.id}`) !== undefined));
    if (!asVectors) return;
    for (const value of invariants) {
      this.vectorOrPlace(value);
      this.f.op("drop");
    }
  }

  /** Computes a value for all copies, operation by operation: what a copy needs next is under way while another one computes. */
  inStep(value: Value, copies: number): void {
    if (value.op === "constant" || this.known(`v${value.id}${this.varies(value) ? ":0" : ""}`) !== undefined) return;
    const short = this.shortForm(value);
    if (value.axes !== 0) for (const arg of short?.operands ?? value.args) this.inStep(arg, copies);
    if (short !== undefined && this.varies(value)) {
      this.shortInStep(value, short, copies);
      return;
    }
    this.forCopies(value, copies, () => {
      this.vectorOrPlace(value);
      this.f.op("drop");
    });
  }

  /** Computes the short form of a function for all copies side by side. */
  private shortInStep(value: Value, form: ShortForm, copies: number): void {
    const results = this.writeShort(form, [...Array(copies).keys()]);
    results.forEach((local, copy) => {
      this.copy = copy;
      this.f.get(local);
      this.keep(this.vectorKey(value), "v128");
      this.f.op("drop");
      this.f.release(local);
    });
    this.copy = 0;
  }

  /** Runs `body` for each copy if the value differs from copy to copy, otherwise once. */
  private forCopies(value: Value, copies: number, body: () => void): void {
    const count = this.varies(value) ? copies : 1;
    for (let copy = 0; copy < count; copy++) {
      this.copy = copy;
      body();
    }
    this.copy = 0;
  }
}

/** The largest parts of expressions that no loop changes, literals aside. */
function invariantsOf(values: Iterable<Value>): Value[] {
  const found: Value[] = [];
  const seen = new Set<Value>();
  const stack = [...values];
  while (stack.length > 0) {
    const value = stack.pop()!;
    if (seen.has(value) || value.op === "constant") continue;
    seen.add(value);
    if (value.axes === 0) found.push(value);
    else stack.push(...value.args);
  }
  return found.sort((a, b) => a.id - b.id);
}
