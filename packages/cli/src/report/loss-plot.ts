/** The loss over the steps as a picture: an SVG file of its own. */

import type { History } from "descend";

export interface LossPlotSpec {
  readonly history: History;
  /** What a recorded value is worth in the units of the user. */
  readonly valueUnit: number;
  readonly stepsPerEpoch: number;
  readonly title: string;
  readonly language: "en" | "zh";
}

const words = {
  en: { value: "objective", step: "step", epoch: "epoch" },
  zh: { value: "目标函数", step: "步", epoch: "轮" },
} as const;

/** The distance to the lowest value on a logarithmic axis: a straight line where convergence has a steady rate. */
export async function lossPlot({ history, valueUnit, stepsPerEpoch, title, language }: LossPlotSpec): Promise<string> {
  const { lossCurve } = await import("descend/plot");
  const y = history.value.map((value) => value * valueUnit);
  const lowest = y.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const x = stepsPerEpoch > 1 ? history.step.map((step) => step / stepsPerEpoch) : history.step;
  const text = words[language];
  return lossCurve({
    title,
    series: [{ name: text.value, x, y }],
    xLabel: stepsPerEpoch > 1 ? text.epoch : text.step,
    yLabel: text.value,
    scale: "log",
    above: Number.isFinite(lowest) ? lowest : 0,
    language,
    ...(stepsPerEpoch > 1 ? { smoothing: stepsPerEpoch } : {}),
  });
}
