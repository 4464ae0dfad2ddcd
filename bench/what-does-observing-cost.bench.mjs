/**
 * What does it cost that the doctor looks on? The same descent walked to its end in one go, and through the log that `watch` keeps of it. What is compiled
 * before, and what a diagnosis does behind, is not timed.
 */

import { createDescent } from "descend";
import { watch } from "descend/doctor";
import { endless } from "./tools/endless.mjs";
import { linearTable } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";
import { median } from "./tools/timing.mjs";

const [rows, columns, seed] = [100_000, 20, 7];
/** Times a log may take of the steps alone. */
const target = 1.03;

const table = linearTable(rows, columns, seed);
const x = Array.from({ length: rows }, (_, i) => table.x.subarray(i * columns, (i + 1) * columns));
const regression = {
  objective: (params, row) => row.x.matmul(params.w).add(params.b).sub(row.y).square(),
  start: { w: new Array(columns).fill(0), b: 0 },
};
const rosenbrock = { objective: ([a, b]) => (1 - a) ** 2 + 100 * (b - a ** 2) ** 2, start: [-1.2, 1] };
const descending = { data: { x, y: table.y }, method: "gradientDescent", learningRate: 1e-4 };
/** Rates so small that none comes to rest before its budget. */
const cases = {
  "2 variables, Adam, 10^5 steps": {
    ...rosenbrock,
    options: { method: "adam", learningRate: 1e-5, maxSteps: 100_000 },
    pairs: 120,
    warmUps: 5,
  },
  "2 variables, Adam, 10^6 steps": {
    ...rosenbrock,
    options: { method: "adam", learningRate: 1e-6, maxSteps: 1_000_000 },
    pairs: 60,
    warmUps: 3,
  },
  "10^5 x 20, all rows": { ...regression, options: { ...descending, maxSteps: 100 }, pairs: 40, warmUps: 2 },
  "10^5 x 20, batches of 32": {
    ...regression,
    options: { ...descending, batch: 32, shuffle: false, maxSteps: 100_000 },
    pairs: 60,
    warmUps: 2,
  },
};

const question = new Question("what-does-observing-cost", "How much longer does a descent take when the doctor looks on?", { seed });
const targets = {};
const percent = (ratio) => (100 * (ratio - 1)).toFixed(1);
for (const [name, { objective, start, options, pairs, warmUps }] of Object.entries(cases)) {
  const descent = createDescent(objective, start, { ...endless, ...options });
  const { maxSteps } = options;
  const bodies = { alone: () => descent.step(maxSteps), observed: () => watch(descent).step(maxSteps) };
  /** Milliseconds of one walk from the start. */
  const time = (body) => {
    descent.restart(start);
    const from = performance.now();
    const made = body();
    const milliseconds = performance.now() - from;
    if (made !== maxSteps) throw new Error(`${name} stopped: ${descent.reasons}`);
    return milliseconds;
  };
  const times = { alone: [], observed: [] };
  for (let pair = -warmUps; pair < pairs; pair++) {
    // Who goes first changes from pair to pair
    for (const who of pair % 2 === 0 ? ["alone", "observed"] : ["observed", "alone"]) {
      const milliseconds = time(bodies[who]);
      if (pair >= 0) times[who].push(milliseconds);
    }
  }
  question.add(name, "descend", "ms", times.observed);
  question.add(name, "alone", "ms", times.alone);
  const pairRatios = times.observed.map((milliseconds, pair) => milliseconds / times.alone[pair]);
  const ratio = Math.min(...times.observed) / Math.min(...times.alone);
  question.note(
    `${name}: ${percent(ratio)} % more by the smallest times, ${percent(median(pairRatios))} % by the median of pairs (to reach: ${percent(target)} %, ${ratio <= target ? "reached" : "missed"})`,
  );
  targets[name] = { alone: target };
}
question.finish({ targets });
