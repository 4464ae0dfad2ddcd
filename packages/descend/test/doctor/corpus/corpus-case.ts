/** One case of the corpus: a descent with a known fault (or none), and how its repair is judged. */

import type { Case } from "../../../src/doctor/index.js";
import type { Patch } from "../../../src/doctor/patch.js";

export type Severity = "mild" | "medium" | "severe";

/**
 * Flat parameters in the units of the case ↦ what is agreed to count; lower is better. Computed in plain arithmetic, apart from Descend.
 */
export type Metric = (params: ArrayLike<number>) => number;

export interface CorpusCase {
  /** "lr-too-large/quadratic-2/0". */
  readonly id: string;
  readonly kind: "sick" | "healthy" | "twin" | "near-miss";
  /** The finding that was injected, or that a healthy case comes close to; "" for plain healthy ones. */
  readonly truth: string;
  /** Findings that name the same fault as well. */
  readonly accepted: readonly string[];
  readonly severity: Severity;
  readonly case: Case;
  /** The reverse of the injection. Absent where nothing but advice can help. */
  readonly reference: Patch | undefined;
  /** Absent where there is no minimum to come near to: repair then is what the doctor proves. */
  readonly metric: Metric | undefined;
  /** The metric at the optimum, known independently of the doctor. */
  readonly optimum: number;
}

/** What an injector makes of a base; the corpus gives it its name. */
export type Injected = Omit<CorpusCase, "id" | "kind" | "truth">;

export interface Injector {
  readonly truth: string;
  /** Seven sick variants: other bases, severities and seeds. */
  readonly sick: readonly (() => Injected)[];
  /** The same sign on the surface, without harm. */
  readonly nearMiss: () => Injected;
}

export const SEVERITIES: readonly Severity[] = ["mild", "medium", "severe", "mild", "medium", "severe", "medium"];
