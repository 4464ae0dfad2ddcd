/**
 * Oracle: fifty learning rates of each of PyTorch 2.13's schedulers (reference/torch-schedulers.json), to 1e-12 of the base rate.
 */

import { describe, expect, it } from "vitest";
import { cosineDecay } from "../../../src/optim/schedules/cosine-decay.js";
import { cosineRestarts } from "../../../src/optim/schedules/cosine-restarts.js";
import { exponentialDecay } from "../../../src/optim/schedules/exponential-decay.js";
import { inverseTimeDecay } from "../../../src/optim/schedules/inverse-time-decay.js";
import { joinSchedules } from "../../../src/optim/schedules/join-schedules.js";
import { linearRamp } from "../../../src/optim/schedules/linear-ramp.js";
import { multiStepDecay } from "../../../src/optim/schedules/multi-step-decay.js";
import { multiplySchedules } from "../../../src/optim/schedules/multiply-schedules.js";
import { oneCycle } from "../../../src/optim/schedules/one-cycle.js";
import { polynomialDecay } from "../../../src/optim/schedules/polynomial-decay.js";
import type { Schedule } from "../../../src/optim/schedules/schedule.js";
import { stepDecay } from "../../../src/optim/schedules/step-decay.js";
import { triangularCycle } from "../../../src/optim/schedules/triangular-cycle.js";
import { scaleByPlateau } from "../../../src/optim/transforms/scale-by-plateau.js";
import { referenceJson } from "../../reference-data.js";
import { runRule, scheduleValues } from "../run-rule.js";

interface Run {
  scheduler: string;
  baseLr: number;
  // biome-ignore lint/suspicious/noExplicitAny: the settings differ by scheduler
  given: any;
  lrs: number[];
  momentum?: number[];
  metric?: number[];
}

const reference = referenceJson<{ runs: Run[] }>("torch-schedulers.json");

/** PyTorch's scheduler in Descend's words; its defaults are written out. */
function translated({ scheduler, baseLr: initial, given }: Run): Schedule | undefined {
  switch (scheduler) {
    case "StepLR":
      return stepDecay({ initial, every: given.step_size });
    case "MultiStepLR":
      return multiStepDecay({ initial, milestones: given.milestones });
    case "ConstantLR":
      return joinSchedules([initial / 3, initial], [5]);
    case "LinearLR":
      return linearRamp({ from: initial / 3, to: initial, steps: 5 });
    case "ExponentialLR":
      return exponentialDecay({ initial, factor: given.gamma });
    case "MultiplicativeLR":
      return exponentialDecay({ initial, factor: 0.95 });
    case "PolynomialLR":
      return polynomialDecay({ initial, steps: 5 });
    case "CosineAnnealingLR":
      return cosineDecay({ initial, steps: given.T_max, afterwards: "return" });
    case "CosineAnnealingWarmRestarts":
      return cosineRestarts({ initial, period: given.T_0 });
    case "CyclicLR":
    case "CyclicLR+momentum":
      return triangularCycle({ low: given.base_lr, high: given.max_lr, rise: given.step_size_up });
    case "OneCycleLR":
      return oneCycle({ peak: given.max_lr, steps: given.total_steps });
    case "LambdaLR":
      return inverseTimeDecay({ initial });
    case "SequentialLR":
      return joinSchedules([initial * 0.1, exponentialDecay({ initial, factor: 0.9 })], [5]);
    case "ChainedScheduler":
      return multiplySchedules(joinSchedules([0.1, 1], [2]), exponentialDecay({ initial, factor: 0.9 }));
    default:
      return undefined;
  }
}

function largestError(got: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((value, k) => Math.abs(got[k]! - value)));
}

describe.skipIf(reference === undefined)("PyTorch's schedules (needs ../shared/reference)", () => {
  const runs = reference?.runs ?? [];

  it.each(runs.filter((run) => run.metric === undefined).map((run) => [`${run.scheduler} ${JSON.stringify(run.given)}`, run] as const))(
    "has the learning rates of %s",
    (_, run) => {
      const schedule = translated(run);
      expect(schedule).toBeDefined();
      expect(largestError(scheduleValues(schedule!, run.lrs.length), run.lrs)).toBeLessThan(1e-12 * run.baseLr);
    },
  );

  it("has the momenta of CyclicLR and OneCycleLR: the same cycles, upside down", () => {
    const byName = (name: string): Run => runs.find((run) => run.scheduler === name)!;
    const cyclic = byName("CyclicLR+momentum");
    const fall = scheduleValues(triangularCycle({ low: 0, high: 0.1, rise: 8 }), 50).map((rise) => 0.9 - rise);
    expect(largestError(fall, cyclic.momentum!)).toBeLessThan(1e-12);
    const one = byName("OneCycleLR");
    const cycle = oneCycle({ initial: 0.95, peak: 0.85, final: 0.95, steps: 60 });
    expect(largestError(scheduleValues(cycle, 50), one.momentum!)).toBeLessThan(1e-12);
  });

  it.each(runs.filter((run) => run.metric !== undefined).map((run) => [JSON.stringify(run.given), run] as const))(
    "has the learning rates of ReduceLROnPlateau %s",
    (_, run) => {
      const rule = scaleByPlateau(run.given.patience === undefined ? {} : { patience: run.given.patience });
      // PyTorch shows the metric after the step, Descend the value before it: one step later, and one more at the start.
      const { updates } = runRule(rule, [0], {
        steps: run.lrs.length,
        gradient: () => [run.baseLr],
        value: (_x, step) => (step === 0 ? 2 : run.metric![step - 1]!),
      });
      expect(
        largestError(
          updates.map((update) => update[0]!),
          run.lrs,
        ),
      ).toBeLessThan(1e-12 * run.baseLr);
    },
  );

  it("leaves out no scheduler", () => {
    expect(runs.filter((run) => run.metric === undefined && translated(run) === undefined)).toEqual([]);
  });
});
