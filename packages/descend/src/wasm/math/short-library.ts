/** The elementary functions of a module whose loops have short forms written into them. */

import type { DType } from "../../graph/program.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import { MathLibrary } from "./library.js";
import type { MathOp } from "./math-op.js";
import { shortFunctions } from "./short-functions.js";
import { parameter } from "./vector.js";

export class ShortMathLibrary extends MathLibrary {
  /** Whether a function of float64 has a short form. */
  hasShort(op: MathOp, dtype: DType): boolean {
    return dtype === "float64" && shortFunctions[op] !== undefined;
  }

  /** Writes the short form of a function into `f`: reads the operands from `locals` (v128), leaves the result on the stack. */
  inlineShort(f: FunctionBuilder, op: MathOp, locals: readonly number[]): void {
    const operands = locals.map((_, i) => parameter("f64x2", i));
    this.emit(f, [shortFunctions[op]!(operands, this)], locals);
  }
}
