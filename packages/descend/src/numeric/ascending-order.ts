/** The order of numbers. */

/**
 * Indices of `values` from the least value to the greatest, equal values in the order they stand; what is not a number comes last.
 *
 * A merge sort from the bottom up, without a call for a comparison: n log₂ n steps.
 *
 * Source: Knuth 1998, The Art of Computer Programming 3, section 5.2.4.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const { length } = values;
  let from = Uint32Array.from(values, (_, i) => i);
  let to = new Uint32Array(length);
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + 2 * width, length);
      let [left, right] = [start, middle];
      for (let k = start; k < end; k++) {
        to[k] = right >= end || (left < middle && !isBefore(values[from[right]!]!, values[from[left]!]!)) ? from[left++]! : from[right++]!;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

function isBefore(a: number, b: number): boolean {
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}
