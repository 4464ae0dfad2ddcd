import type { SearchProblem } from "../search-method.js";
import type { Draws } from "./draws.js";
import { type FoldedCoordinate, fold, unfold } from "./folded-coordinate.js";
import { Region } from "./region.js";

/** Least standard deviation of whole numbers: at the middle of one, one sample in ten goes to a neighbor. */
const WHOLE_DEVIATION = 0.3;
/** Margin of the fold in units of the first standard deviation. */
const MARGIN = 0.1;
/** Without bounds, how far from the start new runs begin at most, in first standard deviations. */
const REACH = 5;

/**
 * The space in which CMA-ES samples: coordinates that are not fixed, without bounds, in units of their first standard deviation.
 */
export class CmaesSpace {
  /** Coordinates that are searched, m. */
  readonly size: number;
  private readonly region: Region;
  private readonly start: Float64Array;
  private readonly free: readonly number[];
  private readonly units: readonly number[];
  private readonly folds: readonly FoldedCoordinate[];

  /** @param spread - first standard deviation relative to the width of the box, or to max(1, |start|) where it has none. */
  constructor(problem: SearchProblem, spread: number) {
    const region = new Region(problem);
    this.region = region;
    this.start = problem.start;
    this.free = Array.from(problem.start, (_, i) => i).filter((i) => !region.isFixed(i));
    this.size = this.free.length;
    this.units = this.free.map((i) => {
      const width = region.width(i);
      const unit = spread * (Number.isFinite(width) ? width : Math.max(1, Math.abs(problem.start[i]!)));
      return region.isWhole(i) ? Math.max(unit, 1) : unit;
    });
    this.folds = this.free.map((i, k) => {
      const half = region.isWhole(i) ? 0.5 : 0;
      const [lower, upper] = [region.lower[i]! - half, region.upper[i]! + half];
      return { lower, upper, margin: Math.min((upper - lower) / 2, MARGIN * this.units[k]!) };
    });
  }

  /** The point of the parameters, [n], for coordinates [m]. */
  point(coordinates: ArrayLike<number>): Float64Array {
    const params = this.start.slice();
    this.free.forEach((i, k) => {
      params[i] = this.region.settle(i, unfold(this.folds[k]!, coordinates[k]! * this.units[k]!));
    });
    return params;
  }

  /** The coordinates of a point, [m]. */
  coordinates(params: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.free, (i, k) => fold(this.folds[k]!, params[i]!) / this.units[k]!);
  }

  /** First standard deviation of coordinate k, in units of its parameter. */
  unitOf(k: number): number {
    return this.units[k]!;
  }

  /** What a deviation of coordinate k is small against: the parameter there, or the first deviation if that is larger. */
  scaleOf(coordinates: ArrayLike<number>, k: number): number {
    return Math.max(1, Math.abs(coordinates[k]!));
  }

  /** Variance that coordinate k keeps, in its units; 0 unless it takes whole numbers only. */
  leastVariance(k: number): number {
    return this.region.isWhole(this.free[k]!) ? (WHOLE_DEVIATION / this.units[k]!) ** 2 : 0;
  }

  /** Coordinates to begin a new run at: anywhere between the bounds, within five deviations of the start where one is missing. */
  drawn(draws: Draws): Float64Array {
    return Float64Array.from(this.free, (i, k) => {
      const reach = (REACH * this.units[k]!) / Math.max(1, Math.abs(this.start[i]!));
      const [low, high] = this.region.drawn(i, this.start[i]!, reach);
      return fold(this.folds[k]!, draws.between(low, high)) / this.units[k]!;
    });
  }
}
