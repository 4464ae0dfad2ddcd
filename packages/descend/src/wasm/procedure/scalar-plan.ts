/** The plan of a procedure of scalars that repeats: a loop at the latency of its arithmetic. */

import type { Node } from "../../graph/graph.js";
import type { Repeat } from "../../graph/program.js";
import { planRecord, type RecordPlan } from "../emit/record.js";
import { criticalCells } from "../lower/recurrences.js";
import type { Value } from "../lower/value.js";
import type { MemoryPlan } from "../memory.js";
import type { LoweredProcedure } from "./lowered-procedure.js";
import { type Literals, PassPlan } from "./pass-plan.js";
import { PassTests } from "./pass-tests.js";
import { type ScalarOptions, scalarsAlone } from "./straight-procedure.js";

export class ScalarPlan extends PassPlan {
  readonly carried: ReadonlySet<string>;
  readonly tests: PassTests;
  readonly keeps: readonly { readonly from: string; readonly to: string; readonly when: Value }[];
  readonly record: RecordPlan | undefined;
  readonly smallWrites: readonly { readonly cell: string; readonly values: readonly Value[] }[];
  readonly largeWrites: readonly string[] = [];
  readonly literals: Literals | undefined;

  constructor(
    { procedure, image, order }: LoweredProcedure,
    memory: MemoryPlan,
    repeat: Repeat,
    { recordCapacity, mostElements, sooner }: ScalarOptions & { readonly recordCapacity: number | undefined },
  ) {
    super(procedure, memory);
    const { values } = this;
    const { writes } = procedure;
    this.carried = criticalCells(order, new Map(writes.map(({ cell, node }) => [cell, image(node)])));
    const scalars = scalarsAlone(values, memory, (name) => this.oldValues(name), mostElements);
    const numbers = (node: Node): Value[] => scalars.elements(image(node)).map((value) => values.number(value));
    const truth = (node: Node): Value => values.truth(scalars.elements(image(node))[0]!);
    this.smallWrites = writes.map(({ cell, node, urgent }) => ({
      cell,
      values: urgent && sooner ? numbers(node).map((value) => sooner(values, value)) : numbers(node),
    }));
    this.tests = new PassTests(repeat.require.map(truth), repeat.stop.map(truth));
    this.keeps = (repeat.keeps ?? []).map(({ from, to, when }) => ({ from, to, when: truth(when) }));
    const recorded = (repeat.record ?? []).map((node) => ({ scalars: numbers(node) }));
    // A result that the tests compute on their way is not to be computed again.
    for (const value of this.smallWrites.flatMap((write) => write.values)) value.uses++;
    this.literals = this.placeLiterals();
    this.record = planRecord(recorded, memory, recordCapacity);
  }
}
