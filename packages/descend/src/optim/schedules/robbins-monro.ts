import { input } from "../../graph/build.js";
import { evaluate } from "../../graph/interpret.js";
import { Tensor } from "../../graph/tensor.js";
import { type Growth, growthOf } from "./growth.js";
import { type Hyperparameter, valueAt } from "./schedule.js";

/** Whether a schedule of rates lets a noisy descent converge. */
export interface RobbinsMonro {
  /** Both conditions hold. */
  readonly holds: boolean;
  /** Σ α_t = ∞: the steps can lead anywhere. */
  readonly sumDiverges: boolean;
  /** Σ α_t² < ∞: the noise that is let in stays finite. */
  readonly squareSumConverges: boolean;
  /** Read off the formula of the schedule, or estimated from its values at growing step counts. */
  readonly basis: "formula" | "values";
  /** The exponent p of α_t ~ t^−p; Infinity for a geometric decay or 0 from some step on, −Infinity for geometric growth. */
  readonly exponent: number;
  /** One sentence. */
  readonly reason: string;
}

/**
 * Checks a learning rate against the conditions of Robbins and Monro: Σ α_t = ∞ and Σ α_t² < ∞.
 *
 * They hold for α_t = c/t^p with ½ < p ≤ 1. A constant rate lets in too much noise (it ends by hovering about the minimum); c/t² stops too
 * early.
 *
 * @param rate - a number or a schedule with values ≥ 0.
 * @returns the verdict, its basis and reason. "values" is an estimate from 2⁴⁰ steps: it cannot tell t⁻¹ from t⁻¹/log t.
 *
 * Source: Robbins, Monro 1951, equation 26.
 *
 * @example robbinsMonro(inverseTimeDecay({ initial: 1, power: 0.6 })).holds   // true
 */
export function robbinsMonro(rate: Hyperparameter): RobbinsMonro {
  const schedule = (step: Tensor): Tensor => valueAt(rate, step);
  const growth = growthOf(schedule);
  return growth === undefined || growth.scale < 0 ? fromValues(schedule) : fromGrowth(growth);
}

function fromGrowth(growth: Growth): RobbinsMonro {
  const { scale, base, power, logs } = growth;
  const basis = "formula";
  if (scale === 0) {
    return verdict(false, true, basis, Number.POSITIVE_INFINITY, "the rate is 0 from some step on, so the sum of the rates is finite");
  }
  if (base !== 1) {
    const grows = base > 1;
    const how = `the rate ${grows ? "grows" : "falls"} geometrically, like ${short(base)}^t`;
    return verdict(grows, !grows, basis, grows ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY, how);
  }
  // Σ t^p·(log t)^q diverges for p > −1, and at p = −1 for q ≥ −1.
  const diverges = (p: number, q: number): boolean => p > -1 || (p === -1 && q >= -1);
  const form = `${power === 0 ? (logs === 0 ? "a constant" : "") : power === -1 ? "1/t" : `t^${short(power)}`}${logs === 0 ? "" : `·(log t)^${short(logs)}`}`;
  const what = growth.constant ? `the rate is constant, ${short(scale)}, in the end` : `the rate behaves like ${form}`;
  return verdict(diverges(power, logs), !diverges(2 * power, 2 * logs), basis, power === 0 ? 0 : -power, what);
}

/** Blocks of steps [2^k, 2^(k+1)) that are looked at, and points in each. */
const BLOCKS = 40;
const POINTS = 256;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Slopes of the sums over blocks that count as level. */
const LEVEL = 0.05;

/**
 * From the sums over blocks of doubling length: they stay level or rise where the whole sum diverges,
 * and fall geometrically where it converges.
 */
function fromValues(schedule: (step: Tensor) => Tensor): RobbinsMonro {
  const node = schedule(Tensor.of(input("step", []))).node;
  const at = (step: number): number => evaluate([node], { inputs: { step: [step] } })[0]![0]!;
  const logsOf: [number[], number[]] = [[], []];
  for (let k = BLOCKS / 2; k < BLOCKS; k++) {
    let [sum, squares] = [0, 0];
    for (let j = 0; j < POINTS; j++) {
      // Points at irrational shares of the block, so that no period is met at one phase.
      const value = Math.abs(at(Math.floor(2 ** k * (1 + (((k * POINTS + j) * GOLDEN) % 1)))));
      sum += value;
      squares += value * value;
    }
    logsOf[0].push(Math.log2(sum) + k);
    logsOf[1].push(Math.log2(squares) + k);
  }
  if (logsOf[0].some((log) => !Number.isFinite(log))) {
    const end = logsOf[0].some(Number.isNaN) ? "not a number" : logsOf[0].includes(Number.NEGATIVE_INFINITY) ? "0" : "infinite";
    return verdict(
      end === "infinite",
      end === "0",
      "values",
      end === "0" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
      `the rate is ${end} after many steps`,
    );
  }
  const [rise, squareRise] = logsOf.map(slopeOf) as [number, number];
  const exponent = 1 - rise;
  return verdict(
    rise > -LEVEL,
    squareRise < -LEVEL,
    "values",
    exponent,
    `over the first 2^${BLOCKS} steps the rate falls about as t^${short(-exponent)}`,
  );
}

function verdict(
  sumDiverges: boolean,
  squareSumConverges: boolean,
  basis: RobbinsMonro["basis"],
  exponent: number,
  what: string,
): RobbinsMonro {
  const holds = sumDiverges && squareSumConverges;
  const sums = `Σα ${sumDiverges ? "= ∞" : "< ∞"} and Σα² ${squareSumConverges ? "< ∞" : "= ∞"}`;
  const reason = holds
    ? `${what}: ${sums}, so noise averages out and every point can be reached.`
    : sumDiverges
      ? `${what}: ${sums}. Noise does not average out; the end hovers about the minimum.`
      : `${what}: ${sums}. The steps are too short to reach a minimum that is far away.`;
  return { holds, sumDiverges, squareSumConverges, basis, exponent, reason: reason.charAt(0).toUpperCase() + reason.slice(1) };
}

/** Least-squares slope of values at 0, 1, 2, … */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [up, across] = [0, 0];
  values.forEach((value, i) => {
    up += (i - middle) * (value - mean);
    across += (i - middle) ** 2;
  });
  return up / across;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
