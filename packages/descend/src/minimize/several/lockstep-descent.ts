/** A descent that may begin in lockstep with others and go on alone. */

import { flattenLike, type Params } from "../../tree/tree.js";
import { Descent } from "../descent.js";
import * as cells from "../steppers/cells.js";
import { type LockstepEnd, lockstep } from "./lockstep.js";

export class LockstepDescent<P> extends Descent<P> {
  /** Where `steps` steps lead from each start, or from the nearest point that is allowed: see {@link lockstep}. */
  walkTogether(
    points: readonly P[],
    steps: number,
    stopped: () => boolean,
  ): { readonly starts: readonly Float64Array[]; readonly ends: readonly LockstepEnd[] } {
    const { layout, nearest } = this.setUp;
    const starts = points.map((point) => nearest(flattenLike(layout, point as Params, "start")));
    return { starts, ends: lockstep(this.setUp)(starts, steps, stopped) };
  }

  /**
   * Begins anew at `start` and goes on from where it came to in lockstep, without having gone the way. The largest gradient known is that of the start or of
   * here.
   */
  continueFrom(start: P, reached: LockstepEnd["reached"]): this {
    this.restart(start);
    const { stepper } = this;
    const { changed, gradients } = reached();
    stepper.load({ ...stepper.save(), ...changed });
    stepper.moveTo(changed[cells.PARAMS]!);
    stepper.forgetBest();
    stepper.evaluations.gradient += gradients;
    return this;
  }
}
