/** Lines and points as SVG, and samples of them for legends. Series differ by color, by dash, and by shape. */

import { coordinate, element } from "./element.js";
import { palettes } from "./theme.js";

const SERIES = palettes.light.series.length;

/** The k-th series takes the k-th style, from the first again after the last. */
export function styleOf(series: number): number {
  return series % SERIES;
}

/** Path data through points; a point without a position (NaN) lifts the pen. */
export function linePath(x: ArrayLike<number>, y: ArrayLike<number>): string {
  let path = "";
  let down = false;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) {
      down = false;
      continue;
    }
    path += `${down ? "L" : "M"}${coordinate(x[i]!)},${coordinate(y[i]!)}`;
    down = true;
  }
  return path;
}

/** Path data of one marker: circle, triangle, square, diamond, cross, plus. */
export function markerPath(shape: number, x: number, y: number, radius: number): string {
  const at = (dx: number, dy: number): string => `${coordinate(x + dx * radius)},${coordinate(y + dy * radius)}`;
  switch (shape % SERIES) {
    case 1:
      return `M${at(0, -1.25)}L${at(1.1, 0.75)}L${at(-1.1, 0.75)}Z`;
    case 2:
      return `M${at(-0.9, -0.9)}L${at(0.9, -0.9)}L${at(0.9, 0.9)}L${at(-0.9, 0.9)}Z`;
    case 3:
      return `M${at(0, -1.3)}L${at(1.3, 0)}L${at(0, 1.3)}L${at(-1.3, 0)}Z`;
    case 4:
      return `M${at(-1, -1)}L${at(1, 1)}M${at(-1, 1)}L${at(1, -1)}`;
    case 5:
      return `M${at(-1.2, 0)}L${at(1.2, 0)}M${at(0, -1.2)}L${at(0, 1.2)}`;
    default: {
      const r = coordinate(radius);
      return `M${at(-1, 0)}a${r},${r} 0 1 0 ${coordinate(2 * radius)},0a${r},${r} 0 1 0 ${coordinate(-2 * radius)},0Z`;
    }
  }
}

/** All markers of a series as one path: small files, and one element to style. */
export function markers(series: number, x: ArrayLike<number>, y: ArrayLike<number>, radius: number): string {
  const style = styleOf(series);
  let path = "";
  for (let i = 0; i < x.length; i++) path += markerPath(style, x[i]!, y[i]!, radius);
  if (path === "") return "";
  // Many points: lighter, so that dense places show
  const opacity = x.length > 3000 ? 0.35 : x.length > 300 ? 0.55 : 0.8;
  return element("path", { class: `df-points ${pointClass(style)}`, d: path, opacity });
}

export function lineSample(series: number): string {
  const style = styleOf(series);
  return element("path", { class: `df-line df-series-${style} df-dash-${style}`, d: "M0,6L22,6" });
}

export function pointSample(series: number): string {
  const style = styleOf(series);
  return element("path", { class: pointClass(style), d: markerPath(style, 11, 6, 4) });
}

function pointClass(style: number): string {
  return style >= 4 ? `df-series-${style} df-hollow` : `df-fill-${style}`;
}
