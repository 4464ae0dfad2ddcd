/** What figures of points share: groups of points, thinned where they cover each other, with their legend. */

import type { LegendItem } from "./figure.js";
import { finitePoints, type Numbers } from "./finite.js";
import type { PlotArea } from "./frame.js";
import { markers, pointSample } from "./marks.js";
import { choose, thinPoints } from "./thin.js";
import type { PlotWords } from "./words.js";

/** Points of one kind, such as the rows learned from, or those kept apart. */
export interface PointGroup {
  readonly name: string;
  readonly x: Numbers;
  readonly y: Numbers;
}

export interface FiniteGroup {
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Points of one group beyond which those that would cover each other are drawn once. */
const MOST_POINTS = 3000;

export function finiteGroups(groups: readonly PointGroup[]): { groups: FiniteGroup[]; dropped: number; count: number } {
  let dropped = 0;
  let count = 0;
  const finite = groups.map(({ name, x, y }) => {
    const points = finitePoints(x, y);
    dropped += points.dropped;
    count += points.x.length;
    return { name, x: points.x, y: points.y };
  });
  return { groups: finite, dropped, count };
}

export function drawGroups(groups: readonly FiniteGroup[], area: PlotArea, words: PlotWords, say: (sentence: string) => void): string {
  let all = 0;
  let shown = 0;
  const markup = groups.map(({ x, y }, k) => {
    const px = x.map(area.x.position);
    const py = y.map(area.y.position);
    const kept = thinPoints(px, py, MOST_POINTS);
    all += x.length;
    shown += kept.length;
    return markers(k, choose(px, kept), choose(py, kept), kept.length > 300 ? 2 : 3);
  });
  if (shown < all) say(words.thinnedPoints(words.count(shown), words.count(all)));
  return markup.join("");
}

export function groupLegend(groups: readonly FiniteGroup[]): LegendItem[] {
  return groups.flatMap(({ name, x }, k) => (x.length === 0 ? [] : [{ label: name, sample: pointSample(k) }]));
}
