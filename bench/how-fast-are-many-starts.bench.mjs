/**
 * How long do 500 steps of gradient descent from 10,000 starts take? Rastrigin's function of two variables, float64, on one thread, against loops in C, which
 * make the steps and look for the lowest end, and nothing else.
 */

import { multistart } from "descend";
import { allTools, lockstep, setUp } from "./tools/internals.mjs";
import { runC, withTemporaryFolder, writeArrays } from "./tools/peers.mjs";
import { uniform } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";
import { sampleSeconds } from "./tools/timing.mjs";

const [count, steps, seed, samples] = [10_000, 500, 6, 7];
const rastrigin = "20 + x^2 + y^2 - 10 (cos(2 pi x) + cos(2 pi y))";
const options = { method: "gradientDescent", learningRate: 1e-3 };

const question = new Question("how-fast-are-many-starts", `How long do ${steps} steps from ${count} starts take?`, { seed });
const next = uniform(seed);
const flat = Float64Array.from({ length: 2 * count }, () => 10.24 * next() - 5.12);
const points = Array.from({ length: count }, (_, i) => ({ x: flat[2 * i], y: flat[2 * i + 1] }));

const walk = lockstep(setUp(rastrigin, points[0], options, 1, allTools));
/** From −1 on: the minimum is 0, which has no relative difference. */
const lowest = ({ values }) => 1 + values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
const own = [
  { name: "steps alone", body: () => walk(flat, steps), check: lowest(walk(flat, steps)) },
  // With all that multistart does before and after: reading, compiling, putting ends together, one descent from each basin on
  ...[false, true].map((certify) => {
    const body = () => multistart(rastrigin, points, { ...options, lockstep: steps, certify });
    return { name: `multistart, ${certify ? "basins tested" : "no tests"}`, body, check: 1 + body().best.value };
  }),
];

/** -march of C, by who it is. */
const machines = { "as wide as here": "native", "two lanes": "x86-64-v2" };

withTemporaryFolder((folder) => {
  withTemporaryFolder((narrow) => {
    for (let round = 0; round < 4; round++) {
      for (const { name, body, check } of own) {
        const seconds = sampleSeconds(body, { samples, sampleTime: 1 });
        question.add(
          name,
          "descend",
          "ms",
          seconds.map((s) => s * 1e3),
          { check },
        );
      }
      for (const [width, march] of Object.entries(machines)) {
        const place = march === "native" ? folder : narrow;
        writeArrays(place, { starts: flat });
        const optimize = ["-O3", `-march=${march}`, "-mprefer-vector-width=512", "-ffast-math", "-fopenmp-simd"];
        for (const row of runC(question, "many-starts", [place, count, steps, samples], { folder: place, optimize }) ?? []) {
          if (row.case === "C, sine of the library" && march !== "native") continue;
          const who = row.case === "C, vector sine" ? `${row.case}, ${width}` : row.case;
          for (const { name } of own) question.add(name, who, row.unit, row.samples, { check: 1 + row.check });
        }
      }
    }
  });
});
const target = { "C, vector sine, as wide as here": 2.2, "C, sine of the library": 1 / 3 };
question.finish({ targets: Object.fromEntries(own.map(({ name }) => [name, target])) });
