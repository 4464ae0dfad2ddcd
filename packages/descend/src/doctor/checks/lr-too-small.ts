/** A step many times as long would still be stable, and the budget is gone. */

import { maxNorm } from "../../numeric/blas1.js";
import { type Check, confidenceOf, type Draft, type Remedy, short } from "../check.js";
import { lbfgsRemedy, stableRateRemedy } from "../remedies.js";

/** Of the limit. */
const SMALL = 0.1;
/** Multiples of the step that still pay. */
const LONGER = 10;
/** Adaptive methods move by their rate: the share of the way that was used at full speed. */
const FULL_SPEED = 0.5;

export const lrTooSmall: Check = {
  id: "lr-too-small",
  explains: ["unfinished"],
  examine(examination): Draft | undefined {
    const { settled, run } = examination;
    const { method } = settled;
    if (method.learningRate === undefined || run.reason === "gradient-tolerance") return undefined;
    const { scans } = examination;
    const longer = scans.filter(({ scan }) => scan.best >= LONGER).length;
    if (method.family === "adaptive") return adaptive();
    const { stability, stableRate } = examination;
    if (stability === undefined || stableRate === undefined) return undefined;
    const number = Math.max(stability.atLowest, (method.learningRate * stability.soundCurvature) / stability.limit);
    if (!(number < SMALL) || longer * 2 < scans.length) return undefined;
    const evidence = [
      examination.note("stability-of-sound-descent", number, {
        threshold: SMALL,
        how: "rate × largest curvature at start, lowest point and where L-BFGS leads ÷ the limit",
      }),
      ...scans.map((_, k) => examination.measurements[`best-multiple-${k + 1}`]!),
    ];
    const { needed } = examination.pace;
    const predicted = run.steps + (needed - run.steps) * (method.learningRate / stableRate);
    return {
      confidence: confidenceOf(SMALL, number),
      evidence: [...evidence, examination.measurements["steps-needed"]!],
      text: `The learning rate ${short(method.learningRate)} is ${short(100 * number)} % of what is stable; at ${short(stableRate)} the same descent takes ${short(stableRate / method.learningRate)} times fewer steps.`,
      values: { learningRate: method.learningRate, share: number, stableRate, stepsNeeded: Number.isFinite(needed) ? needed : "Infinity" },
      remedies: [
        ...stableRateRemedy(examination).map(
          (remedy): Remedy => ({
            ...remedy,
            ...(Number.isFinite(predicted) ? { prediction: { quantity: "steps-needed", value: predicted } } : {}),
          }),
        ),
        ...lbfgsRemedy(examination),
      ],
    };

    /** Moves at full speed all the way, and is not there. */
    function adaptive(): Draft | undefined {
      const rate = method.learningRate!;
      const covered = maxNorm(run.params.map((x, i) => x - settled.startParams[i]!));
      const remaining = maxNorm(examination.drop.walk.params.map((x, i) => x - run.params[i]!));
      const speed = covered / (rate * Math.max(1, run.steps));
      if (!(speed > FULL_SPEED) || !(remaining > 0.2 * covered)) return undefined;
      const factor = Number(Math.min(1000, 3 * (1 + remaining / covered)).toPrecision(2));
      const learningRate = Number((rate * factor).toPrecision(3));
      return {
        confidence: confidenceOf(remaining / covered, 0.1),
        evidence: [
          examination.note("share-of-full-speed", speed, { threshold: FULL_SPEED, how: "largest displacement ÷ (rate × steps)" }),
          examination.note("remaining-distance", remaining, { how: "largest displacement to where 30 steps of L-BFGS lead" }),
        ],
        text: `Every step has nearly the full length ${short(rate)}: the run covered ${short(covered)} and has ${short(remaining)} before it.`,
        values: { learningRate: rate, covered, remaining },
        remedies: [
          {
            id: "larger-rate",
            patch: { learningRate },
            fixLevel: "solver",
            text: `Take the learning rate ${short(learningRate)}.`,
            values: { learningRate },
          },
          ...lbfgsRemedy(examination),
        ],
      };
    }
  },
};
