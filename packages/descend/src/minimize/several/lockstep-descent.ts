/** A descent that may begin in lockstep with others and go on alone. */

import { flattenAll } from "../../tree/flatten-all.js";
import { Descent } from "../descent.js";
import * as cells from "../steppers/cells.js";
import { type LockstepEnds, lockstep, type Reached } from "./lockstep.js";

export class LockstepDescent<P> extends Descent<P> {
  /** Where `steps` steps lead from each start, or from the nearest point that is allowed: see {@link lockstep}. */
  walkTogether(points: readonly P[], steps: number, stopped: () => boolean): LockstepEnds {
    const { layout, nearest } = this.setUp;
    const { size } = layout;
    const starts = flattenAll(layout, points, "start");
    for (let first = 0; first < starts.length; first += size) {
      const start = starts.subarray(first, first + size);
      const allowed = nearest(start);
      if (allowed !== start) start.set(allowed);
    }
    return lockstep(this.setUp)(starts, steps, stopped);
  }

  /**
   * Begins anew at `start` and goes on from where it came to in lockstep, without having gone the way. The largest gradient known is that of the start or of
   * here.
   */
  continueFrom(start: P, { changed, gradients }: Reached): this {
    this.restart(start);
    const { stepper } = this;
    stepper.load(changed, true);
    stepper.moveTo(changed[cells.PARAMS]!);
    stepper.forgetBest();
    stepper.evaluations.gradient += gradients;
    return this;
  }
}
