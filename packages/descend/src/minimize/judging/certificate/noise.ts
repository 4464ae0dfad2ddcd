import { estimateNoise } from "../../../autodiff/noise-level.js";
import { short, type Test } from "./test.js";

/** Jitter of this many units of roundoff of the values the descent has seen is what any computation has. */
const USUAL_NOISE = 1e4;

/**
 * How much an objective that is called from outside jitters at a point: 0 if no more than rounding would.
 *
 * @param value - f at the point.
 * @param scale - size of the values the descent has seen.
 * @param thorough - also look for jitter that is the same at each call, at the cost of 7 to 35 values.
 */
export function measureNoise(
  evaluate: (params: Float64Array) => number,
  params: Float64Array,
  value: number,
  scale: number,
  roundoff: number,
  thorough: boolean,
): number {
  const again = evaluate(params);
  if (again === value && !thorough) return 0;
  const { noise } = estimateNoise(evaluate, params);
  const level = Math.max(noise, 0.5 * Math.abs(again - value));
  return level > USUAL_NOISE * roundoff * scale ? level : 0;
}

/** What noise of this size means for the value where the descent ended. */
export function noiseTest(noise: number, value: number): Test {
  return {
    name: "noise",
    passed: noise === 0,
    value: noise,
    threshold: 0,
    evidence:
      noise === 0
        ? "the same point gives the same value"
        : `values jitter by ${short(noise)}: what is smaller cannot be seen in ${short(value)}`,
  };
}
