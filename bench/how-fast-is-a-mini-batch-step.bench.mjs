/** How long does an epoch of mini-batch descent take? Logistic regression, 2·10⁵ rows × 100 columns, batches of 256, float32, one thread. */

import { createDescent } from "descend";
import { endless } from "./tools/endless.mjs";
import { runC, runPython, withTemporaryFolder, writeArrays } from "./tools/peers.mjs";
import { logisticTable } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";
import { sampleSeconds } from "./tools/timing.mjs";

const [rows, columns, batch, seed] = [200_000, 100, 256, 3];
const stepsPerEpoch = Math.floor(rows / batch);
const samples = 4;
const epochs = 5;

const question = new Question(
  "how-fast-is-a-mini-batch-step",
  `How long does an epoch over ${rows} × ${columns} numbers in batches of ${batch} take?`,
  { seed },
);
const table = logisticTable(rows, columns, seed);
// Whole batches only, as the peers do it.
const used = stepsPerEpoch * batch;
const data = { x: Array.from({ length: used }, (_, i) => table.x.subarray(i * columns, (i + 1) * columns)), y: table.y.subarray(0, used) };
const start = { w: new Array(columns).fill(0), b: 0 };
const loss = (params, row) => {
  const z = row.x.matmul(params.w).add(params.b);
  return z.softplus().sub(z.mul(row.y));
};

/** The mean loss over the whole table at given parameters. */
function meanLoss({ w, b }) {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let z = b;
    for (let d = 0; d < columns; d++) z += table.x[i * columns + d] * w[d];
    sum += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - z * table.y[i];
  }
  return sum / rows;
}

/** Learning rates by method. */
const methods = { momentum: 0.1, adam: 1e-3 };
const own = Object.entries(methods).map(([name, learningRate]) => {
  const descent = createDescent(loss, start, {
    data,
    batch,
    shuffle: false,
    precision: "float32",
    method: name,
    learningRate,
    ...endless,
  });
  descent.step(epochs * stepsPerEpoch);
  return { name, check: meanLoss(descent.params), run: () => descent.step(epochs * stepsPerEpoch) };
});

withTemporaryFolder((folder) => {
  writeArrays(folder, { "x.f32": table.x, "y.f32": table.y });
  for (let round = 0; round < 3; round++) {
    for (const { name, run, check } of own) {
      const seconds = sampleSeconds(run, { samples, perCall: epochs });
      question.add(
        name,
        "descend",
        "ms/epoch",
        seconds.map((s) => s * 1e3),
        { check },
      );
    }
    const args = [folder, rows, epochs, samples];
    for (const row of runC(question, "logistic", args, { folder, define: { COLUMNS: columns, BATCH: batch } }) ?? []) {
      question.add(row.case, "C", row.unit, row.samples, { check: row.check });
    }
    for (const row of runPython(question, "logistic", [...args, columns, batch]) ?? [])
      question.add(row.case, "NumPy", row.unit, row.samples, { check: row.check });
  }
});
question.finish({ targets: { momentum: { C: 2.2, NumPy: 1 }, adam: { C: 2.2, NumPy: 1 } } });
