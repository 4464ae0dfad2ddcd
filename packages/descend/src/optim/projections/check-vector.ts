import { outOfRange } from "../options.js";

/** @throws OptionError OPTION_OUT_OF_RANGE unless it is a finite number or holds only such. */
export function checkVector(where: string, option: string, values: number | ArrayLike<number>): void {
  const list = typeof values === "number" ? [values] : Array.from(values ?? [Number.NaN]);
  const wrong = list.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw outOfRange(where, option, "finite numbers", wrong);
}

/** Number of entries; undefined for one number that stands for all. */
export function sizeOf(values: number | ArrayLike<number>): number | undefined {
  return typeof values === "number" ? undefined : values.length;
}
