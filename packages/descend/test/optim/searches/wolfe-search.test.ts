// Oracle: arithmetic on functions of one variable whose minima are known, with the trials counted.

import { describe, expect, it } from "vitest";
import { searchedOn } from "../../../src/optim/searches/line-search.js";
import { LOOSE, wolfeSearch } from "../../../src/optim/searches/wolfe-search.js";

function searched(value: (a: number) => number, slope: (a: number) => number) {
  let trials = 0;
  const found = searchedOn(wolfeSearch(LOOSE), { value: value(0), slope: slope(0), initial: 1 }, (a) => {
    trials++;
    return { value: value(a), slope: slope(a) };
  });
  return { found, trials };
}

describe("the search for the strong Wolfe conditions", () => {
  it("goes to the end of the numbers where a slope has none, though each unit of it counts for nothing", () => {
    const { found } = searched(
      (a) => -1e-24 * a,
      () => -1e-24,
    );
    expect(found!.value).toBeLessThan(-1e200);
  });

  it.each([1e5, 1e8, 1e12, 1e20, 1e40])("comes back to a kink at %f that it went beyond", (kink) => {
    const { found, trials } = searched(
      (a) => Math.abs(a - kink) / kink,
      (a) => Math.sign(a - kink) / kink,
    );
    expect(found).toBeDefined();
    expect(found!.stepSize).toBeLessThan(2 * kink);
    expect(trials).toBeLessThanOrEqual(40);
  });

  it.each([-300, -200, 0, 150, 200, 300])("takes the same trials in all units: a parabola times 1e%i", (exponent) => {
    const unit = 10 ** exponent;
    const { found, trials } = searched(
      (a) => unit * (a - 0.03) ** 2,
      (a) => 2 * unit * (a - 0.03),
    );
    // One trial beyond the minimum, one at the safeguard of a tenth of the interval; the cubic
    // through both ends of what is left is the parabola
    expect(trials).toBe(3);
    expect(found!.stepSize).toBeCloseTo(0.03, 10);
  });
});
