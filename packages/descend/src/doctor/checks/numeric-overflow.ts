/** A value that is not finite out of nothing: parameters and the values before it are moderate. */

import { twoNorm } from "../../numeric/blas1.js";
import { type Check, type Draft, type Remedy, short } from "../check.js";
import { lbfgsRemedy } from "../remedies.js";

/** Values beyond this have grown, they did not come out of nothing. */
const MODERATE = 1e15;
/** Of the start: points on the way to the origin, of which the one with the lowest value is taken. */
const NEARER = [0.5, 0.1, 0.01, 0];

export const numericOverflow: Check = {
  id: "numeric-overflow",
  explains: ["nonfinite"],
  examine(examination): Draft | undefined {
    const { settled, run, probe, last } = examination;
    if (!Number.isFinite(run.startValue)) {
      const size = twoNorm(settled.startParams);
      if (size > 1e8) return undefined;
      const nearer = NEARER.map((share) => settled.startParams.map((x) => share * x))
        .map((point) => ({ point, value: probe.value(point) }))
        .filter(({ value }) => Number.isFinite(value))
        .sort((a, b) => a.value - b.value)[0];
      const start = nearer === undefined ? undefined : Array.from(nearer.point);
      return draft(
        0.7,
        [
          examination.note("value-at-start", run.startValue, { how: "the objective at the start" }),
          examination.note("parameters-at-start", size, { how: "‖x‖₂ at the start" }),
        ],
        `The objective is ${run.startValue} at the start, where the parameters are of size ${short(size)}.`,
        { value: String(run.startValue), size },
        start === undefined
          ? []
          : [
              { id: "nearer-start", patch: { start }, fixLevel: "start", text: "Start nearer to the origin, where there is a value." },
              {
                id: "nearer-start-lbfgs",
                patch: { start, method: "lbfgs", batch: "full" },
                fixLevel: "start",
                text: "Start nearer to the origin, where there is a value, with L-BFGS.",
              },
            ],
      );
    }
    const { method } = settled;
    if (method.family === "search" || !Number.isFinite(last.value) || Math.abs(last.value) > MODERATE || twoNorm(last.params) > 1e8)
      return undefined;
    // Where between the last point and the step that failed the value ceases to be finite, and how large it is just before
    const here = probe.at(last.params);
    const rate = method.learningRate ?? examination.effectiveRate;
    if (rate === undefined) return undefined;
    const step =
      method.family === "adaptive"
        ? here.gradient.map((g) => -rate * Math.sign(g))
        : here.gradient.map((g) => (-rate * g) / (1 - method.momentum));
    const at = (t: number): number => probe.value(last.params.map((x, i) => x + t * step[i]!));
    let [inside, outside] = [0, 1];
    let largest = Math.abs(here.value);
    if (Number.isFinite(at(1)) && method.momentum === 0) return undefined;
    while (Number.isFinite(at(outside)) && outside < 64) outside *= 2;
    if (outside >= 64) return undefined;
    for (let k = 0; k < 24; k++) {
      const middle = (inside + outside) / 2;
      const value = at(middle);
      if (Number.isFinite(value)) {
        inside = middle;
        largest = Math.max(largest, Math.abs(value));
      } else outside = middle;
    }
    if (largest > MODERATE) return undefined;
    const evidence = [
      examination.note("largest-value-before", largest, {
        threshold: MODERATE,
        how: "largest |f| between the last point and where it ceases to be finite, by 24 bisections along the step",
      }),
      examination.note("parameters-there", twoNorm(last.params), { how: "‖x‖₂ at the last finite point" }),
    ];
    return draft(
      0.85,
      evidence,
      `The objective is not finite a step away from ${short(here.value)}, while everything around is moderate: no value above ${short(largest)} leads there.`,
      { value: here.value, largest, step: run.steps },
      [
        {
          id: "smaller-steps",
          patch: { learningRate: Number((rate / 10).toPrecision(3)) },
          fixLevel: "solver",
          text: `Take a tenth of the rate, ${short(rate / 10)}: steps then end before.`,
          values: { learningRate: rate / 10 },
        },
        ...lbfgsRemedy(examination).map((remedy) => ({ ...remedy, text: "Let a line search refuse points without a value: L-BFGS." })),
      ],
    );
  },
};

function draft(confidence: number, evidence: Draft["evidence"], text: string, values: Draft["values"], remedies: readonly Remedy[]): Draft {
  return {
    confidence,
    evidence,
    text,
    values,
    remedies: [
      {
        id: "stable-form",
        patch: {},
        automatic: false,
        fixLevel: "code",
        text: "Write the stable form: log-sum-exp, softplus and log1p in place of log(1 + exp(x)); clamp what is divided by; keep logarithms and roots within their domain.",
      },
      ...remedies,
    ],
  };
}
