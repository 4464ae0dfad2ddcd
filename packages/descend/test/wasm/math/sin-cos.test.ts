// Oracle: sin and cos alone, which are compared with exact values in elementary-functions.test.ts.

import { expect, it } from "vitest";
import { ModuleBuilder } from "../../../src/wasm/encode/assembler.js";
import { MathLibrary } from "../../../src/wasm/math/library.js";
import { applyFunction, type Format } from "./apply-function.js";

it.each<Format>(["float64", "float32"])("gives the bits of sin and of cos in %s", (format) => {
  const values = [0, -0, 0.7, -2.5, 100, 99999, -123456, 1e15, 3e38, Number.POSITIVE_INFINITY, Number.NaN, 1e-30];
  const module = new ModuleBuilder({ initialPages: 1, maximumPages: 1, shared: false });
  const f = module.addFunction([], [], "run");
  const target = new MathLibrary(module).sinCos(format);
  const sine = f.local("v128");
  const cosine = f.local("v128");
  for (let at = 0; at < 96; at += 16) {
    f.i32(at).memory("v128.load").call(target).set(cosine).set(sine);
    f.i32(at).get(sine).memory("v128.store", 256).i32(at).get(cosine).memory("v128.store", 512);
  }
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory } });
  const Floats = format === "float64" ? Float64Array : Float32Array;
  new Floats(memory.buffer, 0, 12).set(values);
  (instance.exports.run as () => void)();
  expect(new Floats(memory.buffer, 256, 12)).toEqual(applyFunction("sin", format, [values]));
  expect(new Floats(memory.buffer, 512, 12)).toEqual(applyFunction("cos", format, [values]));
});
