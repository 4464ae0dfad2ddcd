/** The doctor: why a descent did not converge, what to do, and the proof that it helped. The public names of the room. */

export type {
  BatchGradient,
  BatchSampler,
  Case,
  ColumnRoles,
  FittedSubject,
  MethodChoice,
  ModelChoice,
  RecordedRun,
  Subject,
  TableCase,
} from "./case.js";
export { type FindingRecord, findingCatalogue, type SubjectKind } from "./catalogue.js";
export { type CureOptions, cure } from "./cure.js";
export { type DiagnoseOptions, diagnose } from "./diagnose.js";
export { recordedFindings } from "./diagnose-recorded.js";
export { type CaseMethod, caseMethod, type MethodFamily } from "./method.js";
export type { FixLevel, Patch } from "./patch.js";
export type {
  Costs,
  CuredReport,
  Evidence,
  Finding,
  Message,
  Outcome,
  Prediction,
  Prescription,
  Proof,
  Quality,
  Report,
  RunSummary,
  Scalar,
  SubjectSummary,
  Treatment,
} from "./report.js";
export { watch } from "./watch.js";
export { howInWords, unitInWords } from "./words/how-in-words.js";
export { inWords, type Language } from "./words/in-words.js";
