/** From rows in a file to what is minimized over them: statistics in two passes, then the rows scaled in place. */

import { type ColumnStatistics, StatisticsPasses } from "../data/column-statistics.js";
import type { ByteFile, RowFile } from "../data/row-file.js";
import { type ScaleKind, scaleOf } from "../data/scaling/column-scale.js";
import { shuffledRows } from "../data/shuffled-rows.js";
import { DataError, OptionError } from "../errors.js";
import type { DescentWishes } from "./fit-options.js";
import { type FitData, type FitProblem, fitProblem, type RowStream } from "./fit-problem.js";
import { type ClassLabel, type ModelSpec, readModel } from "./model-spec.js";
import { columnsOfProducts, type ReadFit } from "./read-fit.js";
import { type ClassWeights, weightsOfClasses } from "./read-target.js";
import { settleModel } from "./settle-model.js";

export interface StreamedFitOptions extends DescentWishes {
  /** Squared losses that are not for mini-batches need no rows: {@link createMomentTable}. */
  readonly model: ModelSpec;
  readonly rows: RowFile;
  /** Names of the features. */
  readonly featureNames: readonly string[];
  /** Which numbers of a row they are. Default: the first ones. */
  readonly featurePlaces?: readonly number[] | undefined;
  /** Where rows are put in another order each epoch, for mini-batches: a number a row more than they have. */
  readonly scratch?: ByteFile | undefined;
  /** The features are products up to `degree` of columns with these names: as for `fit`. */
  readonly productsOf?: readonly string[] | undefined;
  readonly degree?: number | undefined;
  /** Whether the last number of a row is how often it counts. Default false. */
  readonly weighted?: boolean | undefined;
  /** Labels in the order of the class indices; the second is the positive one of a logistic model. */
  readonly classes?: readonly ClassLabel[] | undefined;
  /** How often rows of a class count, times their own weight; for rows that are `weighted`. */
  readonly classWeights?: ClassWeights | undefined;
  /** Default true. Without it features are not shifted, as for `fit`. */
  readonly intercept?: boolean | undefined;
  /** Of the features; "none" leaves the target as it is as well. Default "standard". */
  readonly scale?: ScaleKind | undefined;
}

/** The parts of the rows of a piece. */
interface RowParts {
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array | undefined;
}

export function readStreamedFit(options: Omit<StreamedFitOptions, keyof DescentWishes>): ReadFit {
  const { rows, featureNames, weighted = false, scale = "standard", intercept = true } = options;
  const { spec, record } = readModel(options.model);
  if (scale === "robust") {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      'scale: "robust" needs quartiles, which rows that are streamed do not give. Take "standard".',
      {
        options: ["scale"],
      },
    );
  }
  const classes = record.task === "classification" ? (options.classes ?? []) : undefined;
  if (options.classWeights !== undefined && options.weighted !== true) {
    throw new OptionError("OPTIONS_CONFLICT", "classWeights: expected rows with a weight as their last number, and weighted: true.", {
      options: ["classWeights", "weighted"],
    });
  }
  const { parts, total } = weighedParts(options, classes);
  const { features, target } = statisticsOf(rows, parts, featureNames.length, total);
  const scales = features.map(({ extent, ...statistics }) =>
    scaleOf(scale, { ...statistics, extent: () => extent, quartiles: () => [0, 0, 0] }, intercept),
  );
  const scaling = targetScale(classes, target, scale, intercept);
  const sign = spec.kind === "logistic";
  const scaled = rows.rewritten(featureNames.length + (weighted ? 2 : 1), (columns) => {
    const { features: x, target: y, weights } = parts(columns);
    return [
      ...x.map((column, k) => column.map((value) => (value - scales[k]!.center) / scales[k]!.scale)),
      classes === undefined
        ? y.map((value) => (value - scaling.center) / scaling.deviation)
        : sign
          ? y.map((label) => (label === 1 ? 1 : -1))
          : y,
      ...(weights === undefined ? [] : [weights.map((weight) => (weight * rows.rows) / total)]),
    ];
  });
  const data: FitData = {
    features: { names: featureNames, columns: [], rows: rows.rows },
    z: {
      values: new Float64Array(0),
      width: featureNames.length,
      rows: rows.rows,
      centers: Float64Array.from(scales, ({ center }) => center),
      scales: Float64Array.from(scales, ({ scale: s }) => s),
      constant: scales.flatMap(({ isConstant }, k) => (isConstant ? [k] : [])),
    },
    target: new Float64Array(0),
    rawTarget: new Float64Array(0),
    targetCenter: scaling.center,
    targetDeviation: scaling.deviation,
    classes: classes?.length ?? 0,
    weights: undefined,
    total,
    intercept,
    stream: streamOf(scaled, {
      width: featureNames.length,
      compared: sign ? "sign" : classes === undefined ? "t" : "label",
      weighted,
      total,
      scratch: options.scratch,
    }),
  };
  const problem = fitProblem(data, settleModel(spec, data));
  const { productsOf, degree = 1 } = options;
  const raw = productsOf === undefined ? data.features : columnsOfProducts(data.features, productsOf, degree);
  return { problem, raw, degree: productsOf === undefined ? 1 : degree, classes, modelReason: "asked for" };
}

/** How the numbers of a row are read, and the sum of the weights. */
function weighedParts(
  { rows, featureNames, featurePlaces, weighted: given = false, classWeights }: Omit<StreamedFitOptions, keyof DescentWishes>,
  classes: readonly ClassLabel[] | undefined,
): { parts: (columns: readonly Float64Array[]) => RowParts; total: number } {
  const places = featurePlaces ?? featureNames.map((_, k) => k);
  const at = rows.width - (given ? 2 : 1);
  const counts = new Array<number>(classes?.length ?? 0).fill(0);
  let sum = 0;
  // Without weights all that would be counted is the rows
  for (const { columns } of classWeights === undefined && !given ? [] : rows.pieces()) {
    columns[at]!.forEach((label, i) => {
      const weight = given ? columns[at + 1]![i]! : 1;
      sum += weight;
      if (classes !== undefined) counts[label]! += weight;
    });
  }
  if (classes !== undefined && classes.length < 2) {
    throw new DataError(
      "CLASSES_TOO_FEW",
      `target: expected at least 2 classes, got ${classes.length === 0 ? "none" : `only ${String(classes[0])}`}.`,
      {
        classes: classes.length,
        needed: 2,
      },
    );
  }
  const ofClass = classWeights === undefined ? undefined : weightsOfClasses(classWeights, classes ?? [], () => counts);
  const total = ofClass !== undefined ? counts.reduce((all, count, c) => all + count * ofClass[c]!, 0) : given ? sum : rows.rows;
  if (!(total > 0)) {
    const expected = "weights ≥ 0, not all 0";
    throw new OptionError("OPTION_OUT_OF_RANGE", `weights: expected ${expected}, got 0 in every row.`, {
      option: "weights",
      expected,
      got: 0,
    });
  }
  const weightsOf = (target: Float64Array, own: Float64Array | undefined): Float64Array | undefined =>
    ofClass === undefined ? own : own!.map((weight, i) => weight * ofClass[target[i]!]!);
  return {
    parts: (columns) => ({
      features: places.map((place) => columns[place]!),
      target: columns[at]!,
      weights: weightsOf(columns[at]!, given ? columns[at + 1] : undefined),
    }),
    total,
  };
}

interface StatisticsAndExtent extends ColumnStatistics {
  readonly extent: [number, number];
}

/** Mean, spread and extent of features and target, as of columns in memory. */
function statisticsOf(
  rows: RowFile,
  parts: (columns: readonly Float64Array[]) => RowParts,
  width: number,
  total: number,
): { features: readonly StatisticsAndExtent[]; target: ColumnStatistics } {
  const passes = Array.from({ length: width + 1 }, () => new StatisticsPasses(total));
  const extents = Array.from({ length: width }, (): [number, number] => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  for (const { columns } of rows.pieces()) {
    const { features, target, weights } = parts(columns);
    [...features, target].forEach((column, k) => {
      passes[k]!.addToMean(column, weights);
    });
    features.forEach((column, k) => {
      const extent = extents[k]!;
      for (let i = 0; i < column.length; i++) {
        if (weights?.[i] === 0) continue;
        extent[0] = Math.min(extent[0], column[i]!);
        extent[1] = Math.max(extent[1], column[i]!);
      }
    });
  }
  for (const { columns } of rows.pieces()) {
    const { features, target, weights } = parts(columns);
    [...features, target].forEach((column, k) => {
      passes[k]!.addToSpread(column, weights);
    });
  }
  return {
    features: extents.map((extent, k) => ({ ...passes[k]!.statistics, extent })),
    target: passes[width]!.statistics,
  };
}

/** @throws DataError TARGET_CONSTANT */
function targetScale(
  classes: readonly ClassLabel[] | undefined,
  { mean, deviation }: ColumnStatistics,
  scale: ScaleKind,
  intercept: boolean,
): { center: number; deviation: number } {
  if (classes !== undefined) return { center: 0, deviation: 1 };
  const spread = intercept ? deviation : Math.hypot(mean, deviation);
  if (spread === 0) {
    throw new DataError("TARGET_CONSTANT", `target: expected numbers that vary, got ${mean} in every row.`, {
      column: "target",
      value: mean,
    });
  }
  return scale === "none" ? { center: 0, deviation: 1 } : { center: intercept ? mean : 0, deviation: spread };
}

interface ScaledRows {
  readonly width: number;
  /** What the loss compares scores with. */
  readonly compared: "sign" | "label" | "t";
  readonly weighted: boolean;
  readonly total: number;
  readonly scratch: ByteFile | undefined;
}

function streamOf(rows: RowFile, { width, compared, weighted, total, scratch }: ScaledRows): RowStream {
  return {
    store: {
      rows: rows.rows,
      columns: [
        { name: "z", shape: [width] },
        { name: compared, shape: [] },
        ...(weighted ? [{ name: "weight", shape: [] } as const] : []),
      ],
      read: (into, place) => rows.read(into, place),
      shuffled: scratch && ((order) => shuffledRows(rows, order, scratch)),
    },
    *pieces(problem): Generator<FitProblem> {
      for (const piece of rows.pieces()) {
        const values = new Float64Array(piece.rows * width);
        for (let k = 0; k < width; k++) for (let i = 0, column = piece.columns[k]!; i < piece.rows; i++) values[i * width + k] = column[i]!;
        const target = piece.columns[width]!;
        yield {
          ...problem,
          z: { ...problem.z, values, rows: piece.rows },
          target: compared === "sign" ? target.map((sign) => (sign > 0 ? 1 : 0)) : target,
          weights: weighted ? piece.columns[width + 1]!.map((weight) => (weight * total) / rows.rows) : undefined,
          l1: 0,
          l2: 0,
          stream: undefined,
          pieces: undefined,
        };
      }
    },
  };
}
