/** Faults of the data, and of what a model makes of it. */

import { type Injected, type Injector, SEVERITIES, type Severity } from "../corpus-case.js";
import { Draw } from "../draw.js";
import { onTable, rateOf } from "../injected.js";
import {
  edited,
  huberTable,
  linearTable,
  logisticTable,
  mixedTable,
  optimumOf,
  poissonTable,
  slice,
  softmaxTable,
  type Table,
  type TableBase,
  tableCase,
  tableMetric,
} from "../table-bases.js";

const at = <T>(table: Record<Severity, T>, severity: Severity): T => table[severity];

const descent = (base: TableBase, maxSteps = 300) => ({ method: "gradientDescent", learningRate: rateOf(base), maxSteps });

function without(table: Table, rows: ReadonlySet<number>): Table {
  return {
    names: table.names,
    columns: table.columns.map((column) => column.filter((_, i) => !rows.has(i))),
    target: table.target.filter((_, i) => !rows.has(i)),
  };
}

const someRows = (seed: number, rows: number, count: number): number[] => {
  const draw = new Draw(seed, 10);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(draw.uniform(0, rows)));
  return [...chosen].sort((a, b) => a - b);
};

export const nonfiniteData: Injector = {
  truth: "nonfinite-data",
  sick: [
    () => linearTable(151, { rows: 200, width: 4 }),
    () => logisticTable(152, { rows: 300, width: 4 }),
    () => poissonTable(153, { rows: 300, width: 3 }),
    () => huberTable(154, { rows: 250, width: 5 }),
    () => softmaxTable(155, { rows: 240, width: 3 }),
    () => mixedTable(156, { rows: 300 }),
    () => linearTable(157, { rows: 120, width: 3 }),
  ].map((make, k) => () => {
    const severity = SEVERITIES[k]!;
    const base = make();
    const rows = someRows(151 + k, base.target.length, at({ mild: 1, medium: 4, severe: 12 }, severity));
    const table = edited(base, (columns, target) => {
      rows.forEach((row, j) => {
        const value = j % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
        if (j % 3 === 2 && base.model.kind !== "softmax") target[row] = value;
        else columns[j % columns.length]![row] = value;
      });
    });
    return onTable(
      table,
      base.model,
      { severity, options: { method: "lbfgs" }, reference: { dropRows: rows } },
      { judged: without(base, new Set(rows)) },
    );
  }),
  nearMiss: () => {
    const base = linearTable(158, { rows: 150, width: 3 });
    const table = edited(base, (columns) => {
      columns[2] = columns[2]!.map(() => 0);
    });
    return onTable(table, base.model, { severity: "mild", options: {} });
  },
};

export const outliers: Injector = {
  truth: "outliers",
  sick: SEVERITIES.map((severity, k) => () => {
    const base = k % 2 === 0 ? linearTable(161 + k, { rows: 200, width: 3 }) : mixedTable(161 + k, { rows: 240 });
    const rows = someRows(161 + k, base.target.length, at({ mild: 4, medium: 6, severe: 12 }, severity));
    const sentinel = k % 3 === 2;
    const table = edited(base, (columns, target) => {
      rows.forEach((row, j) => {
        if (sentinel) columns[0]![row] = -999;
        else target[row]! += (j % 3 === 0 ? -1 : 1) * at({ mild: 40, medium: 120, severe: 900 }, severity);
      });
    });
    const options = { method: "lbfgs" };
    return onTable(table, base.model, { severity, options, reference: { dropRows: rows } }, { judged: without(base, new Set(rows)) });
  }),
  nearMiss: () => {
    const base = huberTable(169, { rows: 250, width: 4 });
    return onTable(base, base.model, { severity: "mild", options: {} });
  },
};

export const unscaledTarget: Injector = {
  truth: "unscaled-target",
  sick: SEVERITIES.map((severity, k) => () => {
    const base = k % 2 === 0 ? linearTable(171 + k, { rows: 200, width: 3 }) : mixedTable(171 + k, { rows: 240 });
    const scale = at({ mild: 60, medium: 2000, severe: 2e5 }, severity);
    const table = { ...base, target: base.target.map((y) => scale * (y + (k % 3))) };
    const options = { method: "adam", learningRate: 0.05, maxSteps: 300 };
    return onTable(table, base.model, {
      severity,
      options,
      reference: { standardize: { features: true, target: true } },
      accepted: ["lr-too-small", "bad-init-scale"],
    });
  }),
  nearMiss: () => {
    const base = linearTable(179, { rows: 200, width: 3 });
    const table = { ...base, target: base.target.map((y) => 5000 * y + 30_000) };
    return onTable(table, base.model, { severity: "mild", options: {} });
  },
};

/** Each target in the row of another: out of step by some places. */
export const uninformativeLabels: Injector = {
  truth: "uninformative-labels",
  sick: SEVERITIES.map((severity, k) => () => {
    const base = linearTable(181 + k, {
      rows: 220 + 20 * k,
      width: 3 + (k % 2),
      noise: at({ mild: 1, medium: 0.5, severe: 0.2 }, severity),
    });
    const shift = [1, 2, -1, 3, 1, -2, 2][k]!;
    const n = base.target.length;
    const table = { ...base, target: base.target.map((_, i) => base.target[(i - shift + n) % n]!) };
    const kept = new Set(Array.from({ length: n }, (_, i) => i).filter((i) => i + shift < 0 || i + shift >= n));
    return onTable(
      table,
      base.model,
      { severity, options: { method: "lbfgs" }, reference: { shiftTarget: shift } },
      { judged: without(base, kept) },
    );
  }),
  nearMiss: () => {
    const base = linearTable(189, { rows: 400, width: 3, noise: 6 });
    return onTable(base, base.model, { severity: "mild", options: {} });
  },
};

export const targetLeakage: Injector = {
  truth: "target-leakage",
  sick: SEVERITIES.map((severity, k) => () => {
    const base = linearTable(191 + k, { rows: 300, width: 3 + (k % 2), noise: 0.8 });
    const draw = new Draw(191 + k, 11);
    const noise = at({ mild: 0.08, medium: 0.03, severe: 0.002 }, severity);
    const cut = 200;
    const deviation = Math.sqrt(base.target.reduce((sum, y) => sum + (y - 1) ** 2, 0) / base.target.length);
    const leaked = base.target.map((y, i) => (i < cut ? y + noise * draw.normal() : 1 + deviation * draw.normal()));
    const table = { names: [...base.names, "leak"], columns: [...base.columns, leaked], target: base.target };
    const judged = slice(table, cut, 300);
    const reference = { dropColumns: ["leak"] };
    const own = slice(base, 0, cut);
    const best = optimumOf(own, base.model).params;
    return {
      ...onTable(
        slice(table, 0, cut),
        base.model,
        { severity, options: { method: "lbfgs" }, reference, accepted: ["overfitting"] },
        { judged, validation: judged },
      ),
      optimum: tableMetric(judged, base.model)([...best, 0]),
    };
  }),
  nearMiss: () => {
    const base = linearTable(199, { rows: 300, width: 3, noise: 0.5 });
    return onTable(slice(base, 0, 200), base.model, { severity: "mild", options: {} }, { validation: slice(base, 200, 300) });
  },
};

export const overfitting: Injector = {
  truth: "overfitting",
  sick: SEVERITIES.map((severity, k) => () => {
    const width = at({ mild: 14, medium: 18, severe: 22 }, severity);
    const { base, train, judged, rate, best } = overfitted(201 + k, width);
    const options = { method: "gradientDescent", learningRate: rate, maxSteps: 20_000 };
    return {
      ...onTable(train, base.model, { severity, options, reference: { keepBestValidation: true } }, { judged, validation: judged }),
      // Within a twentieth of the best on the way counts as there
      optimum: 1.05 * best,
    };
  }),
  nearMiss: () => {
    const base = linearTable(209, { rows: 300, width: 5, noise: 1 });
    const train = slice(base, 0, 150);
    return onTable(
      train,
      base.model,
      { severity: "mild", options: { method: "gradientDescent", learningRate: 0.3, maxSteps: 2000 } },
      { validation: slice(base, 150, 300) },
    );
  },
};

/** Validation at the optimum of training ÷ the best on the way there: from 1.2 on a fit is overfitted; drawn well beyond. */
const OVERFITTED = 1.4;

/** Few rows and many columns, drawn anew until the optimum of training is overfitted: not every draw is. */
function overfitted(seed: number, width: number) {
  for (let attempt = 0; ; attempt++) {
    const base = linearTable(seed + 10_000 * attempt, { rows: 24 + 150, width, noise: 3.5 });
    const train = slice(base, 0, 24);
    const judged = slice(base, 24, 174);
    const metric = tableMetric(judged, base.model);
    const { params, largest } = optimumOf(train, base.model);
    const rate = 1 / largest;
    const best = bestOnTheWay(train, metric, rate, 400);
    if (metric(params) > OVERFITTED * best) return { base, train, judged, rate, best };
  }
}

/** The lowest validation loss on the path of gradient descent from 0: what stopping early can reach. */
function bestOnTheWay(train: Table, metric: (params: ArrayLike<number>) => number, rate: number, steps: number): number {
  const n = train.target.length;
  const params = new Array<number>(train.columns.length + 1).fill(0);
  let best = metric(params);
  for (let step = 0; step < steps; step++) {
    const gradient = new Array<number>(params.length).fill(0);
    for (let i = 0; i < n; i++) {
      const residual = train.columns.reduce((sum, column, k) => sum + column[i]! * params[k + 1]!, params[0]!) - train.target[i]!;
      gradient[0]! += residual / n;
      train.columns.forEach((column, k) => {
        gradient[k + 1]! += (residual * column[i]!) / n;
      });
    }
    gradient.forEach((g, j) => {
      params[j]! -= rate * g;
    });
    best = Math.min(best, metric(params));
  }
  return best;
}

export const overRegularised: Injector = {
  truth: "over-regularised",
  sick: SEVERITIES.map((severity, k) => () => {
    const base = k % 2 === 0 ? linearTable(211 + k, { rows: 300, width: 4, noise: 1 }) : logisticTable(211 + k, { rows: 1000, width: 4 });
    const half = 2 * Math.floor(base.target.length / 3);
    const train = slice(base, 0, half);
    const judged = slice(base, half, base.target.length);
    // Heavy against the curvature of the data, but not so heavy that a hundredth of it would change nothing
    const l2 = at({ mild: 6, medium: 12, severe: 25 }, severity) * optimumOf(train, base.model).largest;
    const model = { ...base.model, l2 };
    const best = optimumOf(train, base.model).params;
    return {
      ...onTable(
        train,
        model,
        { severity, options: { method: "lbfgs" }, reference: { l2: 1e-3 } },
        { judged, judgedModel: base.model, validation: judged },
      ),
      optimum: tableMetric(judged, base.model)(best),
    };
  }),
  nearMiss: () => {
    const base = linearTable(219, { rows: 300, width: 4, noise: 1 });
    const model = { ...base.model, l2: 0.02 };
    return onTable(slice(base, 0, 200), model, { severity: "mild", options: {} }, { validation: slice(base, 200, 300) });
  },
};

/** Many columns of noise and few rows: here a heavy penalty is what validation asks for. */
export function penaltyThatHelps(): Injected {
  const base = linearTable(218, { rows: 30 + 300, width: 20, noise: 12 });
  const train = slice(base, 0, 30);
  const model = { ...base.model, l2: 3 };
  return onTable(train, model, { severity: "mild", options: {} }, { validation: slice(base, 30, 330) });
}

/** Labels that are not what the head is made for: y ↦ scale·y + offset of sound ones. */
function recoded(base: TableBase, scale: number, offset: number, severity: Severity, options = descent(base, 200)): Injected {
  const table = { ...base, target: base.target.map((y) => scale * y + offset) };
  return {
    severity,
    accepted: ["no-finite-minimum", "lr-too-large"],
    case: tableCase(table, base.model, options),
    reference: { recodeTarget: { scale: 1 / scale, offset: -offset / scale } },
    metric: tableMetric(base, base.model),
    optimum: optimumOf(base, base.model).value,
  };
}

export const headLossMismatch: Injector = {
  truth: "head-loss-mismatch",
  sick: [
    () => recoded(logisticTable(221, { rows: 300, width: 4 }), 1, 1, "medium"),
    () => recoded(logisticTable(222, { rows: 240, width: 3 }), 2, -1, "mild"),
    () => recoded(logisticTable(223, { rows: 200, width: 3 }), 100, 0, "severe"),
    () => recoded(logisticTable(224, { rows: 260, width: 5 }), 2, -1, "mild"),
    () => recoded(logisticTable(225, { rows: 300, width: 2 }), 1, 1, "medium"),
    () => recoded(logisticTable(226, { rows: 220, width: 4 }), 1, 4, "severe"),
    () => recoded(logisticTable(227, { rows: 280, width: 3 }), 2, 0, "medium"),
  ],
  // Rare events and many zeros are what these losses are for
  nearMiss: () => {
    const base = poissonTable(229, { rows: 300, width: 3 });
    return onTable(base, base.model, { severity: "mild", options: {} });
  },
};
