/** Oracle: the interface of a rule, and gradient descent worked by hand. */

import { describe, expect, it } from "vitest";
import { DescendError } from "../../src/errors.js";
import type { Tensor } from "../../src/graph/tensor.js";
import { ones } from "../../src/graph/tensor-functions.js";
import { createDescent } from "../../src/minimize/minimize.js";
import type { Transformation } from "../../src/optim/transformation.js";

const rule = (update: (gradient: Tensor) => unknown): Transformation => ({
  name: "mine",
  init: () => ({}),
  update: (gradient) => update(gradient) as never,
});
const walk = (method: Transformation) => createDescent(([x, y]: number[]) => x! ** 2 + y! ** 2, [1, 2], { method });

describe("a rule of one's own", () => {
  it("is used as it is: x − 0.1·g from (1, 2) leads to (0.8, 1.6)", () => {
    const descent = walk(rule((gradient) => ({ updates: gradient.mul(-0.1), state: {} })));
    descent.step();
    expect(descent.params[0]).toBeCloseTo(0.8, 15);
    expect(descent.params[1]).toBeCloseTo(1.6, 15);
  });

  it.each<[string, (gradient: Tensor) => unknown, string]>([
    [
      "nothing",
      () => undefined,
      "NOT_A_TENSOR mine: update must return { updates, state }: a tensor and a record of tensors; got no updates.",
    ],
    [
      "no state",
      (g) => ({ updates: g }),
      "NOT_A_TENSOR mine: update must return { updates, state }: a tensor and a record of tensors; got no state.",
    ],
    [
      "a number",
      () => ({ updates: 5, state: {} }),
      "NOT_A_TENSOR mine: update must return { updates, state }: a tensor and a record of tensors; got no updates.",
    ],
    [
      "a scalar",
      (g) => ({ updates: g.sum(), state: {} }),
      "SHAPE_MISMATCH mine: update must return updates in the shape of the parameters, [2]; got scalar.",
    ],
    [
      "too many updates",
      () => ({ updates: ones([3]), state: {} }),
      "SHAPE_MISMATCH mine: update must return updates in the shape of the parameters, [2]; got [3].",
    ],
  ])("is refused if it returns %s", (_, update, expected) => {
    let got = "";
    try {
      walk(rule(update));
    } catch (error) {
      if (error instanceof DescendError) got = `${error.code} ${error.message}`;
    }
    expect(got).toBe(expected);
  });
});
