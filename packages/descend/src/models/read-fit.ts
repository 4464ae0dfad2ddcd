/** From the options of a fit to what is minimized. */

import { type FeatureTable, readFeatures, requireList } from "../data/feature-table.js";
import { polynomialFeatures } from "../data/polynomial-features.js";
import { scaleKinds } from "../data/scaling/column-scale.js";
import { DataError, OptionError } from "../errors.js";
import { type FitOptions, refuseUnknownOptions } from "./fit-options.js";
import { type FitDataOptions, type FitProblem, fitData, fitProblem } from "./fit-problem.js";
import { type ClassLabel, chooseModel, readModel } from "./model-spec.js";
import { readClasses, readNumbers, readWeights } from "./read-target.js";
import { settleModel } from "./settle-model.js";

export interface ReadFit {
  readonly problem: FitProblem;
  /** Features as the user gave them. */
  readonly raw: FeatureTable;
  readonly degree: number;
  readonly classes: readonly ClassLabel[] | undefined;
  readonly modelReason: string;
}

/** @throws DataError for tables that are empty, ragged, not finite, or without two classes; OptionError for options out of range */
export function readFit(options: FitOptions): ReadFit {
  refuseUnknownOptions(options);
  const raw = readFeatures(options.features, options.featureNames);
  requireList(options.target, "target", "a list of numbers or classes");
  const degree = options.degree ?? 1;
  const features = polynomialFeatures(raw, degree);
  const chosen = options.model === undefined ? chooseModel(options.target) : { kind: undefined, reason: "asked for" };
  const { spec, record } = readModel(options.model ?? chosen.kind!);

  const classes = record.task === "classification" ? readClasses(options.target, raw.rows, options.classes) : undefined;
  if (spec.kind === "logistic" && classes!.classes.length > 2) {
    throw new DataError(
      "CLASSES_TOO_MANY",
      `target: a logistic model has 2 classes, the target ${classes!.classes.length}. Take model: "softmax".`,
      {
        classes: classes!.classes.length,
        allowed: 2,
      },
    );
  }
  const target = classes?.indices ?? readNumbers(options.target, raw.rows);
  const weights = readWeights(raw.rows, options.weights, options.classWeights, classes);
  const data = fitData(features, target, {
    weights,
    classes: classes?.classes.length ?? 0,
    intercept: options.intercept ?? true,
    ...readScale(options.scale),
  });
  const problem = fitProblem(data, settleModel(spec, data));
  return { problem, raw, degree, classes: classes?.classes, modelReason: chosen.reason };
}

function readScale(scale: FitOptions["scale"] = true): Pick<FitDataOptions, "scaleFeatures" | "scaleTarget"> {
  const { features = true, target = true } =
    typeof scale === "object" ? scale : { features: scale, target: scale !== false && scale !== "none" };
  const kind = features === true ? "standard" : features === false ? "none" : features;
  if (scaleKinds.includes(kind)) return { scaleFeatures: kind, scaleTarget: target };
  const expected = ["a boolean", ...scaleKinds.map((name) => `"${name}"`)].join(", ");
  throw new OptionError("OPTION_OUT_OF_RANGE", `fit({ scale }): expected ${expected}, got ${JSON.stringify(features)}.`, {
    option: "scale",
    expected,
    got: features,
  });
}
