import { element } from "./element.js";
import { type FigureOptions, wordsOf } from "./figure.js";
import { droppedCaption, extentOf, finitePoints, type Numbers } from "./finite.js";
import { formatValue } from "./format-value.js";
import { renderFrame } from "./frame.js";
import { linePath } from "./marks.js";
import { drawGroups, finiteGroups, groupLegend, type PointGroup } from "./scatter.js";

export interface ScatterWithLineSpec extends FigureOptions {
  readonly xLabel: string;
  readonly xUnit?: string;
  readonly yLabel: string;
  readonly yUnit?: string;
  readonly groups: readonly PointGroup[];
  /** The fitted line or curve through these points, ascending in x: two for a straight line. */
  readonly line: { readonly x: Numbers; readonly y: Numbers; readonly name?: string };
}

/** Data of one feature with the line of the model over it. */
export function scatterWithLine(spec: ScatterWithLineSpec): string {
  const words = wordsOf(spec);
  const { groups, dropped, count } = finiteGroups(spec.groups);
  const line = finitePoints(spec.line.x, spec.line.y);
  const name = spec.line.name ?? words.fit;
  const ends =
    line.x.length === 0
      ? ""
      : ` ${name}: (${formatValue(line.x[0]!)}, ${formatValue(line.y[0]!)}) → (${formatValue(line.x.at(-1)!)}, ${formatValue(line.y.at(-1)!)}).`;
  return renderFrame({
    ...spec,
    kind: "scatter-with-line",
    description: spec.description ?? `${words.points(words.count(count))}.${ends}`,
    legend: [
      ...groupLegend(groups),
      ...(line.x.length === 0 ? [] : [{ label: name, sample: element("path", { class: "df-line df-rule", d: "M0,6L22,6" }) }]),
    ],
    x: { label: spec.xLabel, unit: spec.xUnit, extent: extentOf(line.x, ...groups.map(({ x }) => x)) },
    y: { label: spec.yLabel, unit: spec.yUnit, extent: extentOf(line.y, ...groups.map(({ y }) => y)) },
    caption: [...(spec.caption ?? []), ...droppedCaption(words, dropped + line.dropped)],
    draw:
      count + line.x.length === 0
        ? undefined
        : (area, say) => {
            const d = linePath(line.x.map(area.x.position), line.y.map(area.y.position));
            return (
              drawGroups(groups, area, words, say) +
              (d === ""
                ? ""
                : element("path", { class: "df-halo", d }) + element("path", { class: "df-line df-rule", "data-role": "line", d }))
            );
          },
  });
}
