/** How long does one epoch of full-batch gradient descent take? Linear regression, 10⁶ rows × 20 columns, on one thread. */

import { createDescent } from "descend";
import { endless } from "./tools/endless.mjs";
import { runC, runPython, withTemporaryFolder, writeArrays } from "./tools/peers.mjs";
import { linearTable } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";
import { sampleSeconds } from "./tools/timing.mjs";

const [rows, columns, seed] = [1_000_000, 20, 2];
const learningRate = 0.1;
const samples = 4;
/** Epochs in one call; the loss is compared after that many. */
const epochs = 10;

const question = new Question("how-fast-is-a-full-batch-pass", `How long does a full pass over ${rows} × ${columns} numbers take?`, {
  seed,
});
const table = linearTable(rows, columns, seed);
const data = { x: Array.from({ length: rows }, (_, i) => table.x.subarray(i * columns, (i + 1) * columns)), y: table.y };
const start = { w: new Array(columns).fill(0), b: 0 };
const loss = (params, row) => row.x.matmul(params.w).add(params.b).sub(row.y).square();

const own = ["float64", "float32"].map((precision) => {
  const descent = createDescent(loss, start, {
    data,
    precision,
    method: "gradientDescent",
    learningRate,
    ...endless,
  });
  descent.step(epochs - 1);
  const check = descent.value;
  return { name: precision, check, run: () => descent.step(epochs) };
});

withTemporaryFolder((folder) => {
  writeArrays(folder, { "x.f64": table.x, "y.f64": table.y });
  for (let round = 0; round < 2; round++) {
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
    const args = [folder, rows, epochs, samples, learningRate];
    for (const row of runC(question, "linear-regression", args, { folder, define: { COLUMNS: columns } }) ?? []) {
      question.add(row.case, "C", row.unit, row.samples, { check: row.check });
    }
    if (round > 0) continue;
    for (const row of runPython(question, "linear-regression", [...args, columns]) ?? [])
      question.add(row.case, "NumPy", row.unit, row.samples, { check: row.check });
  }
});
question.finish({ targets: { float64: { C: 1.8, NumPy: 1 }, float32: { C: 1.8, NumPy: 1 } } });
