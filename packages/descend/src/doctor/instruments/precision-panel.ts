/** Steps against the spacing of the numbers they are added to. */

/**
 * Share of ‖g‖² in coordinates whose step is less than half the spacing of float32 numbers at the parameter: they do not move at all.
 *
 * @param step - what the method adds, [n].
 */
export function roundedAway(params: ArrayLike<number>, gradient: ArrayLike<number>, step: ArrayLike<number>): number {
  let lost = 0;
  let total = 0;
  for (let i = 0; i < gradient.length; i++) {
    const size = gradient[i]! ** 2;
    total += size;
    const spacing = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(params[i]!), 2 ** -126))) - 23);
    if (Math.abs(step[i]!) < spacing / 2) lost += size;
  }
  return total > 0 ? lost / total : 0;
}
