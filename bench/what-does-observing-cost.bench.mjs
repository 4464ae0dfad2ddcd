/**
 * What does it cost that the doctor looks on? The same descent walked to its end in one go, and through the log that `watch` keeps of it. What is compiled
 * before, and what a diagnosis does behind, is not timed. Of runs of a few milliseconds and less the share says little, since the fewest looks from which a diagnosis can
 * be made take as long as some hundred steps of two variables: there the microseconds count.
 */

import { createDescent } from "descend";
import { watch } from "descend/doctor";
import { endless } from "./tools/endless.mjs";
import { linearTable } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";
import { median } from "./tools/timing.mjs";

const [columns, seed] = [20, 7];
/** Times a log may take of the steps alone. */
const target = 1.03;
/** Shorter runs are told in microseconds. */
const LONG_ENOUGH = 2;

const dataOf = (rows) => {
  const { x, y } = linearTable(rows, columns, seed);
  return { x: Array.from({ length: rows }, (_, i) => x.subarray(i * columns, (i + 1) * columns)), y };
};
const regression = {
  objective: (params, row) => row.x.matmul(params.w).add(params.b).sub(row.y).square(),
  start: { w: new Array(columns).fill(0), b: 0 },
};
const rosenbrock = { objective: ([a, b]) => (1 - a) ** 2 + 100 * (b - a ** 2) ** 2, start: [-1.2, 1] };
const descending = { data: dataOf(100_000), method: "gradientDescent", learningRate: 1e-4 };
const few = { ...descending, data: dataOf(400) };
/** Rates so small that none comes to rest before its budget. */
const cases = {
  "2 variables, Adam, 10^3 steps": {
    ...rosenbrock,
    options: { method: "adam", learningRate: 1e-7, maxSteps: 1000 },
    pairs: 400,
    warmUps: 20,
  },
  "2 variables, Adam, 10^4 steps": {
    ...rosenbrock,
    options: { method: "adam", learningRate: 1e-6, maxSteps: 10_000 },
    pairs: 300,
    warmUps: 20,
  },
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
  "400 x 20, all rows, 10^3 steps": { ...regression, options: { ...few, learningRate: 1e-6, maxSteps: 1000 }, pairs: 100, warmUps: 10 },
  "400 x 20, all rows, 10^4 steps": { ...regression, options: { ...few, learningRate: 1e-7, maxSteps: 10_000 }, pairs: 40, warmUps: 3 },
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
  let looks = 0;
  const observed = () => {
    const watched = watch(descent);
    const made = watched.step(maxSteps);
    looks = watched.lookCount;
    return made;
  };
  const bodies = { alone: () => descent.step(maxSteps), observed };
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
  const [alone, watched] = [Math.min(...times.alone), Math.min(...times.observed)];
  const microseconds = 1000 * (watched - alone);
  const aim = alone < LONG_ENOUGH ? "" : ` (to reach: ${percent(target)} %, ${watched / alone <= target ? "reached" : "missed"})`;
  question.note(
    `${name}: ${percent(watched / alone)} % more by the smallest times, ${percent(median(pairRatios))} % by the median of pairs${aim}; ${microseconds.toFixed(0)} us of ${(1000 * alone).toFixed(0)} for ${looks} looks, ${(microseconds / looks).toFixed(2)} us a look`,
  );
  if (alone >= LONG_ENOUGH) targets[name] = { alone: target };
}
question.finish({ targets });
