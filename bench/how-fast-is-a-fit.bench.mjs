/** How long does a small nonlinear fit take? a·exp(−k·t) + c, 3 parameters over 1000 rows, against MINPACK through SciPy's curve_fit. */

import { leastSquares } from "descend";
import { runPython } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";
import { sampleSeconds } from "./tools/timing.mjs";

const samples = 9;
const x = Float64Array.from({ length: 1000 }, (_, i) => i / 100);
const y = x.map((t, i) => 3 * Math.exp(-0.7 * t) + 1 + 0.05 * Math.sin(i * 12.9898));
const start = { a: 1, k: 1, c: 0 };
const data = { x, y };
const decay = (p, row) => p.a * Math.exp(-p.k * row.x) + p.c - row.y;

const question = new Question("how-fast-is-a-fit", "How long does a nonlinear fit of 3 parameters over 1000 rows take?");
const warm = "the same function again";
const first = "a function never seen";

for (let round = 0; round < 3; round++) {
  const again = sampleSeconds(() => leastSquares(decay, start, { data }).value, { samples });
  const fit = leastSquares(decay, start, { data });
  question.add(
    warm,
    "descend",
    "ms",
    again.map((s) => s * 1e3),
    { check: fit.params.k, note: `${fit.steps} steps, ${fit.verdict}` },
  );
  // A new function each time: read, differentiated and compiled
  const fresh = () => leastSquares((p, row) => p.a * Math.exp(-p.k * row.x) + p.c - row.y, start, { data }).value;
  question.add(
    first,
    "descend",
    "ms",
    sampleSeconds(fresh, { samples, warmUp: 300 }).map((s) => s * 1e3),
    { check: fit.params.k },
  );
  for (const row of runPython(question, "fit", [samples]) ?? [])
    question.add(row.case, "SciPy", row.unit, row.samples, { check: row.check });
}

question.finish({ targets: { [warm]: { SciPy: 1 } }, tolerance: 1e-6 });
