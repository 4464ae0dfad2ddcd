/** Least squares within bounds. */

import { OptionError } from "../../errors.js";
import { twoNorm } from "../../numeric/blas1.js";
import type { Box } from "../../numeric/box.js";
import {
  type LevenbergMarquardtState,
  levenbergMarquardtStep,
  startLevenbergMarquardt,
} from "../../optim/least-squares/levenberg-marquardt.js";
import { slopeOf, startWithinBounds, trustRegionReflectiveStep } from "../../optim/least-squares/trust-region-reflective.js";
import { short, type Test } from "../judging/certificate/test.js";
import { restrictedModel } from "./adapted-models.js";
import type { Ended, LeastSquaresRuns, Pass, Run, State } from "./least-squares-runs.js";
import type { CountedModel } from "./residual-models.js";

/** How often the set of parameters held at bounds is changed. */
const MAX_ROUNDS = 8;

/**
 * Steps inside the bounds until it is clear which of them hold; these parameters are then put there exactly, and the others fitted without
 * bounds. Where one of them runs into a bound, or one that is held should not be, it begins anew from there.
 */
export function fitWithinBounds(runs: LeastSquaresRuns, box: Box): Ended {
  const { options, start, tolerances } = runs;
  const movable = Array.from(start.keys()).filter((j) => box.lower[j]! < box.upper[j]!);
  if (movable.length === 0) {
    throw new OptionError("OPTIONS_CONFLICT", "bounds: hold every parameter fixed, so that there is nothing to fit.", {
      options: ["bounds", "start"],
    });
  }
  const inner = { lower: Float64Array.from(movable, (j) => box.lower[j]!), upper: Float64Array.from(movable, (j) => box.upper[j]!) };
  let params = start;
  let ended: Ended | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const moving = passOf(runs.model, movable, params, box, (state, model) =>
      trustRegionReflectiveStep(state as LevenbergMarquardtState, model, tolerances, inner),
    );
    const begin = startWithinBounds(inner, moving.start);
    const first = startLevenbergMarquardt(begin, moving.model.linearize(begin), options.initialRadius ?? 1);
    const { state, reasons } = runs.loop(first, moving);
    ended = { run: { state, reasons, certificate: undefined }, pass: moving, free: movable };
    if (!reasons.some((reason) => reason.endsWith("tolerance"))) return ended;

    // Held is what is nearer to a bound than its slope against the bound is to 0, both without unit
    const slope = slopeOf(state.factor);
    const { columnNorms, residualNorm } = state.factor;
    const length = twoNorm(state.params.map((x, k) => x * columnNorms[k]!)) || residualNorm;
    const held = new Map<number, number>();
    movable.forEach((j, k) => {
      const bound = slope[k]! > 0 ? inner.lower[k]! : inner.upper[k]!;
      const share = (Math.abs(state.params[k]! - bound) * columnNorms[k]!) / length;
      if (share <= Math.abs(slope[k]!) / columnNorms[k]! / residualNorm) held.set(j, bound);
    });
    params = moving.params(state.params).map((x, j) => held.get(j) ?? x);
    const free = movable.filter((j) => !held.has(j));
    const fixed = passOf(runs.model, free, params, box, (before, model) =>
      levenbergMarquardtStep(before as LevenbergMarquardtState, model, tolerances),
    );
    const z = fixed.start;
    const begun = { ...startLevenbergMarquardt(z, fixed.model.linearize(z)), steps: 1 };
    const run = free.length > 0 ? runs.run(begun, fixed) : corner(begun);
    params = fixed.params(run.state.params);
    const inwards = inwardSlope(runs.model, box, held, params);
    const test = slopeTest(inwards, tolerances.gradient);
    const certificate =
      run.certificate && held.size > 0 ? { ...run.certificate, tests: [...run.certificate.tests, test] } : run.certificate;
    ended = { run: { ...run, certificate }, pass: fixed, free };
    if ((test.passed && certificate?.finding !== "not-stationary") || runs.spent().length > 0) return ended;
  }
  const { run, pass, free } = ended!;
  return {
    run: { ...run, certificate: run.certificate && { ...run.certificate, finding: "not-stationary" } },
    pass,
    ...(free && { free }),
  };
}

/**
 * How steeply the sum of squares falls from bounds inwards, at most, in units of residuals and columns of J; 0 where it rises from each.
 */
function inwardSlope(model: CountedModel, box: Box, held: ReadonlyMap<number, number>, params: Float64Array): number {
  if (held.size === 0) return 0;
  const factor = model.linearize(params);
  const slope = slopeOf(factor);
  return [...held].reduce((most, [j, bound]) => {
    const inwards = bound === box.lower[j] ? -slope[j]! : slope[j]!;
    return Math.max(most, inwards / (factor.residualNorm * factor.columnNorms[j]! || 1));
  }, 0);
}

/** The way through some of the parameters, the others as they are at a point. */
function passOf(
  all: CountedModel,
  free: readonly number[],
  at: Float64Array,
  box: Box,
  advance: (state: State, model: CountedModel) => ReturnType<Pass["advance"]>,
): Pass {
  const model = restrictedModel(all, free, at, box);
  const filled = (base: Float64Array, values: Float64Array): Float64Array => {
    const full = base.slice();
    free.forEach((j, k) => {
      full[j] = values[k]!;
    });
    return full;
  };
  return {
    model,
    start: Float64Array.from(free, (j) => at[j]!),
    scale: new Float64Array(free.length),
    params: (z) => filled(at, z),
    spread: (g) => filled(new Float64Array(at.length), g),
    advance: (state) => advance(state, model),
  };
}

/** Every parameter held at a bound: nothing is left to fit. */
function corner(state: LevenbergMarquardtState): Run {
  return { state, reasons: ["gradient-tolerance"], certificate: { tests: [], finding: "minimizer", newton: undefined } };
}

function slopeTest(inwards: number, threshold: number): Test {
  return {
    name: "complementarity",
    passed: inwards <= threshold,
    value: inwards,
    threshold,
    evidence: `from no bound that holds a parameter the sum of squares falls by more than ${short(inwards)} of the residuals by column of J`,
  };
}
