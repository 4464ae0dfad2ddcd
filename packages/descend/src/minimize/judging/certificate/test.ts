/** One test of the point where a descent ended. */

export interface Test {
  readonly name: TestName;
  readonly passed: boolean;
  readonly value: number;
  readonly threshold: number;
  /** What was measured, in words with numbers. */
  readonly evidence: string;
}

export type TestName =
  | "gradient"
  | "curvature"
  | "remaining-step"
  | "remaining-decrease"
  | "coordinate"
  | "own-units"
  | "neighborhood"
  | "valley"
  | "whole-neighbors"
  | "gradient-source"
  | "kink"
  | "ray"
  | "orbit"
  | "noise"
  | "batch-noise"
  | "noise-floor"
  | "progress"
  | "feasibility"
  | "complementarity";

/** A number in three digits, for evidence. */
export function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
