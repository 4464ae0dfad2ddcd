/** The doctor beside `descend fit`: its advice for the descent of a fit, and the settings that are proven to be better. */

import type { Descent } from "descend";
import type { Finding, FitSettings } from "../fit/fit-table.js";
import { formatCount } from "../terminal/format.js";
import { type Advice, adviceRecord, advise } from "./advice.js";
import { doctorTexts } from "./doctor-texts.js";
import { patchFlags } from "./patch-flags.js";
import { scaledSettings } from "./scaled-fit.js";

export { adviceLines, adviceRecord } from "./advice.js";
export { cureByScaling } from "./scaled-fit.js";

/** Larger tables are not descended twice unasked. */
const MOST_ROWS = 20_000;
const MOST_NUMBERS = 2_000_000;

export interface FitToDiagnose {
  readonly descent: Descent<never>;
  readonly rows: number;
  readonly features: number;
  /** Undefined where the fit chose it. */
  readonly learningRate: number | undefined;
  /** What a value of the descent is worth in the units of the table. */
  readonly valueUnit: number;
}

export function adviseFit(
  { descent, rows, features, learningRate, valueUnit }: FitToDiagnose,
  { treat }: { readonly treat: boolean },
): Advice {
  if (rows > MOST_ROWS || rows * features > MOST_NUMBERS) {
    const sample = `--query "SELECT * FROM data USING SAMPLE reservoir(${formatCount(MOST_ROWS / 2).replaceAll(" ", "")} ROWS) REPEATABLE (1)"`;
    const count = formatCount(rows);
    return { skipped: { en: doctorTexts.en.tooLarge(count, sample), zh: doctorTexts.zh.tooLarge(count, sample) } };
  }
  return advise(descent, { treat, flagsOf: (patch) => patchFlags(patch, { rate: learningRate, penalty: valueUnit === 1 }) });
}

/** The settings with what is proven to help; undefined where nothing is, or where no setting can say it. */
export function treatedSettings<T extends FitSettings>(settings: T, advice: Advice): T | undefined {
  if ("skipped" in advice || !("patch" in advice.report) || advice.report.patch === null) return undefined;
  const { patch } = advice.report;
  if (advice.flagsOf(patch) === undefined) return undefined;
  if (patch.standardize !== undefined) return scaledSettings(settings);
  const { method, learningRate, batch, maxSteps, l2 } = patch;
  const { resume: _, learningRate: rate, epochs, methodOption, schedule, ...kept } = settings;
  return {
    ...kept,
    sweep: false,
    ...(method === undefined ? { methodOption, ...(learningRate === undefined ? { schedule } : {}) } : { method }),
    ...((learningRate ?? (method === undefined ? rate : undefined)) === undefined ? {} : { learningRate: learningRate ?? rate }),
    ...(batch === undefined ? {} : { batch }),
    ...(maxSteps === undefined ? (epochs === undefined ? {} : { epochs }) : { maxSteps }),
    ...(l2 === undefined ? {} : { l2 }),
  } as T;
}

/** What the doctor found, as findings of a fit; with evidence and prescriptions for programs. */
export function adviceFindings(advice: Advice): Finding[] {
  const { findings } = adviceRecord(advice);
  return findings.map(({ id, level, explanation, ...more }) => ({
    code: id,
    severity: level === "failure" ? "warning" : "info",
    message: explanation.text,
    ...more,
  }));
}
