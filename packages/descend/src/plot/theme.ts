/**
 * Colors and fonts of the figures, in light and dark.
 *
 * The series colors are Okabe and Ito's (2008), told apart by readers with any color vision; shape and dash repeat what color says.
 * Rules name classes, never ids or bare elements, so that figures can stand side by side in one page.
 */

import { interpolateColor } from "./interpolate-color.js";

export interface Palette {
  readonly paper: string;
  readonly ink: string;
  /** Labels and captions. */
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  /** Told apart by readers with any color vision, first the one to use first. */
  readonly series: readonly string[];
  /** Fill of the lowest and of the highest band of a contour. */
  readonly low: string;
  readonly high: string;
}

export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    paper: "#ffffff",
    ink: "#1b1f24",
    muted: "#57606a",
    grid: "#e4e7eb",
    axis: "#8c959f",
    series: ["#0072b2", "#d55e00", "#007d5b", "#9c4688", "#7a6500", "#4a4f57"],
    low: "#7db3da",
    high: "#f6f9fc",
  },
  dark: {
    paper: "#15181d",
    ink: "#e8ebef",
    muted: "#a7b0bb",
    grid: "#2a3038",
    axis: "#6d7783",
    series: ["#56b4e9", "#ff9d52", "#35cfa0", "#e59acb", "#f0e442", "#c6ccd4"],
    low: "#2f71a8",
    high: "#191e25",
  },
};

/** System fonts, Chinese ones included: nothing is fetched. */
export const fontStack =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

/** Bands of color between the lowest and the highest value of a surface. */
export const BANDS = 16;

/** Dashes of line series, in the order of the colors. */
const dashes = ["", "7 3", "2 3", "9 3 2 3", "4 2", "1 2"];

/** Sizes in units of the figure, which is {@link WIDTH} wide: legible where it is shown at the width of a telephone. */
export const WIDTH = 440;
export const fontSizes = { title: 16, label: 13, tick: 12.5, legend: 13, caption: 12 } as const;

/** The style sheet of a figure, the same for all. A host page may override its rules: `.descend-figure .df-series-0 { … }`. */
export const figureStyle: string = [
  `.descend-figure{font-family:${fontStack};font-variant-numeric:tabular-nums;max-width:100%;height:auto}`,
  `.descend-figure .df-title{font-size:${fontSizes.title}px;font-weight:600}`,
  `.descend-figure .df-label{font-size:${fontSizes.label}px}`,
  `.descend-figure .df-tick{font-size:${fontSizes.tick}px}`,
  `.descend-figure .df-legend{font-size:${fontSizes.legend}px}`,
  `.descend-figure .df-caption{font-size:${fontSizes.caption}px}`,
  ".descend-figure .df-line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}",
  ".descend-figure .df-thin{stroke-width:1}",
  ".descend-figure .df-faint{opacity:.4;stroke-width:1}",
  ".descend-figure .df-hollow{fill:none;stroke-width:1.4}",
  ".descend-figure .df-strong{font-weight:600}",
  ...dashes.map((dash, k) => (dash === "" ? "" : `.descend-figure .df-dash-${k}{stroke-dasharray:${dash}}`)),
  colorRules(palettes.light),
  `@media (prefers-color-scheme:dark){${colorRules(palettes.dark)}}`,
].join("");

function colorRules({ paper, ink, muted, grid, axis, series, low, high }: Palette): string {
  const at = ".descend-figure ";
  const rules = [
    `${at}.df-paper{fill:${paper}}`,
    `${at}.df-title,${at}.df-label,${at}.df-legend,${at}.df-ink{fill:${ink}}`,
    `${at}.df-tick,${at}.df-caption,${at}.df-muted{fill:${muted}}`,
    `${at}.df-grid{stroke:${grid};fill:none}`,
    `${at}.df-axis{stroke:${axis};fill:none}`,
    `${at}.df-rule{stroke:${ink};fill:none}`,
    `${at}.df-halo{stroke:${paper};fill:none;stroke-width:4.5;opacity:.8}`,
    `${at}.df-edge{stroke:${paper}}`,
    `${at}.df-void{fill:${grid}}`,
    ...series.map((color, k) => `${at}.df-series-${k}{stroke:${color};fill:${color}}`),
    `${at}.df-line,${at}.df-hollow{fill:none}`,
    ...series.map((color, k) => `${at}.df-fill-${k}{fill:${color};stroke:none}`),
  ];
  for (let k = 0; k < BANDS; k++) rules.push(`${at}.df-band-${k}{fill:${interpolateColor(low, high, k / (BANDS - 1))}}`);
  return rules.join("");
}
