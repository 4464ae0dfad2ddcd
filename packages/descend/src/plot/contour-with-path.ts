import { contours } from "d3-contour";
import { coordinate, element } from "./element.js";
import { type FigureOptions, type LegendItem, wordsOf } from "./figure.js";
import { droppedCaption, finitePoints, type Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { type PlotArea, renderFrame } from "./frame.js";
import type { Grid } from "./grid.js";
import { chooseLevels, type Levels } from "./levels.js";
import { linePath, lineSample, markerPath, markers, styleOf } from "./marks.js";
import { drawGroups, finiteGroups, groupLegend, type PointGroup } from "./scatter.js";
import { BANDS, WIDTH } from "./theme.js";
import { choose, thinLine } from "./thin.js";
import type { PlotWords } from "./words.js";

/** The points a descent went through. */
export interface DescentPath {
  readonly name?: string;
  readonly x: Numbers;
  readonly y: Numbers;
  /** The gradient at some of the points: an arrow of fixed length shows the way downhill there. */
  readonly gradients?: readonly { readonly at: number; readonly x: number; readonly y: number }[];
}

export interface ContourWithPathSpec extends FigureOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** What the levels are levels of. Default "f". */
  readonly valueLabel?: string;
  readonly grid: Grid;
  readonly paths?: readonly DescentPath[];
  /** Points over the ground, such as starts by where they lead. */
  readonly groups?: readonly PointGroup[];
  /** Places to mark as ends, beside those of the paths. */
  readonly ends?: readonly { readonly x: number; readonly y: number }[];
  /** Default: chosen from the values; the caption states the spacing. */
  readonly levels?: readonly number[];
}

/** Style of the first path: orange stands out from the blue ground. */
const FIRST_PATH = 1;
const MOST_POINTS = 4000;
const MARKED = 120;
/** Ends beyond which their marks are smaller. */
const MANY_ENDS = 12;

/** Lines of equal value of a function of two variables, with the paths of descents over them. */
export function contourWithPath(spec: ContourWithPathSpec): string {
  const words = wordsOf(spec);
  const { grid } = spec;
  const levels: Levels =
    spec.levels === undefined ? chooseLevels(grid.values) : { kind: "even", values: [...spec.levels].sort((a, b) => a - b), step: 0 };
  const notFinite = Array.from(grid.values).some((value) => !Number.isFinite(value));
  let dropped = 0;
  const paths = (spec.paths ?? []).map((path) => {
    const points = finitePoints(path.x, path.y);
    dropped += points.dropped;
    return { ...path, x: points.x, y: points.y, gradients: points.dropped === 0 ? (path.gradients ?? []) : [] };
  });
  const { groups, dropped: droppedPoints } = finiteGroups(spec.groups ?? []);
  const ends = spec.ends ?? [];
  const hasArrows = paths.some(({ gradients }) => gradients.length > 0);
  const legend: LegendItem[] = [
    ...paths.flatMap(({ name }, k) =>
      name === undefined && paths.length === 1 ? [] : [{ label: name ?? `${words.path} ${k + 1}`, sample: lineSample(k + FIRST_PATH) }],
    ),
    ...groupLegend(groups),
    ...(paths.some(({ x }) => x.length > 0) ? [{ label: words.start, sample: startMark(11, 6, FIRST_PATH) }] : []),
    ...(paths.some(({ x }) => x.length > 0) || ends.length > 0 ? [{ label: words.end, sample: endMark(11, 6, FIRST_PATH) }] : []),
    ...(hasArrows ? [{ label: words.negativeGradient, sample: arrow(1, 6, 21, 6) }] : []),
    ...(notFinite
      ? [{ label: words.undefinedHere, sample: element("rect", { class: "df-void", x: 2, y: 0, width: 18, height: 12 }) }]
      : []),
  ];
  const ratio = (grid.y[1] - grid.y[0]) / (grid.x[1] - grid.x[0]);
  return renderFrame({
    ...spec,
    kind: "contour-with-path",
    description:
      spec.description ??
      paths
        .filter(({ x }) => x.length > 0)
        .map(
          ({ name, x, y }) =>
            `${name ?? words.path}: ${words.points(words.count(x.length))}, (${formatValue(x[0]!)}, ${formatValue(y[0]!)}) → (${formatValue(x.at(-1)!)}, ${formatValue(y.at(-1)!)}).`,
        )
        .concat(groups.map(({ name, x }) => `${name}: ${words.points(words.count(x.length))}.`))
        .join(" "),
    legend,
    x: { label: spec.xLabel, extent: grid.x, nice: false, inset: 0 },
    y: { label: spec.yLabel, extent: grid.y, nice: false, inset: 0 },
    // Equal units on both axes where that leaves a figure one can look at: then steps cross level lines at the right angle.
    height: (width) => (ratio > 0.45 && ratio < 1.25 ? width * ratio : 0.8 * width),
    caption: [
      ...(spec.caption ?? []),
      ...levelCaption(levels, words, spec.valueLabel ?? "f"),
      ...droppedCaption(words, dropped + droppedPoints),
    ],
    draw: (area, say) =>
      fills(grid, levels.values, notFinite, area) +
      drawGroups(groups, area, words, say) +
      paths.map((path, k) => drawPath(path, k + FIRST_PATH, area, words, say)).join("") +
      ends.map(({ x, y }) => endMark(area.x.position(x), area.y.position(y), FIRST_PATH, ends.length > MANY_ENDS ? 3 : 5)).join(""),
  });
}

function levelCaption(levels: Levels, words: PlotWords, label: string): string[] {
  if (levels.values.length === 0) return [];
  const list =
    levels.values.length <= 16
      ? `${label} = ${levels.values.map((value) => formatValue(value, 3)).join(", ")} (${words.lower}).`
      : `${label} = ${formatValue(levels.values[0]!)} … ${formatValue(levels.values.at(-1)!)} (${words.lower}).`;
  if (levels.kind === "geometric") return [words.levelsGeometric(formatValue(levels.ratio, 3), formatValue(levels.floor, 3)), list];
  return levels.step > 0 ? [words.levelsEven(formatValue(levels.step)), list] : [list];
}

/** Bands between the levels from low to high, with the level lines as their borders. */
function fills(grid: Grid, levels: readonly number[], notFinite: boolean, area: PlotArea): string {
  const { columns, rows } = grid;
  const values = Array.from(grid.values, (value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
  const make = contours().size([columns, rows]).smooth(true);
  // Element (i, j) of the grid is at (i + ½, j + ½) for the library.
  const toX = (cx: number): number => area.x.position(grid.x[0] + ((cx - 0.5) / Math.max(1, columns - 1)) * (grid.x[1] - grid.x[0]));
  const toY = (cy: number): number => area.y.position(grid.y[0] + ((cy - 0.5) / Math.max(1, rows - 1)) * (grid.y[1] - grid.y[0]));
  const pathOf = (data: number[], level: number): string => {
    let d = "";
    for (const polygon of make.contour(data, level).coordinates) {
      for (const ring of polygon) {
        d += ring
          .slice(0, -1)
          .map(([cx, cy], k) => `${k === 0 ? "M" : "L"}${short(toX(cx!))},${short(toY(cy!))}`)
          .join("");
        d += "Z";
      }
    }
    return d;
  };
  let markup = element("rect", { class: "df-band-0", width: area.width, height: area.height });
  levels.forEach((level, k) => {
    const band = Math.round(((k + 1) / levels.length) * (BANDS - 1));
    markup += element("path", {
      class: `df-level df-band-${band}`,
      "data-level": String(level),
      "fill-rule": "evenodd",
      stroke: "#7d8894",
      "stroke-opacity": 0.6,
      "stroke-width": 0.8,
      d: pathOf(values, level),
    });
  });
  if (notFinite) {
    const mask = Array.from(grid.values, (value) => (Number.isFinite(value) ? 0 : 1));
    markup += element("path", { class: "df-void", "fill-rule": "evenodd", d: pathOf(mask, 0.5) });
  }
  return markup;
}

/** Level lines need no more than a twentieth of a unit. */
function short(value: number): string {
  return String(Math.round(value * 20) / 20);
}

function drawPath(
  path: DescentPath & { x: Float64Array; y: Float64Array },
  series: number,
  area: PlotArea,
  words: PlotWords,
  say: (sentence: string) => void,
): string {
  const px = path.x.map(area.x.position);
  const py = path.y.map(area.y.position);
  if (px.length === 0) return "";
  const kept = thinPath(px, py);
  if (kept.length < px.length) say(words.thinnedPoints(words.count(kept.length), words.count(px.length)));
  const d = linePath(choose(px, kept), choose(py, kept));
  const style = styleOf(series);
  const arrows = (path.gradients ?? []).map(({ at, x, y }) => {
    // Direction on the screen: the gradient in the units of the axes, y upwards
    const scaleX = (area.x.range[1] - area.x.range[0]) / (area.x.domain[1] - area.x.domain[0]);
    const scaleY = (area.y.range[1] - area.y.range[0]) / (area.y.domain[1] - area.y.domain[0]);
    const [dx, dy] = [-x * scaleX, -y * scaleY];
    const length = Math.hypot(dx, dy);
    if (!(length > 0) || !Number.isFinite(length) || px[at] === undefined) return "";
    return arrow(px[at]!, py[at]!, px[at]! + (dx / length) * ARROW, py[at]! + (dy / length) * ARROW);
  });
  return (
    element("path", { class: "df-halo", "stroke-linejoin": "round", d }) +
    element("path", {
      class: `df-line df-series-${style} df-dash-${series === FIRST_PATH ? 0 : style}`,
      "data-role": "path",
      "data-series": path.name ?? "",
      d,
    }) +
    (px.length <= MARKED ? markers(series === FIRST_PATH ? 0 : series, px, py, 2.2).replace(/df-fill-\d/, `df-fill-${style}`) : "") +
    arrows.join("") +
    startMark(px[0]!, py[0]!, style) +
    endMark(px.at(-1)!, py.at(-1)!, style)
  );
}

const ARROW = 0.08 * WIDTH;

/** Consecutive points that would lie on each other are drawn once; first and last stay. */
function thinPath(px: Float64Array, py: Float64Array): Int32Array {
  if (px.length <= MOST_POINTS) return thinLine(px, py, MOST_POINTS);
  const kept: number[] = [0];
  for (let i = 1; i < px.length; i++) {
    const last = kept.at(-1)!;
    if (i === px.length - 1 || Math.hypot(px[i]! - px[last]!, py[i]! - py[last]!) > 0.5) kept.push(i);
  }
  return Int32Array.from(kept);
}

function startMark(x: number, y: number, style: number): string {
  return element("path", { class: `df-paper df-series-${style}`, style: "fill:none", "stroke-width": 2, d: markerPath(0, x, y, 5) });
}

function endMark(x: number, y: number, style: number, size = 5): string {
  return (
    element("path", { class: `df-fill-${style}`, d: markerPath(3, x, y, size) }) +
    element("path", { class: "df-paper", d: markerPath(3, x, y, 0.36 * size) })
  );
}

function arrow(x1: number, y1: number, x2: number, y2: number): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const wing = (turn: number): string => `${coordinate(x2 - 7 * Math.cos(angle + turn))},${coordinate(y2 - 7 * Math.sin(angle + turn))}`;
  return element("path", {
    class: "df-line df-series-3",
    style: "stroke-width:1.5",
    "data-role": "downhill",
    d: `M${coordinate(x1)},${coordinate(y1)}L${coordinate(x2)},${coordinate(y2)}M${wing(0.45)}L${coordinate(x2)},${coordinate(y2)}L${wing(-0.45)}`,
  });
}
