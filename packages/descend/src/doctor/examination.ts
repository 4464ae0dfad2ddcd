/**
 * One case under examination: its run, and the instruments, each used when first asked for and once. What is measured is kept by name, with
 * how it was obtained and what it cost.
 */

import { invariant } from "../errors.js";
import { median } from "../numeric/averages.js";
import { twoNorm } from "../numeric/blas1.js";
import type { LanczosResult } from "../numeric/lanczos.js";
import { denominatorsOf } from "../optim/denominators.js";
import { featureColumns } from "./feature-columns.js";
import { type DataPanel, dataPanel } from "./instruments/data-panel.js";
import { extremeCurvatures, type KrylovProbe, krylovProbe, largestCurvature } from "./instruments/krylov-probe.js";
import { LbfgsWalker, type Walk } from "./instruments/lbfgs-walk.js";
import { type Restarts, restarts } from "./instruments/restarts.js";
import { roundingFloor } from "./instruments/rounding-floor.js";
import { stabilityOfMethod } from "./instruments/stability.js";
import { type StepScan, stepScan } from "./instruments/step-scan.js";
import type { ObservedRun, Snapshot } from "./observe.js";
import { type PointValue, Probe } from "./probe.js";
import { type Evidence, scalar } from "./report.js";
import { type SettledCase, settleCase } from "./settle-case.js";

/** Curvatures along the path against what the method can take. */
export interface Stability {
  readonly limit: number;
  /** learningRate·λ/limit at the start, at the lowest point seen, and at the last finite one. */
  readonly atStart: number;
  readonly atLowest: number;
  readonly atLast: number;
  readonly largest: number;
  /** The largest curvature where a sound descent goes: at the start, the lowest point, and where L-BFGS leads from there. */
  readonly soundCurvature: number;
}

/** Steps of L-BFGS that tell what could still be had. */
const DROP_STEPS = 30;
/** Products for a curvature that a rate keeps a tenth away from. */
const ROUGHLY = 8;
/** Factor between the predicted and the realised gap up to which the objective is taken for its quadratic model. */
const ALIKE = 3;
/** Share of the descent that may be left where a run is called done. */
const GOAL = 1e-3;
/** Gradients a diagnosis may cost whatever the run did, and as a share of it. */
const LEAST_ALLOWANCE = 200;
const ALLOWANCE_SHARE = 0.1;
/**
 * What restarts cost beside their walks, in gradients: up to 84 values, what the last walk overruns, and behind them ten products for the
 * curvature elsewhere and 23 values on the line to the best.
 */
const BESIDE_WALKS = 60;
/** What it takes to tell a kink: curvature along the path, scans, two short runs. */
const SHORT_RUNS = 60;

/** A run, and what it was looked at with. */
export interface Observed {
  readonly probe: Probe;
  readonly run: ObservedRun;
  /** What the untreated run achieved, where this one goes on from it. Default 0. */
  readonly untreated?: number;
}

export class Examination {
  readonly settled: SettledCase;
  /** By name. */
  readonly measurements: Record<string, Evidence> = {};
  private readonly observed: (Observed & { readonly walker: LbfgsWalker }) | undefined;
  private readonly cache: Map<string, unknown> = new Map();

  /** @param observed - absent where the case cannot be run at all: then only the table can be looked at. */
  constructor(settled: SettledCase, observed?: Observed) {
    this.settled = settled;
    this.observed = observed === undefined ? undefined : { ...observed, walker: new LbfgsWalker(settled, observed.probe) };
  }

  get probe(): Probe {
    return this.there.probe;
  }

  get run(): ObservedRun {
    return this.there.run;
  }

  private get walker(): LbfgsWalker {
    return this.there.walker;
  }

  private get there(): Observed & { readonly walker: LbfgsWalker } {
    invariant(this.observed !== undefined, "a check asked for the run of a case that was not run");
    return this.observed;
  }

  /** Keeps a measurement, and gives it back as evidence. */
  note(name: string, value: number, options: { unit?: string; threshold?: number; how: string; cost?: number }): Evidence {
    const { unit = "", threshold = null, how, cost = 0 } = options;
    const evidence: Evidence = { name, value: scalar(value), unit, threshold, how, cost };
    this.measurements[name] = evidence;
    return evidence;
  }

  /** Gradients that may still be spent. */
  get allowance(): number {
    return Math.max(LEAST_ALLOWANCE, ALLOWANCE_SHARE * this.run.gradients) - this.probe.spent;
  }

  /** φ: differences of values below it are rounding. */
  get floor(): number {
    const { startValue, value } = this.run;
    const size = Math.max(Math.abs(value), Math.min(Math.abs(startValue), 1e3 * Math.abs(value)));
    return roundingFloor(size, this.settled.patch.precision ?? this.settled.source.precision);
  }

  /** D = f₀ − min f: what the run achieved. ≥ 0. */
  get achieved(): number {
    let lowest = this.run.startValue;
    for (const { value } of this.run.entries) if (value < lowest) lowest = value;
    return Math.max(0, this.run.startValue - lowest);
  }

  /** D of the whole descent: with that of the untreated run where this one goes on from it. What swings is small or large against it. */
  get reach(): number {
    return Math.max(this.achieved, this.there.untreated ?? 0);
  }

  /** Where the run came to: value and derived gradient. */
  get end(): PointValue {
    return this.once("end", () => this.probe.at(this.run.params));
  }

  private get endCurvatures(): LanczosResult {
    return this.once("end-curvatures", () => extremeCurvatures(this.probe, this.run.params, this.settled.seed));
  }

  /** Curvature at the end. */
  get krylov(): KrylovProbe {
    return this.once("krylov", () => {
      const before = this.probe.spent;
      const result = krylovProbe(this.probe, { params: this.run.params, gradient: this.end.gradient, begun: this.endCurvatures });
      const how = `20 Lanczos steps from the gradient and 20 from a random direction (seed ${this.settled.seed}) at the end of the run`;
      const cost = this.probe.spent - before;
      this.note("largest-curvature", result.largest, { how, cost });
      this.note("lowest-curvature", result.lowest, { how });
      this.note("predicted-gap", result.gap, { how });
      this.note("slow-curvature", result.slowCurvature, { how });
      return result;
    });
  }

  /** Thirty steps of L-BFGS from the end; for a table also on standardized columns. */
  get drop(): { readonly value: number; readonly walk: Walk } {
    return this.once("drop", () => {
      const before = this.probe.spent;
      const walk = this.walker.walk(this.run.params, DROP_STEPS);
      let value = this.run.value - walk.value;
      const better = this.standardizedValue;
      if (better !== undefined) value = Math.max(value, this.run.value - better);
      if (!Number.isFinite(value)) value = Number.POSITIVE_INFINITY;
      this.note("realised-drop", value, { how: `${DROP_STEPS} steps of L-BFGS from the end of the run`, cost: this.probe.spent - before });
      return { value: Math.max(0, value), walk };
    });
  }

  /** The value that L-BFGS reaches on standardized columns, without penalties only: there the two problems are one. */
  private get standardizedValue(): number | undefined {
    const { settled } = this;
    if (settled.table === undefined || (settled.table.model.l2 ?? 0) > 0 || settled.stochastic === undefined) return undefined;
    return this.once("standardized", () => {
      const other = settleCase(settled.source, { ...settled.patch, standardize: { features: true, target: true }, start: [] });
      const zeros = new Float64Array(other.layout.size);
      const standard = { ...other, startParams: zeros };
      const probe = new Probe(standard);
      const walk = new LbfgsWalker(standard, probe).walk(zeros, DROP_STEPS, DROP_STEPS + 10);
      this.probe.charge(probe.spent);
      return settled.lossAt!(standard.toOriginal(walk.params));
    });
  }

  walk(from: ArrayLike<number>, steps: number, gradients?: number): Walk {
    return this.walker.walk(from, steps, gradients);
  }

  /** The snapshot with the lowest value. */
  get lowest(): Snapshot {
    return this.run.snapshots.reduce((least, snapshot) => (snapshot.value < least.value ? snapshot : least));
  }

  get last(): Snapshot {
    return (
      this.run.snapshots.findLast(({ value, params }) => Number.isFinite(value) && params.every(Number.isFinite)) ?? this.run.snapshots[0]!
    );
  }

  /** Undefined for methods without a rate, or whose limit is not known. */
  get stability(): Stability | undefined {
    return this.once("stability", () => {
      const { method, startParams, seed } = this.settled;
      const rate = method.learningRate ?? this.effectiveRate;
      const limit = rate === undefined ? undefined : stabilityOfMethod(method, rate)?.limit;
      if (limit === undefined || rate === undefined) return undefined;
      const before = this.probe.spent;
      const preconditioner =
        method.family === "adaptive" ? denominatorsOf({ name: method.name, settings: method.options }, this.run.state) : undefined;
      if (method.family === "adaptive" && preconditioner === undefined) return undefined;
      const at = (params: Float64Array, products?: number): number => {
        const value = largestCurvature(this.probe, params, seed, preconditioner, products);
        return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
      };
      const low = this.lowest;
      // Where the run ends at its lowest point, the curvature there is asked for anyway
      const ended = preconditioner === undefined && !this.settled.stochastic && low.value <= this.run.value;
      const end = (): number => (this.cache.has("krylov") ? this.krylov.largest : this.endCurvatures.values.at(-1)!);
      // Of squares of linear scores the curvature is the same everywhere
      const constant = this.settled.table?.model.kind === "linear" && preconditioner === undefined;
      const everywhere = constant ? (ended ? end() : at(low.params)) : undefined;
      const start = everywhere ?? at(startParams, ROUGHLY);
      const atLow = everywhere ?? (low.step === 0 ? start : ended ? end() : at(low.params));
      const atLast = everywhere ?? (this.last === low ? atLow : at(this.last.params, ROUGHLY));
      const sound = everywhere ?? at(this.cache.has("drop") ? this.drop.walk.params : this.walker.walk(low.params, 8, 12).params, ROUGHLY);
      const where = constant ? "the same at all points" : "at the start, the lowest and the last finite point";
      const how = `rate × largest curvature (8 to 20 Lanczos steps, seed ${seed}) ÷ ${limit}, ${where}`;
      const result: Stability = {
        limit,
        atStart: (rate * start) / limit,
        atLowest: (rate * atLow) / limit,
        atLast: (rate * atLast) / limit,
        largest: (rate * Math.max(start, atLow, atLast)) / limit,
        soundCurvature: Math.max(start, atLow, sound),
      };
      this.note("stability-number", result.largest, { threshold: 1, how, cost: this.probe.spent - before });
      this.note("stability-number-at-start", result.atStart, { threshold: 1, how });
      return result;
    });
  }

  /** 0.9 of the limit where a sound descent goes. */
  get stableRate(): number | undefined {
    const { stability } = this;
    if (stability === undefined || !(stability.soundCurvature > 0) || !Number.isFinite(stability.soundCurvature)) return undefined;
    return (0.9 * stability.limit) / stability.soundCurvature;
  }

  /** ‖Δx‖/‖g‖ at the last looked-at step: the rate of a plain gradient step with a schedule. */
  get effectiveRate(): number | undefined {
    const { family, momentum } = this.settled.method;
    if (family !== "gradient" && family !== "heavy-ball" && family !== "nesterov") return undefined;
    const rates = this.effectiveRates;
    const last = rates.at(-1)?.rate;
    return last === undefined ? undefined : last * (1 - momentum);
  }

  /** Step length by gradient before it, where two steps in a row were looked at. */
  get effectiveRates(): readonly { readonly step: number; readonly rate: number }[] {
    const { entries } = this.run;
    const rates: { step: number; rate: number }[] = [];
    for (let k = 1; k < entries.length; k++) {
      const before = entries[k - 1]!;
      const { step, stepLength } = entries[k]!;
      if (Number.isFinite(stepLength) && before.gradientNorm > 0) rates.push({ step, rate: stepLength / before.gradientNorm });
    }
    return rates;
  }

  /** The objective along the method's own steps, at up to three snapshots spread over the run. */
  get scans(): readonly { readonly step: number; readonly scan: StepScan }[] {
    return this.once("scans", () => {
      const before = this.probe.spent;
      const usable = this.run.snapshots.filter(({ next, value }) => next !== undefined && Number.isFinite(value) && twoNorm(next) > 0);
      const picks = [
        ...new Set([0.2, 0.6, 1].map((share) => usable[Math.min(usable.length - 1, Math.floor(share * (usable.length - 1)))])),
      ];
      const scans = picks
        .filter((snapshot): snapshot is Snapshot => snapshot !== undefined)
        .map(({ step, params, next }) => ({ step, scan: stepScan(this.probe, params, this.probe.at(params), next!) }));
      const cost = this.probe.spent - before;
      for (const [k, { step, scan }] of scans.entries()) {
        this.note(`step-scan-${k + 1}`, scan.atOne, {
          threshold: 0,
          how: `(f(x) − f(x + d))/(−g·d) for the method's own step d at step ${step}`,
          cost: cost / scans.length,
        });
        this.note(`best-multiple-${k + 1}`, scan.best, { how: `the multiple of that step with the lowest value, of 0.03 … 100` });
      }
      return scans;
    });
  }

  /** Whether steps at a fixed rate may hop across a kink: something is left to gain, but not by curvature. */
  private get mayHop(): boolean {
    const { method, stochastic } = this.settled;
    return !stochastic && method.learningRate !== undefined && this.drop.value > 10 * this.floor && this.krylov.gap < 10 * this.floor;
  }

  get restarts(): Restarts {
    return this.once("restarts", () => {
      const before = this.probe.spent;
      const { seed, startParams } = this.settled;
      const kept = BESIDE_WALKS + (this.mayHop ? SHORT_RUNS : 0);
      const budget = Math.max(36, Math.min(Math.max(0.2 * this.run.gradients, 150), this.allowance - kept));
      const result = restarts({
        probe: this.probe,
        walker: this.walker,
        params: this.run.params,
        startParams,
        lowestVector: this.krylov.lowestVector,
        seed,
        budget,
      });
      const cost = this.probe.spent - before;
      const how = `L-BFGS from 8 other starts (seed ${seed})`;
      if (result.best !== undefined) this.note("best-restart", this.settled.sign * result.best.value, { how, cost });
      this.note("basins", result.basins, { how });
      return result;
    });
  }

  /** Of a table case. */
  get data(): DataPanel | undefined {
    const { table } = this.settled;
    return table === undefined ? undefined : this.once("data", () => dataPanel(table));
  }

  /** Of a table case, and of an objective whose columns have roles. */
  get features(): DataPanel | undefined {
    const { data, source } = this.settled;
    if (this.settled.table !== undefined || data === undefined || source.roles === undefined) return this.data;
    return this.once("features", () => {
      const table = featureColumns(data, source.roles!);
      return table === undefined ? undefined : dataPanel(table);
    });
  }

  /**
   * The pace of the last quarter: the rate ln(gap before ÷ gap after) a step, the gap against the value that L-BFGS reaches from the end,
   * and the steps in all until a thousandth of the descent is left: by the curvatures that carry the gap where the method is plain
   * descent on what is nearly a quadratic, since the slow ones show in the pace only later; else at the rate of the last quarter.
   * Infinite where nothing is gained any more.
   */
  get pace(): { readonly rate: number; readonly needed: number } {
    return this.once("pace", () => {
      const { run } = this;
      const target = run.value - this.drop.value;
      const known = run.entries.filter(({ value }) => Number.isFinite(value));
      const last = known.at(-1)!;
      const from = known.findLast(({ step }) => step <= 0.75 * last.step) ?? known[0]!;
      const gap = Math.max(last.value - target, 0);
      const goal = GOAL * (this.achieved + gap);
      const rate = last.step > from.step && gap > 0 ? Math.log((from.value - target) / gap) / (last.step - from.step) : 0;
      const byRate = rate > 0 ? Math.log(gap / goal) / rate : Number.POSITIVE_INFINITY;
      const byModes = gap <= goal ? undefined : this.stepsByModes(goal / gap);
      const needed = gap <= goal ? run.steps : run.steps + Math.max(byRate, byModes ?? 0);
      this.note("decay-rate", rate, {
        unit: "1/step",
        how: "ln of the ratio of gaps over the last quarter, per step; the gap is against what 30 steps of L-BFGS reach",
      });
      this.note("steps-needed", needed, {
        unit: "steps",
        threshold: run.budget,
        how: `until a thousandth of the descent is left, ${byModes === undefined ? "at the rate of the last quarter" : "by the rate of the last quarter and by (1 − rate × curvature)² of each curvature in the gap, the larger"}`,
      });
      return { rate, needed };
    });
  }

  /**
   * Steps until plain descent on the quadratic model has left so small a share of the gap; undefined where that model says nothing of it.
   */
  private stepsByModes(share: number): number | undefined {
    const { method, stochastic } = this.settled;
    const rate = method.learningRate;
    if (method.family !== "gradient" || rate === undefined || stochastic) return undefined;
    const { gap, modes } = this.krylov;
    const ratio = gap / this.drop.value;
    if (!(ratio > 1 / ALIKE && ratio < ALIKE)) return undefined;
    const left = (steps: number): number => modes.reduce((sum, mode) => sum + mode.share * (1 - rate * mode.curvature) ** (2 * steps), 0);
    let [fewer, more] = [0, 1];
    while (left(more) > share && more < 2 ** 40) [fewer, more] = [more, 2 * more];
    while (more - fewer > 1) {
      const middle = Math.floor((fewer + more) / 2);
      if (left(middle) > share) fewer = middle;
      else more = middle;
    }
    return more;
  }

  /** Median cosine between consecutive steps in the last half. */
  get turning(): number {
    return this.once("turning", () => {
      const { entries } = this.run;
      const cosines = entries
        .slice(entries.length >> 1)
        .map(({ cosine }) => cosine)
        .filter(Number.isFinite);
      const middle = cosines.length === 0 ? Number.NaN : median(cosines);
      this.note("cosine-of-steps", middle, { threshold: -0.5, how: "median cosine between consecutive steps in the last half of the run" });
      return middle;
    });
  }

  /** A result that is computed when first asked for. */
  once<T>(name: string, compute: () => T): T {
    if (!this.cache.has(name)) this.cache.set(name, compute());
    return this.cache.get(name) as T;
  }
}
