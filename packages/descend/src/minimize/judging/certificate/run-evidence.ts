/** What may be looked at where a descent has ended. */

import type { TerminationReason } from "../../stopping.js";
import type { Certificate } from "./certify.js";
import type { GradientAt } from "./kink.js";
import type { Walk } from "./orbit.js";
import type { LooseParameters, PointEvidence } from "./point-evidence.js";

/** A descent that has ended, as far as its certificate leaves it open. */
export interface RunEvidence {
  readonly point: PointEvidence;
  readonly certificate: Certificate;
  readonly reasons: readonly TerminationReason[];
  /** Whether the objective is called from outside: it may then jitter. */
  readonly host: boolean;
  /** The lowest value seen. */
  readonly best: number;
  /** Parameters that nothing presses against their bounds, with those that are free; undefined where there are none of the former. */
  readonly loose: () => LooseParameters | undefined;
  /** Absent for methods that search along lines. */
  readonly walk: Walk | undefined;
  /** What the point is if it is at a kink; see `atKink`. */
  readonly kink: (certificate: Certificate) => Certificate | undefined;
  /** Value and gradient at another point. */
  readonly gradientAt: GradientAt;
  /** What slopes may be wrong by where they are differences of values that rounding changes; 0 where they are exact. */
  readonly slopeRounding: number;
  /** Gradients that may be spent. */
  readonly left: () => number;
}
