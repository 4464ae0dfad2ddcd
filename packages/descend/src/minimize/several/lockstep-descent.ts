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
    const start = new Float64Array(size);
    for (let row = 0; row < starts.length; row += size) {
      for (let j = 0; j < size; j++) start[j] = starts[row + j]!;
      const allowed = nearest(start);
      if (allowed !== start) starts.set(allowed, row);
    }
    return lockstep(this.setUp)(starts, steps, stopped);
  }

  /**
   * Begins anew at `start` and goes on from where it came to in lockstep, without having gone the way. The largest
   * gradient known is that of the start or of here.
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
