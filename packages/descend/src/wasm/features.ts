/** What the WebAssembly engine at hand can do, found out by asking it to validate tiny modules. */

import { CompileError } from "../errors.js";
import { ModuleBuilder } from "./encode/assembler.js";

function validates(write: (module: ModuleBuilder) => void): boolean {
  if (typeof WebAssembly === "undefined") return false;
  const module = new ModuleBuilder({ initialPages: 0, maximumPages: 1, shared: false });
  write(module);
  return WebAssembly.validate(module.build());
}

let simd: boolean | undefined;
let relaxed: boolean | undefined;

/** 128-bit vectors, which every program needs. */
export function hasSimd(): boolean {
  simd ??= validates((module) => {
    module.addFunction([], ["v128"]).f64x2(1);
  });
  return simd;
}

/** Fused multiply-add as the machine has it; used under precision "fast" only. */
export function hasRelaxedSimd(): boolean {
  relaxed ??= validates((module) => {
    module.addFunction([], ["v128"]).f64x2(1).f64x2(1).f64x2(1).op("f64x2.relaxed_madd");
  });
  return relaxed;
}

/** @throws CompileError FEATURE_MISSING without WebAssembly SIMD. */
export function requireFeatures(): void {
  if (hasSimd()) return;
  throw new CompileError("FEATURE_MISSING", "This JavaScript engine has no WebAssembly SIMD; use a release from 2021 or later.", {
    feature: "WebAssembly SIMD",
  });
}
