/** What a user may set for least squares; budgets, history and callbacks are those of every descent. */

import { OptionError } from "../../errors.js";
import { type RobustLoss, robustLosses } from "../../optim/least-squares/robust-loss.js";
import type { Bounds } from "../bounds.js";
import { check, type DescentOptions, oneOf, refuseUnknown } from "../options.js";
import type { LinearSolver } from "./residual-models.js";

type Shared = "data" | "constants" | "maxEvaluations" | "timeLimit" | "history" | "onStep" | "signal" | "clock";

export interface LeastSquaresOptions extends Pick<DescentOptions, Shared> {
  /** Default "levenberg-marquardt"; "trust-region-reflective" with bounds, which has no meaning without. */
  readonly method?: "levenberg-marquardt" | "gauss-newton" | "trust-region-reflective" | undefined;
  /** Bounds of the parameters, as for `minimize`. Default: none. No residual is evaluated outside of them. */
  readonly bounds?: Bounds | undefined;
  /**
   * What is summed of each residual r, with C = `lossScale` and z = (r/C)²: "linear" r², "soft-l1" 2C²(√(1+z) − 1), "huber" r² up to C and
   * C·(2|r| − C) beyond, "cauchy" C²·ln(1 + z), "arctan" C²·arctan z. Default "linear".
   */
  readonly loss?: "linear" | RobustLoss | undefined;
  /** Residuals beyond it count as outliers. > 0, in units of the residuals. Default 1. */
  readonly lossScale?: number | undefined;
  /** Where the Jacobian comes from. Default: "exact" where the residual can be read, else "central-difference". */
  readonly gradient?: "exact" | "central-difference" | undefined;
  /**
   * "qr" factors the Jacobian; "normal-equations" sums JᵀJ tile by tile in no memory, and changes to "qr" where the Jacobian's condition
   * exceeds 1000. Default: "qr" up to 2000 entries of the Jacobian or beyond 24 parameters, else "normal-equations".
   */
  readonly linearSolver?: LinearSolver | undefined;
  /** First trust region of Levenberg–Marquardt, relative to the scaled length of the start. > 0. Default 1. */
  readonly initialRadius?: number | undefined;
  /** Whole number ≥ 0 behind the points at which what was read is compared with the original. Default 0. */
  readonly seed?: number | undefined;
  /** Steps at most, whole, ≥ 0. Default 10 000. */
  readonly maxSteps?: number | undefined;
  readonly stopping?: LeastSquaresStopping | undefined;
  /** Test the point at the end, and go on with Newton's step where it is still sloping. Default true. */
  readonly certify?: boolean | undefined;
}

export interface LeastSquaresStopping {
  /** ‖Qᵀr‖ ≤ this × ‖r‖, Q spanning the columns of J. 0 ≤ … < 1. Default 1e-9; 1e-7 with differenced Jacobians. */
  readonly gradientTolerance?: number;
  /** ‖D·Δx‖ ≤ this × ‖D·x‖. ≥ 0. Default 1e-12. */
  readonly stepTolerance?: number;
  /** Fall of the sum of squares, actual and predicted, ≤ this × the sum. ≥ 0. Default 2⁻⁵². */
  readonly valueTolerance?: number;
}

const METHODS = ["levenberg-marquardt", "gauss-newton", "trust-region-reflective"];
const LOSSES = ["linear", ...Object.keys(robustLosses)];

const OPTION_NAMES: readonly (keyof LeastSquaresOptions)[] = [
  "data",
  "method",
  "bounds",
  "loss",
  "lossScale",
  "gradient",
  "linearSolver",
  "initialRadius",
  "constants",
  "seed",
  "maxSteps",
  "maxEvaluations",
  "timeLimit",
  "stopping",
  "history",
  "onStep",
  "signal",
  "certify",
  "clock",
];
const STOPPING_NAMES: readonly (keyof LeastSquaresStopping)[] = ["gradientTolerance", "stepTolerance", "valueTolerance"];

/**
 * Refuses unknown names and values out of range.
 *
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE
 */
export function checkLeastSquaresOptions(options: LeastSquaresOptions): void {
  refuseUnknown("option", options, OPTION_NAMES);
  if (options.stopping !== undefined) refuseUnknown("stopping", options.stopping, STOPPING_NAMES);
  if (options.method !== undefined) oneOf("method", options.method, METHODS);
  checkBoundsAndLoss(options);
  if (options.gradient !== undefined) oneOf("gradient", options.gradient, ["exact", "central-difference"]);
  if (options.linearSolver !== undefined) oneOf("linearSolver", options.linearSolver, ["qr", "normal-equations"]);
  check("initialRadius", options.initialRadius, (v) => v > 0 && Number.isFinite(v), "a finite number > 0");
  check("seed", options.seed, (v) => Number.isInteger(v) && v >= 0, "a whole number ≥ 0");
  check("maxSteps", options.maxSteps, (v) => Number.isInteger(v) && v >= 0, "a whole number ≥ 0");
  check("maxEvaluations", options.maxEvaluations, (v) => v >= 1, "a number ≥ 1");
  check("timeLimit", options.timeLimit, (v) => v > 0, "a number of seconds > 0");
  check("stopping.gradientTolerance", options.stopping?.gradientTolerance, (v) => v >= 0 && v < 1, "0 ≤ value < 1");
  check("stopping.stepTolerance", options.stopping?.stepTolerance, (v) => v >= 0, "a number ≥ 0");
  check("stopping.valueTolerance", options.stopping?.valueTolerance, (v) => v >= 0, "a number ≥ 0");
}

function checkBoundsAndLoss({ method, bounds, loss = "linear", lossScale, linearSolver }: LeastSquaresOptions): void {
  oneOf("loss", loss, LOSSES);
  check("lossScale", lossScale, (v) => v > 0 && Number.isFinite(v), "a finite number > 0");
  if (lossScale !== undefined && loss === "linear")
    throw conflict("lossScale", "loss", 'needs a loss such as "huber"; squares have no scale');
  if (linearSolver === "normal-equations" && loss !== "linear")
    throw conflict("linearSolver", "loss", `must be "qr" with the loss "${loss}"`);
  const reflective = method === "trust-region-reflective";
  if (method !== undefined && reflective !== (bounds !== undefined)) {
    const reason = reflective ? "is the method for bounds; give some" : 'cannot keep to bounds; "trust-region-reflective" can';
    throw conflict("method", "bounds", `"${method}" ${reason}`);
  }
}

function conflict(option: string, other: string, reason: string): OptionError {
  return new OptionError("OPTIONS_CONFLICT", `${option}: ${reason}.`, { options: [option, other] });
}
