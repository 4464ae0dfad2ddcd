/** Faults of the geometry: scales of columns, saddles, basins, flats, kinks, rays, starts. */

import type { Case } from "../../../../src/doctor/index.js";
import { type Injected, type Injector, SEVERITIES, type Severity } from "../corpus-case.js";
import { Draw, moved } from "../draw.js";
import { heatSource, lowestNear, metricOf, quadratic } from "../function-bases.js";
import { onFunction, onTable } from "../injected.js";
import {
  edited,
  huberTable,
  linearTable,
  logisticTable,
  mixedTable,
  optimumOf,
  type Table,
  type TableBase,
  tableCase,
  tableMetric,
} from "../table-bases.js";

const at = <T>(table: Record<Severity, T>, severity: Severity): T => table[severity];

/** A table whose columns are in other units: x ↦ factor·x + offset. */
function inOtherUnits(base: TableBase, column: number, factor: number, offset: number): TableBase {
  const changed = edited(base, (columns) => {
    columns[column] = columns[column]!.map((x) => factor * x + offset);
  });
  return { ...base, ...changed };
}

/** The largest rate that is stable, times 0.9, on the table as it is. */
function stableRate(table: Table, base: TableBase): number {
  return 1.8 / optimumOf(table, base.model).largest;
}

export const unscaledFeatures: Injector = {
  truth: "unscaled-features",
  sick: [
    () => linearTable(51, { rows: 200, width: 4 }),
    () => mixedTable(52, { rows: 300 }),
    () => huberTable(53, { rows: 250, width: 5 }),
    () => linearTable(54, { rows: 150, width: 3 }),
    () => logisticTable(55, { rows: 300, width: 4 }),
    () => linearTable(56, { rows: 400, width: 6 }),
    () => mixedTable(57, { rows: 200 }),
  ].map((make, k) => () => {
    const severity = SEVERITIES[k]!;
    const base = make();
    const factor = at({ mild: 30, medium: 300, severe: 1e4 }, severity);
    const table = inOtherUnits(base, k % base.columns.length, factor, k % 2 === 0 ? 0 : 3 * factor);
    const options = { method: "gradientDescent", learningRate: stableRate(table, base), maxSteps: 300 };
    return onTable(table, base.model, {
      severity,
      options,
      reference: { method: "lbfgs", standardize: { features: true, target: false } },
      accepted: ["ill-conditioned"],
    });
  }),
  nearMiss: () => {
    const base = linearTable(58, { rows: 200, width: 4 });
    const table = inOtherUnits(base, 1, 1000, 2000);
    return onTable(table, base.model, { severity: "mild", options: { method: "lbfgs", maxSteps: 3000 } });
  },
};

/** Two columns that all but repeat each other, and a target that depends on their difference. */
function twins(seed: number, rows: number, width: number, distance: number, matters: boolean): TableBase {
  const base = linearTable(seed, { rows, width });
  const draw = new Draw(seed, 9);
  const noise = draw.normals(rows);
  const table = edited(base, (columns, target) => {
    columns[1] = columns[0]!.map((x, i) => x + distance * noise[i]!);
    if (matters) for (let i = 0; i < rows; i++) target[i]! += 1.5 * noise[i]!;
  });
  return { ...base, ...table };
}

export const collinearFeatures: Injector = {
  truth: "collinear-features",
  sick: SEVERITIES.map((severity, k) => () => {
    const base = twins(61 + k, 160 + 20 * k, 3 + (k % 3), at({ mild: 8e-4, medium: 4e-4, severe: 2e-4 }, severity), true);
    const options = { method: "gradientDescent", learningRate: stableRate(base, base), maxSteps: 400 };
    return onTable(base, base.model, {
      severity,
      options,
      reference: { method: "lbfgs", standardize: { features: true, target: true }, maxSteps: 2000 },
      accepted: ["ill-conditioned"],
    });
  }),
  nearMiss: () => {
    const base = twins(69, 200, 4, 0, false);
    const options = { method: "gradientDescent", learningRate: 0.9 / optimumOf(base, base.model).largest, maxSteps: 2000 };
    return onTable(base, base.model, { severity: "mild", options });
  },
};

interface Spot {
  readonly formula: string;
  readonly start: Readonly<Record<string, number>>;
  /** Where the lowest value is. */
  readonly lowest: readonly number[];
  readonly options: Partial<Case>;
}

function spot({ formula, start, lowest, options }: Spot, severity: Severity, accepted: readonly string[] = []): Injected {
  const metric = metricOf(formula, start);
  return {
    severity,
    accepted,
    case: { objective: formula, start: moved(start), ...options },
    reference: { start: lowest.map((x) => 0.9 * x + 0.05), method: "lbfgs" },
    metric,
    optimum: lowestNear(metric, lowest),
  };
}

const gd = (learningRate: number, maxSteps = 400): Partial<Case> => ({ method: "gradientDescent", learningRate, maxSteps });

export const saddlePoint: Injector = {
  truth: "saddle-point",
  sick: (
    [
      [{ formula: "x^2-y^2+y^4/4", start: { x: 1, y: 0 }, lowest: [0, Math.SQRT2], options: gd(0.1) }, "medium"],
      [{ formula: "(x^2-1)^2+y^2", start: { x: 0, y: 1 }, lowest: [1, 0], options: {} }, "medium"],
      [{ formula: "x^4/4-x^2/2+2*y^2+z^2", start: { x: 0, y: 1, z: -1 }, lowest: [1, 0, 0], options: gd(0.1) }, "mild"],
      [
        {
          formula: "((x+y)^2-4)^2/16+(x-y)^2",
          start: { x: 1, y: -1 },
          lowest: [1, 1],
          options: { method: { name: "momentum", momentum: 0.8 }, learningRate: 0.05, maxSteps: 500 },
        },
        "medium",
      ],
      [{ formula: "cos(x)+y^2+z^2+x^2/40", start: { x: 0, y: 2, z: 1 }, lowest: [2.990837, 0, 0], options: gd(0.1) }, "mild"],
      [{ formula: "x^2+y^2-4*exp(0-z^2/2)*(z^2-0.1)+z^4/50", start: { x: 1, y: -1, z: 0 }, lowest: [0, 0, 1.4083], options: {} }, "severe"],
      [{ formula: "3*x^2-2*w^2+w^4+y^2+z^2", start: { x: 1, y: 1, z: 1, w: 0 }, lowest: [0, 0, 0, 1], options: gd(0.08) }, "severe"],
    ] as const
  ).map(
    ([where, severity]) =>
      () =>
        spot(where, severity, ["symmetric-init"]),
  ),
  // Comes close to the saddle at 0 and leaves it by itself
  nearMiss: () => spot({ formula: "x^2-y^2+y^4/4", start: { x: 1, y: 0.001 }, lowest: [0, Math.SQRT2], options: gd(0.1, 600) }, "mild"),
};

export const localMinimum: Injector = {
  truth: "local-minimum",
  sick: [
    () => spot({ formula: "(x^2-1)^2+0.35*x+y^2", start: { x: 1.3, y: 0.4 }, lowest: [-1.0411, 0], options: gd(0.05) }, "mild"),
    () =>
      spot(
        {
          formula: "(x^4-16*x^2+5*x+y^4-16*y^2+5*y)/2",
          start: { x: 3.2, y: 3 },
          lowest: [-2.903534, -2.903534],
          options: {},
        },
        "medium",
      ),
    () => spot({ formula: "x^2/10-cos(3*x)+y^2/5-cos(3*y)+2", start: { x: 4.1, y: -2.2 }, lowest: [0, 0], options: {} }, "severe"),
    () =>
      spot(
        { formula: "20+x^2-10*cos(2*pi*x)+y^2-10*cos(2*pi*y)", start: { x: 2.1, y: -0.9 }, lowest: [0, 0], options: gd(0.002, 800) },
        "medium",
      ),
    () => spot({ formula: "x^2/20+y^2/10-cos(2*x)*cos(y)+1", start: { x: 3.4, y: 0.2 }, lowest: [0, 0], options: gd(0.1) }, "mild"),
    () =>
      spot(
        {
          formula: "0.2*(x^2+y^2)-exp(0-((x-3)^2+y^2)/0.8)-3*exp(0-((x+1)^2+(y-1)^2)/1.5)",
          start: { x: 2.6, y: 0.1 },
          lowest: [-0.9, 0.9],
          options: { method: "adam", learningRate: 0.02, maxSteps: 2000 },
        },
        "severe",
      ),
    () => spot({ formula: "sin(3*x)+0.1*x^2+(y-x/5)^2", start: { x: 1.7, y: 0 }, lowest: [-0.5, -0.1], options: {} }, "medium"),
  ],
  nearMiss: () =>
    spot({ formula: "(x^2-1)^2+0.35*x+y^2", start: { x: -1.4, y: 0.4 }, lowest: [-1.0411, 0], options: gd(0.05, 800) }, "mild"),
};

export const plateau: Injector = {
  truth: "plateau",
  sick: [
    () => spot({ formula: "1-exp(0-((x-1)^2+(y+2)^2)/2)", start: { x: 12, y: 8 }, lowest: [1, -2], options: gd(0.5) }, "severe"),
    () => spot({ formula: "1-exp(0-((x-1)^2+(y+2)^2)/2)", start: { x: 14, y: 9 }, lowest: [1, -2], options: gd(0.5) }, "medium"),
    () => {
      const base = heatSource(0.4);
      return onFunction(
        { ...base, start: moved({ x: 7, y: 6 }) },
        { severity: "severe", options: gd(0.5), reference: { start: [0.5, -0.5], method: "lbfgs" } },
      );
    },
    () => {
      const base = heatSource(0.5);
      return onFunction(
        { ...base, start: moved({ x: -6.5, y: 5 }) },
        { severity: "medium", options: {}, reference: { start: [0.5, -0.5], method: "lbfgs" } },
      );
    },
    () => spot({ formula: "1/(1+exp(8-x^2-2*y^2))", start: { x: 9, y: 6 }, lowest: [0, 0], options: gd(0.5) }, "medium"),
    () =>
      spot(
        { formula: "1-exp(0-((x-3)^2+(y-3)^2+(z-3)^2)/4)", start: { x: 22, y: 20, z: 18 }, lowest: [3, 3, 3], options: gd(1) },
        "severe",
      ),
    () => spot({ formula: "1/(1+exp(6-(x-2)^2))+1/(1+exp(6-(y+1)^2))", start: { x: 9, y: 6 }, lowest: [2, -1], options: gd(1) }, "mild"),
  ],
  // On the slope of the same bump
  nearMiss: () =>
    spot({ formula: "1-exp(0-((x-1)^2+(y+2)^2)/2)", start: { x: 2.6, y: -0.9 }, lowest: [1, -2], options: gd(0.5, 800) }, "mild"),
};

export const kinkChatter: Injector = {
  truth: "kink-chatter",
  sick: [
    () => kink("abs(x-1)+2*abs(y+2)", { x: 5, y: 5 }, [1, -2], 1.1, "medium"),
    () => kink("abs(x-0.3)+0.05*x^2", { x: 4 }, [0.3], 1.3, "medium"),
    () => kink("3*abs(x-1)+abs(y-x)", { x: 4, y: 2 }, [1, 1], 0.45, "mild"),
    () => kink("abs(x)+abs(y)+abs(z-2)", { x: 3.3, y: -2.1, z: 6 }, [0, 0, 2], 0.7, "severe"),
    () => kink("abs(x-y)+0.5*(x-2)^2", { x: -2, y: 3 }, [2, 2], 1.2, "mild"),
    () => leastDeviations(73, 1.4, "medium"),
    () => leastDeviations(74, 1.6, "severe"),
  ],
  nearMiss: () => ({
    ...kink("abs(x-1)+2*abs(y+2)", { x: 1.2, y: -1.9 }, [1, -2], 1e-4, "mild"),
    case: { objective: "sqrt((x-1)^2+0.01)+sqrt((y+2)^2+0.01)", start: { x: 2, y: -1 }, ...gd(0.05, 3000) },
    metric: metricOf("sqrt((x-1)^2+0.01)+sqrt((y+2)^2+0.01)", { x: 2, y: -1 }),
    optimum: 0.2,
  }),
};

function kink(
  formula: string,
  start: Readonly<Record<string, number>>,
  lowest: readonly number[],
  rate: number,
  severity: Severity,
): Injected {
  const metric = metricOf(formula, start);
  return {
    severity,
    accepted: [],
    case: { objective: formula, start: moved(start), ...gd(rate, 300) },
    reference: undefined,
    metric,
    optimum: metric(lowest),
  };
}

function leastDeviations(seed: number, rate: number, severity: Severity): Injected {
  const base = linearTable(seed, { rows: 60, width: 2, noise: 0.1 });
  return {
    severity,
    accepted: ["lr-too-large"],
    case: tableCase(base, { kind: "absolute" }, gd(rate, 400)),
    reference: undefined,
    metric: tableMetric(base, { kind: "absolute" }),
    optimum: leastAbsolute(base),
  };
}

/**
 * The least mean absolute residual of two columns and an intercept: some three rows are met exactly, so all
 * of them are tried. Source: Edgeworth 1888.
 */
function leastAbsolute(base: TableBase): number {
  const metric = tableMetric(base, { kind: "absolute" });
  const [a, b] = base.columns as [readonly number[], readonly number[]];
  const y = base.target;
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < i; j++) {
      for (let k = 0; k < j; k++) {
        const [a1, b1, y1, a2, b2, y2] = [a[j]! - a[i]!, b[j]! - b[i]!, y[j]! - y[i]!, a[k]! - a[i]!, b[k]! - b[i]!, y[k]! - y[i]!];
        const determinant = a1 * b2 - a2 * b1;
        if (determinant === 0) continue;
        const [u, v] = [(y1 * b2 - y2 * b1) / determinant, (a1 * y2 - a2 * y1) / determinant];
        lowest = Math.min(lowest, metric([y[i]! - u * a[i]! - v * b[i]!, u, v]));
      }
    }
  }
  return lowest;
}

/** Falls along a ray for a while, and has its minimum at x = ln 20000 ÷ 2. */
export function farMinimum(): Injected {
  const formula = "exp(0-2*x)+1e-4*x+(y-1)^2";
  const start = { x: 0, y: 0 };
  const metric = metricOf(formula, start);
  const optimum = metric([Math.log(20_000) / 2, 1]);
  return { severity: "mild", accepted: [], case: { objective: formula, start }, reference: undefined, metric, optimum };
}

export const noFiniteMinimum: Injector = {
  truth: "no-finite-minimum",
  sick: [
    () => endless("exp(0-x)+(y-1)^2", { x: 0, y: 0 }, gd(0.4, 100), "mild"),
    () => endless("log(1+exp(0-2*x))+y^2", { x: 0.5, y: 1 }, gd(0.5, 100), "medium"),
    () => endless("x^3+y^2", { x: -0.5, y: 1 }, gd(0.02, 400), "severe"),
    () => separable(75, 60, 2, "medium"),
    () => separable(76, 80, 3, "severe"),
    () => endless("1/(1+x^2)+0.5*y^2", { x: 1.5, y: 1 }, gd(0.5, 200), "mild"),
    () => separable(77, 40, 2, "mild"),
  ],
  nearMiss: () => {
    const base = logisticTable(78, { rows: 300, width: 3 });
    return onTable(base, base.model, { severity: "mild", options: {} });
  },
};

function endless(formula: string, start: Readonly<Record<string, number>>, options: Partial<Case>, severity: Severity): Injected {
  return {
    severity,
    accepted: ["plateau"],
    case: { objective: formula, start: moved(start), ...options },
    reference: { l2: 0.01 },
    metric: undefined,
    optimum: 0,
  };
}

/** Two classes with a margin between them. */
function separable(seed: number, rows: number, width: number, severity: Severity): Injected {
  const base = logisticTable(seed, { rows, width });
  const direction = new Draw(seed, 8).normals(width);
  const table = edited(base, (columns, target) => {
    for (let i = 0; i < rows; i++) {
      const score = columns.reduce((sum, column, k) => sum + column[i]! * direction[k]!, 0.1);
      target[i] = score > 0 ? 1 : 0;
      columns.forEach((column, k) => {
        column[i]! += 0.4 * Math.sign(score) * direction[k]!;
      });
    }
  });
  const options = severity === "mild" ? {} : gd(1, 3000);
  return { severity, accepted: [], case: tableCase(table, base.model, options), reference: { l2: 0.01 }, metric: undefined, optimum: 0 };
}

export const farStart: Injector = {
  truth: "bad-init-scale",
  sick: SEVERITIES.map((severity, k) => () => far(81 + k, 2 + (k % 4), at({ mild: 500, medium: 5e3, severe: 2e5 }, severity), severity)),
  nearMiss: () => {
    const base = quadratic(4, 10, 87);
    const start = Object.fromEntries(Object.entries(base.start).map(([name, x]) => [name, 500 * x]));
    return onFunction({ ...base, start }, { severity: "mild", options: {} });
  },
};

/** Steps of bounded length, since the slopes are bounded: from so far out the budget is the way back, whatever rate is stable. */
function far(seed: number, n: number, distance: number, severity: Severity): Injected {
  const draw = new Draw(seed, 12);
  const names = Array.from({ length: n }, (_, i) => `x${i + 1}`);
  const centers = names.map(() => draw.uniform(0.5, 2));
  const formula = names.map((name, i) => `sqrt(1+(${name}-${centers[i]!.toFixed(6)})^2)`).join("+");
  const start = Object.fromEntries(names.map((name) => [name, distance * (1 + draw.uniform())]));
  const metric = metricOf(formula, start);
  return {
    severity,
    accepted: [],
    case: { objective: formula, start, ...gd(1, 300) },
    reference: { start: names.map(() => 0), method: "lbfgs" },
    metric,
    optimum: n,
  };
}
