/** From a base and the options of a faulty descent to a case with its metric. */

import type { Case, ModelChoice } from "../../../src/doctor/index.js";
import type { Patch } from "../../../src/doctor/patch.js";
import type { Injected, Severity } from "./corpus-case.js";
import { type FunctionBase, functionCase } from "./function-bases.js";
import { optimumOf, type Table, type TableBase, tableCase, tableMetric } from "./table-bases.js";

export interface Fault {
  readonly severity: Severity;
  readonly options: Partial<Case>;
  readonly reference?: Patch;
  readonly accepted?: readonly string[];
}

export function onFunction(base: FunctionBase, { severity, options, reference, accepted = [] }: Fault): Injected {
  return { severity, accepted, case: functionCase(base, options), reference, metric: base.value, optimum: base.optimum };
}

/**
 * @param judged - the table that the metric is computed on, where it is not the one that is fitted: without its planted rows, or of
 * validation.
 */
export function onTable(
  table: Table,
  model: ModelChoice,
  { severity, options, reference, accepted = [] }: Fault,
  { judged = table, judgedModel = model, validation }: { judged?: Table; judgedModel?: ModelChoice; validation?: Table } = {},
): Injected {
  return {
    severity,
    accepted,
    case: tableCase(table, model, options, validation),
    reference,
    metric: tableMetric(judged, judgedModel),
    optimum: optimumOf(judged, judgedModel).value,
  };
}

/** Rate 1/L of gradient descent at the optimum of a table. */
export function rateOf(base: TableBase): number {
  return 1 / optimumOf(base, base.model).largest;
}

/** Steps after which gradient descent at a rate has reduced the slow mode by e^exponent. */
export function tableSteps(base: TableBase, rate: number, exponent: number): number {
  return Math.ceil(exponent / (rate * optimumOf(base, base.model).smallest));
}
