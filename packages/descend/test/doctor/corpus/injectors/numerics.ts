/** Faults of code and of number formats. */

import type { Case } from "../../../../src/doctor/index.js";
import type { Patch } from "../../../../src/doctor/patch.js";
import { type Injected, type Injector, SEVERITIES, type Severity } from "../corpus-case.js";
import { caseSeed, moved } from "../draw.js";
import { type FunctionBase, functionCase, metricOf, portfolio, quadratic } from "../function-bases.js";
import { onFunction, onTable } from "../injected.js";
import { linearTable, optimumOf, tableCase, tableMetric } from "../table-bases.js";

/** The gradient of a base by central differences, the way a user would hand it over, with something wrong. */
function gradientOf(base: FunctionBase, spoil: (gradient: number[]) => void): (params: Record<string, number>) => Record<string, number> {
  return (params) => {
    const names = Object.keys(base.start);
    const x = names.map((name) => params[name]!);
    const gradient = x.map((_, i) => {
      const h = 1e-5 * Math.max(1, Math.abs(x[i]!));
      const up = base.value(x.map((each, j) => (i === j ? each + h : each)));
      const down = base.value(x.map((each, j) => (i === j ? each - h : each)));
      return (up - down) / (2 * h);
    });
    spoil(gradient);
    return Object.fromEntries(names.map((name, i) => [name, gradient[i]!]));
  };
}

/** A fault of one component, or of all. */
const component = (index: number, change: (slope: number) => number) => (gradient: number[]) => {
  gradient[index] = change(gradient[index]!);
};
const every = (change: (slope: number) => number) => (gradient: number[]) => {
  gradient.forEach((slope, i) => {
    gradient[i] = change(slope);
  });
};

const faults: readonly [Severity, (gradient: number[]) => void][] = [
  ["mild", component(0, (slope) => 0.002 * slope)],
  ["medium", component(1, (slope) => -slope)],
  ["severe", every((slope) => -slope)],
  ["mild", component(1, () => 0)],
  ["medium", every((slope) => slope / 100)],
  ["severe", (gradient) => gradient.reverse()],
  ["medium", component(0, (slope) => slope + 3)],
];

export const wrongGradient: Injector = {
  truth: "wrong-gradient",
  sick: faults.map(([severity, spoil], k) => () => {
    const base = k === 4 ? portfolio() : quadratic(2 + k, 6, 121 + k);
    const options = {
      method: "gradientDescent",
      learningRate: 1 / base.largest,
      maxSteps: 150,
      gradient: gradientOf(base, spoil) as Case["gradient"],
    };
    return onFunction(base, { severity, options: options as Partial<Case>, reference: { gradient: "exact" } });
  }),
  nearMiss: () => {
    const base = quadratic(5, 6, 129);
    const options = {
      method: "gradientDescent",
      learningRate: 1 / base.largest,
      maxSteps: 200,
      gradient: gradientOf(base, () => undefined),
    };
    return onFunction(base, { severity: "mild", options: options as Partial<Case> });
  },
};

/** A number that would overflow as it is written, and does not once the reader of formulas has simplified it. */
export function simplifiedOverflow(): Injected {
  const formula = "log(exp(x^2/2)+1)+y^2";
  const start = { x: 45, y: 1 };
  const plainly = metricOf("x^2/2+log(1+exp(0-x^2/2))+y^2", start);
  const options = { method: "gradientDescent", learningRate: 0.1, maxSteps: 300 };
  return {
    severity: "mild",
    accepted: [],
    case: { objective: formula, start, ...options },
    reference: undefined,
    metric: plainly,
    optimum: Math.LN2,
  };
}

function overflow(
  formula: string,
  start: Readonly<Record<string, number>>,
  lowest: readonly number[],
  severity: Severity,
  reference: Patch = { start: [0.5, 0.4], method: "lbfgs" },
): Injected {
  const metric = metricOf(formula, start);
  return {
    severity,
    accepted: ["lr-too-large"],
    case: { objective: formula, start: moved(start, true), method: "gradientDescent", learningRate: 0.1, maxSteps: 200 },
    reference,
    metric,
    optimum: metric(lowest),
  };
}

export const numericOverflow: Injector = {
  truth: "numeric-overflow",
  sick: [
    () => overflow("log(cosh(x-3))+(y-1)^2", { x: 900, y: 0 }, [3, 1], "medium"),
    () => overflow("log(cosh(2*x))+log(cosh(y))", { x: 500, y: -800 }, [0, 0], "severe"),
    () => overflow("log(cosh(x^2/20))+(y-1)^2", { x: 130, y: 1.5 }, [0, 1], "medium"),
    // e^t + 4t = 0 by x = y = t
    () => overflow("sqrt(exp(x)*exp(y))+x^2+y^2", { x: 400, y: 390 }, [-0.203888354702, -0.203888354702], "severe"),
    () => overflow("log(exp(3*x)*exp(0-3*y))^2+x^2", { x: 160, y: 130 }, [0, 0], "mild"),
    () => overflow("exp(x)/exp(y)+(x-1)^2+y^2", { x: 710, y: 712 }, [0.5, 0.5], "mild"),
    () => overflow("log(cosh(x)+cosh(y))+x^2/100", { x: 715, y: 300 }, [0, 0], "medium"),
  ],
  nearMiss: () => {
    const formula = "log(cosh(x-3))+(y-1)^2";
    const start = { x: 600, y: 0 };
    const metric = metricOf(formula, start);
    return { severity: "mild", accepted: [], case: { objective: formula, start }, reference: undefined, metric, optimum: metric([3, 1]) };
  },
};

export const precisionFloor: Injector = {
  truth: "precision-floor",
  sick: SEVERITIES.map((severity, k) => () => {
    if (k === 3 || k === 6) return offsetColumn(131 + k, severity);
    const stiff = { mild: 300, medium: 1000, severe: 4000 }[severity];
    const place = 10_000 * (1 + k);
    const formula = `${stiff / 2}*y^2+0.5*(x-${place})^2`;
    const start = { x: place - 0.3 - 0.1 * k - 1e-5 * (caseSeed(0) % 7000), y: 1e-3 };
    const metric = metricOf(formula, start);
    return {
      severity,
      accepted: ["lr-too-small"],
      case: {
        objective: formula,
        start,
        method: "gradientDescent",
        learningRate: 1.2 / stiff,
        maxSteps: 12 * stiff,
        precision: "float32" as const,
      },
      reference: { precision: "float64" as const },
      metric,
      optimum: 0,
    };
  }),
  nearMiss: () => {
    const base = quadratic(4, 5, 139);
    const options = { method: "gradientDescent", learningRate: 1 / base.largest, maxSteps: 400, precision: "float32" as const };
    return { ...onFunction(base, { severity: "mild", options }), case: functionCase(base, options) };
  },
};

/** An intercept of 10⁵ in float32 whose steps round away. */
function offsetColumn(seed: number, severity: Severity): Injected {
  const base = linearTable(seed, { rows: 120, width: 2, noise: 0.02 });
  const table = { ...base, target: base.target.map((y) => y + 200_000) };
  const start = { intercept: 200_003, weights: [0, 0] };
  const options = { start, method: "gradientDescent", learningRate: 0.006, maxSteps: 4000, precision: "float32" as const };
  return {
    severity,
    accepted: ["lr-too-small", "unscaled-target"],
    case: tableCase(table, base.model, options),
    reference: { precision: "float64" },
    metric: tableMetric(table, base.model),
    optimum: optimumOf(table, base.model).value,
  };
}

/** Of a table, in the default method: nothing to complain about. */
export function healthyTable(seed: number): Injected {
  const base = linearTable(seed, { rows: 150, width: 3 });
  return onTable(base, base.model, { severity: "mild", options: {} });
}
