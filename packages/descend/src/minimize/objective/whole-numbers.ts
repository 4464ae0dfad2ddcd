import { type Box, nearestInBox, pinnedBox, projectedGradient } from "../../numeric/box.js";
import type { Certificate } from "../judging/certificate/certify.js";
import { wholeNeighborsTest } from "../judging/certificate/whole-neighbors.js";
import type { Stepper } from "../steppers/stepper.js";

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

  /** The nearest point that has the same of them. */
  nearest(params: ArrayLike<number>): (other: Float64Array) => Float64Array {
    const box = this.held(params);
    return (other) => nearestInBox(box, other);
  }

  /** What of a gradient is left to follow while they are held. */
  residual(params: ArrayLike<number>, gradient: ArrayLike<number>): Float64Array {
    return projectedGradient(this.held(params), params, gradient);
  }

  /** A minimizer along all others is one if no value is lower where one of these is another. */
  certify(
    certificate: Certificate,
    { params, value }: Pick<Stepper, "params" | "value">,
    evaluate: (at: Float64Array) => number,
  ): Certificate {
    if (certificate.finding !== "minimizer") return certificate;
    const point = { params: Float64Array.from(params), value, box: this.box, integers: this.codes, evaluate };
    const test = wholeNeighborsTest(point);
    return { tests: [...certificate.tests, test], finding: test.passed ? "minimizer" : "not-stationary" };
  }
}
