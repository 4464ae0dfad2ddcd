/**
 * How a run ended, by measurement: the gate that opens before any cause is looked for. No symptom, no finding.
 *
 * Evaluated in the order of {@link Outcome}. The gap is what thirty steps of L-BFGS really gain, never a prediction alone.
 */

import { mean } from "../numeric/averages.js";
import { twoNorm } from "../numeric/blas1.js";
import type { Examination } from "./examination.js";
import type { Outcome, Quality } from "./report.js";

export interface Judgment {
  readonly outcome: Outcome;
  readonly quality: readonly Quality[];
  /** What L-BFGS still gains, and the share of the descent it is. */
  readonly gap: number;
  readonly gapShare: number;
}

/** Gap ÷ descent from which a run is unfinished: of convex losses over tables, and of plain functions. */
const OPEN_GAP = { table: 1e-3, function: 1e-2 };
/**
 * Share of the steps that an orbit must have grown for, and how much more in twice the time than in half
 * of it: twice as much would be a steady rise.
 */
const LASTING = 0.1;
const FASTER = 2;
/** Shares of the descent. */
const RISE = 0.1;
const RANGE = 0.02;
const GAIN = 0.05;
/** Below the loss of the best constant, as a share of it. */
const POOR = 0.05;
/** Share of consecutive steps that turn round, or rise. */
const FLIPS = 0.4;
const RISES = 0.2;
/** Growth of the parameters that counts as running away. */
const GROWTH = 10;
/** Curvature below this share of the largest seen is flat. */
const FLAT = 1e-6;
/** Validation against its own minimum, and against training. */
const VALIDATION_RISE = 1.2;
const VALIDATION_RATIO = 1.5;

export function judge(examination: Examination): Judgment {
  const gapless = { gap: 0, gapShare: 0 };
  const { run, settled } = examination;
  const phi = examination.floor;
  const achieved = examination.achieved;
  if (!run.finite || !Number.isFinite(run.startValue)) return { outcome: "nonfinite", quality: [], ...gapless };
  if (isUnbounded(examination)) return { outcome: "unbounded", quality: [], ...gapless };
  if (isDiverged(examination, phi)) return { outcome: "diverged", quality: [], ...gapless };
  if (isOscillating(examination)) return { outcome: "oscillating", quality: qualities(examination, false), ...gapless };
  const gap = examination.drop.value;
  const gapShare = achieved > 0 ? gap / achieved : gap > 10 * phi ? Number.POSITIVE_INFINITY : 0;
  const measured = { gap, gapShare };
  const convex = settled.table !== undefined && settled.table.model.kind !== "sigmoid-squares";
  // A start far out makes the descent long and the gap a small share of it; over tables what a
  // constant leaves to be had is a second measure
  const scale =
    settled.table === undefined
      ? Number.POSITIVE_INFINITY
      : examination.once("constant-loss", () => constantLoss(examination, false)) - (run.value - gap);
  const open = gap > 10 * phi && (gapShare > OPEN_GAP[convex ? "table" : "function"] || (scale > 0 && gap > GAIN * scale));
  if (!convex && isSaddle(examination, phi, achieved)) return { outcome: "stationary-saddle", quality: [], ...measured };
  if (!convex && isFlat(examination, phi)) return { outcome: "flat", quality: qualities(examination), ...measured };
  // Training that goes no further where validation is best is no lack of steps
  if (open && settled.patch.keepBestValidation !== true)
    return { outcome: "unfinished", quality: qualities(examination, false), ...measured };
  return { outcome: "stationary", quality: qualities(examination), ...measured };
}

function isUnbounded({ run, settled, floor }: Examination): boolean {
  const { lowerBound, startParams } = settled;
  if (run.lastValue < lowerBound - 10 * Math.max(floor, 1e-12 * Math.abs(lowerBound || 0))) return true;
  if (run.verdict === "unbounded") return true;
  const last = run.entries.at(-1)!;
  const start = Math.max(twoNorm(startParams), run.entries[Math.min(2, run.entries.length - 1)]!.paramsNorm);
  const middle = run.entries[Math.floor(run.entries.length / 2)]!;
  const grows = last.paramsNorm > GROWTH * start && last.paramsNorm > 1.5 * middle.paramsNorm;
  // The fall does not slow down: the second half falls as much as the first.
  const falls =
    run.lastValue < run.startValue - Math.abs(run.startValue) && middle.value - run.lastValue > 0.9 * (run.startValue - middle.value);
  return grows && falls && run.lastValue < 0;
}

function isDiverged(examination: Examination, phi: number): boolean {
  const { run, reach } = examination;
  if (run.reason === "diverged") return true;
  if (run.lastValue > run.startValue + 10 * phi) return true;
  const lowest = Math.min(...run.entries.map(({ value }) => value).filter(Number.isFinite));
  const quarter = lastQuarter(run.entries.map(({ value }) => value));
  const rising = quarter.length >= 4 && mean(quarter.slice(quarter.length >> 1)) > mean(quarter.slice(0, quarter.length >> 1));
  if (run.lastValue > lowest + RISE * reach + 10 * phi && rising) return true;
  return growsSteadily(examination, phi);
}

/**
 * Whether the end is an orbit that grows, however small it still is beside the fall before: from the lowest point on the excess over it
 * rises, and ever faster. Momentum rises as well where it swings out at a stable rate, so there the curvature has to agree.
 */
function growsSteadily(examination: Examination, phi: number): boolean {
  const { run, settled } = examination;
  const { family } = settled.method;
  if (settled.stochastic || (family !== "gradient" && family !== "heavy-ball" && family !== "nesterov")) return false;
  const lowest = run.entries.reduce((least, entry) => (entry.value < least.value ? entry : least));
  const end = run.entries.at(-1)!.step;
  const span = end - lowest.step;
  if (span < LASTING * end) return false;
  const excesses = [0, 1, 2, 3].map((quarter) => {
    const [from, to] = [quarter, quarter + 1].map((k) => lowest.step + (k * span) / 4) as [number, number];
    return Math.max(...run.entries.filter(({ step }) => step > from && step <= to).map(({ value }) => value)) - lowest.value;
  });
  const [first, second, third, last] = excesses as [number, number, number, number];
  // In the first quarter what dies away may still be the larger part
  if (!(third > second && last > Math.max(FASTER * second, third, first, 10 * phi))) return false;
  return family === "gradient" || (examination.stability?.largest ?? 0) > 1;
}

function isOscillating({ run, settled, floor, reach }: Examination): boolean {
  const values = lastQuarter(settled.stochastic ? run.snapshots.map(({ value }) => value) : run.entries.map(({ value }) => value));
  if (values.length < 4) return false;
  const range = Math.max(...values) - Math.min(...values);
  if (!(range > RANGE * reach && range > 10 * floor)) return false;
  const consecutive = settled.stochastic ? values : consecutiveValues(run.entries).slice(-64);
  if (consecutive.length < 4) return false;
  let flips = 0;
  let rises = 0;
  for (let k = 1; k < consecutive.length; k++) {
    const change = consecutive[k]! - consecutive[k - 1]!;
    if (change > floor) rises++;
    if (k > 1 && change * (consecutive[k - 1]! - consecutive[k - 2]!) < 0) flips++;
  }
  return flips > FLIPS * (consecutive.length - 2) || rises > RISES * (consecutive.length - 1);
}

/** The values of the last unbroken row of steps. */
export function consecutiveValues(entries: readonly { readonly step: number; readonly value: number }[]): number[] {
  const values: number[] = [];
  for (let k = entries.length - 1; k >= 0; k--) {
    if (k < entries.length - 1 && entries[k]!.step !== entries[k + 1]!.step - 1) break;
    values.unshift(entries[k]!.value);
  }
  return values;
}

function isSaddle(examination: Examination, phi: number, achieved: number): boolean {
  const { krylov, run, settled, end } = examination;
  const { lowest, lowestBound, largest, lowestVector } = krylov;
  const small = krylov.gap < Math.max(10 * phi, OPEN_GAP.function * achieved);
  if (!small || !(lowest < -Math.max(10 * Math.min(lowestBound, 0.1 * Math.abs(lowest)), 1e-8 * Math.max(largest, -lowest)))) return false;
  // A slope at which the gradient would carry the run on is no rest.
  if (twoNorm(end.gradient) > 1e-3 * -lowest * Math.max(1, twoNorm(run.params))) return false;
  const scale = Math.max(1e-3, twoNorm(run.params), twoNorm(settled.startParams), 0.1);
  const gain = examination.once("saddle-gain", () => {
    const gains = [1, -1].map((sign) => {
      const from = run.params.map((x, i) => x + sign * 1e-2 * scale * lowestVector[i]!);
      return run.value - examination.walk(from, 15).value;
    });
    return Math.max(...gains.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)));
  });
  return gain > GAIN * achieved + 10 * phi;
}

function isFlat(examination: Examination, phi: number): boolean {
  const { krylov, drop, run, settled } = examination;
  const quiet = drop.value < 10 * phi || krylov.gap < 10 * phi;
  if (!quiet) return false;
  const { best, tried } = examination.restarts;
  if (best === undefined || !(run.value - best.value > 10 * phi)) return false;
  const here = Math.max(Math.abs(krylov.largest), Math.abs(krylov.lowest));
  const points = [best.params, best.start, settled.startParams, ...tried.slice(0, 2).map(({ params }) => params)];
  return points.some((point) => {
    const curvature = curvatureScale(examination, point);
    return Number.isFinite(curvature) && here < FLAT * curvature;
  });
}

/** Size of the curvature at a point, from two products along a fixed direction. */
function curvatureScale({ probe, settled }: Examination, params: Float64Array): number {
  const multiply = probe.hessianVector(params);
  let v = Float64Array.from(params, (_, i) => Math.cos(1 + i + settled.seed));
  let size = 0;
  for (let k = 0; k < 2; k++) {
    const norm = twoNorm(v);
    if (!(norm > 0)) break;
    v = Float64Array.from(multiply(v.map((value) => value / norm)));
    size = Math.max(size, twoNorm(v));
  }
  return size;
}

/** @param looksElsewhere - restarts are worth it: the run itself has come to rest. */
function qualities(examination: Examination, looksElsewhere = true): Quality[] {
  const { run, settled } = examination;
  const quality: Quality[] = [];
  if ((looksElsewhere || settled.table !== undefined) && isPoor(examination)) quality.push("poor");
  const curve = run.entries.map(({ validation }) => validation).filter(Number.isFinite);
  if (curve.length >= 5 && settled.lossAt !== undefined) {
    const smooth = smoothed(curve);
    const lowest = Math.min(...smooth);
    const last = smooth.at(-1)!;
    const training = settled.lossAt(settled.toOriginal(run.params));
    const constant = examination.once("constant-validation", () => constantLoss(examination, true));
    if (last > VALIDATION_RISE * lowest && last - lowest > 10 * examination.floor) quality.push("generalises-badly");
    else if (last > VALIDATION_RATIO * training && last > constant) quality.push("generalises-badly");
  }
  return quality;
}

/** Means of five entries. */
export function smoothed(values: readonly number[]): number[] {
  return values.map((_, k) => mean(values.slice(Math.max(0, k - 2), k + 3)));
}

function isPoor(examination: Examination): boolean {
  const { run, settled, floor, achieved } = examination;
  if (settled.table !== undefined && settled.lossAt !== undefined) {
    const constant = examination.once("constant-loss", () => constantLoss(examination, false));
    const loss = settled.lossAt(settled.toOriginal(run.params));
    return loss > constant - POOR * Math.abs(constant);
  }
  // An objective that is convex where it was seen has no second basin to look for, but only a look elsewhere can tell.
  const { best } = examination.restarts;
  return best !== undefined && run.value - best.value > GAIN * achieved + 10 * floor;
}

/** Loss of the best constant score, on the rows learned from or on those for validation. */
function constantLoss({ settled }: Examination, validation: boolean): number {
  const { table, lossAt, validationAt } = settled;
  if (table === undefined || lossAt === undefined) return Number.NaN;
  const params = new Float64Array(settled.toOriginal(settled.startParams).length);
  constantScores(table).forEach((score, c) => {
    params[c] = score;
  });
  return validation ? validationAt!(params) : lossAt(params);
}

/** Scores of a model whose features say nothing; zeros without intercept. */
export function constantScores({ model, target, weights, intercept, outputs }: NonNullable<Examination["settled"]["table"]>): number[] {
  if (!intercept) return [];
  const weight = (i: number): number => (weights === undefined ? 1 : weights[i]!);
  let total = 0;
  let sum = 0;
  const counts = new Array<number>(outputs).fill(0);
  for (let i = 0; i < target.length; i++) {
    total += weight(i);
    sum += weight(i) * target[i]!;
    if (model.kind === "softmax") counts[target[i]!]! += weight(i);
  }
  const average = sum / total;
  if (model.kind === "softmax") return counts.map((count) => Math.log(Math.max(count, 1e-12) / total));
  if (model.kind === "logistic" || model.kind === "sigmoid-squares") {
    const share = Math.min(1 - 1e-12, Math.max(1e-12, average));
    return [Math.log(share / (1 - share))];
  }
  if (model.kind === "poisson") return [Math.log(Math.max(average, 1e-12))];
  if (model.kind === "linear") return [average];
  const sorted = Float64Array.from(target).sort();
  return [sorted[sorted.length >> 1]!];
}

function lastQuarter(values: readonly number[]): number[] {
  return values.slice(Math.floor(0.75 * values.length)).filter(Number.isFinite);
}
