/** Where many descents begin: points given one by one, or drawn from a region. */

import { OptionError } from "../../errors.js";
import { latinHypercube } from "../../numeric/latin-hypercube.js";
import { normalQuantile } from "../../numeric/normal-quantile.js";
import { threefryUniform } from "../../numeric/random.js";
import { MAX_SOBOL_DIMENSIONS, sobolPoint } from "../../numeric/sobol.js";
import { flatten, flattenLike, type Params, pathOf, unflatten } from "../../tree/tree.js";
import { type Bounds, readBounds } from "../bounds.js";
import { check, oneOf, refuseUnknown } from "../options.js";

const DISTRIBUTIONS = ["uniform", "normal", "latin-hypercube", "sobol"] as const;

/** A region to draw starts from. */
export interface StartRegion<P> {
  /** Starts to draw. Whole, ≥ 1. */
  readonly count: number;
  /**
   * "uniform" and "normal" are independent draws; "latin-hypercube" spreads them evenly along each parameter, "sobol" in the whole region
   * (up to 21 parameters, shifted by the seed). Default "latin-hypercube".
   */
  readonly distribution?: (typeof DISTRIBUTIONS)[number] | undefined;
  /** The middle, shaped like the params. */
  readonly center: P;
  /** Standard deviation of "normal"; of the others half the width. A number, or shaped like the params; ≥ 0. Default 1. */
  readonly scale?: number | P | undefined;
  /**
   * In place of `scale`, for all but "normal": finite bounds as `minimize` takes them. Parameters
   * that they leave out keep to center and scale.
   */
  readonly bounds?: Bounds | undefined;
}

const NAMES: readonly (keyof StartRegion<unknown>)[] = ["count", "distribution", "center", "scale", "bounds"];

/**
 * The starts of a region, the same for the same seed on every machine.
 *
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE, OPTIONS_CONFLICT; DataError for a center that is no tree of finite numbers.
 */
export function startPoints<P>(region: StartRegion<P>, seed: number): P[] {
  refuseUnknown("starts", region, NAMES);
  const { count, distribution = "latin-hypercube", bounds } = region;
  check("starts.count", count, (v) => Number.isInteger(v) && v >= 1, "a whole number ≥ 1");
  oneOf("starts.distribution", distribution, DISTRIBUTIONS);
  const { layout, values: center } = flatten(region.center as Params, "starts.center");
  const { size } = layout;
  const { scale = 1 } = region;
  const scales = typeof scale === "number" ? new Float64Array(size).fill(scale) : flattenLike(layout, scale as Params, "starts.scale");
  for (const value of scales) check("starts.scale", value, (v) => v >= 0 && Number.isFinite(v), "finite numbers ≥ 0");
  if (distribution === "normal") {
    if (bounds !== undefined) {
      throw new OptionError("OPTIONS_CONFLICT", 'starts: "normal" has no bounds; give its center and scale, or another distribution.', {
        options: ["starts.distribution", "starts.bounds"],
      });
    }
    const deviation = (i: number, j: number): number => normalQuantile(Math.max(threefryUniform(seed, j, i), 2 ** -54));
    return drawn(count, (i) => center.map((c, j) => c + scales[j]! * deviation(i, j)));
  }
  const box = bounds === undefined ? undefined : readBounds(bounds, layout);
  const sides = Array.from(center, (c, j) => {
    const given = [box?.lower[j] ?? Number.NEGATIVE_INFINITY, box?.upper[j] ?? Number.POSITIVE_INFINITY] as const;
    if (given.every(Number.isFinite)) return given;
    if (given.some(Number.isFinite)) {
      const expected = "a finite lower and upper bound, or none";
      const got = `[${given[0]}, ${given[1]}]`;
      throw new OptionError("OPTION_OUT_OF_RANGE", `starts.bounds${pathOf(layout, j)}: expected ${expected}, got ${got}.`, {
        option: `starts.bounds${pathOf(layout, j)}`,
        expected,
        got,
      });
    }
    return [c - scales[j]!, c + scales[j]!] as const;
  });
  const cube = unitPoints(distribution, count, size, seed);
  return drawn(count, (i) => Float64Array.from(sides, ([low, high], j) => Math.min(high, Math.max(low, low + (high - low) * cube(i, j)))));

  function drawn(length: number, point: (i: number) => Float64Array): P[] {
    return Array.from({ length }, (_, i) => unflatten(layout, point(i)) as P);
  }
}

/** Coordinate j of point i in the unit cube. */
function unitPoints(
  distribution: "uniform" | "latin-hypercube" | "sobol",
  count: number,
  size: number,
  seed: number,
): (i: number, j: number) => number {
  if (distribution === "uniform") return (i, j) => threefryUniform(seed, j, i);
  if (distribution === "latin-hypercube") {
    const points = latinHypercube(count, size, seed);
    return (i, j) => points[i * size + j]!;
  }
  check(
    "starts.center",
    size,
    (v) => v <= MAX_SOBOL_DIMENSIONS,
    `at most ${MAX_SOBOL_DIMENSIONS} parameters for "sobol"; for more there is "latin-hypercube"`,
  );
  // The same exclusive-or for all points moves slices onto slices, and the first point away from the corner.
  const shift = Uint32Array.from({ length: size }, (_, j) => Math.floor(threefryUniform(seed, j, 0) * 2 ** 32));
  const points = Array.from({ length: count }, (_, i) => sobolPoint(i, size));
  return (i, j) => (((points[i]![j]! ^ shift[j]!) >>> 0) + 0.5) / 2 ** 32;
}
