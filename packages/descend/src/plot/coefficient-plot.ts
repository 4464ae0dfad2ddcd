import { element } from "./element.js";
import { type FigureOptions, wordsOf } from "./figure.js";
import { droppedCaption, extentOf } from "./finite.js";
import { formatValue } from "./format-value.js";
import { renderFrame } from "./frame.js";
import { markerPath } from "./marks.js";

export interface CoefficientEstimate {
  readonly name: string;
  readonly value: number;
  /** Of the estimate, in the unit of the value. */
  readonly standardError?: number | undefined;
}

export interface CoefficientPlotSpec extends FigureOptions {
  readonly coefficients: readonly CoefficientEstimate[];
  /** Default "coefficient". */
  readonly xLabel?: string;
  readonly unit?: string;
  /** Ends of the axis at least, so that several figures can share one. Default: from the coefficients. */
  readonly extent?: readonly [number, number];
  /** Rows drawn at most, the largest in size. Default 30. */
  readonly most?: number;
}

/** The share of a normal distribution within ± 1.96 standard errors is 95 %. */
const WIDTH_IN_ERRORS = 1.96;

/** One row per coefficient, with its 95 % interval where the standard error is known, and the line at zero. */
export function coefficientPlot(spec: CoefficientPlotSpec): string {
  const words = wordsOf(spec);
  const { most = 30 } = spec;
  const finite = spec.coefficients.filter(({ value }) => Number.isFinite(value));
  const rows = finite.length <= most ? finite : finite.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, most);
  const intervals = rows.map(({ value, standardError = Number.NaN }) => {
    const half = Number.isFinite(standardError) ? WIDTH_IN_ERRORS * standardError : Number.NaN;
    return { value, low: value - half, high: value + half };
  });
  const withErrors = intervals.some(({ low }) => Number.isFinite(low));
  const extent = extentOf([0], spec.extent ?? [], ...intervals.map(({ value, low, high }) => [value, low, high]));
  return renderFrame({
    ...spec,
    kind: "coefficient-plot",
    description: spec.description ?? rows.map(({ name, value }) => `${name}: ${formatValue(value)}.`).join(" "),
    x: { label: spec.xLabel ?? words.coefficient, unit: spec.unit, extent: rows.length === 0 ? undefined : extent, inset: 10 },
    y:
      rows.length === 0
        ? { label: "", extent: undefined }
        : { label: "", names: rows.map(({ name }) => name), rowHeight: rows.length > 15 ? 20 : 26 },
    caption: [
      ...(spec.caption ?? []),
      ...(withErrors ? [words.errorBars] : []),
      ...(rows.length < finite.length ? [words.largestShown(words.count(rows.length), words.count(finite.length))] : []),
      ...droppedCaption(words, spec.coefficients.length - finite.length),
    ],
    draw:
      rows.length === 0
        ? undefined
        : (area) => {
            const zero = area.x.position(0);
            const line = element("line", { class: "df-rule", x1: zero, x2: zero, y1: 0, y2: area.height });
            const marks = intervals.map(({ value, low, high }, k) => {
              const y = area.y.position(k);
              const bar = Number.isFinite(low)
                ? element("path", { class: "df-line df-series-0", d: errorBar(area.x.position(low), area.x.position(high), y) })
                : element("line", {
                    class: "df-series-0",
                    x1: zero,
                    x2: area.x.position(value),
                    y1: y,
                    y2: y,
                    "stroke-width": 1,
                    opacity: 0.6,
                  });
              return (
                bar + element("path", { class: "df-fill-0", "data-role": "coefficient", d: markerPath(0, area.x.position(value), y, 4) })
              );
            });
            return line + marks.join("");
          },
  });
}

function errorBar(from: number, to: number, y: number): string {
  const points = (x: number, dy: number): string => `${x.toFixed(3)},${(y + dy).toFixed(3)}`;
  return `M${points(from, -4)}L${points(from, 4)}M${points(from, 0)}L${points(to, 0)}M${points(to, -4)}L${points(to, 4)}`;
}
