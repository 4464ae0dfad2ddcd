/**
 * Loop nests: a kernel of the fusion as machine code.
 *
 * One axis runs in vectors. If it is kept, each lane is a result of its own (`result-vectors.ts`); if it is summed, each lane holds a part
 * of the sum (`term-vectors.ts`). Either way additions happen in the order of `numeric/sum.ts`.
 */

import type { Kernel } from "../lower/kernel.js";
import type { Emitter } from "./emitter.js";
import type { NestOptions } from "./nest-loops.js";
import { NestPlan } from "./nest-plan.js";
import { ResultVectors } from "./result-vectors.js";
import { TermVectors } from "./term-vectors.js";

export function emitNest(kernel: Kernel, e: Emitter, options: NestOptions): void {
  const plan = new NestPlan(kernel, e.format, { inSweep: options.rows !== undefined, isLong: (value) => e.shortForm(value) !== undefined });
  if (plan.lengths.includes(0) || plan.values.length === 0) return;
  let single = 0;
  plan.lengths.forEach((length, axis) => {
    if (length === 1) single |= 1 << axis;
  });
  e.vectorAxis = plan.vectorAxis;
  e.activeLanes = e.format.lanes;
  e.withFixedAxes(single, () => {
    e.scope(() => {
      const summed = plan.vectorAxis >= 0 && plan.isReduced(plan.vectorAxis);
      const scatters = kernel.roots.some((root) => root.spec.combine === "scatter");
      const vectors = summed || scatters ? new TermVectors(plan, e, options) : new ResultVectors(plan, e, options);
      vectors.emit();
    });
  });
  e.blockedAxis = -1;
}
