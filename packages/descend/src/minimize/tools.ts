/** Large parts of a descent that a formula with a given rule does without. */

import type { Examiner } from "./judging/examiner.js";
import type { DescentOptions } from "./options.js";
import type { Tools } from "./set-up.js";

export interface DescentTools extends Tools {
  /** Refuses options that are not of the kind they must be. */
  readonly checkKinds: (options: DescentOptions) => void;
  /** Looks into what the derivatives at a point do not explain. Without it such points are called stalled. */
  readonly Examiner: typeof Examiner | undefined;
}
