/** Does a step allocate memory? 10⁵ parameters; what the heap grows by over many steps, and what stays after a collection. Needs --expose-gc. */

import { createDescent } from "descend";
import { endless } from "./tools/endless.mjs";
import { Question } from "./tools/record.mjs";

if (globalThis.gc === undefined) throw new Error("Run with node --expose-gc, or through npm run bench.");

const size = 100_000;
const question = new Question("does-a-step-allocate", `How many bytes does a step on ${size} parameters allocate?`);
const descent = createDescent((params) => params.square().sub(1).square().sum(), new Float64Array(size).fill(0.5), {
  method: "adam",
  learningRate: 1e-6,
  ...endless,
});
const bytes = () => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
};

/** Bytes per step that the heap grows by, right after the calls and after a collection. Asking for the memory itself allocates a little: it is subtracted. */
function growth(steps, call) {
  call();
  gc();
  const idle = bytes();
  const asking = bytes() - idle;
  gc();
  const before = bytes();
  call();
  const grown = bytes() - before - asking;
  gc();
  return { grown: grown / steps, kept: (bytes() - before - asking) / steps };
}

const kinds = {
  "steps in one call": [500, () => descent.step(500)],
  "a call for each step": [
    500,
    () => {
      for (let i = 0; i < 500; i++) descent.step(1);
    },
  ],
};
for (const [name, [steps, call]] of Object.entries(kinds)) {
  const rounds = Array.from({ length: 7 }, () => growth(steps, call));
  question.add(
    name,
    "descend",
    "bytes/step",
    rounds.map((round) => round.grown),
  );
  question.add(
    `${name}, kept`,
    "descend",
    "bytes/step",
    rounds.map((round) => round.kept),
  );
}
question.finish();
