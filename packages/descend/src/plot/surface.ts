import { coordinate, element, escapeText } from "./element.js";
import { type FigureOptions, renderFigure, wordsOf } from "./figure.js";
import { droppedCaption, extentOf, type Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { type Grid, gridPoint } from "./grid.js";
import { markerPath } from "./marks.js";
import { createScale, type Scale } from "./scale.js";
import { shorten } from "./text-width.js";
import { BANDS, fontSizes, WIDTH } from "./theme.js";

export interface SurfaceSpec extends FigureOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly zLabel: string;
  /** Heights of the surface; 2 × 2 suffice for a plane. Drawn with at most 40 × 40 facets. */
  readonly grid: Grid;
  /** Data, joined to the surface by stems where there are few. */
  readonly points?: { readonly x: Numbers; readonly y: Numbers; readonly z: Numbers; readonly onSurface: Numbers };
  /** A path on or over the surface. */
  readonly path?: { readonly x: Numbers; readonly y: Numbers; readonly z: Numbers };
}

const FACETS = 40;
const MOST_POINTS = 3000;
const STEMS = 400;
/** Half the width of the ground's diamond, half its depth, the height of the box. */
const HALF_WIDTH = 168;
const HALF_DEPTH = 78;
const BOX_HEIGHT = 170;
const CENTER = WIDTH / 2 + 8;

/** A function of two variables as a surface, seen from above one corner; x runs along the left front edge, y along the right one. */
export function surface(spec: SurfaceSpec): string {
  const words = wordsOf(spec);
  const { grid, points, path } = spec;
  const zExtent = extentOf(grid.values, points?.z ?? [], path?.z ?? []);
  const x = createScale({ kind: "linear", extent: grid.x, range: [-1, 1], nice: false });
  const y = createScale({ kind: "linear", extent: grid.y, range: [1, -1], nice: false });
  const z = createScale({ kind: "linear", extent: zExtent, range: [0, BOX_HEIGHT] });
  const top = fontSizes.label + 12;
  const project = (px: number, py: number, pz: number): [number, number] => {
    const [u, v, h] = [x.position(px), y.position(py), z.position(pz)];
    return [CENTER + ((u - v) / 2) * HALF_WIDTH, top + BOX_HEIGHT + HALF_DEPTH + ((u + v) / 2) * HALF_DEPTH - h];
  };

  // Points under the surface first, then the facets from the back to the front, then points above.
  const drawn = pointMarks(points, x, y, z, project);
  const zDomain = z.domain;
  const body =
    zExtent === undefined
      ? element("text", { class: "df-label", x: WIDTH / 2, y: 40, "text-anchor": "middle" }, escapeText(words.nothing))
      : box(spec, { x, y, z }, project, top) +
        drawn.below +
        facets(grid, zDomain, project) +
        drawn.above +
        (path === undefined ? "" : pathMarks(path, project));
  return renderFigure({
    ...spec,
    kind: "surface",
    description:
      spec.description ??
      (zExtent === undefined ? words.nothing : `${spec.zLabel}: ${formatValue(zExtent[0])} … ${formatValue(zExtent[1])}.`),
    body: element("g", { class: "df-area", "data-z-domain": z.domain.join(" "), "data-z-range": z.range.join(" ") }, body),
    bodyHeight: zExtent === undefined ? 60 : top + BOX_HEIGHT + 2 * HALF_DEPTH + 46,
    caption: [
      ...(spec.caption ?? []),
      ...(drawn.stems ? [words.surfaceHidden] : []),
      ...(drawn.shown < drawn.all ? [words.thinnedPoints(words.count(drawn.shown), words.count(drawn.all))] : []),
      ...droppedCaption(words, drawn.dropped),
    ],
  });
}

type Project = (x: number, y: number, z: number) => [number, number];

function facets(grid: Grid, [low, high]: readonly [number, number], project: Project): string {
  const strideX = Math.max(1, Math.ceil((grid.columns - 1) / FACETS));
  const strideY = Math.max(1, Math.ceil((grid.rows - 1) / FACETS));
  const at = (i: number, j: number): [number, number, number] => [
    gridPoint(grid.x, i, grid.columns),
    gridPoint(grid.y, j, grid.rows),
    grid.values[j * grid.columns + i]!,
  ];
  const indices = (count: number, stride: number): number[] => {
    const list = Array.from({ length: Math.ceil((count - 1) / stride) }, (_, k) => k * stride);
    return count > 1 ? [...list, count - 1] : [];
  };
  const is = indices(grid.columns, strideX);
  const js = indices(grid.rows, strideY);
  let markup = "";
  // The back is at small x and large y.
  for (let b = js.length - 2; b >= 0; b--) {
    for (let a = 0; a + 1 < is.length; a++) {
      const corners = [at(is[a]!, js[b]!), at(is[a + 1]!, js[b]!), at(is[a + 1]!, js[b + 1]!), at(is[a]!, js[b + 1]!)];
      if (corners.some(([, , value]) => !Number.isFinite(value))) continue;
      const mean = corners.reduce((sum, [, , value]) => sum + value / 4, 0);
      const share = (mean / 2 - low / 2) / (high / 2 - low / 2);
      const band = Math.max(0, Math.min(BANDS - 1, Math.floor(share * BANDS)));
      const d = corners
        .map(
          (corner, k) =>
            `${k === 0 ? "M" : "L"}${project(...corner)
              .map(coordinate)
              .join(",")}`,
        )
        .join("");
      markup += element("path", { class: `df-band-${band}`, d: `${d}Z` });
    }
  }
  return element(
    "g",
    {
      class: "df-facets",
      stroke: "#7d8894",
      "stroke-opacity": 0.55,
      "stroke-width": 0.6,
      "stroke-linejoin": "round",
      "fill-opacity": 0.86,
    },
    markup,
  );
}

function box(spec: SurfaceSpec, { x, y, z }: { x: Scale; y: Scale; z: Scale }, project: Project, top: number): string {
  const words = wordsOf(spec);
  const [x0, x1] = x.domain;
  const [y0, y1] = y.domain;
  const [z0, z1] = z.domain;
  const line = (className: string, ...points: [number, number, number][]): string =>
    element("path", {
      class: className,
      d: points
        .map(
          (point, k) =>
            `${k === 0 ? "M" : "L"}${project(...point)
              .map(coordinate)
              .join(",")}`,
        )
        .join(""),
    });
  let markup = line("df-grid", [x0, y0, z0], [x0, y1, z0], [x1, y1, z0]) + line("df-grid", [x0, y1, z0], [x0, y1, z1]);
  markup += line("df-axis", [x0, y0, z1], [x0, y0, z0], [x1, y0, z0], [x1, y1, z0]);
  const zTicks = z.ticks(5, words, false);
  zTicks.values.forEach((value, k) => {
    markup += line("df-grid", [x0, y0, value], [x0, y1, value], [x1, y1, value]);
    const [px, py] = project(x0, y0, value);
    markup += element("text", { class: "df-tick", x: px - 7, y: py + 1.5, "text-anchor": "end" }, escapeText(zTicks.labels[k]!));
  });
  const xTicks = x.ticks(4, words, false);
  xTicks.values.forEach((value, k) => {
    const [px, py] = project(value, y0, z0);
    markup += element("line", { class: "df-axis", x1: px, y1: py, x2: px - 4, y2: py + 3 });
    markup += element("text", { class: "df-tick", x: px - 6, y: py + 16, "text-anchor": "end" }, escapeText(xTicks.labels[k]!));
  });
  const yTicks = y.ticks(4, words, false);
  yTicks.values.forEach((value, k) => {
    const [px, py] = project(x1, value, z0);
    markup += element("line", { class: "df-axis", x1: px, y1: py, x2: px + 4, y2: py + 3 });
    markup += element("text", { class: "df-tick", x: px + 6, y: py + 16 }, escapeText(yTicks.labels[k]!));
  });
  const named = (label: string, note: string): string => (note === "" ? label : `${label} (${note})`);
  const bottom = top + BOX_HEIGHT + 2 * HALF_DEPTH + 36;
  const most = (WIDTH / 2 - 20) / fontSizes.label;
  const xName = shorten(`${named(spec.xLabel, xTicks.note)} ↘`, most);
  const yName = shorten(`↗ ${named(spec.yLabel, yTicks.note)}`, most);
  markup += element("text", { class: "df-label", x: 12, y: bottom }, escapeText(xName));
  markup += element("text", { class: "df-label", x: WIDTH - 12, y: bottom, "text-anchor": "end" }, escapeText(yName));
  const zName = shorten(`↑ ${named(spec.zLabel, zTicks.note)}`, (WIDTH - 24) / fontSizes.label);
  return markup + element("text", { class: "df-label", x: 12, y: fontSizes.label }, escapeText(zName));
}

interface PointMarks {
  readonly below: string;
  readonly above: string;
  readonly shown: number;
  readonly all: number;
  readonly dropped: number;
  readonly stems: boolean;
}

function pointMarks(points: SurfaceSpec["points"], x: Scale, y: Scale, z: Scale, project: Project): PointMarks {
  if (points === undefined) return { below: "", above: "", shown: 0, all: 0, dropped: 0, stems: false };
  const rows = Math.min(points.x.length, points.y.length, points.z.length);
  const paths = { below: { stems: "", dots: "" }, above: { stems: "", dots: "" } };
  const seen = new Set<string>();
  let shown = 0;
  let dropped = 0;
  const stems = rows <= STEMS;
  for (let i = 0; i < rows; i++) {
    const [px, py, pz, on] = [points.x[i]!, points.y[i]!, points.z[i]!, points.onSurface[i]!];
    if (![px, py, pz, x.position(px), y.position(py), z.position(pz)].every(Number.isFinite)) {
      dropped++;
      continue;
    }
    const [sx, sy] = project(px, py, pz);
    const side = pz < on ? paths.below : paths.above;
    if (rows > MOST_POINTS) {
      const key = `${pz < on} ${Math.round(sx / 1.5)} ${Math.round(sy / 1.5)}`;
      if (seen.has(key)) continue;
      seen.add(key);
    }
    shown++;
    side.dots += markerPath(0, sx, sy, rows > 300 ? 2 : 3);
    if (stems && Number.isFinite(on)) {
      const [ex, ey] = project(px, py, on);
      side.stems += `M${coordinate(sx)},${coordinate(sy)}L${coordinate(ex)},${coordinate(ey)}`;
    }
  }
  const draw = ({ stems: lines, dots }: { stems: string; dots: string }): string =>
    (lines === "" ? "" : element("path", { class: "df-line df-series-1 df-thin", opacity: 0.6, d: lines })) +
    (dots === "" ? "" : element("path", { class: "df-points df-fill-1", opacity: 0.85, d: dots }));
  return { below: draw(paths.below), above: draw(paths.above), shown, all: rows - dropped, dropped, stems: stems && shown > 0 };
}

function pathMarks(path: { x: Numbers; y: Numbers; z: Numbers }, project: Project): string {
  let d = "";
  const ends: [number, number][] = [];
  for (let i = 0; i < path.x.length; i++) {
    const [px, py] = project(path.x[i]!, path.y[i]!, path.z[i]!);
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    d += `${d === "" ? "M" : "L"}${coordinate(px)},${coordinate(py)}`;
    ends.push([px, py]);
  }
  if (d === "") return "";
  const last = ends.at(-1)!;
  return (
    element("path", { class: "df-halo", d }) +
    element("path", { class: "df-line df-series-1", "data-role": "path", d }) +
    element("path", { class: "df-fill-1", d: markerPath(3, last[0], last[1], 5) })
  );
}
