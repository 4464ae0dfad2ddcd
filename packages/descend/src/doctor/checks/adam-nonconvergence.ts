/** An adaptive method whose updates, summed over whole stretches of the run, point uphill. */

import { dot } from "../../numeric/blas1.js";
import { type Check, type Draft, type Remedy, short } from "../check.js";
import type { Snapshot } from "../observe.js";
import { lbfgsRemedy } from "../remedies.js";

/** Stretches in a row that go uphill. */
const STRETCHES = 3;
/** Points that stretches are taken between, at most. */
const LOOKED_AT = 21;

/** So many of them, the first and the last included. */
function spread<T>(list: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, k) => list[Math.round((k * (list.length - 1)) / (count - 1))]!);
}

export const adamNonconvergence: Check = {
  id: "adam-nonconvergence",
  explains: ["diverged", "oscillating", "unfinished"],
  examine(examination): Draft | undefined {
    const { settled, run, probe, stability } = examination;
    const { method } = settled;
    if (method.family !== "adaptive" || method.name === "adagrad" || method.learningRate === undefined) return undefined;
    if (stability !== undefined && stability.atLast > 1 && !settled.stochastic) return undefined;
    const rows = Math.max(1, settled.rows);
    const epoch = settled.batch === undefined ? 1 : Math.ceil(rows / settled.batch);
    // Over the whole run: where it has climbed as far as it goes, the last stretches are no longer uphill
    const picked: Snapshot[] = [];
    for (const snapshot of run.snapshots) if (snapshot.step - (picked.at(-1)?.step ?? -epoch) >= epoch) picked.push(snapshot);
    if (picked.length > LOOKED_AT) picked.splice(0, picked.length, ...spread(picked, LOOKED_AT));
    if (picked.length < STRETCHES + 1) return undefined;
    const before = probe.spent;
    const slopes = picked.slice(1).map(({ params }, k) => {
      const from = picked[k]!;
      return dot(
        probe.at(from.params).gradient,
        params.map((x, i) => x - from.params[i]!),
      );
    });
    let longest = 0;
    let row = 0;
    for (const slope of slopes) {
      row = slope > 0 ? row + 1 : 0;
      longest = Math.max(longest, row);
    }
    if (longest < STRETCHES) return undefined;
    const size = settled.batch ?? rows;
    const beta2 = Number(Math.max(method.beta2 ?? 0.999, 1 - size / (10 * rows), 0.999).toPrecision(6));
    const name = method.name === "rmsprop" ? "rmsprop" : "adam";
    const longer: Remedy[] =
      name === "adam"
        ? [
            {
              id: "longer-memory",
              patch: { methodOptions: { beta2 } },
              fixLevel: "solver",
              text: `Lengthen the memory of squares: β₂ = ${beta2}.`,
              values: { beta2 },
            },
          ]
        : [];
    return {
      confidence: 0.6 + 0.05 * longest,
      evidence: [
        examination.note("stretches-uphill", longest, {
          threshold: STRETCHES,
          how: "stretches of the run in a row whose total update has a positive product with the gradient of all rows at their start",
          cost: probe.spent - before,
        }),
      ],
      text: `Over ${longest} stretches in a row ${method.name} moved against its own descent: the sum of the updates points uphill.`,
      values: { stretches: longest, method: method.name, beta2: method.beta2 ?? "NaN" },
      remedies: [
        ...longer,
        ...lbfgsRemedy(examination),
        {
          id: "amsgrad",
          patch: { method: "amsgrad", learningRate: method.learningRate },
          fixLevel: "solver",
          text: "Take AMSGrad, whose memory of squares never shrinks.",
        },
        {
          id: "decay",
          patch: { decay: { rate: Number((20 / run.budget).toPrecision(3)), power: 1 } },
          fixLevel: "solver",
          text: "Let the rate decay.",
        },
        {
          id: "shorter-rate",
          patch: { learningRate: Number((method.learningRate / 10).toPrecision(3)) },
          fixLevel: "solver",
          text: `Take a tenth of the rate, ${short(method.learningRate / 10)}.`,
        },
      ],
    };
  },
};
