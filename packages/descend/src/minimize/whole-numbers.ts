import { type Box, pinnedBox } from "../numeric/box.js";
import type { Test } from "./certificate/test.js";
import { wholeNeighborsTest } from "./certificate/whole-neighbors.js";

/** Parameters of a descent that take whole numbers only: held where they are while derivatives along the others are looked at. */
export class WholeNumbers {
  /** What each parameter takes, [n], in the codes of `optim/search-method.ts`. */
  readonly codes: Uint8Array;
  private readonly box: Box | undefined;

  constructor(codes: Uint8Array, box: Box | undefined) {
    this.codes = codes;
    this.box = box;
  }

  /** The bounds, with whole numbers held at a point. */
  held(params: ArrayLike<number>): Box {
    return pinnedBox(params, this.box, this.codes);
  }

  /** Is there a lower value where one of them is another? */
  test(params: Float64Array, value: number, evaluate: (params: Float64Array) => number): Test {
    return wholeNeighborsTest({ params, value, box: this.box, integers: this.codes, evaluate });
  }
}
