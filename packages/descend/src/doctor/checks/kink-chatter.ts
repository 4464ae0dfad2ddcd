/** Steps hop across a kink. */

import { median } from "../../numeric/averages.js";
import { twoNorm } from "../../numeric/blas1.js";
import { type Check, type Draft, type Remedy, short } from "../check.js";
import { observe } from "../observe.js";
import { settleCase } from "../settle-case.js";

/** Of ‖g‖: sum of the slopes out of the kink, on both sides. */
const KINK = 0.2;
/** Level at the rate ÷ level at a quarter of it. */
const LEVELS = 2;
const SHORT_RUN = 16;
/** What the rate is divided by at the end of the budget: the height above the kink goes with the rate. */
const FALLS_TO = 200;

export const kinkChatter: Check = {
  id: "kink-chatter",
  explains: ["unfinished", "oscillating", "diverged"],
  examine(examination): Draft | undefined {
    const { settled, run, probe, drop } = examination;
    const { method } = settled;
    if (settled.stochastic || method.learningRate === undefined || !method.adjustable) return undefined;
    // A curvature beyond the limit explains the bouncing without a kink
    const { stability } = examination;
    if (stability !== undefined && Number.isFinite(stability.atLowest) && stability.atLowest > 1) return undefined;
    const stretch = run.snapshots.findLast(({ next }) => next !== undefined && twoNorm(next) > 0);
    if (stretch === undefined) return undefined;
    const length = twoNorm(stretch.next!);
    const near = drop.walk.params;
    const gradient = probe.at(stretch.params).gradient;
    const size = twoNorm(gradient);
    if (!(size > 0)) return undefined;
    const center = probe.value(near);
    // Sum of the slopes out of the lowest point, along the gradient: constant at a kink, shrinking with the distance where it is smooth
    const slopes = (h: number): number => {
      const [ahead, behind] = [1, -1].map((sign) => probe.value(near.map((x, i) => x + (sign * h * gradient[i]!) / size)));
      return (ahead! + behind! - 2 * center) / h;
    };
    const [wide, narrow] = [slopes(length), slopes(length / 10)];
    // Of many small kinks, one a row, each step crosses several: there the model says that it has them
    const declared = settled.table?.model.kind === "absolute";
    if (!declared && (!(narrow > KINK * size) || !(narrow > 0.4 * wide))) return undefined;
    const valuesAt = (rate: number): number[] => {
      const shorter = settleCase(settled.source, {
        ...settled.patch,
        learningRate: rate,
        start: Array.from(run.params),
        maxSteps: SHORT_RUN,
      });
      const observed = observe({ ...shorter, source: { ...shorter.source, stopping: {} } }, probe);
      probe.charge(observed.gradients);
      return observed.entries.slice(-SHORT_RUN / 2).map(({ value }) => value);
    };
    const [coarse, fine] = [valuesAt(method.learningRate), valuesAt(method.learningRate / 4)];
    const floorValue = Math.min(drop.walk.value, examination.lowest.value, ...coarse, ...fine);
    const ratio = (median(coarse) - floorValue) / Math.max(median(fine) - floorValue, Number.MIN_VALUE);
    const evidence = [
      examination.note("slopes-of-kink", narrow / size, {
        threshold: KINK,
        how: "sum of the slopes out of the lowest point on both sides along the gradient, at a tenth of a step, ÷ ‖g‖",
      }),
      examination.note("level-ratio", ratio, {
        threshold: LEVELS,
        how: `median height over the lowest value at the rate ÷ at a quarter of it, ${SHORT_RUN} steps each`,
      }),
    ];
    if (!(ratio > LEVELS && (declared || ratio < 50))) return undefined;
    const rate = Number((FALLS_TO / run.budget).toPrecision(3));
    const remedies: Remedy[] = [
      {
        id: "decay",
        patch: { start: Array.from(run.params), decay: { rate, power: 1 } },
        fixLevel: "solver",
        text: `Go on from here with a rate that decays as 1/(1 + ${rate}·step).`,
        values: { decay: rate },
      },
      {
        id: "decay-more",
        patch: { start: Array.from(run.params), decay: { rate: Number(((10 * FALLS_TO) / run.budget).toPrecision(3)), power: 1 } },
        fixLevel: "solver",
        text: "Go on from here with a rate that decays ten times faster.",
      },
      {
        id: "average",
        patch: { averageFrom: Math.floor(run.budget / 2) },
        fixLevel: "solver",
        text: "Take the mean of the iterates of the second half.",
      },
      { id: "lbfgs", patch: { method: "lbfgs" }, fixLevel: "solver", text: "Let L-BFGS find the lengths of the steps." },
    ];
    return {
      confidence: 0.9,
      evidence,
      text: `The run hops across a kink: both sides of the lowest point rise with ${short(narrow / size)} of the gradient's slope, and a quarter of the rate hovers ${short(ratio)} times lower.`,
      values: { slopes: narrow / size, levelRatio: ratio },
      remedies,
    };
  },
};
