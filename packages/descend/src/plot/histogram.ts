import { bin, thresholdFreedmanDiaconis } from "d3-array";
import { element } from "./element.js";
import { type FigureOptions, wordsOf } from "./figure.js";
import { droppedCaption, extentOf, type Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { renderFrame } from "./frame.js";

export interface HistogramSpec extends FigureOptions {
  readonly values: Numbers;
  readonly xLabel: string;
  readonly unit?: string;
  /** Bins at most. Default 40; below that Freedman and Diaconis (1981) choose, rounded to widths of 1, 2 or 5. */
  readonly mostBins?: number;
}

/** How often values fall into bins of equal width. */
export function histogram(spec: HistogramSpec): string {
  const words = wordsOf(spec);
  const { mostBins = 40 } = spec;
  const values = Float64Array.from(spec.values).filter(Number.isFinite);
  const extent = extentOf(values);
  const bins = extent === undefined ? [] : binsOf(values, extent, mostBins);
  const width = bins.length === 0 ? 0 : Math.max(...bins.map(({ from, to }) => to - from));
  return renderFrame({
    ...spec,
    kind: "histogram",
    description: spec.description ?? `${words.points(words.count(values.length))}.`,
    x: { label: spec.xLabel, unit: spec.unit, extent: bins.length === 0 ? undefined : [bins[0]!.from, bins.at(-1)!.to], nice: false },
    y: { label: words.countAxis, extent: bins.length === 0 ? undefined : [0, Math.max(...bins.map(({ count }) => count))], integer: true },
    height: 200,
    caption: [
      ...(spec.caption ?? []),
      ...(bins.length > 1 ? [words.bins(words.count(bins.length), formatValue(width))] : []),
      ...droppedCaption(words, spec.values.length - values.length),
    ],
    draw:
      bins.length === 0
        ? undefined
        : (area) =>
            bins
              .map(({ from, to, count }) => {
                const x = area.x.position(from);
                const y = area.y.position(count);
                return element("rect", {
                  class: "df-fill-0 df-edge",
                  x,
                  y,
                  width: Math.max(0, area.x.position(to) - x),
                  height: Math.max(0, area.y.position(0) - y),
                  "data-count": String(count),
                });
              })
              .join(""),
  });
}

const NEAR_OVERFLOW = 1e300;
const SHARE = 2 ** -40;

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function binsOf(values: Float64Array, extent: [number, number], most: number): Bin[] {
  const [low, high] = extent;
  if (low === high) {
    const margin = low === 0 ? 0.5 : Math.abs(low) * 0.05;
    return [{ from: representable(low - margin), to: representable(high + margin), count: values.length }];
  }
  if (!(high - low < NEAR_OVERFLOW)) {
    // Sums of such values overflow: count a small share of them, and give the ends their size back
    return binsOf(
      values.map((value) => value * SHARE),
      [low * SHARE, high * SHARE],
      most,
    ).map(({ from, to, count }) => ({ from: representable(from / SHARE), to: representable(to / SHARE), count }));
  }
  const wanted = thresholdFreedmanDiaconis(values, low, high);
  const count = Math.max(5, Math.min(most, Number.isFinite(wanted) ? wanted : most));
  const binned = bin<number, number>().domain(extent).thresholds(count)(values);
  const step = binned.length > 2 ? binned[1]!.x1! - binned[1]!.x0! : 0;
  return binned.map((group, k) => ({
    // The first and last bin end at the data; drawn as wide as the others
    from: k === 0 && step > 0 ? group.x1! - step : group.x0!,
    to: k === binned.length - 1 && step > 0 ? group.x0! + step : group.x1!,
    count: group.length,
  }));
}

/** The nearest number that is not infinite. */
function representable(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}
