/** Faults of mini-batches. */

import { type Injected, type Injector, SEVERITIES, type Severity } from "../corpus-case.js";
import { caseSeed, Draw } from "../draw.js";
import { metricOf } from "../function-bases.js";
import { onTable } from "../injected.js";
import { edited, linearTable, logisticTable, mixedTable, optimumOf, type Table } from "../table-bases.js";

const at = <T>(table: Record<Severity, T>, severity: Severity): T => table[severity];

export const sgdNoiseFloor: Injector = {
  truth: "sgd-noise-floor",
  sick: [
    () => linearTable(101, { rows: 200, width: 4, noise: 2.5 }),
    () => linearTable(102, { rows: 300, width: 6, noise: 3 }),
    () => mixedTable(103, { rows: 300, noise: 3 }),
    () => linearTable(104, { rows: 150, width: 3, noise: 2.5 }),
    () => linearTable(105, { rows: 400, width: 8, noise: 3 }),
    () => mixedTable(106, { rows: 200, noise: 4 }),
    () => linearTable(107, { rows: 250, width: 5, noise: 3 }),
  ].map((make, k) => () => {
    const severity = SEVERITIES[k]!;
    const base = make();
    const rate = at({ mild: 0.2, medium: 0.22, severe: 0.25 }, severity) / optimumOf(base, base.model).largest;
    const options = {
      method: "gradientDescent",
      learningRate: rate,
      batch: at({ mild: 2, medium: 2, severe: 1 }, severity),
      maxSteps: 3000,
      seed: caseSeed(k),
    };
    return onTable(base, base.model, { severity, options, reference: { averageFrom: 600 } });
  }),
  nearMiss: () => {
    const base = linearTable(108, { rows: 200, width: 4, noise: 0.3 });
    const options = { method: "gradientDescent", learningRate: 0.01, batch: 20, maxSteps: 4000, seed: 3 };
    return onTable(base, base.model, { severity: "mild", options });
  },
};

/**
 * One row in ten pulls twelve times as hard as the others push: the mean gradient is small and positive, the scaled steps are not.
 * Source: Reddi, Kale, Kumar 2018, section 3, with a bowl to hold the minimum.
 */
function rare(seed: number, every: number, pull: number, bowl: number, severity: Severity): Injected {
  const rows = every * 12;
  const c = Array.from({ length: rows }, (_, i) => (i % every === 0 ? pull : -1));
  const data = { c };
  const formula = `c*x+${bowl}*x^2`;
  const start = { x: 0 };
  const mean = c.reduce((sum, each) => sum + each, 0) / rows;
  const metric = metricOf(formula, start, data);
  return {
    severity,
    accepted: ["sgd-noise-floor"],
    case: {
      objective: formula,
      start,
      data,
      method: { name: "adam", beta1: 0, beta2: 0.1 },
      learningRate: 0.02,
      batch: 1,
      maxSteps: 6000,
      seed: caseSeed(seed),
    },
    reference: { method: "gradientDescent", learningRate: 0.02, decay: { rate: 0.01, power: 1 } },
    metric,
    optimum: metric([-mean / (2 * bowl)]),
  };
}

export const adamNonconvergence: Injector = {
  truth: "adam-nonconvergence",
  sick: [
    () => rare(1, 10, 12, 0.05, "mild"),
    () => rare(2, 8, 12, 0.05, "medium"),
    () => rare(3, 6, 9, 0.05, "severe"),
    () => rare(4, 12, 15, 0.04, "mild"),
    () => rare(5, 10, 14, 0.05, "medium"),
    () => rare(6, 5, 8, 0.06, "severe"),
    () => rare(7, 9, 13, 0.05, "medium"),
  ],
  nearMiss: () => {
    const base = linearTable(109, { rows: 200, width: 4, noise: 0.2 });
    return onTable(base, base.model, { severity: "mild", options: { method: "adam", learningRate: 0.01, batch: 50, maxSteps: 3000 } });
  },
};

/** Rows in the order of the target. */
function sorted(table: Table): Table {
  const order = table.target.map((_, i) => i).sort((i, j) => table.target[i]! - table.target[j]!);
  return edited(table, (columns, target) => {
    for (const column of [...columns, target]) {
      const before = [...column];
      order.forEach((from, to) => {
        column[to] = before[from]!;
      });
    }
  });
}

export const unshuffledBatches: Injector = {
  truth: "unshuffled-batches",
  sick: SEVERITIES.map((severity, k) => () => {
    const base = k % 2 === 0 ? linearTable(111 + k, { rows: 200, width: 3, noise: 1 }) : logisticTable(111 + k, { rows: 240, width: 3 });
    const table = sorted(base);
    const rate = at({ mild: 0.25, medium: 0.45, severe: 0.8 }, severity) / optimumOf(base, base.model).largest;
    const options = { method: "gradientDescent", learningRate: rate, batch: 10, shuffle: false, maxSteps: 800 };
    return onTable(table, base.model, {
      severity,
      options,
      reference: { shuffle: true, decay: { rate: 0.02, power: 1 } },
      accepted: ["sgd-noise-floor"],
    });
  }),
  nearMiss: () => {
    const base = linearTable(119, { rows: 200, width: 3, noise: 0.2 });
    const options = { method: "gradientDescent", learningRate: 0.02, batch: 40, shuffle: false, maxSteps: 3000 };
    return onTable(base, base.model, { severity: "mild", options });
  },
};

/** A seeded descent in mini-batches with a rate that falls: nothing to complain about. */
export function settledMiniBatches(seed: number): Injected {
  const base = linearTable(seed, { rows: 200, width: 4, noise: 0.3 });
  const draw = new Draw(seed, 7);
  const options = {
    method: "gradientDescent",
    learningRate: 0.005 + 0.005 * draw.uniform(),
    batch: 25,
    maxSteps: 6000,
    seed: caseSeed(seed),
  };
  return onTable(base, base.model, { severity: "mild", options });
}
