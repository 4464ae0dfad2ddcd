import { afterEach, describe, expect, it, vi } from "vitest";
import { binary, constant, input } from "../../src/graph/build.js";
import type { Program } from "../../src/graph/program.js";
import { compile } from "../../src/wasm/compile.js";
import { compileScalars } from "../../src/wasm/compile-scalars.js";
import { compiledPairs } from "../../src/wasm/compiled-pairs.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

let factor = 0;
/** A program that was not compiled before. */
function fresh(): Program {
  return {
    dtype: "float64",
    cells: [{ name: "x", shape: [] }],
    procedures: [{ name: "p", writes: [{ cell: "x", node: binary("mul", input("x", []), constant(++factor + 0.5)) }] }],
  };
}

class Refusing {
  constructor() {
    throw new WebAssembly.CompileError("refused");
  }
}

describe("an engine that lacks what compiled programs use", () => {
  it.each([
    ["no WebAssembly", undefined],
    ["no vectors", { ...WebAssembly, CompileError: WebAssembly.CompileError, Module: Refusing, validate: () => false }],
  ])("is told from a defect: %s", (_, engine) => {
    vi.stubGlobal("WebAssembly", engine);
    const refused = expect.objectContaining({ code: "FEATURE_MISSING", details: { feature: "WebAssembly SIMD" } });
    expect(() => compile(fresh())).toThrow(refused);
    expect(() => compileScalars(fresh())).toThrow(refused);
    expect(() => compiledPairs().reserve(4, 1000)).toThrow(refused);
  });

  it("is not made responsible for a module that is wrong", () => {
    const { CompileError, validate } = WebAssembly;
    vi.stubGlobal("WebAssembly", { CompileError, Module: Refusing, validate });
    expect(() => compile(fresh())).toThrow("refused");
  });
});
