/** A procedure of scalars that is run once at a time: one expression for each element it writes, then all of them stored. */

import { InternalError } from "../../errors.js";
import type { Node } from "../../graph/graph.js";
import { ScalarWriter } from "../emit/scalar-writer.js";
import type { ModuleBuilder } from "../encode/assembler.js";
import { Scalars } from "../lower/scalars.js";
import { expands } from "../lower/small.js";
import { type Value, ValueGraph } from "../lower/value.js";
import type { MathLibrary } from "../math/library.js";
import { control, type MemoryPlan } from "../memory.js";
import { TIMES } from "./frame.js";
import type { LoweredProcedure } from "./lowered-procedure.js";

export interface ScalarOptions {
  /** Of an array that is taken apart. */
  readonly mostElements: number;
  /** Another form of an urgent result that is ready sooner. Absent if results may not change. */
  readonly sooner?: (values: ValueGraph, value: Value) => Value;
}

/** True if every array of the procedure is taken apart into scalars: it has no rows, and no array that a loop would have to compute. */
export function isScalar({ procedure, order }: LoweredProcedure, mostElements: number): boolean {
  return procedure.rows === undefined && order.every((node) => expands(node, mostElements));
}

/** The scalars of a procedure whose cells are all taken apart. */
export function scalarsAlone(
  values: ValueGraph,
  { format }: MemoryPlan,
  cell: (name: string) => readonly Value[],
  mostElements: number,
): Scalars {
  const unreachable = (node?: Node): never => {
    throw new InternalError(`a procedure of scalars reads ${node?.op ?? "rows"} from memory`);
  };
  return new Scalars({ format, values, cell, memory: unreachable, hasHome: () => false, rowCount: unreachable }, mostElements);
}

/** Plans a procedure; what comes back adds `run(times) → times` to a module once the memory has its layout. */
export function planStraight(
  { procedure, image }: LoweredProcedure,
  memory: MemoryPlan,
  { mostElements, sooner }: ScalarOptions,
): (module: ModuleBuilder, math: MathLibrary) => void {
  const { format } = memory;
  const values = new ValueGraph(format);
  const loads = (name: string): Value[] => {
    const { elements, region } = memory.cell(name);
    return values.loads(region!, elements);
  };
  const scalars = scalarsAlone(values, memory, loads, mostElements);
  const writes = procedure.writes.map(({ cell, node, urgent }) => {
    const numbers = scalars.elements(image(node)).map((value) => values.number(value));
    return { cell, numbers: urgent && sooner ? numbers.map((value) => sooner(values, value)) : numbers };
  });
  return (module, math) => {
    const f = module.addFunction(["i32"], ["i32"], `run_${procedure.name}`);
    const e = new ScalarWriter(f, format, math);
    const passes = f.local("i32");
    f.block((done) => {
      f.loop((again) => {
        f.get(passes).get(TIMES).op("i32.ge_s").brIf(done);
        e.scope(() => {
          // All is computed before the first store, which may change what is read.
          e.ensureScalars(writes.flatMap(({ numbers }) => numbers));
          for (const { cell, numbers } of writes) {
            const { address } = memory.cell(cell).region!;
            numbers.forEach((value, i) => {
              f.i32(0);
              e.scalar(value);
              f.memory(`${format.scalar}.store`, address + i * format.bytes);
            });
          }
        });
        f.get(passes).i32(1).op("i32.add").set(passes).br(again);
      });
    });
    f.i32(0)
      .i32(0)
      .memory("i32.store", memory.control.address + control.code);
    f.get(passes);
  };
}
