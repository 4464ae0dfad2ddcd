/**
 * The smallest difference of values that means anything: φ = 8u·(|f| + mean |loss|), u the unit roundoff of the number format.
 *
 * The mean of the sizes of the losses is taken as |f| where it is not known: losses are rarely of both signs.
 */
export function roundingFloor(value: number, precision: "float64" | "float32" | "fast" | undefined): number {
  const roundoff = precision === undefined || precision === "float64" ? 2 ** -53 : 2 ** -24;
  return Number.isFinite(value) ? 16 * roundoff * Math.abs(value) : 0;
}
