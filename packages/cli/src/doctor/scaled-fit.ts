/**
 * The treatment that the doctor cannot try by itself: to let a fit scale its columns. The coordinates of the descent are the fit's own, so
 * the whole fit is made again, and compared by what it makes of the rows learned from.
 */

import { DescendError } from "descend";
import type { CuredReport, Finding, Prescription, RunSummary, Treatment } from "descend/doctor";
import type { FitSettings, TableFit } from "../fit/fit-table.js";
import { namedMetrics } from "../fit/judge.js";
import type { Advice } from "./advice.js";
import { commandWith } from "./patch-flags.js";

/** Of what the treated fit closes, the untreated one closes less when it goes on. */
const CONTROL_SHARE = 0.5;

/** Condition number ÷ that after scaling, as the doctor asks for it. */
const WORSE = 10;

/** A fit and the settings it was made with. */
interface MadeFit<T extends FitSettings> {
  readonly settings: T;
  readonly fit: TableFit;
  /** The same rows with other settings. */
  readonly again: (settings: T) => Promise<TableFit>;
}

/**
 * Fits anew with scaled columns, where a diagnosis says that these are the cause.
 *
 * @returns the diagnosis with the proof; undefined where something else is the cause, or where it is not proven.
 */
export async function cureByScaling<T extends FitSettings>(
  advice: Advice,
  { settings, fit, again }: MadeFit<T>,
): Promise<Advice | undefined> {
  if ("skipped" in advice || settings.scale !== "none") return undefined;
  const { report, flagsOf } = advice;
  const finding = report.findings.find(({ level }) => level === "failure");
  const prescription = finding?.prescriptions.find(({ patch }) => patch.standardize !== undefined);
  if (finding === undefined || prescription === undefined) return undefined;
  const flags = flagsOf(prescription.patch);
  if (flags === undefined) return undefined;
  const treated = await again(scaledSettings(settings));
  const { solution } = treated.fitted;
  // What ended by itself has no more to say
  const control = fit.fitted.solution.terminationReason === "max-steps" ? await continued(settings, fit, solution.steps, again) : undefined;
  const before = summaryOf(fit, report.outcome);
  const after = summaryOf(treated, "stationary");
  const untreated = control === undefined ? { ...before, gradients: 0 } : summaryOf(control, report.outcome);
  const gain = Number(before.metric) - Number(after.metric);
  const criteria = {
    gateCloses: solution.converged,
    causeGone: conditionOf(treated) * WORSE < conditionOf(fit),
    controlStays: Number(before.metric) - Number(untreated.metric) < CONTROL_SHARE * gain,
    nothingNew: solution.converged,
    // Nothing is drawn where each step looks at all rows
    seedsAgree: settings.batch === undefined || settings.batch === "full",
    metricImproves: gain > 0,
  };
  if (!Object.values(criteria).every(Boolean)) return undefined;
  const code = commandWith(flags);
  const proof = { prescription: prescription.id, criteria, predicted: null, observed: null };
  const treatment: Treatment = {
    finding: finding.id,
    prescription: prescription.id,
    patch: prescription.patch,
    code,
    before,
    control: untreated,
    after,
    proof,
    accepted: true,
  };
  return { report: curedReport(report, finding, prescription, treatment), flagsOf };
}

/** As {@link patchFlags} writes the command: a rate found for other columns goes with them. */
export function scaledSettings<T extends FitSettings>(settings: T): T {
  const { learningRate: _1, resume: _2, ...kept } = settings;
  return { ...kept, scale: "standard" } as T;
}

async function continued<T extends FitSettings>(
  settings: T,
  fit: TableFit,
  steps: number,
  again: (settings: T) => Promise<TableFit>,
): Promise<TableFit | undefined> {
  const { epochs: _, ...kept } = settings;
  try {
    return await again({ ...kept, maxSteps: fit.fitted.solution.steps + steps, watched: false } as unknown as T);
  } catch (error) {
    if (error instanceof DescendError) return undefined;
    throw error;
  }
}

function conditionOf({ fitted }: TableFit): number {
  return fitted.curvature.conditionNumber ?? Number.POSITIVE_INFINITY;
}

function summaryOf({ fitted, train }: TableFit, outcome: RunSummary["outcome"]): RunSummary {
  const { objective, model, solution } = fitted;
  const { steps, evaluations } = solution;
  // A penalty weighs scaled coefficients, so with one the objectives are two. The first measure of a regression is its typical error.
  const measures = namedMetrics(train);
  const measure = measures.find(({ key }) => key === "logLoss") ?? measures[0]!;
  const metric = model.l1 === 0 && model.l2 === 0 ? objective : (measure.value ?? Number.POSITIVE_INFINITY);
  return { outcome, value: objective, metric, steps, gradients: evaluations.gradient };
}

function curedReport(
  report: Extract<Advice, { report: unknown }>["report"],
  finding: Finding,
  { patch }: Prescription,
  treatment: Treatment,
): CuredReport {
  return {
    ...report,
    findings: report.findings.map((each) => (each === finding ? { ...each, proof: treatment.proof } : each)),
    treatments: [treatment],
    costs: { ...report.costs, treatment: treatment.after.gradients + treatment.control.gradients },
    cured: true,
    patch,
    code: treatment.code,
    params: [],
    remaining: [],
  };
}
