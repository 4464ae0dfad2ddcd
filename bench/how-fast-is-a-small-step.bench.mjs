/** How long does one step take when the objective is tiny? Rosenbrock's function of two variables, float64, against a loop in C. */

import { createDescent } from "descend";
import { endless } from "./tools/endless.mjs";
import { runC, withTemporaryFolder } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";
import { sampleSeconds } from "./tools/timing.mjs";

const rosenbrock = ([x, y]) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2;
const start = [-1.2, 1];
const steps = 1_000_000;
const samples = 5;

const question = new Question("how-fast-is-a-small-step", "How long does one step on Rosenbrock's function take?");
/** They come to rest after 73 370 and 6784 steps, and a step at rest is looked at one by one: ours start anew before that. */
const methods = {
  "gradient descent": { stepsPerStart: 50_000, options: { method: "gradientDescent", learningRate: 1e-3 } },
  adam: { stepsPerStart: 5_000, options: { method: "adam", learningRate: 1e-2 } },
};

const own = Object.entries(methods).map(([name, { stepsPerStart, options }]) => {
  const checked = createDescent(rosenbrock, start, { ...endless, ...options });
  checked.step(1000);
  const descent = createDescent(rosenbrock, start, { ...endless, ...options });
  const run = () => {
    for (let made = 0; made < steps; made += stepsPerStart) {
      descent.params = start;
      if (descent.step(stepsPerStart) !== stepsPerStart) throw new Error(`${name} stopped: ${descent.reasons}`);
    }
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
