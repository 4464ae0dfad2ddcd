/** What is to be diagnosed: behind a descent, a solution or a fitted model stands the case that it came from. */

import { OptionError } from "../errors.js";
import { Descent } from "../minimize/descent.js";
import { type DescentSubject, subjectOf } from "../minimize/subject.js";
import type { Case, RecordedRun, Subject } from "./case.js";

/** Options of a descent that its case has as well. */
const CARRIED = [
  "method",
  "learningRate",
  "gradient",
  "bounds",
  "data",
  "batch",
  "shuffle",
  "seed",
  "constants",
  "maxSteps",
  "maxEvaluations",
  "stopping",
  "precision",
  "certify",
  "pursue",
] as const;

/** The curves of a run, or the case behind whatever the subject is. */
export function caseOf(subject: Subject): { readonly case: Case } | { readonly history: RecordedRun } {
  if (typeof subject !== "object" || subject === null) throw notDiagnosable(String(subject));
  if ("history" in subject && !(subject instanceof Descent) && isRecordedRun(subject.history)) return { history: subject.history };
  const remembered = subjectOf(subject);
  if (remembered !== undefined) return { case: caseOfDescent(remembered) };
  if ("objective" in subject || "table" in subject) return { case: subject as Case };
  throw notDiagnosable("an object without objective and without table");
}

function isRecordedRun(history: unknown): history is RecordedRun {
  const value = (history as Partial<RecordedRun> | undefined)?.value;
  return (Array.isArray(value) || ArrayBuffer.isView(value)) && !("gradientNorm" in (history as object) && "size" in (history as object));
}

function notDiagnosable(got: string): OptionError {
  return new OptionError(
    "OPTION_OUT_OF_RANGE",
    `diagnose: expected a case such as { objective, start }, a descent, a solution, a model of fit, or { history: { value } }, got ${got}. A copy of a solution or of a fitted model does not remember its objective.`,
    { option: "subject", expected: "a case, a descent, a solution, a fitted model or the history of a run", got },
  );
}

function caseOfDescent({ objective, start, options, sense, roles }: DescentSubject): Case {
  const taken: Record<string, unknown> = { objective, start, sense, ...(roles === undefined ? {} : { roles }) };
  for (const name of CARRIED) if (options[name] !== undefined) taken[name] = options[name];
  if (typeof options.method === "string" && options.methodOptions !== undefined)
    taken.method = { ...options.methodOptions, name: options.method };
  return taken as Case;
}
