/** How long does one step take when the objective is tiny? Rosenbrock's function of two variables, float64, against a loop in C. */

import { adam, createDescent, gradientDescent } from "descend";
import { runC, withTemporaryFolder } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";
import { sampleSeconds } from "./tools/timing.mjs";

const rosenbrock = ([x, y]) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2;
const start = [-1.2, 1];
const steps = 1_000_000;
const samples = 5;

const question = new Question("how-fast-is-a-small-step", "How long does one step on Rosenbrock's function take?");
const methods = { "gradient descent": () => gradientDescent({ learningRate: 1e-3 }), adam: () => adam({ learningRate: 1e-2 }) };
/** Nothing stops a run but the number of steps. */
const endless = {
  maxSteps: Number.MAX_SAFE_INTEGER,
  certify: false,
  stopping: { gradientTolerance: 0, relativeGradientTolerance: 0, stepTolerance: 0, valueTolerance: 0 },
};

const own = Object.entries(methods).map(([name, method]) => {
  const checked = createDescent(rosenbrock, start, { ...endless, method: method() });
  checked.step(1000);
  const descent = createDescent(rosenbrock, start, { ...endless, method: method() });
  const run = () => {
    descent.params = start;
    const made = descent.step(steps);
    if (made !== steps) throw new Error(`${name} stopped after ${made} steps: ${descent.reasons}`);
    return descent.value;
  };
  return { name, run, check: checked.value };
});

withTemporaryFolder((folder) => {
  for (let round = 0; round < 3; round++) {
    for (const { name, run, check } of own) {
      const seconds = sampleSeconds(run, { samples, perCall: steps });
      question.add(
        name,
        "descend",
        "ns/step",
        seconds.map((s) => s * 1e9),
        { check },
      );
    }
    for (const row of runC(question, "rosenbrock", [steps, samples, ...start], { folder }) ?? []) {
      question.add(row.case, "C", row.unit, row.samples, { check: row.check });
    }
  }
});
question.finish({ targets: { "gradient descent": { C: 1.3 }, adam: { C: 1.5 } } });
