/** What a test problem is: an objective with certified answers. */

/** A point where the objective is smallest, in a neighborhood or everywhere. */
export interface Minimum {
  readonly x: readonly number[];
  readonly value: number;
  /** Default "global". A saddle is listed where the literature calls it a minimum. */
  readonly kind?: "local" | "saddle";
}

/** A classic objective, written as an ordinary function. */
export interface Problem {
  readonly name: string;
  /** A plain function that needs nothing but its argument, so that its source can be read. */
  readonly objective: (x: number[]) => number;
  /** Number of variables at the start given; `scalable` says that the function takes any (or any multiple of what its docs say). */
  readonly dimension: number;
  readonly scalable?: boolean;
  /** The customary start. */
  readonly start: readonly number[];
  readonly minima: readonly Minimum[];
  /** Where the problem comes from. */
  readonly source: string;
  /** Bounds of the box in which the problem is usually posed, one pair a variable. */
  readonly domain?: readonly (readonly [number, number])[];
  /** What to mind: singular Hessians, kinks, lower values elsewhere. */
  readonly notes?: string;
}
