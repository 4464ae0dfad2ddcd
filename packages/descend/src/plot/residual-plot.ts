import { element } from "./element.js";
import { type FigureOptions, wordsOf } from "./figure.js";
import { droppedCaption, extentOf } from "./finite.js";
import { renderFrame } from "./frame.js";
import type { PredictionGroup } from "./predicted-against-actual.js";
import { drawGroups, finiteGroups, groupLegend } from "./scatter.js";

export interface ResidualPlotSpec extends FigureOptions {
  /** What is predicted. */
  readonly target: string;
  readonly unit?: string;
  readonly groups: readonly PredictionGroup[];
}

/** Actual − predicted over predicted values, with the line at zero. */
export function residualPlot(spec: ResidualPlotSpec): string {
  const words = wordsOf(spec);
  const { groups, dropped, count } = finiteGroups(
    spec.groups.map(({ name, actual, predicted }) => ({
      name,
      x: predicted,
      y: Float64Array.from({ length: Math.min(actual.length, predicted.length) }, (_, i) => actual[i]! - predicted[i]!),
    })),
  );
  return renderFrame({
    ...spec,
    kind: "residual-plot",
    description: spec.description ?? `${words.points(words.count(count))}.`,
    legend: groupLegend(groups),
    x: { label: `${spec.target}, ${words.predicted}`, unit: spec.unit, extent: extentOf(...groups.map(({ x }) => x)) },
    y: {
      label: `${spec.target}, ${words.residual}`,
      unit: spec.unit,
      extent: count === 0 ? undefined : extentOf([0], ...groups.map(({ y }) => y)),
    },
    caption: [...(spec.caption ?? []), words.zeroLine, ...droppedCaption(words, dropped)],
    draw:
      count === 0
        ? undefined
        : (area, say) =>
            drawGroups(groups, area, words, say) +
            element("line", { class: "df-rule", x1: 0, x2: area.width, y1: area.y.position(0), y2: area.y.position(0) }),
  });
}
