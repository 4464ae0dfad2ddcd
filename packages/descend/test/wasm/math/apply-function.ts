/** Runs one elementary function of a compiled module over arrays. */

import { ModuleBuilder } from "../../../src/wasm/encode/assembler.js";
import { MathLibrary, type MathOp, mathOps } from "../../../src/wasm/math/library.js";

export type Format = "float64" | "float32";

/** Results of `op` for each place of the operands, in a module built for it; `inline` writes the function into the loop. */
export function applyFunction(
  op: MathOp,
  format: Format,
  operands: readonly (readonly number[])[],
  inline = false,
): Float64Array | Float32Array {
  const Floats = format === "float64" ? Float64Array : Float32Array;
  const lanes = format === "float64" ? 2 : 4;
  const length = operands[0]!.length;
  const stride = Math.max(1, Math.ceil(length / lanes)) * 16;
  const pages = Math.ceil(((mathOps[op].arity + 1) * stride) / 65536);
  const module = new ModuleBuilder({ initialPages: pages, maximumPages: pages, shared: false });
  const library = new MathLibrary(module);
  const f = module.addFunction([], [], "run");
  const at = f.local("i32");
  const locals = operands.map(() => f.local("v128"));
  f.loop((again) => {
    for (const [i, local] of locals.entries())
      f.get(at)
        .memory("v128.load", i * stride)
        .set(local);
    f.get(at);
    if (inline) library.inline(f, op, format, locals);
    else {
      for (const local of locals) f.get(local);
      f.call(library.get(op, format));
    }
    f.memory("v128.store", operands.length * stride);
    f.get(at).i32(16).op("i32.add").tee(at).i32(stride).op("i32.lt_u").brIf(again);
  });
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory } });
  for (const [i, values] of operands.entries()) new Floats(memory.buffer, i * stride, length).set(values);
  (instance.exports.run as () => void)();
  return new Floats(memory.buffer, operands.length * stride, length).slice();
}

/** The results with one argument tuple a call. */
export function applyToRows(op: MathOp, format: Format, rows: readonly (readonly number[])[]): number[] {
  const operands = Array.from({ length: mathOps[op].arity }, (_, i) => rows.map((row) => row[i]!));
  return [...applyFunction(op, format, operands)];
}
