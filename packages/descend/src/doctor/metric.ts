/** What runs of a case are compared by: the same objective in the same units on the same rows, whatever a treatment changes inside. */

import { type ObservedRun, observe } from "./observe.js";
import type { Patch } from "./patch.js";
import { Probe } from "./probe.js";
import { type SettledCase, settleCase } from "./settle-case.js";

/** Parameters in the units of the case ↦ what is compared. Lower is better. */
export type Metric = (params: ArrayLike<number>) => number;

/**
 * The metric that a treatment with this patch is held against: validation where the model itself is changed and rows for it are given; else
 * the objective of the case, on the rows (and with the targets) that the treatment declares to be the sound ones.
 */
export function metricOf({ source }: SettledCase, patch: Patch, comparedWithout: readonly number[] = []): Metric {
  const { shiftTarget, recodeTarget } = patch;
  const dropRows = patch.dropRows ?? (comparedWithout.length > 0 ? comparedWithout : undefined);
  const edits: Patch = {
    ...(dropRows === undefined ? {} : { dropRows }),
    ...(shiftTarget === undefined ? {} : { shiftTarget }),
    ...(recodeTarget === undefined ? {} : { recodeTarget }),
  };
  const reference = settleCase(source, edits);
  if (reference.table === undefined) {
    const probe = new Probe(reference);
    return (params) => probe.value(params);
  }
  const changesModel = [patch.dropColumns, patch.l2, patch.keepBestValidation, patch.model].some((part) => part !== undefined);
  if (changesModel && reference.validationAt !== undefined) return reference.validationAt;
  const l2 = patch.l2 === undefined && patch.model === undefined ? (reference.table.model.l2 ?? 0) : 0;
  const shift = reference.table.intercept ? reference.table.outputs : 0;
  return (params) => {
    let squares = 0;
    if (l2 > 0) for (let i = shift; i < params.length; i++) squares += params[i]! ** 2;
    return reference.lossAt!(params) + (l2 / 2) * squares;
  };
}

/** The untreated run, continued for as many gradients as a treatment had. */
export function controlRun(settled: SettledCase, run: ObservedRun, gradients: number): ObservedRun {
  if (!run.finite || (run.reason !== "max-steps" && run.reason !== "max-evaluations")) return run;
  const perStep = Math.max(1, run.gradients / Math.max(1, run.steps));
  const more = Math.max(1, Math.round(gradients / perStep));
  const probe = new Probe(settled);
  if (run.checkpoint !== undefined)
    return observe(settled, probe, { maxSteps: run.steps + more, from: run.checkpoint, maxEvaluations: Number.MAX_SAFE_INTEGER });
  return observe(settled, probe, { maxSteps: run.steps + more, maxEvaluations: Number.MAX_SAFE_INTEGER });
}
