/** Faults of the step and the budget. */

import { exponentialDecay } from "../../../../src/optim/schedules/exponential-decay.js";
import { type Injector, SEVERITIES, type Severity } from "../corpus-case.js";
import {
  beale,
  ellipse,
  type FunctionBase,
  himmelblau,
  logisticGrowth,
  michaelisMenten,
  pendulum,
  portfolio,
  quadratic,
  rosenbrock,
  stepsFor,
} from "../function-bases.js";
import { onFunction, onTable, rateOf, tableSteps } from "../injected.js";
import { huberTable, linearTable, logisticTable, mixedTable, optimumOf, poissonTable, type TableBase } from "../table-bases.js";

type Either = { readonly kind: "function"; readonly base: FunctionBase } | { readonly kind: "table"; readonly base: TableBase };

const F = (base: FunctionBase): Either => ({ kind: "function", base });
const G = (base: TableBase): Either => ({ kind: "table", base });

/** 1/L, the rate of a tuned gradient descent, and the steps it needs. */
function tuned(subject: Either, exponent = 8): { rate: number; steps: number } {
  if (subject.kind === "function") {
    const rate = 1 / subject.base.largest;
    return { rate, steps: stepsFor(subject.base, rate, exponent) };
  }
  const rate = rateOf(subject.base);
  return { rate, steps: tableSteps(subject.base, rate, exponent) };
}

function injected(subject: Either, fault: Parameters<typeof onFunction>[1]) {
  return subject.kind === "function" ? onFunction(subject.base, fault) : onTable(subject.base, subject.base.model, fault);
}

const bowls: readonly (() => Either)[] = [
  () => F(quadratic(2, 4, 11)),
  () => G(linearTable(12, { rows: 200, width: 4 })),
  () => F(quadratic(20, 30, 13)),
  () => G(mixedTable(14, { rows: 300 })),
  () => F(portfolio()),
  () => G(huberTable(15, { rows: 250, width: 5 })),
  () => G(linearTable(16, { rows: 120, width: 3, correlation: 0.5 })),
];

const slowest = (subject: Either): number =>
  subject.kind === "function" ? subject.base.smallest : optimumOf(subject.base, subject.base.model).smallest;

const at = <T>(table: Record<Severity, T>, severity: Severity): T => table[severity];

export const lrTooLarge: Injector = {
  truth: "lr-too-large",
  sick: bowls.map((make, k) => () => {
    const subject = make();
    const severity = SEVERITIES[k]!;
    const { rate, steps } = tuned(subject);
    const factor = at({ mild: 2.15, medium: 3.2, severe: 12 }, severity);
    const options = { method: "gradientDescent", learningRate: factor * rate, maxSteps: Math.max(60, steps) };
    return injected(subject, { severity, options, reference: { learningRate: rate } });
  }),
  // At 0.97 of the limit the stiff mode changes its sign in every step and still vanishes
  nearMiss: () => {
    const subject = F(quadratic(2, 4, 17));
    const { rate, steps } = tuned(subject, 14);
    const options = { method: "gradientDescent", learningRate: 1.94 * rate, maxSteps: 10 * steps };
    return injected(subject, { severity: "mild", options });
  },
};

export const lrTooSmall: Injector = {
  truth: "lr-too-small",
  sick: bowls.map((make, k) => () => {
    const subject = make();
    const severity = SEVERITIES[k]!;
    const { rate, steps } = tuned(subject);
    const factor = at({ mild: 1 / 40, medium: 1 / 200, severe: 1e-4 }, severity);
    const options = { method: "gradientDescent", learningRate: factor * rate, maxSteps: Math.max(60, steps) };
    return injected(subject, { severity, options, reference: { learningRate: rate } });
  }),
  nearMiss: () => {
    const subject = F(quadratic(2, 4, 18));
    const { rate, steps } = tuned(subject, 16);
    return injected(subject, {
      severity: "mild",
      options: { method: "gradientDescent", learningRate: 0.02 * rate, maxSteps: 60 * steps },
    });
  },
};

export const stepStarved: Injector = {
  truth: "step-starved",
  sick: bowls.map((make, k) => () => {
    const subject = make();
    const severity = SEVERITIES[k]!;
    const { rate, steps } = tuned(subject);
    const budget = Math.max(200, steps);
    // By a schedule that is over long before the budget is
    const initial = 0.25 * rate;
    const life = at({ mild: 0.4, medium: 0.2, severe: 0.08 }, severity) / (initial * slowest(subject));
    const options = {
      method: "gradientDescent",
      learningRate: exponentialDecay({ initial, factor: Math.exp(-1 / Math.max(1, life)) }),
      maxSteps: Math.max(budget, Math.ceil(20 * life)),
    };
    return injected(subject, { severity, options, reference: { learningRate: rate }, accepted: ["lr-too-small"] });
  }),
  nearMiss: () => {
    const subject = F(quadratic(2, 4, 19));
    const { rate, steps } = tuned(subject, 16);
    const learningRate = exponentialDecay({ initial: rate, factor: Math.exp(-1 / (2 * steps)) });
    return injected(subject, { severity: "mild", options: { method: "gradientDescent", learningRate, maxSteps: 8 * steps } });
  },
};

/** Many modes: with few, some point of a swing comes close to the minimum by chance. */
const ringers: readonly (() => Either)[] = [
  () => F(quadratic(20, 30, 61)),
  () => G(linearTable(62, { rows: 200, width: 6, correlation: 0.5 })),
  () => F(quadratic(12, 20, 63)),
  () => G(linearTable(64, { rows: 300, width: 10, correlation: 0.5 })),
  () => F(quadratic(30, 40, 65)),
  () => G(linearTable(66, { rows: 250, width: 16, correlation: 0.5 })),
  () => F(quadratic(16, 10, 67)),
];

export const momentumRinging: Injector = {
  truth: "momentum-ringing",
  sick: ringers.map((make, k) => () => {
    const subject = make();
    const severity = SEVERITIES[k]!;
    const { rate } = tuned(subject);
    const momentum = at({ mild: 0.985, medium: 0.995, severe: 0.9995 }, severity);
    const maxSteps = at({ mild: 80, medium: 110, severe: 300 }, severity);
    const options = { method: { name: "momentum", momentum }, learningRate: 0.4 * rate, maxSteps };
    return injected(subject, { severity, options, reference: { method: "lbfgs" } });
  }),
  nearMiss: () => {
    const subject = F(quadratic(2, 4, 20));
    const { rate } = tuned(subject);
    return injected(subject, {
      severity: "mild",
      options: { method: { name: "momentum", momentum: 0.95 }, learningRate: 0.5 * rate, maxSteps: 2000 },
    });
  },
};

const slowBowls: readonly (() => Either)[] = [
  () => F(quadratic(2, 8, 21, { slow: 4 })),
  () => G(linearTable(22, { rows: 200, width: 4, correlation: 0.6 })),
  () => F(quadratic(20, 40, 23, { slow: 4 })),
  () => G(logisticTable(24, { rows: 300, width: 4 })),
  () => F(quadratic(8, 20, 25, { slow: 4 })),
  () => G(linearTable(26, { rows: 150, width: 6, correlation: 0.5 })),
  () => F(portfolio()),
];

export const stoppedEarly: Injector = {
  truth: "stopped-early",
  sick: slowBowls.map((make, k) => () => {
    const subject = make();
    const severity = SEVERITIES[k]!;
    const { rate } = tuned(subject);
    const own = (subject.kind === "function" ? 0.8 : 0.25) * rate;
    // e-folds of the slow mode, in value, that the budget allows: 7 would do
    const folds = (subject.kind === "function" ? 1 : 0.3) * at({ mild: 1.1, medium: 0.8, severe: 0.5 }, severity);
    const maxSteps = Math.max(6, Math.ceil(folds / (2 * own * slowest(subject))));
    return injected(subject, {
      severity,
      options: { method: "gradientDescent", learningRate: own, maxSteps },
      reference: { method: "lbfgs" },
    });
  }),
  nearMiss: () => {
    const subject = F(quadratic(8, 20, 27));
    const { rate, steps } = tuned(subject, 7);
    return injected(subject, { severity: "mild", options: { method: "gradientDescent", learningRate: rate, maxSteps: steps } });
  },
};

// The budget is less than a twentieth of what gradient descent needs: more steps are no way out
export const illConditioned: Injector = {
  truth: "ill-conditioned",
  sick: [
    ["mild", () => quadratic(8, 1e3, 31, { slow: 12 }), 80],
    ["medium", () => quadratic(20, 1e4, 32, { slow: 20 }), 500],
    ["severe", () => quadratic(10, 1e6, 33, { slow: 100 }), 1000],
    ["mild", () => quadratic(2, 2e3, 34, { slow: 40 }), 120],
    ["medium", () => ({ ...rosenbrock(), start: { x: -0.8, y: 0.64 } }), 150],
    ["severe", () => quadratic(30, 1e5, 35, { slow: 60 }), 600],
  ]
    .map(([severity, make, maxSteps]) => () => {
      const base = (make as () => FunctionBase)();
      const learningRate = base.name === "rosenbrock" ? 0.0012 : 1.6 / base.largest;
      return onFunction(base, {
        severity: severity as Severity,
        options: { method: "gradientDescent", learningRate, maxSteps: maxSteps as number },
        reference: { method: "lbfgs", maxSteps: 500 },
        accepted: ["stopped-early"],
      });
    })
    .concat([
      () => {
        const base = linearTable(36, { rows: 200, width: 8, correlation: 0.99 });
        const options = { method: "gradientDescent", learningRate: 1.6 * rateOf(base), maxSteps: 15 };
        return onTable(base, base.model, {
          severity: "medium",
          options,
          reference: { method: "lbfgs" },
          accepted: ["collinear-features", "stopped-early"],
        });
      },
    ]),
  nearMiss: () => onFunction(quadratic(10, 1e6, 37, { slow: 10 }), { severity: "mild", options: { method: "lbfgs", maxSteps: 2000 } }),
};

/** Descents that are well, of every base, by more than one method. */
export const healthyDescents: readonly (() => ReturnType<typeof injected> & { readonly name: string })[] = [
  ...[
    () => F(quadratic(2, 4, 41)),
    () => F(quadratic(8, 10, 42)),
    () => F(quadratic(20, 30, 43)),
    () => F(portfolio()),
    () => F(himmelblau()),
    () => G(linearTable(44, { rows: 200, width: 4 })),
    () => G(mixedTable(45, { rows: 300 })),
    () => G(logisticTable(46, { rows: 300, width: 4 })),
    () => G(poissonTable(47, { rows: 300, width: 3 })),
    () => G(huberTable(48, { rows: 250, width: 5 })),
  ].map((make) => () => {
    const subject = make();
    const { rate, steps } = tuned(subject, 9);
    const options = { method: "gradientDescent", learningRate: rate, maxSteps: Math.max(200, steps) };
    return { ...injected(subject, { severity: "mild", options }), name: `${subject.base.name}/gradient-descent` };
  }),
  ...[michaelisMenten, logisticGrowth, ellipse, rosenbrock, himmelblau, portfolio, beale, pendulum].map((make) => () => {
    const base = make();
    return { ...onFunction(base, { severity: "mild", options: {} }), name: `${base.name}/default` };
  }),
];
