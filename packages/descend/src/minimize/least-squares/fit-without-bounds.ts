/** Least squares without bounds: one run, and others with smaller first steps where it escapes. */

import { rankOf } from "../../numeric/triangular-factor.js";
import { gaussNewtonStep } from "../../optim/least-squares/gauss-newton.js";
import {
  type LevenbergMarquardtState,
  levenbergMarquardtStep,
  startLevenbergMarquardt,
} from "../../optim/least-squares/levenberg-marquardt.js";
import type { Ended, LeastSquaresRuns, Pass } from "./least-squares-runs.js";

/** How often a run that escaped to where the residuals no longer change is begun anew with a smaller first trust region. */
const MAX_RETREATS = 2;
const RETREAT = 0.01;

/** @returns the end, and the first trust region of the run that led there if it is not the first run. */
export function fitWithoutBounds(runs: LeastSquaresRuns): Ended & { readonly retreat: number | undefined } {
  const { model, layout, options, start, tolerances } = runs;
  const method = options.method ?? "levenberg-marquardt";
  const same = (x: Float64Array): Float64Array => x;
  const pass: Pass = {
    model,
    start,
    scale: new Float64Array(layout.size),
    params: same,
    spread: same,
    advance: (state) =>
      method === "gauss-newton"
        ? gaussNewtonStep(state, model, tolerances)
        : levenbergMarquardtStep(state as LevenbergMarquardtState, model, tolerances),
  };
  let retreatedTo: number | undefined;
  let radius = options.initialRadius ?? 1;
  const factor = model.linearize(start);
  let run = runs.run(startLevenbergMarquardt(start, factor, radius), pass);
  // Too long a first step can carry the parameters to where the residuals no longer depend on them
  const determined = rankOf(factor) === layout.size;
  for (
    let retreat = 0;
    retreat < MAX_RETREATS && determined && method === "levenberg-marquardt" && run.certificate?.finding === "plateau";
    retreat++
  ) {
    radius *= RETREAT;
    const again = runs.run(startLevenbergMarquardt(start, factor, radius), pass);
    if (!(again.state.factor.residualNorm < run.state.factor.residualNorm)) continue;
    run = again;
    retreatedTo = radius;
  }
  return { run, pass, retreat: retreatedTo };
}
