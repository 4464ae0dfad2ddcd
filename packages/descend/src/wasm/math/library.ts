/**
 * The elementary functions of a module, each added when it is first asked for.
 *
 * A function takes and returns v128: two lanes of float64 or four of float32. A lane's result depends on that lane alone,
 * and only +, −, ×, ÷, √ and integer operations are used, so it is the same on every machine and in every position.
 * Scalar code splats its operand and takes lane 0.
 */

import type { DType } from "../../graph/program.js";
import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import { erf } from "./erf.js";
import { exp } from "./exp.js";
import { digamma, lgamma } from "./gamma.js";
import { addHugeReduction } from "./huge-argument.js";
import { cosh, expm1, sinh, tanh } from "./hyperbolic.js";
import { acos, asin, atan, atan2 } from "./inverse-trigonometric.js";
import { log, log1p } from "./log.js";
import { sigmoid, softplus } from "./logistic.js";
import type { FunctionSource, MathOp, VectorFunction } from "./math-op.js";
import { pow } from "./pow.js";
import { throughFloat64 } from "./precision.js";
import { random } from "./random.js";
import { cos, sin, sinCos, tan } from "./trigonometric.js";
import { emitVector, type Lanes, type LoadConstant, parameter, type Vector } from "./vector.js";

interface MathFunction {
  readonly arity: number;
  readonly write: VectorFunction;
  /** Written for both formats; otherwise float32 goes through float64. */
  readonly native32: boolean;
}

const unary = (write: (x: Vector, library: FunctionSource) => Vector, native32: boolean): MathFunction => ({
  arity: 1,
  write: ([x], library) => write(x!, library),
  native32,
});

const binary = (write: (a: Vector, b: Vector, library: FunctionSource) => Vector, native32: boolean): MathFunction => ({
  arity: 2,
  write: ([a, b], library) => write(a!, b!, library),
  native32,
});

const functions: Readonly<Record<MathOp, MathFunction>> = {
  exp: unary(exp, true),
  expm1: unary(expm1, true),
  log: unary(log, true),
  log1p: unary(log1p, true),
  sin: unary(sin, true),
  cos: unary(cos, true),
  tan: unary(tan, false),
  asin: unary(asin, false),
  acos: unary(acos, false),
  atan: unary(atan, false),
  atan2: binary(atan2, false),
  sinh: unary(sinh, false),
  cosh: unary(cosh, false),
  tanh: unary(tanh, true),
  sigmoid: unary(sigmoid, true),
  softplus: unary(softplus, true),
  erf: unary(erf, true),
  lgamma: unary(lgamma, false),
  digamma: unary(digamma, false),
  pow: binary(pow, true),
  random: { arity: 3, write: ([seed, stream, counter]) => random(seed!, stream!, counter!), native32: true },
};

/** All functions of the library with their number of operands. */
export const mathOps: Readonly<Record<MathOp, { readonly arity: number }>> = functions;

export type { MathOp } from "./math-op.js";

function lanesOf(dtype: DType): Lanes {
  return dtype === "float64" ? "f64x2" : "f32x4";
}

/** Adds elementary functions to one module, each once. */
export class MathLibrary implements FunctionSource {
  private readonly module: ModuleBuilder;
  private readonly parts = new Map<string, FunctionBuilder>();
  private readonly constants = new Map<string, number>();
  private reduction: FunctionBuilder | undefined;

  constructor(module: ModuleBuilder) {
    this.module = module;
  }

  /** The function (v128, …) → v128 of a primitive. */
  get(op: MathOp, dtype: DType): FunctionBuilder {
    return this.function(op, lanesOf(dtype));
  }

  /** As {@link get}, by lanes. */
  function(op: MathOp, lanes: Lanes): FunctionBuilder {
    const { arity, write, native32 } = functions[op];
    if (lanes === "f64x2" || native32) return this.part(op, lanes, arity, write);
    const wide = this.function(op, "f64x2");
    return this.part(op, lanes, arity, (args) => throughFloat64(wide, args));
  }

  part(name: string, lanes: Lanes, arity: number, write: VectorFunction): FunctionBuilder {
    const key = `${name} ${lanes}`;
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    const f = this.module.addFunction(
      Array.from({ length: arity }, () => "v128"),
      ["v128"],
    );
    this.parts.set(key, f);
    this.emit(
      f,
      [
        write(
          f.params.map((_, i) => parameter(lanes, i)),
          this,
        ),
      ],
      f.params.map((_, i) => i),
      emitVector,
    );
    return f;
  }

  /**
   * Writes a primitive into `f` itself instead of a call, which saves the call (about a nanosecond and the registers of the
   * caller) at the price of code size. Reads the operands from `locals` (v128), leaves the result on the stack; same bits.
   */
  inline(f: FunctionBuilder, op: MathOp, dtype: DType, locals: readonly number[]): void {
    const lanes = lanesOf(dtype);
    const { write, native32 } = functions[op];
    if (lanes === "f32x4" && !native32) {
      for (const local of locals) f.get(local);
      f.call(this.get(op, dtype));
      return;
    }
    this.emit(
      f,
      [
        write(
          locals.map((_, i) => parameter(lanes, i)),
          this,
        ),
      ],
      locals,
      emitVector,
    );
  }

  /** The function v128 → (v128, v128) that gives sin x and cos x for little more than one of them; the bits of each alone. */
  sinCos(dtype: DType): FunctionBuilder {
    const lanes = lanesOf(dtype);
    const key = `sinCos ${lanes}`;
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    const f = this.module.addFunction(["v128"], ["v128", "v128"]);
    this.parts.set(key, f);
    this.emit(f, sinCos(parameter(lanes, 0), this), [0], emitVector);
    return f;
  }

  /** Lanes `high` or `low` of {@link addHugeReduction} for two float64 arguments: v128 → v128. */
  hugeReduction(which: "high" | "low"): FunctionBuilder {
    const key = `huge reduction ${which}`;
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    this.reduction ??= addHugeReduction(this.module);
    const f = this.module.addFunction(["v128"], ["v128"]);
    this.parts.set(key, f);
    for (const lane of [0, 1]) f.get(0).lane("f64x2.extract_lane", lane).call(this.reduction);
    if (which === "high") f.shuffle64(0, 2);
    else f.shuffle64(1, 3);
    return f;
  }

  /** Has `write` write results into `f`: literals come from globals of the module, which need a register only while they are used. */
  protected emit<Results, Locals, Written>(
    f: FunctionBuilder,
    results: Results,
    locals: Locals,
    write: (f: FunctionBuilder, results: Results, locals: Locals, loadConstant: LoadConstant) => Written,
  ): Written {
    return write(f, results, locals, (g, bytes) => {
      const key = bytes.join();
      let index = this.constants.get(key);
      if (index === undefined) {
        index = this.module.addConstant(bytes);
        this.constants.set(key, index);
      }
      g.getGlobal(index);
    });
  }
}
