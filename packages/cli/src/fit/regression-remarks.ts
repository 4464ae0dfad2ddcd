/** What a reader of a regression should know beside its numbers. */

import { areClassCodes } from "descend";
import { formatNumber } from "../terminal/format.js";
import type { CrossValidation } from "./fold-scores.js";
import type { JudgedPart } from "./judge.js";

export interface Remark {
  readonly code: string;
  readonly severity: "info" | "warning";
  readonly message: string;
  readonly columns?: readonly string[];
}

/** A regression that says less than the mean of what it is to predict. */
export function worseThanMean(test: JudgedPart | undefined, crossValidation: CrossValidation | undefined): Remark[] {
  const onTest = test?.task === "regression" ? test.metrics.r2 : null;
  const onFolds = crossValidation?.metrics.find(({ key }) => key === "r2")?.mean ?? null;
  const [r2, where] = onTest !== null && onTest < 0 ? [onTest, "on the rows to judge on"] : [onFolds, "over the folds"];
  if (r2 === null || !(r2 < 0)) return [];
  const message = `R² is ${formatNumber(r2, 3)} ${where}: their mean would predict them better than this model does.`;
  return [{ code: "WORSE_THAN_MEAN", severity: "warning", message }];
}

/** A target of two numbers that are no codes of classes. */
export function ofTwoNumbers(target: string, values: ArrayLike<number | string | boolean>, model: string | undefined): Remark[] {
  if (model !== undefined && model !== "auto") return [];
  const distinct = new Set<number | string | boolean>();
  for (let i = 0; i < values.length && distinct.size <= 2; i++) distinct.add(values[i]!);
  const [low, high] = [...distinct].sort((a, b) => Number(a) - Number(b));
  if (distinct.size !== 2 || typeof low !== "number" || areClassCodes([low, high as number])) return [];
  const message = `${target} has only the values ${low} and ${high}, and is fitted as a number; if they stand for two classes: --model logistic`;
  return [{ code: "TWO_NUMBERS", severity: "info", message, columns: [target] }];
}
