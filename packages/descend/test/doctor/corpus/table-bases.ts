/**
 * Base problems over tables: drawn columns, a target from known weights, the loss in plain arithmetic, and its optimum by Newton's method.
 */

import type { Case, ModelChoice } from "../../../src/doctor/index.js";
import { symmetricEigen } from "../../../src/numeric/symmetric-eigen.js";
import type { Metric } from "./corpus-case.js";
import { Draw } from "./draw.js";

export interface Table {
  readonly names: readonly string[];
  /** [width][rows]. */
  readonly columns: readonly (readonly number[])[];
  readonly target: readonly number[];
}

export interface TableBase extends Table {
  readonly name: string;
  readonly model: ModelChoice;
}

/** The features of a table, one row an entry. */
export function rowsOf({ columns, target }: Table): number[][] {
  return target.map((_, i) => columns.map((column) => column[i]!));
}

/** Loss of a row from its scores. */
function lossOf(model: ModelChoice, scores: readonly number[], y: number): number {
  const s = scores[0]!;
  switch (model.kind) {
    case "linear":
      return (s - y) ** 2 / 2;
    case "absolute":
      return Math.abs(s - y);
    case "huber": {
      const r = Math.abs(s - y);
      const delta = model.delta!;
      return r <= delta ? r ** 2 / 2 : delta * (r - delta / 2);
    }
    case "logistic":
      return Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))) - y * s;
    case "sigmoid-squares":
      return (1 / (1 + Math.exp(-s)) - y) ** 2 / 2;
    case "poisson":
      return Math.exp(s) - y * s;
    case "softmax": {
      const top = Math.max(...scores);
      return top + Math.log(scores.reduce((sum, each) => sum + Math.exp(each - top), 0)) - scores[y]!;
    }
  }
}

/** Mean loss plus ½·l2·‖w‖² at flat parameters: intercepts, then weights row by row. */
export function tableMetric(table: Table, model: ModelChoice): Metric {
  const outputs = model.kind === "softmax" ? Math.max(...table.target) + 1 : 1;
  return (params) => {
    let sum = 0;
    for (let i = 0; i < table.target.length; i++) {
      const scores = Array.from({ length: outputs }, (_, c) =>
        table.columns.reduce((score, column, k) => score + column[i]! * params[outputs + k * outputs + c]!, params[c]!),
      );
      sum += lossOf(model, scores, table.target[i]!);
    }
    let squares = 0;
    for (let j = outputs; j < outputs * (1 + table.columns.length); j++) squares += params[j]! ** 2;
    return sum / table.target.length + ((model.l2 ?? 0) / 2) * squares;
  };
}

export interface TableOptimum {
  readonly params: readonly number[];
  readonly value: number;
  readonly largest: number;
  /** Smallest curvature that is not a null direction. */
  readonly smallest: number;
}

const known = new Map<string, TableOptimum>();

/** The optimum of a smooth convex loss by damped Newton steps on difference quotients. */
export function optimumOf(table: Table, model: ModelChoice, key?: string): TableOptimum {
  const found = key === undefined ? undefined : known.get(key);
  if (found !== undefined) return found;
  const outputs = model.kind === "softmax" ? Math.max(...table.target) + 1 : 1;
  const metric = tableMetric(table, model);
  let params = new Array<number>(outputs * (1 + table.columns.length)).fill(0);
  let value = metric(params);
  let eigen = symmetricEigen(hessianOf(table, model, params), params.length);
  for (let iteration = 0; iteration < 40; iteration++) {
    const gradient = gradientOf(table, model, params);
    eigen = symmetricEigen(hessianOf(table, model, params), params.length);
    const top = eigen.values.at(-1)!;
    const step = new Array<number>(params.length).fill(0);
    eigen.values.forEach((curvature, k) => {
      if (curvature < 1e-9 * top) return;
      const u = eigen.vectors[k]!;
      const along = gradient.reduce((sum, g, i) => sum + g * u[i]!, 0) / curvature;
      u.forEach((x, i) => {
        step[i]! -= along * x;
      });
    });
    let length = 1;
    let next = value;
    for (; length > 1e-12; length /= 2) {
      next = metric(params.map((x, i) => x + length * step[i]!));
      if (next <= value) break;
    }
    if (!(next < value)) break;
    params = params.map((x, i) => x + length * step[i]!);
    value = next;
  }
  const positive = Array.from(eigen.values).filter((curvature) => curvature > 1e-9 * eigen.values.at(-1)!);
  const optimum = { params, value, largest: eigen.values.at(-1)!, smallest: positive[0]! };
  if (key !== undefined) known.set(key, optimum);
  return optimum;
}

/** Slope and curvature of a row's loss in its scores: [outputs] and [outputs, outputs]. */
function derivatives(model: ModelChoice, scores: readonly number[], y: number): { slope: number[]; curvature: number[] } {
  const s = scores[0]!;
  const p = 1 / (1 + Math.exp(-s));
  switch (model.kind) {
    case "linear":
      return { slope: [s - y], curvature: [1] };
    case "huber":
      return Math.abs(s - y) <= model.delta!
        ? { slope: [s - y], curvature: [1] }
        : { slope: [model.delta! * Math.sign(s - y)], curvature: [0] };
    case "logistic":
      return { slope: [p - y], curvature: [p * (1 - p)] };
    case "poisson":
      return { slope: [Math.exp(s) - y], curvature: [Math.exp(s)] };
    case "softmax": {
      const top = Math.max(...scores);
      const e = scores.map((each) => Math.exp(each - top));
      const total = e.reduce((sum, each) => sum + each, 0);
      const q = e.map((each) => each / total);
      return {
        slope: q.map((each, c) => each - (c === y ? 1 : 0)),
        curvature: q.flatMap((a, c) => q.map((b, d) => (c === d ? a : 0) - a * b)),
      };
    }
    default:
      throw new Error(`no derivatives for ${model.kind}`);
  }
}

function eachRow(
  table: Table,
  model: ModelChoice,
  params: readonly number[],
  visit: (x: readonly number[], slope: readonly number[], curvature: readonly number[]) => void,
): number {
  const outputs = model.kind === "softmax" ? Math.max(...table.target) + 1 : 1;
  for (let i = 0; i < table.target.length; i++) {
    const x = [1, ...table.columns.map((column) => column[i]!)];
    const scores = Array.from({ length: outputs }, (_, c) => x.reduce((sum, each, k) => sum + each * params[k * outputs + c]!, 0));
    const { slope, curvature } = derivatives(model, scores, table.target[i]!);
    visit(x, slope, curvature);
  }
  return outputs;
}

function gradientOf(table: Table, model: ModelChoice, params: readonly number[]): number[] {
  const n = table.target.length;
  const gradient = new Array<number>(params.length).fill(0);
  const outputs = eachRow(table, model, params, (x, slope) => {
    x.forEach((each, k) => {
      slope.forEach((g, c) => {
        gradient[k * slope.length + c]! += (each * g) / n;
      });
    });
  });
  for (let j = outputs; j < params.length; j++) gradient[j]! += (model.l2 ?? 0) * params[j]!;
  return gradient;
}

export function hessianOf(table: Table, model: ModelChoice, params: readonly number[]): Float64Array {
  const n = table.target.length;
  const size = params.length;
  const hessian = new Float64Array(size * size);
  const outputs = eachRow(table, model, params, (x, slope, curvature) => {
    const m = slope.length;
    for (let k = 0; k < x.length; k++) {
      for (let l = 0; l < x.length; l++) {
        for (let c = 0; c < m; c++) {
          for (let d = 0; d < m; d++) hessian[(k * m + c) * size + l * m + d]! += (x[k]! * x[l]! * curvature[c * m + d]!) / n;
        }
      }
    }
  });
  for (let j = outputs; j < size; j++) hessian[j * size + j]! += model.l2 ?? 0;
  return hessian;
}

/** Columns of mean about 0 and deviation about 1, neighbors correlated. */
function drawColumns(draw: Draw, rows: number, width: number, correlation: number): number[][] {
  const columns: number[][] = [];
  for (let k = 0; k < width; k++) {
    const own = draw.normals(rows);
    const before = columns[k - 1];
    columns.push(before === undefined ? own : own.map((x, i) => correlation * before[i]! + Math.sqrt(1 - correlation ** 2) * x));
  }
  return columns;
}

function scoresOf(columns: readonly (readonly number[])[], weights: readonly number[], intercept: number): number[] {
  return columns[0]!.map((_, i) => columns.reduce((sum, column, k) => sum + weights[k]! * column[i]!, intercept));
}

const namesFor = (width: number): string[] => Array.from({ length: width }, (_, k) => `x${k + 1}`);

export interface TableShape {
  readonly rows: number;
  readonly width: number;
  readonly correlation?: number;
  readonly noise?: number;
}

export function linearTable(seed: number, { rows, width, correlation = 0.2, noise = 0.5 }: TableShape): TableBase {
  const draw = new Draw(seed, 1);
  const columns = drawColumns(draw, rows, width, correlation);
  const weights = draw.normals(width).map((w) => w + Math.sign(w) * 0.3);
  const target = scoresOf(columns, weights, 1).map((score) => score + noise * draw.normal());
  return { name: `linear-${rows}x${width}`, model: { kind: "linear" }, names: namesFor(width), columns, target };
}

/** Skewed columns, a count and a dummy among them, brought to deviation 1. */
export function mixedTable(seed: number, { rows, noise = 0.5 }: Pick<TableShape, "rows" | "noise">): TableBase {
  const draw = new Draw(seed, 2);
  const raw = [
    draw.normals(rows).map((x) => Math.exp(0.6 * x)),
    Array.from({ length: rows }, () => draw.poisson(3)),
    Array.from({ length: rows }, () => draw.bernoulli(0.35)),
    draw.normals(rows),
  ];
  const columns = raw.map((column) => {
    const mean = column.reduce((sum, x) => sum + x, 0) / rows;
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows);
    return column.map((x) => (x - mean) / deviation);
  });
  const target = scoresOf(columns, [1.2, -0.8, 0.6, 1], 2).map((score) => score + noise * draw.normal());
  return { name: `mixed-${rows}`, model: { kind: "linear" }, names: ["skewed", "count", "dummy", "normal"], columns, target };
}

export function logisticTable(seed: number, { rows, width, correlation = 0.2 }: TableShape): TableBase {
  const draw = new Draw(seed, 3);
  const columns = drawColumns(draw, rows, width, correlation);
  const weights = draw.normals(width).map((w) => 0.7 * w + Math.sign(w) * 0.3);
  const target = scoresOf(columns, weights, 0.2).map((score) => draw.bernoulli(1 / (1 + Math.exp(-score))));
  return { name: `logistic-${rows}x${width}`, model: { kind: "logistic" }, names: namesFor(width), columns, target };
}

export function poissonTable(seed: number, { rows, width }: TableShape): TableBase {
  const draw = new Draw(seed, 4);
  const columns = drawColumns(draw, rows, width, 0.1);
  const weights = draw.normals(width).map((w) => Math.max(-0.4, Math.min(0.4, 0.3 * w)));
  const target = scoresOf(columns, weights, 0.5).map((score) => draw.poisson(Math.exp(score)));
  return { name: `poisson-${rows}x${width}`, model: { kind: "poisson" }, names: namesFor(width), columns, target };
}

export function softmaxTable(seed: number, { rows, width }: TableShape): TableBase {
  const draw = new Draw(seed, 5);
  const columns = drawColumns(draw, rows, width, 0);
  const weights = Array.from({ length: 3 }, () => draw.normals(width));
  const target = columns[0]!.map((_, i) => {
    const scores = weights.map((w) => w.reduce((sum, each, k) => sum + each * columns[k]![i]!, 0) + 0.7 * draw.normal());
    return scores.indexOf(Math.max(...scores));
  });
  return { name: `softmax-${rows}x${width}`, model: { kind: "softmax" }, names: namesFor(width), columns, target };
}

/** Heavy tails: every tenth residual has ten times the deviation. */
export function huberTable(seed: number, { rows, width }: TableShape): TableBase {
  const draw = new Draw(seed, 6);
  const columns = drawColumns(draw, rows, width, 0.2);
  const weights = draw.normals(width).map((w) => w + Math.sign(w) * 0.3);
  const target = scoresOf(columns, weights, 0.5).map((score) => score + 0.4 * draw.normal() * (draw.bernoulli(0.1) === 1 ? 6 : 1));
  return { name: `huber-${rows}x${width}`, model: { kind: "huber", delta: 0.6 }, names: namesFor(width), columns, target };
}

/** The case of a table, for gradient descent unless told otherwise. */
export function tableCase(table: Table, model: ModelChoice, options: Partial<Case>, validation?: Table): Case {
  return {
    table: {
      features: rowsOf(table),
      featureNames: table.names,
      target: table.target,
      model,
      ...(validation === undefined ? {} : { validation: { features: rowsOf(validation), target: validation.target } }),
    },
    ...options,
  };
}

/** A table with other values in place. */
export function edited(table: Table, edit: (columns: number[][], target: number[]) => void): Table {
  const columns = table.columns.map((column) => [...column]);
  const target = [...table.target];
  edit(columns, target);
  return { names: table.names, columns, target };
}

/** The rows from one place to another. */
export function slice(table: Table, from: number, to: number): Table {
  return { names: table.names, columns: table.columns.map((column) => column.slice(from, to)), target: table.target.slice(from, to) };
}
