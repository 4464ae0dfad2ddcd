import { element } from "./element.js";
import { type FigureOptions, wordsOf } from "./figure.js";
import { droppedCaption, extentOf, finitePoints, type Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { renderFrame } from "./frame.js";
import { linePath, lineSample, markers, styleOf } from "./marks.js";
import type { ScaleKind } from "./scale.js";
import { choose, thinLine } from "./thin.js";

/** One line over the steps: training loss, validation loss, the norm of the gradient, … */
export interface CurveSeries {
  readonly name: string;
  /** Step or epoch of each value, ascending. Default 0, 1, 2, … */
  readonly x?: Numbers;
  readonly y: Numbers;
  /**
   * What theory foretold, beside what was measured: it has no say in the extent of the value axis, and
   * what leaves that is cut off. Default false.
   */
  readonly foreseen?: boolean;
  /** Default: that of the figure. */
  readonly above?: number;
}

export interface LossCurveSpec extends FigureOptions {
  readonly series: readonly CurveSeries[];
  /** Default "step". */
  readonly xLabel?: string;
  /** Of the axis of steps; "log" for a curve over learning rates. Default "linear", marked at whole numbers. */
  readonly xScale?: ScaleKind;
  readonly yLabel: string;
  readonly unit?: string;
  /** Of the value axis. Default "linear". */
  readonly scale?: ScaleKind;
  /**
   * Shows y − above instead of y: the distance to the lowest value, which on a logarithmic axis is a straight line where convergence has a
   * steady rate. Default 0.
   */
  readonly above?: number;
  /**
   * Points over which a strong line averages (exponentially, unbiased from the first point); the raw values stay, faint. Default 1: none.
   */
  readonly smoothing?: number;
  /** Color, dash and mark of the first series: 1 where the same series are paths over contours as well. Default 0. */
  readonly firstStyle?: number;
}

/** Points beyond which a line is thinned. */
const MOST_POINTS = 4000;
/** Points up to which each is marked. */
const MARKED = 40;

/** Values against steps or epochs; without smoothing the points drawn are the points given. */
export function lossCurve(spec: LossCurveSpec): string {
  const words = wordsOf(spec);
  const { scale = "linear", xScale = "linear", above = 0, smoothing = 1, firstStyle = 0 } = spec;
  let notFinite = 0;
  let notPositive = 0;
  const series = spec.series.map(({ name, x, y, foreseen = false, above: ground = above }) => {
    const steps = x ?? Float64Array.from({ length: y.length }, (_, i) => i);
    const finite = finitePoints(steps, ground === 0 ? y : Float64Array.from(y, (value) => value - ground));
    const positive = { positiveX: xScale === "log", positiveY: scale === "log" };
    // What was foreseen to come to rest leaves a logarithmic axis at its lower end
    if (foreseen && scale === "log") return { name, ...finitePoints(finite.x, finite.y, { ...positive, positiveY: false }), foreseen };
    const points = finitePoints(finite.x, finite.y, positive);
    if (!foreseen) {
      notFinite += finite.dropped;
      notPositive += points.dropped;
    }
    return { name, x: points.x, y: points.y, foreseen };
  });
  const measured = series.filter(({ foreseen }) => !foreseen);
  const extent = extentOf(...measured.map(({ y }) => y));
  const under = (extent?.[0] ?? 1) / 10;
  const label = above === 0 ? spec.yLabel : `${spec.yLabel}, ${words.above(formatValue(above, 6))}`;
  const summary = series.map(({ name, y }) => {
    const change = y.length === 0 ? "" : `, ${formatValue(y[0]!)} → ${formatValue(y.at(-1)!)}`;
    return `${name}: ${words.points(words.count(y.length))}${change}.`;
  });
  return renderFrame({
    ...spec,
    kind: "loss-curve",
    description: spec.description ?? summary.join(" "),
    legend: series.length < 2 ? [] : series.map(({ name }, k) => ({ label: name, sample: lineSample(k + firstStyle) })),
    x: {
      label: `${spec.xLabel ?? words.step}${xScale === "log" ? `, ${words.logarithmic}` : ""}`,
      kind: xScale,
      extent: extentOf(...series.map(({ x }) => x)),
      integer: xScale === "linear",
      nice: false,
    },
    y: {
      label: scale === "log" ? `${label}, ${words.logarithmic}` : label,
      unit: spec.unit,
      kind: scale,
      extent,
    },
    caption: [
      ...(spec.caption ?? []),
      ...(smoothing > 1 ? [words.smoothed(words.count(Math.round(smoothing)))] : []),
      ...droppedCaption(words, notFinite, notPositive),
    ],
    draw: measured.every(({ y }) => y.length === 0)
      ? undefined
      : (area, say) =>
          series
            .map(({ name, x, y, foreseen }, k) => {
              const px = x.map(area.x.position);
              const py = (foreseen && scale === "log" ? y.map((value) => (value > 0 ? value : under)) : y).map(area.y.position);
              const kept = thinLine(px, py, MOST_POINTS);
              if (kept.length < y.length) say(words.thinnedLine(words.count(kept.length), words.count(y.length)));
              const style = styleOf(k + firstStyle);
              const line = (values: Float64Array, added: string, role: string): string =>
                element("path", {
                  class: `df-line df-series-${style} ${added}`,
                  "data-series": name,
                  "data-role": role,
                  d: linePath(choose(px, kept), choose(values, kept)),
                });
              if (foreseen) return line(py, `df-dash-${style}`, "foreseen");
              if (smoothing > 1)
                return line(py, "df-faint", "values") + line(smooth(y, smoothing).map(area.y.position), `df-dash-${style}`, "mean");
              return line(py, `df-dash-${style}`, "values") + (y.length <= MARKED ? markers(k + firstStyle, px, py, 3) : "");
            })
            .join(""),
  });
}

/** mₖ = β·mₖ₋₁ + (1 − β)·yₖ, divided by 1 − βᵏ, with β = 1 − 1/span. */
function smooth(values: Float64Array, span: number): Float64Array {
  const beta = 1 - 1 / span;
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    mean = beta * mean + (1 - beta) * value;
    weight = beta * weight + (1 - beta);
    return mean / weight;
  });
}
