/** How far a share of a few trials can be from the probability behind it. */

import { normalQuantile } from "./normal-quantile.js";

/**
 * Wilson's interval for the probability of success.
 *
 * (p̂ + z²/2n ± z·√(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
 *
 * @param successes - whole, 0 ≤ successes ≤ trials.
 * @param trials - whole, ≥ 1.
 * @param confidence - 0 < confidence < 1. Default 0.95.
 * @returns lower and upper end, within 0 and 1.
 *
 * Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): readonly [lower: number, upper: number] {
  const z = normalQuantile(0.5 + confidence / 2);
  const share = successes / trials;
  const center = share + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((share * (1 - share)) / trials + (z / (2 * trials)) ** 2);
  const scale = 1 + (z * z) / trials;
  return [successes === 0 ? 0 : Math.max(0, (center - reach) / scale), successes === trials ? 1 : Math.min(1, (center + reach) / scale)];
}
