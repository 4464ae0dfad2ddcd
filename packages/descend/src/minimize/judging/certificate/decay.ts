/** How a way shows that its end is a limit: values fell over many orders long before it. */

/** Of the whole fall, what is left where values have decayed. */
export const DECAYED = 1e-4;

/**
 * Samples of a way at which next to nothing of the whole fall is left, but more than rounding.
 *
 * @param restAt - value less that at the end, at a share of the way, 0 < share < 1.
 * @param whole - the same at its beginning, > 0.
 * @param samples - parts the way is divided in.
 * @param roundingAt - what is rounding there. Default: nothing.
 */
export function countDecayed(
  restAt: (share: number) => number,
  whole: number,
  samples: number,
  roundingAt: (share: number) => number = () => 0,
): number {
  let count = 0;
  for (let k = 1; k < samples; k++) {
    const share = k / samples;
    const rest = restAt(share);
    if (rest > roundingAt(share) && rest < DECAYED * whole) count++;
  }
  return count;
}
