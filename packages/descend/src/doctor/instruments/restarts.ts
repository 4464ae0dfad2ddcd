/**
 * Other starts, each descended by L-BFGS within a share of the budget: is there something lower?
 *
 * Source: Rinnooy Kan and Timmer 1987 for starting only where no lower point of the sample is near.
 */

import { median } from "../../numeric/averages.js";
import { twoNorm } from "../../numeric/blas1.js";
import { threefryUniform } from "../../numeric/random.js";
import type { Probe } from "../probe.js";
import type { LbfgsWalker } from "./lbfgs-walk.js";

export interface Restart {
  /** Where it began: "near" the end of the run, along the lowest "curvature", or "fresh". */
  readonly kind: "near" | "curvature" | "fresh";
  readonly start: Float64Array;
  readonly params: Float64Array;
  readonly value: number;
}

export interface Restarts {
  readonly tried: readonly Restart[];
  /** The lowest that ended at a finite distance. */
  readonly best: Restart | undefined;
  /** Distinct values among them, to a thousandth of their range. */
  readonly basins: number;
}

export interface RestartOptions {
  readonly probe: Probe;
  readonly walker: LbfgsWalker;
  readonly params: Float64Array;
  readonly startParams: Float64Array;
  readonly lowestVector: Float64Array;
  readonly seed: number;
  /** Gradients to spend, about. */
  readonly budget: number;
}

/** Steps of one restart at most. */
const STEPS = 60;
/** Points whose value alone is looked at. */
const POOL = 60;
/** Points beside each that stands out, and how little most of the sample may differ, of what the farthest does. */
const BESIDE = 8;
const PLAIN = 1e-3;
/** Share of the size of the search within which the lower of two points stands for both. */
const APART = 0.5;
/** Further than this many times the scale of the problem is no place to compare. */
const FAR = 1e3;

interface Sample {
  readonly point: Float64Array;
  /** Of the normal numbers it was drawn with. */
  readonly size: number;
  readonly value: number;
}

/**
 * On a plain, where most of the sample has the same value, more points beside those that differ most
 * from it, higher or lower: there is something.
 */
function besideWhatStandsOut(
  sample: readonly Sample[],
  sampled: (center: Float64Array, size: number, stream: number) => Sample,
): readonly Sample[] {
  if (sample.length < 8) return [];
  const plain = median(sample.map(({ value }) => value));
  const apart = sample.map((each) => ({ ...each, by: Math.abs(each.value - plain) })).sort((a, b) => b.by - a.by);
  if (!(median(apart.map(({ by }) => by)) <= PLAIN * apart[0]!.by) || !(apart[0]!.by > 0)) return [];
  return apart
    .slice(0, 3)
    .flatMap(({ point, size }, k) => Array.from({ length: BESIDE }, (_, j) => sampled(point, size / 2, 80 + k * BESIDE + j)));
}

export function restarts({ probe, walker, params, startParams, lowestVector, seed, budget }: RestartOptions): Restarts {
  const n = params.length;
  const rms = (v: Float64Array): number => twoNorm(v) / Math.sqrt(n);
  const scale = Math.max(rms(params), rms(startParams), 1e-3) || 1;
  const normal = (stream: number, i: number): number =>
    Math.sqrt(-2 * Math.log(1 - threefryUniform(seed, stream, 2 * i))) * Math.cos(2 * Math.PI * threefryUniform(seed, stream, 2 * i + 1));
  const around = (center: Float64Array, size: number, stream: number): Float64Array =>
    center.map((x, i) => x + size * normal(0x5e0 + stream, i));
  const along = (length: number): Float64Array => params.map((x, i) => x + length * lowestVector[i]!);
  const middle = params.map((x, i) => (x + startParams[i]!) / 2);
  const spread = Math.max(scale, rms(params.map((x, i) => x - startParams[i]!)));
  // Of many points the lowest: where little changes, few starts would all fall on the same plain. Around the middle of the run, its start
  // and the origin, by the size of the run; and around the origin by 1, the size that parameters are thought to have until one knows
  const centers: readonly (readonly [Float64Array, number])[] = [
    [middle, spread],
    [startParams, spread],
    [new Float64Array(n), spread],
    [new Float64Array(n), 1],
  ];
  const sampled = (center: Float64Array, size: number, stream: number): Sample => {
    const point = around(center, size, stream);
    return { point, size, value: probe.value(point) };
  };
  const first = Array.from({ length: POOL }, (_, k) => {
    const [center, size] = centers[k % centers.length]!;
    return sampled(center, size * (0.25 + (k % 8) / 3), 8 + k);
  }).filter(({ value }) => Number.isFinite(value));
  const lowestFirst = [...first, ...besideWhatStandsOut(first, sampled)]
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value);
  // A point with a lower one nearby leads where that one leads
  const far = APART * spread * Math.sqrt(n);
  const distance = (a: Float64Array, b: Float64Array): number => twoNorm(a.map((x, i) => x - b[i]!));
  const pool: typeof lowestFirst = [];
  for (const each of lowestFirst) if (pool.every(({ point }) => distance(point, each.point) > far)) pool.push(each);
  const fresh = (k: number): [Restart["kind"], Float64Array][] => (pool[k] === undefined ? [] : [["fresh", pool[k]!.point]]);
  const starts: [Restart["kind"], Float64Array][] = [
    ...fresh(0),
    ["curvature", along(0.1 * scale * Math.sqrt(n))],
    ["curvature", along(-0.1 * scale * Math.sqrt(n))],
    ...fresh(1),
    ["fresh", around(startParams, spread, 3)],
    ["near", around(params, 1e-1 * scale, 5)],
    ...fresh(2),
    ...fresh(3),
    ["near", around(params, 1e-3 * scale, 6)],
  ];
  const share = Math.max(4, Math.floor(budget / starts.length));
  const tried: Restart[] = [];
  const before = probe.spent;
  for (const [kind, start] of starts) {
    // A line search at a kink may take all there is
    if (probe.spent - before + share > budget) break;
    const { value, gradient } = probe.at(start);
    // Nothing to follow: a line search would spend its share on rounding
    const still = !(twoNorm(gradient) * spread > 1e-14 * Math.max(Math.abs(value), 1e-300));
    const walk = still ? { params: start, value } : walker.walk(start, Math.min(STEPS, share), share);
    tried.push({ kind, start, params: walk.params, value: walk.value });
  }
  const within = tried.filter(({ value, params: end }) => Number.isFinite(value) && rms(end) <= FAR * spread);
  const best = within.reduce<Restart | undefined>(
    (lowest, restart) => (lowest === undefined || restart.value < lowest.value ? restart : lowest),
    undefined,
  );
  const values = within.map(({ value }) => value).sort((a, b) => a - b);
  const range = (values.at(-1) ?? 0) - (values[0] ?? 0);
  let basins = values.length > 0 ? 1 : 0;
  for (let k = 1; k < values.length; k++) if (values[k]! - values[k - 1]! > 1e-3 * range) basins++;
  return { tried, best, basins };
}
