/** What the WebAssembly engine at hand can do, found out by asking it to validate tiny modules. */

import { CompileError } from "../errors.js";
import { ModuleBuilder } from "./encode/assembler.js";

function validates(write: (module: ModuleBuilder) => void): boolean {
  if (typeof WebAssembly === "undefined") return false;
  const module = new ModuleBuilder({ initialPages: 0, maximumPages: 1, shared: false });
  write(module);
  return WebAssembly.validate(module.build());
}

let relaxed: boolean | undefined;

/** Fused multiply-add as the machine has it; used under precision "fast" only. */
export function hasRelaxedSimd(): boolean {
  relaxed ??= validates((module) => {
    module.addFunction([], ["v128"]).f64x2(1).f64x2(1).f64x2(1).op("f64x2.relaxed_madd");
  });
  return relaxed;
}

/**
 * What the engine makes of a module. Only where it refuses one is it asked why: that would be the first code to run otherwise.
 *
 * @throws CompileError FEATURE_MISSING without WebAssembly's 128-bit vectors.
 */
export function engineModule(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    const hasSimd = validates((module) => {
      module.addFunction([], ["v128"]).f64x2(1);
    });
    if (hasSimd) throw error;
    throw new CompileError("FEATURE_MISSING", "This JavaScript engine has no WebAssembly SIMD; use a release from 2021 or later.", {
      feature: "WebAssembly SIMD",
    });
  }
}
