/** How long does L-BFGS take? Rosenbrock's function of 1000 variables, separable and chained, to ‖g‖∞ ≤ 1e-6, against liblbfgs (C) and SciPy. */

import { createDescent } from "descend";
import { runC, runPython, withTemporaryFolder } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";

const size = 1000;

const start = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
const objectives = {
  separable: (x) => {
    let sum = 0;
    for (let i = 0; i < 500; i++) sum += 100 * (x[2 * i + 1] - x[2 * i] ** 2) ** 2 + (1 - x[2 * i]) ** 2;
    return sum;
  },
  chained: (x) => {
    let sum = 0;
    for (let i = 0; i < 999; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
    return sum;
  },
};
const options = {
  method: "lbfgs",
  maxSteps: 100_000,
  stopping: { gradientTolerance: 1e-6, relativeGradientTolerance: 0 },
};

const question = new Question("how-fast-is-l-bfgs", `How long does L-BFGS take on Rosenbrock's function of ${size} variables?`);

/** Milliseconds: of a descent that is compiled already; of reading and compiling before; of the tests at the end; of all three. */
function run(objective) {
  const clock = () => performance.now();
  const begun = clock();
  const descent = createDescent(objective, start, { ...options, pursue: false });
  const ready = clock();
  descent.run();
  const arrived = clock();
  const solution = descent.solution();
  const judged = clock();
  return { descent: arrived - ready, preparation: ready - begun, tests: judged - arrived, whole: judged - begun, solution };
}

const parts = [
  ["", "descent"],
  [", reading and compiling", "preparation"],
  [", the tests at the end", "tests"],
  [", all in all", "whole"],
];
const samples = { separable: 15, chained: 3 };

withTemporaryFolder((folder) => {
  for (const objective of Object.values(objectives)) for (let k = 0; k < 3; k++) run(objective);
  for (let round = 0; round < 3; round++) {
    for (const [name, objective] of Object.entries(objectives)) {
      const runs = Array.from({ length: samples[name] }, () => run(objective));
      for (const [words, part] of parts)
        question.add(
          name + words,
          "descend",
          "ms",
          runs.map((times) => times[part]),
        );
      const { steps, evaluations, gradientNorm, verdict } = runs[0].solution;
      const end = `${verdict} at ‖g‖∞ = ${gradientNorm.toExponential(1)}`;
      if (round === 0) question.note(`${name}: ${steps} steps, ${evaluations.gradient} gradients, ${end}`);
    }
    for (const row of runC(question, "lbfgs", [3], { folder, libraries: ["-llbfgs"] }) ?? [])
      question.add(row.case, "liblbfgs", row.unit, row.samples);
    for (const row of runPython(question, "lbfgs", [3]) ?? []) question.add(row.case, "SciPy", row.unit, row.samples);
  }
});
question.finish({ targets: { separable: { SciPy: 0.5, liblbfgs: 2 }, chained: { SciPy: 0.5, liblbfgs: 2 } } });
