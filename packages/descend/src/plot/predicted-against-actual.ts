import { element } from "./element.js";
import { type FigureOptions, wordsOf } from "./figure.js";
import { droppedCaption, extentOf, type Numbers } from "./finite.js";
import { renderFrame } from "./frame.js";
import { linePath } from "./marks.js";
import { drawGroups, finiteGroups, groupLegend } from "./scatter.js";

/** Predictions beside what was observed, for one group of rows. */
export interface PredictionGroup {
  readonly name: string;
  readonly actual: Numbers;
  readonly predicted: Numbers;
}

export interface PredictedAgainstActualSpec extends FigureOptions {
  /** What is predicted. */
  readonly target: string;
  readonly unit?: string;
  readonly groups: readonly PredictionGroup[];
}

/** Predicted over actual values, both axes alike, with the line on which both are equal. */
export function predictedAgainstActual(spec: PredictedAgainstActualSpec): string {
  const words = wordsOf(spec);
  const { groups, dropped, count } = finiteGroups(spec.groups.map(({ name, actual, predicted }) => ({ name, x: actual, y: predicted })));
  const extent = extentOf(...groups.flatMap(({ x, y }) => [x, y]));
  return renderFrame({
    ...spec,
    kind: "predicted-against-actual",
    description: spec.description ?? `${words.points(words.count(count))}.`,
    legend: [
      ...groupLegend(groups),
      { label: words.identity, sample: element("path", { class: "df-line df-rule df-thin", "stroke-dasharray": "5 3", d: "M0,6L22,6" }) },
    ],
    x: { label: `${spec.target}, ${words.actual}`, unit: spec.unit, extent },
    y: { label: `${spec.target}, ${words.predicted}`, unit: spec.unit, extent },
    height: (width) => Math.min(width, 330),
    caption: [...(spec.caption ?? []), words.perfect, ...droppedCaption(words, dropped)],
    draw:
      extent === undefined
        ? undefined
        : (area, say) => {
            const ends = area.x.domain;
            const d = linePath(ends.map(area.x.position), ends.map(area.y.position));
            return (
              drawGroups(groups, area, words, say) + element("path", { class: "df-line df-rule df-thin", "stroke-dasharray": "5 3", d })
            );
          },
  });
}
