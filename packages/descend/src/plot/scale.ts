/** Scales of axes: from values to positions and back, and the ticks between, whatever the range of the values. */

import { ticks as linearTicks, tickStep } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";
import { formatFixed, formatValue, powerOfTen } from "./format-value.js";
import type { PlotWords } from "./words.js";

export type ScaleKind = "linear" | "log";

export interface Scale {
  readonly kind: ScaleKind;
  readonly domain: readonly [number, number];
  /** Positions of the ends of the domain, in units of the figure. */
  readonly range: readonly [number, number];
  readonly position: (value: number) => number;
  /** The value at a position. */
  readonly invert: (position: number) => number;
  /** About `count` ticks; `integer` leaves out those that are not whole. */
  readonly ticks: (count: number, words: PlotWords, integer: boolean) => Ticks;
}

export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
  /** What the labels leave out, for the name of the axis: "×10⁶", "from 20000.1"; empty if nothing. */
  readonly note: string;
}

export interface ScaleOptions {
  readonly kind: ScaleKind;
  /** Smallest and largest value shown; undefined if there is none. For `log` both are above 0. */
  readonly extent: readonly [number, number] | undefined;
  readonly range: readonly [number, number];
  /** Whether the ends of the axis may move out to round values. Default true. */
  readonly nice?: boolean;
}

export function createScale({ kind, extent, range, nice = true }: ScaleOptions): Scale {
  return kind === "log" ? logScale(extent ?? [0.1, 10], range) : linearAxisScale(extent ?? [0, 1], range, nice);
}

/** Relative width below which a range is rounding; it is shown as if it were that wide. */
const NARROWEST = 1e-13;

function linearAxisScale(extent: readonly [number, number], range: readonly [number, number], nice: boolean): Scale {
  const size = Math.max(Math.abs(extent[0]), Math.abs(extent[1]));
  // Near the ends of the number format differences overflow or vanish: there everything is done in shifted powers of ten.
  const shift = size > 1e290 ? -40 : size < 1e-270 && size > 0 ? 40 : 0;
  const factor = 10 ** shift;
  let [low, high] = [extent[0] * factor, extent[1] * factor];
  if (low === high) {
    const margin = low === 0 ? 1 : Math.abs(low) * 0.05;
    [low, high] = [low - margin, high + margin];
  } else if (high - low < NARROWEST * size * factor) {
    const margin = (NARROWEST * size * factor) / 2;
    [low, high] = [low - margin, high + margin];
  }
  const scale = scaleLinear().domain([low, high]).range(range);
  if (nice && shift === 0) scale.nice(5);
  const [from, to] = scale.domain() as [number, number];
  return {
    kind: "linear",
    domain: [Math.max(from / factor, -Number.MAX_VALUE), Math.min(to / factor, Number.MAX_VALUE)],
    range,
    position: (value) => scale(value * factor),
    invert: (position) => scale.invert(position) / factor,
    ticks: (count, words, integer) => {
      const all = linearTicks(from, to, count).filter((value) => Number.isFinite(value / factor));
      const values = integer ? all.filter((value) => Number.isInteger(value / factor)) : all;
      const step = integer ? Math.max(tickStep(from, to, count), factor) : tickStep(from, to, count);
      const { labels, note } = linearLabels(values, step, shift, words);
      return { values: values.map((value) => value / factor), labels, note };
    },
  };
}

/** Labels that share a power of ten if the numbers are very large or small, and a first value if they differ in late digits only. */
function linearLabels(values: readonly number[], step: number, shift: number, words: PlotWords): { labels: string[]; note: string } {
  const size = Math.max(0, ...values.map(Math.abs));
  if (size === 0) return { labels: values.map(() => "0"), note: "" };
  const digits = Math.floor(Math.log10(size) - Math.log10(step) + 1e-9) + 1;
  if (digits > 5 && values.length > 0) {
    const first = values[0]!;
    const { labels, note } = linearLabels(
      values.map((value) => value - first),
      step,
      shift,
      words,
    );
    const from = words.from(formatValue(first / 10 ** shift, Math.min(16, digits + 1)));
    return { labels: labels.map((label, k) => (k === 0 ? label : `+${label}`)), note: note === "" ? from : `${note}, ${from}` };
  }
  const exponent = Math.floor(Math.log10(size) + 1e-9);
  const total = exponent - shift;
  const shared = total >= 5 || total < -3 ? 3 * Math.floor(total / 3) : 0;
  const unit = 10 ** (shared + shift);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) - (shared + shift) + 1e-9));
  return { labels: values.map((value) => formatFixed(value / unit, decimals)), note: shared === 0 ? "" : `×${powerOfTen(shared)}` };
}

function logScale(extent: readonly [number, number], range: readonly [number, number]): Scale {
  const logs = extent.map(Math.log10) as [number, number];
  const margin = Math.max((logs[1] - logs[0]) * 0.03, logs[1] - logs[0] < 1e-9 ? 0.5 : 0.01);
  let [from, to] = [Math.max(logs[0] - margin, Math.log10(Number.MIN_VALUE)), Math.min(logs[1] + margin, Math.log10(Number.MAX_VALUE))];
  // Close to the ends of the number format there are few numbers left to mark: show some decades more.
  if (from < -290) to = Math.max(to, from + 4);
  if (to > 290) from = Math.min(from, to - 4);
  const domain: [number, number] = [Math.max(Math.min(10 ** from, extent[0]), Number.MIN_VALUE), Math.max(10 ** to, extent[1])];
  const scale = scaleLog().domain(domain).range(range);
  return {
    kind: "log",
    domain,
    range,
    position: (value) => scale(value),
    invert: (position) => scale.invert(position),
    ticks: (count) => {
      const values = logTicks(domain, count);
      return { values, labels: values.map(logLabel), note: "" };
    },
  };
}

/** Whole powers of ten where there are three or more; else also their multiples by 1 … 9, or round numbers. */
function logTicks([low, high]: readonly [number, number], count: number): number[] {
  const inside = (value: number): boolean => value >= low && value <= high;
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first >= 2) {
    const exponents = linearTicks(first, last, Math.max(1, Math.min(last - first, count))).filter(Number.isInteger);
    return exponents.map((exponent) => Number(`1e${exponent}`)).filter(inside);
  }
  return thinned(scaleLog().domain([low, high]).ticks(count).filter(inside), count);
}

function isPowerOfTen(value: number): boolean {
  const exponent = Math.log10(value);
  // The smallest numbers have few digits: 10⁻³²³ itself is off by a hundredth.
  return Math.abs(exponent - Math.round(exponent)) < (value < 1e-300 ? 1e-2 : 1e-9);
}

function logLabel(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return isPowerOfTen(value) && (exponent < -3 || exponent > 4) ? powerOfTen(exponent) : formatValue(value, 5);
}

/** At most `count` of the values, evenly chosen, the first included. */
function thinned(values: readonly number[], count: number): number[] {
  const every = Math.ceil(values.length / Math.max(1, count));
  return values.filter((_, k) => k % every === 0);
}
