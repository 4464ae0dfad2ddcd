/** What a report can say: the shape of the texts of each language. */

import type { ScaleKind, Solution, Test } from "descend";
import type { FitReportData, ForeseenReport, ReportColumn, ReportFinding, SetAsideCode } from "./report-data.js";

type VerdictName = Solution<unknown>["verdict"];

export interface VerdictText {
  /** The verdict in a few words. */
  readonly headline: string;
  /** What it means. */
  readonly meaning: string;
  /** What to do about it; empty if nothing. */
  readonly advice: string;
}

export interface ReportTexts {
  readonly htmlLanguage: string;
  readonly fitTitle: (target: string) => string;
  readonly minimizeTitle: string;
  readonly verdicts: Readonly<Record<VerdictName, VerdictText>>;
  /** In place of "stalled" where steps grew until values or parameters left every bound. */
  readonly diverged: VerdictText;
  /** Added to "converged" for a fit: its objectives are convex. */
  readonly bestFit: string;
  readonly interrupted: string;
  readonly terminationReasons: Readonly<Record<Solution<unknown>["terminationReason"], string>>;
  readonly stoppedBecause: (reason: string) => string;
  readonly tests: {
    readonly heading: string;
    readonly lead: string;
    readonly none: string;
    readonly columns: readonly [question: string, measured: string, limit: string, outcome: string];
    readonly passed: string;
    readonly failed: string;
    /** By name of the test. */
    readonly questions: Readonly<Record<Test["name"], string>>;
  };
  readonly summary: {
    readonly heading: string;
    readonly model: string;
    readonly target: string;
    readonly features: (count: number) => string;
    readonly featuresLabel: string;
    readonly rows: string;
    readonly rowsUsed: (train: string, test: string) => string;
  };
  readonly models: Readonly<Record<FitReportData["model"]["kind"], string>>;
  readonly chosenBecause: Readonly<Record<NonNullable<FitReportData["model"]["chosenBecause"]>, string>>;
  readonly objective: string;
  readonly data: {
    readonly heading: string;
    readonly source: string;
    readonly rowsRead: string;
    readonly droppedMissing: string;
    readonly droppedInfinite: string;
    readonly imputed: string;
    readonly train: string;
    readonly test: string;
    readonly scaling: string;
    readonly scalings: Readonly<Record<ScaleKind, string>>;
    readonly columnsHeading: string;
    readonly columns: readonly [name: string, type: string, role: string, missing: string, treatment: string];
    readonly roles: Readonly<Record<ReportColumn["role"], string>>;
    readonly filled: (by: "median" | "mean" | "mode", value: string, indicator: boolean) => string;
    readonly categories: (base: string, levels: number) => string;
    readonly dates: (unit: string) => string;
    readonly powers: (degree: number) => string;
    readonly reasons: Readonly<Record<SetAsideCode, (detail: string) => string>>;
  };
  readonly coefficients: {
    readonly heading: string;
    readonly lead: string;
    readonly name: string;
    readonly class: string;
    readonly value: string;
    readonly standardError: string;
    readonly interval: string;
    readonly intervalMeaning: string;
    readonly perDeviation: string;
    readonly closedForm: string;
    readonly perDeviationLead: string;
    readonly more: (count: number) => string;
    readonly closedFormAgrees: (difference: string) => string;
    readonly pathTitle: string;
    readonly pathAxis: string;
    readonly plotTitle: string;
    readonly plotAxis: (target: string) => string;
    readonly plotAxisClass: string;
  };
  readonly metrics: {
    readonly heading: string;
    readonly lead: (test: boolean) => string;
    readonly columns: readonly [name: string, train: string, test: string, crossValidation: string, meaning: string];
    /** Names in the language of the report, and what they say, by name of the metric. */
    readonly names: Readonly<Record<string, string>>;
    readonly meanings: Readonly<Record<string, string>>;
  };
  readonly figures: {
    readonly heading: string;
    readonly train: string;
    readonly test: string;
    readonly line: (feature: string) => string;
    readonly surface: string;
    readonly noPicture: (count: number) => string;
    readonly predicted: string;
    readonly residuals: string;
    /** @param part - the rows whose errors they are. */
    readonly residualHistogram: (part: string) => string;
    readonly residualAxis: string;
    readonly confusion: (part: string) => string;
    readonly calibration: string;
    readonly confidence: string;
  };
  readonly descent: {
    readonly heading: string;
    readonly lead: string;
    readonly leadValue: string;
    readonly lossLinear: string;
    readonly lossLog: string;
    readonly valueLinear: string;
    readonly valueLog: string;
    readonly excessLog: string;
    readonly gradientLog: string;
    /** The dashed curve: its name in the legend and what it is, or why there is none. */
    readonly foreseen: Readonly<Record<"course" | "bound", { readonly name: string; readonly caption: string }>>;
    readonly notForeseen: Readonly<Record<Extract<ForeseenReport, { kind: "none" }>["why"], string>>;
    readonly lossAxis: string;
    readonly valueAxis: string;
    readonly gradientAxis: string;
    readonly stepAxis: string;
    readonly epochAxis: string;
    readonly training: string;
    readonly validation: string;
    readonly method: string;
    readonly learningRate: string;
    readonly batch: string;
    readonly batchFull: string;
    readonly batchRows: (count: string) => string;
    readonly steps: string;
    readonly stepsTaken: (count: string, epochs: string | undefined) => string;
    readonly predictedSteps: string;
    readonly time: string;
    readonly evaluations: string;
    readonly rowGradients: string;
    readonly evaluationCounts: (values: string, gradients: string, products: string | undefined) => string;
    readonly gradient: string;
    readonly gradientSources: Readonly<Record<Solution<unknown>["gradientSource"], string>>;
    readonly gradientNorm: string;
    readonly finalValue: string;
    readonly largestCurvature: string;
    readonly smallestCurvature: string;
    readonly conditionNumber: string;
    readonly conditionMeaning: (value: number) => string;
    readonly stableRate: string;
    readonly sweepHeading: string;
    readonly sweepLead: (steps: string) => string;
    readonly sweepTitle: string;
    readonly sweepDiverged: string;
    readonly curvatureHeading: string;
    readonly curvatureLead: string;
  };
  readonly minimize: {
    readonly objective: string;
    readonly constants: string;
    readonly resultHeading: string;
    readonly columns: readonly [variable: string, start: string, end: string, gradient: string];
    readonly value: string;
    readonly contour: string;
    readonly noContour: (count: number) => string;
  };
  readonly race: {
    readonly title: string;
    readonly winner: (name: string, evaluations: string) => string;
    readonly tableHeading: string;
    readonly lead: (within: string) => string;
    readonly columns: readonly [rank: string, method: string, evaluations: string, steps: string, value: string, verdict: string];
    readonly pictures: string;
    readonly curves: string;
    readonly evaluations: string;
    readonly paths: string;
  };
  readonly multistart: {
    readonly title: string;
    readonly found: (starts: string, places: string) => string;
    readonly bestHeading: string;
    readonly verdict: string;
    readonly share: string;
    readonly chance: (chances: readonly (readonly [starts: number, probability: string])[]) => string;
    readonly tableHeading: string;
    readonly lead: string;
    readonly columns: readonly [rank: string, value: string, starts: string, share: string, verdict: string];
    readonly more: (count: string) => string;
    readonly pictures: string;
    readonly map: string;
    readonly leadsTo: (rank: number, place: string) => string;
    readonly others: string;
    readonly values: string;
    readonly startsAxis: string;
  };
  readonly findings: {
    readonly heading: string;
    readonly warning: string;
    readonly info: string;
    /** By code, where the language has its own words. */
    readonly messages: Readonly<Record<string, (finding: ReportFinding) => string>>;
    /** Its words for other sentences, and for warnings, if it has some. */
    readonly sentence: (english: string) => string | undefined;
  };
  readonly origin: {
    readonly heading: string;
    readonly lead: string;
    readonly command: string;
    readonly seed: string;
    readonly version: string;
    readonly created: string;
  };
  readonly listSeparator: string;
  readonly seconds: (seconds: number) => string;
}
