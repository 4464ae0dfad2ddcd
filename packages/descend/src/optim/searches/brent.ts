import { checkInterval, GOLDEN, type ScalarMinimum, type ScalarMinimumOptions, VALUE_RESOLUTION } from "./scalar-minimum.js";

/**
 * The minimum of a function of one variable by Brent's method: parabolas through the three lowest points, golden
 * sections where these do not shrink the interval.
 *
 * Superlinear on smooth functions (order about 1.32), never worse than some multiple of golden
 * sections. Values that are not numbers count as +∞.
 *
 * @param objective - f of a number.
 * @param interval - [lower, upper], finite, lower < upper. Its ends are not evaluated.
 * @param options.tolerance - error of x that may be left, relative to |x|, > 0; 2⁻⁵² of the interval where x is 0. Default 2⁻²⁶ ≈
 * 1.5e-8, which is all that values can tell.
 * @param options.maxEvaluations - ≥ 3. Default 200.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Brent 1973, chapter 5 (localmin).
 *
 * @example
 * brent((x) => x - Math.log(x), [0.1, 5]).x; // 1
 */
export function brent(
  objective: (x: number) => number,
  interval: readonly [lower: number, upper: number],
  options: ScalarMinimumOptions = {},
): ScalarMinimum {
  checkInterval("brent", interval, options);
  const { tolerance = VALUE_RESOLUTION, maxEvaluations = 200 } = options;
  let [a, b] = interval;
  const floor = Number.EPSILON * (b - a);
  /** Lowest point, second lowest, and the second lowest before: x, w, v of the paper. */
  let x = a + GOLDEN * (b - a);
  let w = x;
  let v = x;
  let fx = valueAt(x);
  let fw = fx;
  let fv = fx;
  let evaluations = 1;
  let move = 0;
  let moveBefore = 0;

  function valueAt(at: number): number {
    const value = objective(at);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  }

  for (;;) {
    const middle = (a + b) / 2;
    const near = tolerance * Math.abs(x) + floor;
    const small = Math.abs(x - middle) <= 2 * near - (b - a) / 2;
    if (small || evaluations >= maxEvaluations)
      return { x, value: fx, evaluations, converged: small && Number.isFinite(fx), interval: [a, b] };

    // The parabola's minimum, if it lies inside and moves less than half as far as the move before the last.
    const r = (x - w) * (fx - fv);
    const q = (x - v) * (fx - fw);
    const p = (x - v) * q - (x - w) * r;
    const denominator = 2 * (q - r);
    const parabola = -p / denominator;
    const fits = Math.abs(moveBefore) > near && Math.abs(parabola) < Math.abs(moveBefore) / 2 && x + parabola > a && x + parabola < b;
    moveBefore = move;
    if (fits) {
      move = parabola;
      if (x + move - a < 2 * near || b - (x + move) < 2 * near) move = x < middle ? near : -near;
    } else {
      moveBefore = x < middle ? b - x : a - x;
      move = GOLDEN * moveBefore;
    }

    const u = x + (Math.abs(move) >= near ? move : move > 0 ? near : -near);
    const fu = valueAt(u);
    evaluations++;
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
}
