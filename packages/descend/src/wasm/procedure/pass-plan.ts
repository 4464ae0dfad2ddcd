/** What the plan of any procedure says of a pass: its cells, tests, keeps, records and writes. */

import type { Procedure } from "../../graph/program.js";
import type { RecordPlan } from "../emit/record.js";
import { type Value, ValueGraph } from "../lower/value.js";
import type { Region } from "../lower/view.js";
import type { MemoryPlan } from "../memory.js";
import type { PassTests } from "./pass-tests.js";

/** Numbers of a procedure that the code takes from memory. */
export interface Literals {
  readonly values: readonly number[];
  readonly place: Region;
}

export abstract class PassPlan {
  readonly procedure: Procedure;
  readonly memory: MemoryPlan;
  readonly values: ValueGraph;
  /** Small cells that are carried from pass to pass in locals; the others are read and written in place. */
  abstract readonly carried: ReadonlySet<string>;
  /** The old values of carried cells. */
  readonly variables: Map<string, readonly Value[]> = new Map();
  abstract readonly tests: PassTests;
  abstract readonly keeps: readonly { readonly from: string; readonly to: string; readonly when: Value }[];
  abstract readonly record: RecordPlan | undefined;
  abstract readonly smallWrites: readonly { readonly cell: string; readonly values: readonly Value[] }[];
  abstract readonly largeWrites: readonly string[];
  /** Numbers that the code takes from memory. */
  abstract readonly literals: Literals | undefined;

  constructor(procedure: Procedure, memory: MemoryPlan) {
    this.procedure = procedure;
    this.memory = memory;
    this.values = new ValueGraph(memory.format);
  }

  /** The old values of a small cell, one an element. */
  oldValues(cell: string): readonly Value[] {
    if (this.carried.has(cell)) return this.variablesOf(cell);
    const { elements, region: place } = this.memory.cell(cell);
    return this.values.loads(place!, elements);
  }

  private variablesOf(cell: string): readonly Value[] {
    let variables = this.variables.get(cell);
    if (variables === undefined) {
      variables = Array.from({ length: this.memory.cell(cell).elements }, () => this.values.variable());
      this.variables.set(cell, variables);
    }
    return variables;
  }

  /** A place in memory for the literals so far, 0 apart, which is cheaper to make: passes that follow each other closely take them from there. */
  protected placeLiterals(): Literals | undefined {
    const values = this.values.literals.filter((value) => value !== 0);
    if (this.procedure.repeat === undefined || values.length === 0) return undefined;
    return { values, place: this.memory.addConstant(Float64Array.from(values)) };
  }
}
