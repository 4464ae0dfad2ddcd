/** Values and Hessian products of a compiled objective at any point, compiled when first asked for. */

import type { Executable } from "../../graph/program.js";
import * as cells from "../steppers/cells.js";
import { buildEvaluateProgram, EVALUATE, HESSIAN_VECTOR } from "./evaluate-program.js";
import type { Target } from "./evaluation.js";
import type { ObjectiveGraph } from "./objective-graph.js";

export class CurvatureProbe {
  private readonly build: () => Executable;
  private executable: Executable | undefined;

  constructor(graph: ObjectiveGraph, { layout, dtype, table, compile }: Target) {
    this.build = () => {
      const executable = compile(buildEvaluateProgram({ layout, dtype, table, graph, writes: "value and Hessian product" }));
      table?.store(executable);
      return executable;
    };
  }

  /** f(params). */
  value(params: ArrayLike<number>): number {
    const executable = this.at(params);
    executable.run(EVALUATE);
    return executable.read(cells.VALUE)[0]!;
  }

  /** v ↦ H(params)·v. */
  hessianVector(params: ArrayLike<number>): (direction: Float64Array) => Float64Array {
    const point = Float64Array.from(params);
    return (direction) => {
      // Values at other points may have been asked for in between.
      const executable = this.at(point);
      executable.write(cells.DIRECTION, direction);
      executable.run(HESSIAN_VECTOR);
      return Float64Array.from(executable.read(cells.PRODUCT));
    };
  }

  private at(params: ArrayLike<number>): Executable {
    this.executable ??= this.build();
    this.executable.write(cells.PARAMS, params);
    return this.executable;
  }
}
