/** The elementary functions of a module whose loops have short forms written into them. */

import type { DType } from "../../graph/program.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import { MathLibrary } from "./library.js";
import type { MathOp, VectorFunction } from "./math-op.js";
import { shortFunctions, shortFunctionsOfMultiples } from "./short-functions.js";
import { parameter } from "./vector.js";
import { emitVectorsInStep } from "./vectors-in-step.js";

/** Factors whose multiples are in half turns up to one rounding. */
const FACTORS = { least: 2 ** -900, most: 2 ** 900 };

export class ShortMathLibrary extends MathLibrary {
  /** The short form of a function of float64, if there is one. */
  shortForm(op: MathOp, dtype: DType): VectorFunction | undefined {
    return dtype === "float64" ? shortFunctions[op] : undefined;
  }

  /** As {@link shortForm}, of `factor` times its operand. */
  shortFormOfMultiple(op: MathOp, dtype: DType, factor: number): VectorFunction | undefined {
    const size = Math.abs(factor);
    if (dtype !== "float64" || !(size >= FACTORS.least && size <= FACTORS.most)) return undefined;
    return shortFunctionsOfMultiples[op]?.(factor / Math.PI);
  }

  /**
   * Writes a short form into `f`, once for each set of operands (locals of v128), all of them operation by operation: what one waits
   * for is under way while others are computed.
   *
   * @returns the locals that hold the results, to be released.
   */
  inlineShort(f: FunctionBuilder, form: VectorFunction, operands: readonly (readonly number[])[]): readonly number[] {
    const parameters = operands[0]!.map((_, i) => parameter("f64x2", i));
    return this.emit(f, [form(parameters, this)], operands, emitVectorsInStep);
  }
}
