/**
 * Base problems that are plain functions: formulas, each with the same function in plain arithmetic for the metric, its minimizer, and the
 * curvatures there, by difference quotients.
 */

import type { Case } from "../../../src/doctor/index.js";
import { symmetricEigen } from "../../../src/numeric/symmetric-eigen.js";
import type { Metric } from "./corpus-case.js";
import { Draw } from "./draw.js";

type Columns = Readonly<Record<string, readonly number[]>>;

export interface FunctionBase {
  readonly name: string;
  readonly formula: string;
  readonly data?: Columns;
  readonly start: Readonly<Record<string, number>>;
  readonly value: Metric;
  readonly minimizer: readonly number[];
  readonly optimum: number;
  /** Extreme curvatures at the minimizer. */
  readonly largest: number;
  readonly smallest: number;
}

/** The formula with ^ as ** and functions of Math: bases write no implicit products and no −x^2. */
function plain(formula: string, names: readonly string[]): (values: readonly number[]) => number {
  const body = formula
    .replaceAll("^", "**")
    .replaceAll(/\b(exp|log|sqrt|abs|sin|cos|cosh|log1p)\(/g, "Math.$1(")
    .replaceAll(/\bpi\b/g, "Math.PI");
  // An oracle that shares nothing with the reader of formulas
  return new Function("all", `const [${names.join(", ")}] = all; return ${body};`) as (values: readonly number[]) => number;
}

export function metricOf(formula: string, start: Readonly<Record<string, number>>, data: Columns = {}): Metric {
  const names = Object.keys(start);
  const columns = Object.values(data);
  const call = plain(formula, [...names, ...Object.keys(data)]);
  const rows = columns[0]?.length ?? 0;
  return (params) => {
    const values = Array.from(params);
    if (rows === 0) return call(values);
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += call([...values, ...columns.map((column) => column[i]!)]);
    return sum / rows;
  };
}

/** The value at the bottom of the basin that a point given in a few digits lies in, by compass search. */
export function lowestNear(value: Metric, near: readonly number[]): number {
  let at = [...near];
  let lowest = value(at);
  for (let length = 0.05; length > 1e-9; length /= 2) {
    for (let moves = true; moves; ) {
      moves = false;
      for (let i = 0; i < 2 * at.length; i++) {
        const next = at.map((x, j) => (j === i >> 1 ? x + (i % 2 === 0 ? length : -length) : x));
        const reached = value(next);
        if (reached < lowest) [at, lowest, moves] = [next, reached, true];
      }
    }
  }
  return lowest;
}

/** Hessian by central differences of values, [n, n] row-major. */
export function differencedHessian(value: Metric, at: readonly number[]): Float64Array {
  const n = at.length;
  const h = at.map((x) => 1e-4 * Math.max(1, Math.abs(x)));
  const hessian = new Float64Array(n * n);
  const moved = (i: number, a: number, j: number, b: number): number => {
    const x = [...at];
    x[i]! += a * h[i]!;
    x[j]! += b * h[j]!;
    return value(x);
  };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const second = (moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)) / (4 * h[i]! * h[j]!);
      hessian[i * n + j] = hessian[j * n + i] = second;
    }
  }
  return hessian;
}

function base(
  name: string,
  formula: string,
  start: Readonly<Record<string, number>>,
  minimizer: readonly number[],
  data?: Columns,
): FunctionBase {
  const value = metricOf(formula, start, data);
  const { values } = symmetricEigen(differencedHessian(value, minimizer), minimizer.length);
  return {
    name,
    formula,
    start,
    value,
    minimizer,
    optimum: value(minimizer),
    largest: values.at(-1)!,
    smallest: values[0]!,
    ...(data === undefined ? {} : { data }),
  };
}

/** ½·Σ λᵢ·(qᵢᵀ(x − c))², rotated, with curvatures from 1 to κ evenly spaced in the logarithm. */
export function quadratic(n: number, condition: number, seed: number, options: { slow?: number; scale?: number } = {}): FunctionBase {
  const draw = new Draw(seed, n);
  const q = draw.rotation(n);
  const c = draw.normals(n);
  const number = (x: number): string => (x < 0 ? `(0${x.toFixed(12)})` : x.toFixed(12));
  const scale = options.scale ?? 1;
  const terms = q.map((u, k) => {
    const curvature = scale * condition ** (n === 1 ? 0 : k / (n - 1));
    const along = u.map((x, i) => `${number(x)}*(x${i + 1}-${number(c[i]!)})`).join("+");
    return `${(curvature / 2).toFixed(12)}*(${along})^2`;
  });
  // Where a case wants the slow direction to matter, most of the start lies along it
  const weights = q.map((_, k) => (k === 0 ? (options.slow ?? 2) : 1 / Math.sqrt(n)));
  const start = c.map((x, i) => x + q.reduce((sum, u, k) => sum + weights[k]! * u[i]!, 0));
  return base(`quadratic-${n}`, terms.join("+"), Object.fromEntries(start.map((x, i) => [`x${i + 1}`, x])), c);
}

export function himmelblau(): FunctionBase {
  return base("himmelblau", "(x^2+y-11)^2+(x+y^2-7)^2", { x: 2.2, y: 1.2 }, [3, 2]);
}

export function rosenbrock(): FunctionBase {
  return base("rosenbrock", "(1-x)^2+100*(y-x^2)^2", { x: -1.2, y: 1 }, [1, 1]);
}

export function beale(): FunctionBase {
  return base("beale", "(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2", { x: 1, y: 0.2 }, [3, 0.5]);
}

/** Reaction rates v·s/(k+s) without noise. Source of the model: Michaelis and Menten 1913. */
export function michaelisMenten(): FunctionBase {
  const s = Array.from({ length: 24 }, (_, i) => 0.1 + 0.2 * i);
  const y = s.map((x) => (2 * x) / (0.8 + x));
  return base("michaelis-menten", "(v*s/(k+s)-y)^2", { v: 1, k: 1.5 }, [2, 0.8], { s, y });
}

/** K/(1+e^(−r(t−t₀))) without noise. Source of the model: Verhulst 1838. */
export function logisticGrowth(): FunctionBase {
  const t = Array.from({ length: 30 }, (_, i) => 0.2 * i);
  const y = t.map((x) => 2 / (1 + Math.exp(-1.5 * (x - 3))));
  return base("logistic-growth", "(c/(1+exp(0-r*(t-m)))-y)^2", { c: 1.5, r: 1, m: 2.5 }, [2, 1.5, 3], { t, y });
}

/** A damped pendulum e^(−g·t)·cos(w·t): many minima in w. */
export function pendulum(): FunctionBase {
  const t = Array.from({ length: 40 }, (_, i) => 0.25 * i);
  const y = t.map((x) => Math.exp(-0.15 * x) * Math.cos(2.2 * x));
  return base("pendulum", "(exp(0-g*t)*cos(w*t)-y)^2", { g: 0.25, w: 2.1 }, [0.15, 2.2], { t, y });
}

/** Half axes and center of an ellipse from points on it. */
export function ellipse(): FunctionBase {
  const angles = Array.from({ length: 20 }, (_, i) => (2 * Math.PI * i) / 20);
  const u = angles.map((a) => 0.5 + 1.5 * Math.cos(a));
  const v = angles.map((a) => -0.3 + 1.1 * Math.sin(a));
  return base("ellipse", "((u-p)^2/a^2+(v-q)^2/b^2-1)^2", { p: 0.2, q: 0, a: 1.7, b: 1.3 }, [0.5, -0.3, 1.5, 1.1], { u, v });
}

/** Variance of a portfolio less its return, with a soft budget. Source of the model: Markowitz 1952. */
export function portfolio(): FunctionBase {
  const formula = "0.5*(0.9*a^2+0.7*b^2+0.5*c^2+0.4*d^2)+0.2*a*b+0.1*b*c+0.05*c*d-0.3*a-0.25*b-0.15*c-0.1*d+0.5*(a+b+c+d-1)^2";
  const start = { a: 2, b: -1, c: 1, d: -2 };
  const hessian = [1.9, 1.2, 1, 1, 1.2, 1.7, 1.1, 1, 1, 1.1, 1.5, 1.05, 1, 1, 1.05, 1.4];
  return base("portfolio", formula, start, solved(hessian, [1.3, 1.25, 1.15, 1.1]));
}

/** The place of a source of heat by sensors on a grid, each seeing a Gaussian: flat far away. */
export function heatSource(width = 0.8): FunctionBase {
  const grid = Array.from({ length: 25 }, (_, i) => [(i % 5) - 2, Math.floor(i / 5) - 2] as const);
  const u = grid.map(([x]) => x);
  const v = grid.map(([, y]) => y);
  const z = grid.map(([x, y]) => Math.exp(-((x - 0.4) ** 2 + (y + 0.6) ** 2) / (2 * width ** 2)));
  const w = (2 * width ** 2).toFixed(6);
  return base(`heat-source`, `(exp(0-((u-x)^2+(v-y)^2)/${w})-z)^2`, { x: 0.9, y: -0.2 }, [0.4, -0.6], { u, v, z });
}

/** Gaussian elimination with pivots. */
function solved(matrix: readonly number[], right: readonly number[]): number[] {
  const n = right.length;
  const a = Array.from({ length: n }, (_, i) => [...matrix.slice(i * n, (i + 1) * n), right[i]!]);
  for (let k = 0; k < n; k++) {
    const pivot = a.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(a[best]![k]!) ? i : best), k);
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k; j <= n; j++) a[i]![j]! -= factor * a[k]![j]!;
    }
  }
  return a.map((row, i) => row[n]! / row[i]!);
}

/** The case of a base, for gradient descent unless told otherwise. */
export function functionCase({ formula, start, data }: FunctionBase, options: Partial<Case>): Case {
  return { objective: formula, start, ...(data === undefined ? {} : { data }), ...options };
}

/** Steps after which gradient descent at this rate has reduced the slow mode of a base by e^decades. */
export function stepsFor({ smallest }: FunctionBase, rate: number, exponent: number): number {
  return Math.ceil(exponent / (rate * smallest));
}
