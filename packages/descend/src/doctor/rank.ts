/**
 * The differential diagnosis: what is believed first where several hypotheses hold. Upstream causes come before what
 * they bring about: wrong data and code before any verdict on steps, scaling before a rate that only scaling makes
 * too large, and restarts, the dearest, last.
 */

import type { Finding, Outcome, Quality } from "./report.js";

/** Causes that stand above any outcome, first to last. */
const UPSTREAM = ["nonfinite-data", "wrong-gradient", "unused-rows", "head-loss-mismatch", "numeric-overflow", "outliers"];

/** By outcome, the likeliest cause first where its measurement holds. */
const BY_OUTCOME: Readonly<Record<Outcome, readonly string[]>> = {
  nonfinite: ["exploding-gradient", "unscaled-target", "unscaled-features", "no-finite-minimum", "bad-init-scale", "lr-too-large"],
  diverged: [
    "exploding-gradient",
    "momentum-ringing",
    "unshuffled-batches",
    "adam-nonconvergence",
    "unscaled-target",
    "unscaled-features",
    "bad-init-scale",
    "sgd-noise-floor",
    "kink-chatter",
    "lr-too-large",
  ],
  oscillating: [
    "momentum-ringing",
    "unshuffled-batches",
    "adam-nonconvergence",
    "kink-chatter",
    "unscaled-target",
    "unscaled-features",
    "sgd-noise-floor",
    "lr-too-large",
  ],
  unbounded: ["no-finite-minimum"],
  unfinished: [
    "precision-floor",
    "no-finite-minimum",
    "outliers",
    "unshuffled-batches",
    "adam-nonconvergence",
    "sgd-noise-floor",
    "kink-chatter",
    "unscaled-target",
    "unscaled-features",
    "collinear-features",
    "step-starved",
    "momentum-ringing",
    "bad-init-scale",
    "lr-too-small",
    "lr-too-large",
    "stopped-early",
    "ill-conditioned",
    "plateau",
    "local-minimum",
  ],
  "stationary-saddle": ["symmetric-init", "saddle-point"],
  flat: ["dead-relu", "vanishing-gradient", "bad-init-scale", "no-finite-minimum", "plateau"],
  stationary: [
    "over-regularised",
    "uninformative-labels",
    "dead-relu",
    "symmetric-init",
    "no-finite-minimum",
    "outliers",
    "plateau",
    "local-minimum",
  ],
};

const BY_QUALITY: Readonly<Record<Quality, readonly string[]>> = {
  poor: ["over-regularised", "uninformative-labels", "outliers", "local-minimum"],
  "generalises-badly": ["target-leakage", "outliers", "overfitting"],
};

/** Failures by what is upstream of what, then notes; the order within is that of confidence. */
export function rank(findings: readonly Finding[], outcome: Outcome, quality: readonly Quality[]): Finding[] {
  const healthyOutcome = outcome === "stationary";
  const order = [
    ...UPSTREAM,
    ...(healthyOutcome ? quality.flatMap((each) => BY_QUALITY[each]) : []),
    ...BY_OUTCOME[outcome],
    ...quality.flatMap((each) => BY_QUALITY[each]),
  ];
  const place = ({ id, level }: Finding): number => {
    const at = order.indexOf(id);
    return (level === "note" ? 1e3 : 0) + (at < 0 ? order.length : at);
  };
  return [...findings].sort((a, b) => place(a) - place(b) || b.confidence - a.confidence);
}
