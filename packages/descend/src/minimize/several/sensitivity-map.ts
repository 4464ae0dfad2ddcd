/** How much two options of a method matter: the same descent with every pair of their values, and where each ends. */

import type { MethodName } from "../../optim/method-name.js";
import type { Descent } from "../descent.js";
import { createDescent, type PlainObjective, type RowObjective, type TracedObjective } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import type { TableData } from "../objective/rows.js";
import { check, type DescentOptions, expectObject, refuseUnknown } from "../options.js";

const PASSED = ["data", "batch", "shuffle", "seed", "constants", "gradient", "precision"] as const;
const AXES = ["x", "y"] as const;

/** An option of the method, and the values to try. */
export interface SensitivityAxis {
  /** "learningRate", or a name of `methodOptions` such as "decay". */
  readonly option: string;
  /** At least one. */
  readonly values: readonly number[];
}

export interface SensitivityOptions extends Pick<DescentOptions, (typeof PASSED)[number]> {
  /** Name of an update rule. Default "rmsprop". */
  readonly method?: MethodName | undefined;
  readonly x: SensitivityAxis;
  readonly y: SensitivityAxis;
  /** Learning rate where it is none of the two. > 0. Default: that of the method. */
  readonly learningRate?: number | undefined;
  /** Steps of each descent. Whole, ≥ 1. Default 1000. */
  readonly maxSteps?: number | undefined;
}

export interface SensitivityMap {
  readonly method: string;
  readonly x: SensitivityAxis;
  readonly y: SensitivityAxis;
  /** Objective at the end of each descent, [y, x] row-major: as it is there, not the best seen. ∞ where it was not finite. */
  readonly values: Float64Array;
  /** Column and row of the lowest value. */
  readonly best: { readonly x: number; readonly y: number; readonly value: number };
}

/**
 * Descends once for every pair of values, from the same start and with the same seed.
 *
 * @param objective, start - as for `minimize`.
 * @returns what `heatMap` of `descend/plot` draws.
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE; and what `minimize` throws.
 *
 * Cost: maxSteps · |x| · |y| steps. All pairs share one budget, so a pair that is slow and one that is
 * wrong look alike: look again with more steps.
 *
 * @example
 * sensitivityMap("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 }, {
 *   x: { option: "learningRate", values: [1e-4, 1e-3, 1e-2] },
 *   y: { option: "decay", values: [0.5, 0.9, 0.99] },
 * }).best
 */
export function sensitivityMap<P, const D extends TableData>(
  objective: RowObjective<P, D>,
  start: P,
  options: Omit<SensitivityOptions, "data"> & { readonly data: D },
): SensitivityMap;
export function sensitivityMap<P>(objective: string | PlainObjective<P>, start: P, options: SensitivityOptions): SensitivityMap;
export function sensitivityMap<P>(objective: TracedObjective, start: P, options: SensitivityOptions): SensitivityMap;
export function sensitivityMap<P>(objective: string | ObjectiveFunction, start: P, options: SensitivityOptions): SensitivityMap {
  expectObject("options", options, 'an object such as { x: { option: "learningRate", values: [0.01, 0.1] }, y: … }');
  const { method = "rmsprop", x, y, learningRate, maxSteps = 1000 } = options;
  refuseUnknown("option", options, [...PASSED, ...AXES, "method", "learningRate", "maxSteps"]);
  check("maxSteps", maxSteps, (v) => Number.isInteger(v) && v >= 1, "a whole number ≥ 1");
  for (const axis of AXES) {
    check(`${axis}.values.length`, options[axis]?.values?.length ?? 0, (v) => v >= 1, "at least one value");
  }
  const passed: DescentOptions = Object.fromEntries(PASSED.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined));
  const values = new Float64Array(x.values.length * y.values.length);
  let best = { x: 0, y: 0, value: Number.POSITIVE_INFINITY };
  y.values.forEach((ofY, row) => {
    x.values.forEach((ofX, column) => {
      const { learningRate: rate = learningRate, ...methodOptions } = { [y.option]: ofY, [x.option]: ofX } as Record<string, number>;
      const descent = createDescent(objective as TracedObjective, start, {
        ...passed,
        method,
        ...(rate === undefined ? {} : { learningRate: rate }),
        ...(Object.keys(methodOptions).length === 0 ? {} : { methodOptions }),
        certify: false,
        maxSteps,
      });
      const value = endOf(descent, maxSteps);
      values[row * x.values.length + column] = value;
      if (value < best.value) best = { x: column, y: row, value };
    });
  });
  return { method, x, y, values, best };
}

function endOf(descent: Descent<unknown>, steps: number): number {
  descent.step(steps);
  const grew = descent.reasons.includes("diverged") || descent.reasons.includes("non-finite-value");
  return grew || !Number.isFinite(descent.value) ? Number.POSITIVE_INFINITY : descent.value;
}
