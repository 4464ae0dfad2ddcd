/** A function of a procedure: its carried cells in locals, and how they get there and back. */

import type { ScalarWriter } from "../emit/scalar-writer.js";
import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import type { PassPlan } from "./pass-plan.js";

/** The locals of carried cells, one an element. */
export type CellLocals = ReadonlyMap<string, readonly number[]>;

export interface Frame<Writer extends ScalarWriter> {
  readonly f: FunctionBuilder;
  readonly e: Writer;
  /** Local that counts committed passes. */
  readonly passes: number;
  readonly locals: CellLocals;
  readonly load: () => void;
  readonly store: () => void;
}

/** The parameter of a run. */
export const TIMES = 0;

/** Adds the function `times → committed passes`. */
export function frame<Writer extends ScalarWriter>(
  plan: PassPlan,
  module: ModuleBuilder,
  exportName: string | undefined,
  newWriter: (f: FunctionBuilder) => Writer,
): Frame<Writer> {
  const { format } = plan.memory;
  const f = module.addFunction(["i32"], ["i32"], exportName);
  const e = newWriter(f);
  if (plan.literals !== undefined) {
    const { values, place } = plan.literals;
    e.literalAddresses = new Map(values.map((value, i) => [value, place.address + i * format.bytes]));
  }
  const locals = new Map<string, readonly number[]>();
  const places: { readonly local: number; readonly address: number }[] = [];
  for (const [cell, variables] of plan.variables) {
    const { address } = plan.memory.cell(cell).region!;
    locals.set(
      cell,
      variables.map((variable, i) => {
        const local = f.local(format.scalar);
        e.bindVariable(variable, local);
        places.push({ local, address: address + i * format.bytes });
        return local;
      }),
    );
  }
  return {
    f,
    e,
    locals,
    passes: f.local("i32"),
    load: () => {
      for (const { local, address } of places) f.i32(0).memory(`${format.scalar}.load`, address).set(local);
    },
    store: () => {
      for (const { local, address } of places) f.i32(0).get(local).memory(`${format.scalar}.store`, address);
    },
  };
}
