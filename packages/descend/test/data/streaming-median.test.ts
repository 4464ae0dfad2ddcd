import { describe, expect, it } from "vitest";
import { createStreamingMedian } from "../../src/data/streaming-median.js";
import { threefryUniform } from "../../src/numeric/random.js";

describe("the median of numbers in pieces (oracle: all of them, sorted)", () => {
  const numbers = Float64Array.from({ length: 300_000 }, (_, i) => threefryUniform(4, 20, i));

  it.each([
    ["of numbers alike", numbers.map((u) => 1e6 + u * 1e-7)],
    ["of both signs", numbers.map((u) => u - 0.5)],
    ["of an even number with two in the middle", Float64Array.of(-3, 7, 1e300, -1e-300)],
    ["of few different values", numbers.map((u) => Math.floor(u * 3) - 1)],
    ["of one value", Float64Array.of(-2.5)],
    ["of equal values", new Float64Array(300_000).fill(-0.1)],
  ])("is the middle %s", (_, values) => {
    const median = createStreamingMedian();
    let passes = 0;
    do {
      for (let first = 0; first < values.length; first += 65_536) median.add(values.subarray(first, first + 65_536));
      passes++;
    } while (!median.endPass());
    const sorted = values.slice().sort();
    const middle = sorted.length >> 1;
    expect(median.value).toBe(sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2);
    expect(passes).toBeLessThanOrEqual(4);
  });
});
