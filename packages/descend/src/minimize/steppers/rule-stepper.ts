/**
 * A stepper for an update rule: objective, gradient and rule compiled into one step, or the rule alone around a function that is called.
 */

import type { Transformation } from "../../optim/transformation.js";
import type { Target } from "../objective/evaluation.js";
import type { GradientChoice } from "../objective/gradient-choice.js";
import { type RowAccess, rowAccess } from "../objective/row-access.js";
import { activeCriteria, type Stopping } from "../stopping.js";
import type { BatchOrder } from "./batch-order.js";
import { CompiledStepper, HostStepper } from "./compiled-stepper.js";
import { buildStepProgram, type StepProgramOptions } from "./step-program.js";

/**
 * Parameters up to which a step takes the latency of its arithmetic: it leaves out norms that nobody asked for, and what it can do before.
 */
const FEW = 16;

export interface RuleStepperOptions extends Pick<StepProgramOptions, "batch" | "record"> {
  readonly start: Float64Array;
  readonly choice: GradientChoice;
  readonly stopping: Stopping;
  /** Whether somebody looks at the length of each step. */
  readonly showsSteps: boolean;
  /** Of shuffled mini-batches. */
  readonly batchOrder: BatchOrder | undefined;
  readonly tolerances: (startValue: number) => number[];
}

/** The stepper at its start, and what puts the rows in the order that the evaluation after its last step needs. */
export function ruleStepper(
  method: Transformation,
  target: Target,
  { start, batch, record, choice, stopping, showsSteps, batchOrder, tolerances }: RuleStepperOptions,
): { readonly stepper: CompiledStepper | HostStepper; readonly arrangeRows: () => void; readonly rowAccess: RowAccess | undefined } {
  const { layout, dtype, table, compile, compileOptions } = target;
  const few = layout.size <= FEW;
  const stepProgram = buildStepProgram({
    layout,
    dtype,
    method,
    table,
    batch,
    record,
    graph: choice.kind === "exact" ? choice.graph : undefined,
    keepBest: batch === undefined,
    carriesUpdate: few && table === undefined,
    criteria: activeCriteria(stopping, batch !== undefined || choice.source === "estimated", {
      // A loop over many parameters measures norms in passing; a few scalars would wait for them.
      gradient: !few || method.residual !== undefined,
      step: !few || showsSteps,
    }),
  });
  const executable = compile(stepProgram.program, compileOptions);
  if (choice.kind === "host") {
    const stepper = new HostStepper(stepProgram, executable, choice.evaluate);
    stepper.begin(start, tolerances);
    return { stepper, arrangeRows: () => undefined, rowAccess: table && rowAccess(table, batch, undefined) };
  }
  const stepper = new CompiledStepper(stepProgram, executable, table);
  const arrangeRows = (): void => batchOrder?.arrange(stepper, stepper.steps);
  stepper.begin(start, tolerances, arrangeRows);
  return { stepper, arrangeRows, rowAccess: table && rowAccess(table, batch, stepper) };
}
