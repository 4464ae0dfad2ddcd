/** From the options of a fit to what is minimized. */

import { type FeatureTable, readFeatures, requireList } from "../data/feature-table.js";
import { polynomialFeatures } from "../data/polynomial-features.js";
import { scaleKinds } from "../data/scaling/column-scale.js";
import { DataError, OptionError, ShapeError } from "../errors.js";
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
  const { productsOf, degree = 1 } = options;
  const given = readFeatures(options.features, options.featureNames);
  requireList(options.target, "target", "a list of numbers or classes");
  const raw = productsOf === undefined ? given : columnsOfProducts(given, productsOf, degree);
  const features = productsOf === undefined ? polynomialFeatures(given, degree) : given;
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

/**
 * The columns that products were made of, by name alone.
 *
 * @throws ShapeError SHAPE_MISMATCH
 */
export function columnsOfProducts(
  { names, rows }: Pick<FeatureTable, "names" | "rows">,
  of: readonly string[],
  degree: number,
): FeatureTable {
  const columns = of.map(() => new Float64Array(0));
  const expected = polynomialFeatures({ names: of, columns, rows: 0 }, degree).names;
  if (expected.length !== names.length || expected.some((name, k) => name !== names[k])) {
    const [first] = expected.flatMap((name, k) => (name === names[k] ? [] : [k])).concat(expected.length);
    throw new ShapeError(
      "SHAPE_MISMATCH",
      `features: expected the ${expected.length} products of ${of.join(", ")} up to degree ${degree}, got ${names.length}, of which number ${first! + 1} is ${names[first!] ?? "missing"}.`,
      { where: "features", expected: `[rows, ${expected.length}]`, got: `[rows, ${names.length}]` },
    );
  }
  return { names: of, columns, rows };
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
