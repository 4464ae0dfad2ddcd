/** How long does L-BFGS take? Rosenbrock's function of 1000 variables, separable and chained, to ‖g‖∞ ≤ 1e-6, against liblbfgs (C) and SciPy. */

import { createDescent } from "descend";
import { runC, runPython, withTemporaryFolder } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";

const size = 1000;
const samples = 3;
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
  certify: false,
  maxSteps: 100_000,
  stopping: { gradientTolerance: 1e-6, relativeGradientTolerance: 0 },
};

const question = new Question("how-fast-is-l-bfgs", `How long does L-BFGS take on Rosenbrock's function of ${size} variables?`);

/** Milliseconds of a descent that is compiled already. */
function run(objective) {
  const descent = createDescent(objective, start, options);
  const begun = performance.now();
  descent.run();
  return { milliseconds: performance.now() - begun, descent };
}

withTemporaryFolder((folder) => {
  for (const objective of Object.values(objectives)) run(objective);
  for (let round = 0; round < 3; round++) {
    for (const [name, objective] of Object.entries(objectives)) {
      const runs = Array.from({ length: samples }, () => run(objective));
      const { descent } = runs[0];
      question.add(
        name,
        "descend",
        "ms",
        runs.map(({ milliseconds }) => milliseconds),
      );
      if (round === 0) question.note(`${name}: ${descent.steps} steps, ${descent.evaluations.gradient} gradients`);
    }
    for (const row of runC(question, "lbfgs", [samples], { folder, libraries: ["-llbfgs"] }) ?? [])
      question.add(row.case, "liblbfgs", row.unit, row.samples);
    for (const row of runPython(question, "lbfgs", [samples]) ?? []) question.add(row.case, "SciPy", row.unit, row.samples);
  }
});
question.finish({ targets: { separable: { SciPy: 0.5, liblbfgs: 2 }, chained: { SciPy: 0.5, liblbfgs: 2 } } });
