/** Names of the cells of a descent, in one place: the step, the checkpoint and the reader of results agree on them. */

/** The point, its value and its gradient: always of the same, committed step. */
export const PARAMS = "params";
export const VALUE = "value";
export const GRADIENT = "gradient";
/** What the next step adds to the point, of rules that know it as soon as they know the gradient. */
export const UPDATE = "update";
/** Number of committed steps. */
export const STEP = "step";
/** Index of the mini-batch that VALUE and GRADIENT were taken on. */
export const BATCH = "batch";
/** Best point that was left behind, and its value; the current point may be better still. */
export const BEST = "best";
export const BEST_VALUE = "bestValue";
/** What the last step measured; see {@link measureNames}. */
export const MEASURES = "measures";
/** Tolerances; see `stopping.ts`. */
export const TOLERANCES = "tolerances";
/** State of the update rule: one cell a leaf. */
export const STATE_PREFIX = "state.";
/** Columns of the table. */
export const ROWS_CELL_PREFIX = "data.";
/** The gradient at the second point of a rule that asks for one, taken on the rows of GRADIENT. */
export const PROBE_GRADIENT = "probeGradient";
/** The point that the rule recommends, and its value over all rows; filled when asked for. */
export const ANSWER = "answer";
export const ANSWER_VALUE = "answerValue";
/** Where an objective that is called from outside puts its results. */
export const TRIAL = "trial";
export const TRIAL_VALUE = "trialValue";
export const TRIAL_GRADIENT = "trialGradient";
export const TRIAL_PROBE = "trialProbe";
export const TRIAL_PROBE_GRADIENT = "trialProbeGradient";
export const PENDING_PREFIX = "pending.";
/** For Hessian products. */
export const DIRECTION = "direction";
export const PRODUCT = "product";
