/** Short descents by L-BFGS from points that the doctor chooses: what could still be had from there. */

import type { Descent } from "../../minimize/descent.js";
import { descentOf } from "../../minimize/minimize.js";
import { flatten, type Params, unflatten } from "../../tree/tree.js";
import type { Probe } from "../probe.js";
import type { SettledCase } from "../settle-case.js";

export interface Walk {
  readonly params: Float64Array;
  readonly value: number;
  readonly steps: number;
}

export class LbfgsWalker {
  private readonly settled: SettledCase;
  private readonly probe: Probe;
  private descent: Descent<unknown> | undefined;

  constructor(settled: SettledCase, probe: Probe) {
    this.settled = settled;
    this.probe = probe;
  }

  /** Up to `steps` steps from `from`, with derived gradients whatever the case uses. */
  walk(from: ArrayLike<number>, steps: number): Walk {
    const { layout, sign, objective, source, data, penalty } = this.settled;
    const start = unflatten(layout, from);
    const penalized = penalty === 0 ? undefined : this.penalized();
    const fresh = this.descent === undefined;
    this.descent ??= descentOf({
      objective: penalized?.objective ?? objective,
      start,
      sense: penalized === undefined && sign === -1 ? "maximize" : "minimize",
      options: {
        method: "lbfgs",
        certify: false,
        checkGradient: false,
        stopping: { relativeGradientTolerance: 1e-12 },
        maxSteps: 1_000_000,
        ...(data === undefined || penalized !== undefined ? {} : { data }),
        ...(source.bounds === undefined ? {} : { bounds: source.bounds }),
        ...(source.constants === undefined ? {} : { constants: source.constants }),
        ...(penalized === undefined ? {} : { gradient: penalized.gradient as never }),
      },
    });
    const { descent } = this;
    const before = fresh ? 0 : Math.max(descent.evaluations.gradient, 0);
    if (!fresh) descent.params = start;
    const made = descent.step(steps);
    this.probe.charge(descent.evaluations.gradient - before);
    const value = penalized === undefined ? sign * descent.value : descent.value;
    return { params: flatten(descent.params as Params).values, value, steps: made };
  }

  private penalized(): { objective: SettledCase["objective"]; gradient: unknown } {
    const { probe, settled } = this;
    const flat = (params: unknown): Float64Array => flatten(params as Params).values;
    return {
      objective: ((params: unknown) => probe.value(flat(params))) as SettledCase["objective"],
      gradient: (params: unknown) => unflatten(settled.layout, probe.at(flat(params)).gradient),
    };
  }
}
