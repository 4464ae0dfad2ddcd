/** What the reports are made of. Everything optional is left out of the report where it is not known. */

import type { ForeseenCourse, ScaleKind, Solution } from "descend";
import type { Grid, Numbers } from "descend/plot";

export type ReportLanguage = "en" | "zh";

/** How the descent went: the solution as it came back, and what the caller knows beside it. */
export interface DescentReport
  extends Pick<
    Solution<unknown>,
    | "verdict"
    | "terminationReason"
    | "tests"
    | "gradientSource"
    | "gradientNorm"
    | "method"
    | "steps"
    | "evaluations"
    | "rowGradients"
    | "milliseconds"
    | "value"
    | "warnings"
  > {
  readonly interrupted?: boolean;
  readonly learningRate?: number | undefined;
  /** Rows per step; absent or "full" where each step looks at all. */
  readonly batch?: number | "full" | undefined;
  readonly epochs?: number | undefined;
  readonly curvature?: CurvatureReport | undefined;
  readonly sweep?: SweepReport | undefined;
  readonly history?: HistoryReport | undefined;
  readonly foreseen?: ForeseenReport | undefined;
}

/** The course foretold before the first step, in the units of the history; or why there is none. */
export type ForeseenReport =
  | {
      readonly kind: ForeseenCourse["kind"];
      readonly at: Numbers;
      /** Value above the lowest of the quadratic model, and that lowest. */
      readonly excess: Numbers;
      readonly lowest: number;
      readonly gradientNorm: Numbers;
    }
  | { readonly kind: "none"; readonly why: "adaptive" | "search" | "rule" | "negative-curvature" | "batches" };

/** Learning rates that were tried before. */
export interface SweepReport {
  readonly best: number | undefined;
  readonly steps: number;
  readonly rates: readonly { readonly learningRate: number; readonly values: Numbers; readonly diverged: boolean }[];
}

/** What the Hessian says about learning rates, in the scale in which the steps are taken. */
export interface CurvatureReport {
  readonly largest: number;
  readonly smallest: number;
  /** largest / smallest; Infinity where the smallest is only rounding. */
  readonly conditionNumber: number;
  /** Below this learning rate gradient descent cannot diverge: 2 / largest. */
  readonly stableLearningRate?: number | undefined;
  /** Steps foreseen for the method in use, before the first one. */
  readonly predictedSteps?: number | undefined;
}

export interface HistoryReport {
  readonly unit: "step" | "epoch";
  /** Step or epoch of each entry. */
  readonly at: Numbers;
  readonly value: Numbers;
  /** ‖g‖₂ of each entry. */
  readonly gradientNorm?: Numbers | undefined;
  /** Loss on rows kept apart. */
  readonly validation?: { readonly at: Numbers; readonly value: Numbers } | undefined;
  /** Entries are losses of single batches: shown with a smoothed line. */
  readonly noisy?: boolean | undefined;
}

/** What stands on every report. */
export interface ReportOrigin {
  /** The command line that made the report, as typed. */
  readonly command: string;
  readonly seed?: number | undefined;
  /** Of Descend. */
  readonly version?: string | undefined;
  /** When, as it shall be shown. */
  readonly created?: string | undefined;
}

export interface ReportFinding {
  readonly code: string;
  readonly severity: "info" | "warning";
  /** In English; shown where the code has no text in the language of the report. */
  readonly message: string;
  readonly columns?: readonly string[];
}

export type SetAsideCode =
  | "text"
  | "dates"
  | "nested"
  | "constant"
  | "duplicate"
  | "empty"
  | "identifier"
  | "too-many-categories"
  | "asked"
  | "other";

export interface ReportColumn {
  readonly name: string;
  /** As the table has it, such as BIGINT. */
  readonly type?: string | undefined;
  readonly role: "target" | "feature" | "weight" | "set-aside";
  readonly missing?: number | undefined;
  /** What stands in for missing values; `indicator` tells of a further column that marks those rows. */
  readonly filled?: { readonly by: "median" | "mean" | "mode"; readonly value: string | number; readonly indicator: boolean } | undefined;
  /** Categories become columns of 0 and 1, except the base level; dates become numbers in a unit. */
  readonly coding?:
    | { readonly kind: "categories"; readonly base: string; readonly levels: number }
    | { readonly kind: "dates"; readonly unit: string }
    | { readonly kind: "powers"; readonly degree: number }
    | undefined;
  /** Why a column was set aside; `detail` is the constant, the column it repeats, or the reason itself for "other". */
  readonly reason?: { readonly code: SetAsideCode; readonly detail?: string | undefined } | undefined;
}

export interface ReportCoefficient {
  readonly name: string;
  /** Of classifiers with a set of coefficients per class. */
  readonly class?: string | undefined;
  /** In the units of the table. */
  readonly value: number;
  readonly standardError?: number | undefined;
  /** Holds the truth in 95 % of repeated samples. */
  readonly interval?: readonly [number, number] | undefined;
  /** Change of the prediction when the feature grows by one of its standard deviations: comparable between features. */
  readonly perDeviation?: number | undefined;
  readonly perDeviationError?: number | undefined;
  /** The same coefficient by the closed form. */
  readonly closedForm?: number | undefined;
  /** Constant term: not drawn beside the others. */
  readonly intercept?: boolean | undefined;
}

export interface ReportMetric {
  /** Such as "RMSE", "R²", "accuracy", "log loss". */
  readonly name: string;
  readonly train: number | null;
  readonly test?: number | null | undefined;
  /** Mean and standard deviation over the folds. */
  readonly crossValidation?: { readonly mean: number; readonly deviation: number } | undefined;
}

export interface RowPredictions {
  readonly actual: Numbers;
  readonly predicted: Numbers;
}

export interface ReportConfusion {
  readonly part: "train" | "test";
  /** `counts[actual][predicted]`. */
  readonly counts: readonly (readonly number[])[];
}

export interface FitReportData extends ReportOrigin {
  /** The table as the user named it, or the query. */
  readonly source: string;
  readonly model: {
    readonly kind: "linear" | "ridge" | "lasso" | "elastic-net" | "huber" | "logistic" | "softmax";
    /** What was minimized, as a formula. */
    readonly objective?: string | undefined;
    /** Penalty and the like: name and value. */
    readonly settings?: Readonly<Record<string, number | string>> | undefined;
    /** What in the target called for this model, if it was not asked for. */
    readonly chosenBecause?: "numbers" | "two-values" | "classes" | undefined;
  };
  readonly target: string;
  readonly targetUnit?: string | undefined;
  readonly rows: {
    readonly read: number;
    readonly droppedMissing: number;
    readonly droppedInfinite: number;
    /** Rows in which a value was filled in. */
    readonly imputed?: number | undefined;
    readonly train: number;
    readonly test: number;
  };
  readonly columns: readonly ReportColumn[];
  readonly scaling: ScaleKind;
  readonly descent: DescentReport;
  readonly findings: readonly ReportFinding[];
  readonly coefficients: readonly ReportCoefficient[];
  /** Largest relative difference between descent and closed form. */
  readonly closedFormDifference?: number | undefined;
  /** Coefficients per deviation over the weight of the penalty. */
  readonly path?:
    | { readonly penalties: Numbers; readonly coefficients: readonly { readonly name: string; readonly values: Numbers }[] }
    | undefined;
  readonly metrics: readonly ReportMetric[];
  /** Of regressions. */
  readonly predictions?: { readonly train: RowPredictions; readonly test?: RowPredictions | undefined } | undefined;
  /** Of a regression on one column: the data, and predictions at points ascending in x. */
  readonly line?:
    | {
        readonly feature: string;
        readonly unit?: string | undefined;
        readonly train: { readonly x: Numbers; readonly y: Numbers };
        readonly test?: { readonly x: Numbers; readonly y: Numbers } | undefined;
        readonly fitted: { readonly x: Numbers; readonly y: Numbers };
      }
    | undefined;
  /** Of a regression on two columns: predictions on a grid; data with the prediction of each row. */
  readonly surface?:
    | {
        readonly features: readonly [string, string];
        readonly grid: Grid;
        readonly points?: { readonly x: Numbers; readonly y: Numbers; readonly z: Numbers; readonly onSurface: Numbers } | undefined;
      }
    | undefined;
  /** Of classifiers. */
  readonly classification?:
    | {
        readonly classes: readonly string[];
        readonly confusion: readonly ReportConfusion[];
        /** Probability and outcome of one class (`event`), or of the predicted class where there are more than two. */
        readonly calibration?:
          | { readonly event?: string | undefined; readonly probability: Numbers; readonly outcome: Numbers }
          | undefined;
      }
    | undefined;
}

export interface MinimizeReportData extends ReportOrigin {
  readonly formula: string;
  readonly constants?: Readonly<Record<string, number>> | undefined;
  readonly variables: readonly {
    readonly name: string;
    readonly start: number;
    readonly end: number;
    readonly gradient?: number | undefined;
  }[];
  readonly descent: DescentReport;
  /** Of two variables: the objective on a grid, and the points passed, with the gradient at some. */
  readonly contour?:
    | {
        readonly grid: Grid;
        readonly path: { readonly x: Numbers; readonly y: Numbers };
        readonly gradients?: readonly { readonly at: number; readonly x: number; readonly y: number }[] | undefined;
      }
    | undefined;
}
