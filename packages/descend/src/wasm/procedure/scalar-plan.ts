/**
 * The plan of a procedure that is nothing but scalars: no rows, and no array that a loop would have to compute. What such a procedure
 * computes is one expression for each element it writes.
 */

import { InternalError } from "../../errors.js";
import type { Node } from "../../graph/graph.js";
import { planRecord, type RecordPlan } from "../emit/record.js";
import { criticalCells } from "../lower/recurrences.js";
import { Scalars } from "../lower/scalars.js";
import { expands } from "../lower/small.js";
import { spreadFactor } from "../lower/spread-factor.js";
import type { Value } from "../lower/value.js";
import type { MemoryPlan } from "../memory.js";
import type { LoweredProcedure } from "./lowered-procedure.js";
import { type Literals, PassPlan } from "./pass-plan.js";
import { PassTests } from "./pass-tests.js";

export interface ScalarOptions {
  readonly recordCapacity: number | undefined;
  /** Of an array that is taken apart. */
  readonly mostElements: number;
  /** Whether urgent results may be computed in another form. */
  readonly reorders: boolean;
}

/** True if every array of the procedure is taken apart into scalars. */
export function isScalar({ procedure, order }: LoweredProcedure, mostElements: number): boolean {
  return procedure.rows === undefined && order.every((node) => expands(node, mostElements));
}

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
    { recordCapacity, mostElements, reorders }: ScalarOptions,
  ) {
    super(procedure, memory);
    const { values } = this;
    const { writes, repeat } = procedure;
    // A procedure that is run once at a time gains nothing from locals that live longer.
    this.carried = repeat === undefined ? new Set() : criticalCells(order, new Map(writes.map(({ cell, node }) => [cell, image(node)])));
    const scalars = new Scalars(
      {
        format: memory.format,
        values,
        cell: (name) => this.oldValues(name),
        memory: (node) => unreachable(node),
        hasHome: () => false,
        rowCount: () => unreachable(undefined),
      },
      mostElements,
    );
    const numbers = (node: Node): Value[] => scalars.elements(image(node)).map((value) => values.number(value));
    const truth = (node: Node): Value => values.truth(scalars.elements(image(node))[0]!);
    const sooner = (value: Value): Value => spreadFactor(values, value);
    this.smallWrites = writes.map(({ cell, node, urgent = false }) => ({
      cell,
      values: urgent && reorders ? numbers(node).map(sooner) : numbers(node),
    }));
    this.tests = new PassTests((repeat?.require ?? []).map(truth), (repeat?.stop ?? []).map(truth));
    this.keeps = (repeat?.keeps ?? []).map(({ from, to, when }) => ({ from, to, when: truth(when) }));
    const recorded = (repeat?.record ?? []).map((node) => ({ scalars: numbers(node) }));
    // A result that the tests compute on their way is not to be computed again.
    for (const value of this.smallWrites.flatMap((write) => write.values)) value.uses++;
    this.literals = this.placeLiterals();
    this.record = planRecord(recorded, memory, recordCapacity);
  }
}

function unreachable(node: Node | undefined): never {
  throw new InternalError(`a procedure of scalars reads ${node?.op ?? "rows"} from memory`);
}
