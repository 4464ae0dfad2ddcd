/** Short descents by L-BFGS from points that the doctor chooses: what could still be had from there. */

import type { Descent } from "../../minimize/descent.js";
import { descentOf } from "../../minimize/minimize.js";
import { limitedMemorySearch } from "../../optim/quasi-newton/limited-memory-search.js";
import { strongWolfe } from "../../optim/searches/strong-wolfe.js";
import { flatten, type Params, unflatten } from "../../tree/tree.js";
import type { Probe } from "../probe.js";
import type { SettledCase } from "../settle-case.js";

/** Of a line search: at a kink, or where only rounding is left, the usual forty would be spent on one step, and again on the gradient. */
const TRIALS = 30;
/** Units of roundoff of the value that a step must gain. */
const LEAST_GAIN = 4;

export interface Walk {
  readonly params: Float64Array;
  readonly value: number;
  readonly steps: number;
  readonly gradients: number;
}

export class LbfgsWalker {
  private readonly settled: SettledCase;
  private readonly probe: Probe;
  private descent: Descent<unknown> | undefined;
  /** Gradients of the descent at which the walk ends. */
  private end = Number.POSITIVE_INFINITY;

  constructor(settled: SettledCase, probe: Probe) {
    this.settled = settled;
    this.probe = probe;
  }

  /**
   * Up to `steps` steps from `from`, with derived gradients whatever the case uses.
   *
   * @param gradients - at most, but for two: the last search ends where they are used up. Default twenty more than the steps.
   */
  walk(from: ArrayLike<number>, steps: number, gradients: number = steps + 20): Walk {
    const { layout, sign, objective, source, data, penalty } = this.settled;
    const start = unflatten(layout, from);
    const penalized = penalty === 0 ? undefined : this.penalized();
    const fresh = this.descent === undefined;
    this.descent ??= descentOf({
      objective: penalized?.objective ?? objective,
      start,
      sense: penalized === undefined && sign === -1 ? "maximize" : "minimize",
      options: {
        method: limitedMemorySearch({ memory: 10, search: (line) => strongWolfe({ maxTrials: this.trials })(line) }),
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
    this.end = before + gradients;
    if (!fresh) descent.params = start;
    let made = 0;
    while (made < steps && descent.evaluations.gradient - before < gradients) {
      const height = descent.value;
      if (descent.step(1) === 0) break;
      made++;
      if (descent.reasons.length > 0 || Math.abs(descent.value - height) <= LEAST_GAIN * 2 ** -53 * Math.abs(height)) break;
    }
    const taken = descent.evaluations.gradient - before;
    this.probe.charge(taken);
    const value = penalized === undefined ? sign * descent.value : descent.value;
    return { params: flatten(descent.params as Params).values, value, steps: made, gradients: taken };
  }

  /** Of the line search that begins. */
  private get trials(): number {
    return Math.max(1, Math.min(TRIALS, this.end - this.descent!.evaluations.gradient));
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
