/** What the curvature at the start foretells of a descent, as its report wants it. */

import { type Descent, foreseenCourse, type Solution, type StepSizeCertificate, stepSizeAtStart } from "descend";
import type { CurvatureReport, DescentReport, ForeseenReport } from "./report-data.js";

export interface ForeseenContext {
  readonly descent: Descent<never>;
  readonly solution: Solution<unknown>;
  /** What a recorded value is worth in the units of the user. */
  readonly valueUnit: number;
}

/** How much farther than the descent went its course is drawn, where it was expected to take longer. */
const BEYOND = 1.25;

/** The course beside the history, with the curvature it rests on; nothing where the descent has no second derivatives or took no steps. */
export function foreseenReport({ descent, solution, valueUnit }: ForeseenContext): Pick<DescentReport, "foreseen"> & {
  readonly curvature?: CurvatureReport;
} {
  const { history } = solution;
  if (history === undefined || history.length < 2 || history.step[0] !== 0) return {};
  const certificate = stepSizeAtStart(descent);
  if (certificate === undefined) return {};
  const { largestCurvature, smallestCurvature, conditionNumber, stableLearningRate, predictedSteps } = certificate;
  const lastStep = Math.min(predictedSteps ?? Number.POSITIVE_INFINITY, Math.ceil(BEYOND * history.step.at(-1)!));
  const course = foreseenCourse(certificate, lastStep);
  const foreseen: ForeseenReport =
    course === undefined
      ? { kind: "none", why: whyNone(certificate) }
      : {
          kind: course.kind,
          at: course.step,
          excess: course.excess.map((value) => value * valueUnit),
          lowest: (history.value[0]! - course.excess[0]!) * valueUnit,
          gradientNorm: course.gradientNorm,
        };
  const curvature = { largest: largestCurvature, smallest: smallestCurvature, conditionNumber, stableLearningRate, predictedSteps };
  return { foreseen, curvature };
}

function whyNone({ indefinite, basis }: StepSizeCertificate): Extract<ForeseenReport, { kind: "none" }>["why"] {
  if (indefinite) return "negative-curvature";
  if (basis === "search") return "search";
  return basis === "no-theory" ? "rule" : "adaptive";
}
