/** A descent to try for every finding: a few lines, complete but for the import. The tests of the pages run them. */

const columns = `// Numbers that look random and are the same everywhere
const noise = (i, k = 0) => { const s = Math.sin(12.9898 * (i + 1) + 78.233 * (k + 1)) * 43758.5453; return 2 * (s - Math.floor(s)) - 1; };
const rows = Array.from({ length: 120 }, (_, i) => i);
const a = rows.map((i) => 1.7 * noise(i, 1));
const b = rows.map((i) => 1.7 * noise(i, 2));
`;
const gd = 'method: "gradientDescent"';

export const examples = {
  "lr-too-large": `diagnose({ objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, ${gd}, learningRate: 0.03, maxSteps: 400 });`,
  "lr-too-small": `diagnose({ objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, ${gd}, learningRate: 1e-4, maxSteps: 500 });`,
  "step-starved": `import { inverseTimeDecay } from "descend/optim";

diagnose({
  objective: "x^2 + 4 y^2",
  start: { x: 3, y: 1 },
  ${gd},
  learningRate: inverseTimeDecay({ initial: 0.1, decay: 1, power: 2 }),
  maxSteps: 400,
});`,
  "momentum-ringing": `diagnose({ objective: "0.5 x^2 + 0.005 y^2", start: { x: 0.1, y: 3 }, method: { name: "momentum", momentum: 0.99 }, learningRate: 1, maxSteps: 150 });`,
  "stopped-early": `diagnose({ objective: "x^2 + 10 y^2", start: { x: 4, y: 1 }, ${gd}, learningRate: 0.05, maxSteps: 12 });`,
  "ill-conditioned": `diagnose({ objective: "x^2 + 1e5 y^2", start: { x: 5, y: 0.01 }, ${gd}, learningRate: 8e-6, maxSteps: 500 });`,
  "unscaled-features": `${columns}
diagnose({
  table: {
    features: { area: a.map((v) => 2000 + 800 * v), rooms: b.map((v) => 3 + v) },
    target: rows.map((i) => 5 * a[i] + 2 * b[i] + 0.3 * noise(i, 3)),
    model: { kind: "linear" },
  },
  ${gd},
  learningRate: 2e-7,
  maxSteps: 500,
});`,
  "collinear-features": `${columns}
diagnose({
  table: {
    features: { a, again: rows.map((i) => a[i] + 3e-4 * b[i]) },
    target: rows.map((i) => a[i] + 2 * b[i]),
    model: { kind: "linear" },
  },
  ${gd},
  learningRate: 0.3,
  maxSteps: 500,
});`,
  "saddle-point": `diagnose({ objective: "x^2 - y^2 + y^4 / 4", start: { x: 1, y: 0 }, ${gd}, learningRate: 0.1, maxSteps: 400 });`,
  "local-minimum": `diagnose({ objective: "(x^2 - 1)^2 + 0.35 x + y^2", start: { x: 1.3, y: 0.4 }, ${gd}, learningRate: 0.05, maxSteps: 400 });`,
  plateau: `diagnose({ objective: "1 - exp(-((x - 1)^2 + (y + 2)^2) / 2)", start: { x: 12, y: 8 }, ${gd}, learningRate: 0.5, maxSteps: 400 });`,
  "kink-chatter": `diagnose({ objective: "abs(x - 1) + 2 abs(y + 2)", start: { x: 5, y: 5 }, ${gd}, learningRate: 0.7, maxSteps: 300 });`,
  "no-finite-minimum": `diagnose({ objective: "x^3 + y^2", start: { x: -0.5, y: 1 }, ${gd}, learningRate: 0.02, maxSteps: 400 });`,
  "bad-init-scale": `diagnose({ objective: "sqrt(1 + x^2) + sqrt(1 + y^2)", start: { x: 40000, y: -30000 }, ${gd}, learningRate: 0.5, maxSteps: 500 });`,
  "head-loss-mismatch": `${columns}
diagnose({
  table: { features: { a, b }, target: rows.map((i) => (a[i] + noise(i, 3) > 0 ? 2 : 1)), model: { kind: "logistic" } },
  ${gd},
  learningRate: 0.5,
  maxSteps: 200,
});`,
  "sgd-noise-floor": `${columns}
diagnose({
  table: { features: { a, b }, target: rows.map((i) => a[i] - b[i] + 6 * noise(i, 3)), model: { kind: "linear" } },
  ${gd},
  learningRate: 0.2,
  batch: 2,
  maxSteps: 3000,
});`,
  "adam-nonconvergence": `// One row in ten pulls twelve times as hard as the others push
const c = Array.from({ length: 120 }, (_, i) => (i % 10 === 0 ? 12 : -1));

diagnose({
  objective: "c x + 0.05 x^2",
  start: { x: 0 },
  data: { c },
  method: { name: "adam", beta1: 0, beta2: 0.1 },
  learningRate: 0.02,
  batch: 1,
  maxSteps: 6000,
});`,
  "unshuffled-batches": `${columns}
const target = rows.map((i) => a[i] - b[i] + 3 * noise(i, 3));
const order = [...rows].sort((i, j) => target[i] - target[j]);

diagnose({
  table: { features: { a: order.map((i) => a[i]), b: order.map((i) => b[i]) }, target: order.map((i) => target[i]), model: { kind: "linear" } },
  ${gd},
  learningRate: 0.3,
  batch: 10,
  shuffle: false,
  maxSteps: 600,
});`,
  "unused-rows": `const x = Array.from({ length: 100 }, (_, i) => Math.sin(i));
const y = x.map((v) => 4 + 3 * v);

diagnose({
  objective: (p, row) => (p.w * row.x + p.b - row.y) ** 2,
  start: { w: 0, b: 0 },
  data: { x, y },
  ${gd},
  learningRate: 0.1,
  maxSteps: 300,
  // Three batches of 32 from 100 rows: the last four rows have no say
  batches: () => [0, 32, 64].map((from) => Array.from({ length: 32 }, (_, k) => from + k)),
});`,
  "wrong-gradient": `diagnose({
  objective: ([x, y]) => (x - 1) ** 2 + 4 * (y + 2) ** 2,
  start: [0, 0],
  gradient: ([x, y]) => [2 * (x - 1), -8 * (y + 2)],
  ${gd},
  learningRate: 0.05,
  maxSteps: 100,
});`,
  "numeric-overflow": `diagnose({ objective: "log(cosh(x - 3)) + y^2", start: { x: 900, y: 1 }, ${gd}, learningRate: 0.1, maxSteps: 200 });`,
  "precision-floor": `diagnose({ objective: "500 y^2 + 0.5 (x - 20000)^2", start: { x: 19999.6, y: 0.001 }, ${gd}, learningRate: 0.001, maxSteps: 12000, precision: "float32" });`,
  "nonfinite-data": `diagnose({
  table: { features: { a: [1, 2, NaN, 4, 5], b: [2, 1, 0, 3, Infinity] }, target: [1, 2, 3, 4, 5], model: { kind: "linear" } },
});`,
  outliers: `${columns}
diagnose({
  table: {
    features: { a: a.map((v, i) => (i % 20 === 0 ? -999 : v)), b },
    target: rows.map((i) => 2 * a[i] - b[i] + 0.2 * noise(i, 3)),
    model: { kind: "linear" },
  },
});`,
  "unscaled-target": `${columns}
diagnose({
  table: { features: { a, b }, target: rows.map((i) => 50000 * (3 + a[i] - b[i])), model: { kind: "linear" } },
  method: "adam",
  learningRate: 0.05,
  maxSteps: 300,
});`,
  "uninformative-labels": `${columns}
// Every target stands one row too low
diagnose({
  table: { features: { a, b }, target: rows.map((i) => (i === 0 ? 0 : 2 * a[i - 1] - b[i - 1])), model: { kind: "linear" } },
});`,
  "target-leakage": `${columns}
const target = rows.map((i) => a[i] - b[i] + 2 * noise(i, 3));
const later = { a: rows.map((i) => 1.7 * noise(i, 5)), b: rows.map((i) => 1.7 * noise(i, 6)) };

diagnose({
  table: {
    features: { a, b, refund: target.map((y, i) => y + 0.05 * noise(i, 4)) },
    target,
    model: { kind: "linear" },
    validation: {
      features: { ...later, refund: rows.map((i) => 2 * noise(i, 7)) },
      target: rows.map((i) => later.a[i] - later.b[i] + 2 * noise(i, 8)),
    },
  },
});`,
  overfitting: `// Sixty columns, seventy rows: noise enough to learn by heart
const noise = (i, k = 0) => { const s = Math.sin(12.9898 * (i + 1) + 78.233 * (k + 1)) * 43758.5453; return 2 * (s - Math.floor(s)) - 1; };
const draw = (rows, salt) => {
  const features = Object.fromEntries(Array.from({ length: 60 }, (_, k) => [\`x\${k}\`, Array.from({ length: rows }, (_, i) => 1.7 * noise(i + salt, k))]));
  return { features, target: Array.from({ length: rows }, (_, i) => features.x0[i] + features.x1[i] + 3 * noise(i + salt, 99)) };
};

diagnose({
  table: { ...draw(70, 0), model: { kind: "linear" }, validation: draw(200, 1000) },
  ${gd},
  learningRate: 0.2,
  maxSteps: 5000,
});`,
  "over-regularised": `${columns}
const target = rows.map((i) => 2 * a[i] - b[i] + 0.5 * noise(i, 3));

diagnose({
  table: {
    features: { a: a.slice(0, 80), b: b.slice(0, 80) },
    target: target.slice(0, 80),
    model: { kind: "linear", l2: 100 },
    validation: { features: { a: a.slice(80), b: b.slice(80) }, target: target.slice(80) },
  },
});`,
};
