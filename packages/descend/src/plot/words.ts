/** What figures say by themselves, in each language. */

export type PlotLanguage = "en" | "zh";

export interface PlotWords {
  readonly count: (value: number) => string;
  readonly nothing: string;
  readonly notFinite: (count: string) => string;
  readonly notPositive: (count: string) => string;
  readonly thinnedLine: (shown: string, all: string) => string;
  readonly thinnedPoints: (shown: string, all: string) => string;
  readonly smoothed: (span: string) => string;
  readonly above: (value: string) => string;
  /** All panels have the same axes, logarithmic both. */
  readonly sharedAxes: (last: string, low: string, high: string) => string;
  readonly logarithmic: string;
  readonly from: (offset: string) => string;
  readonly step: string;
  readonly fit: string;
  readonly data: string;
  readonly actual: string;
  readonly predicted: string;
  readonly residual: string;
  readonly perfect: string;
  readonly identity: string;
  readonly zeroLine: string;
  readonly coefficient: string;
  readonly errorBars: string;
  readonly largestShown: (shown: string, all: string) => string;
  readonly start: string;
  readonly end: string;
  readonly negativeGradient: string;
  readonly undefinedHere: string;
  readonly levelsEven: (step: string) => string;
  readonly levelsGeometric: (ratio: string, floor: string) => string;
  readonly lower: string;
  readonly path: string;
  readonly shareOfRow: string;
  readonly predictedClass: string;
  readonly actualClass: string;
  readonly probability: string;
  readonly observedShare: string;
  readonly calibrationBars: (bins: string) => string;
  readonly countAxis: string;
  readonly bins: (count: string, width: string) => string;
  readonly points: (count: string) => string;
  readonly vertical: (label: string) => string;
  readonly surfaceHidden: string;
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

export const plotWords: Readonly<Record<PlotLanguage, PlotWords>> = {
  en: {
    count: grouped,
    nothing: "Nothing to draw: there are no finite values.",
    notFinite: (count) => `${count} ${count === "1" ? "point is" : "points are"} not finite and cannot be drawn.`,
    notPositive: (count) =>
      `${count} ${count === "1" ? "point is" : "points are"} zero or negative, without a place on a logarithmic axis.`,
    thinnedLine: (shown, all) =>
      `Drawn with ${shown} of ${all} points: in each narrow column the first, the lowest, the highest and the last.`,
    thinnedPoints: (shown, all) => `${all} points, drawn as ${shown}: points that would cover each other are drawn once.`,
    smoothed: (span) => `Strong line: mean over about ${span} points; faint line: every point.`,
    above: (value) => `above ${value}`,
    sharedAxes: (last, low, high) => `All panels share their axes, both logarithmic: steps 0 to ${last}, values ${low} to ${high}.`,
    logarithmic: "logarithmic",
    from: (offset) => `from ${offset}`,
    step: "step",
    fit: "model",
    data: "data",
    actual: "actual",
    predicted: "predicted",
    residual: "actual − predicted",
    perfect: "Points on the line are predicted exactly.",
    identity: "predicted = actual",
    zeroLine: "Around zero without a pattern, if the model has caught what there is to catch.",
    coefficient: "coefficient",
    errorBars: "Bars: ± 1.96 standard errors.",
    largestShown: (shown, all) => `The ${shown} largest of ${all} in size.`,
    start: "start",
    end: "end",
    negativeGradient: "−∇, downhill",
    undefinedHere: "not finite here",
    levelsEven: (step) => `Lines of equal value every ${step}.`,
    levelsGeometric: (ratio, floor) => `Lines of equal value: each is ${ratio} times as far above ${floor} as the one inside it.`,
    lower: "low → high",
    path: "path",
    shareOfRow: "Each row adds up to 100 % of the actual class.",
    predictedClass: "predicted",
    actualClass: "actual",
    probability: "predicted probability",
    observedShare: "observed share",
    calibrationBars: (bins) => `${bins} groups of equal size, with 95 % intervals (Wilson). On the line, 70 % means 70 of 100.`,
    countAxis: "count",
    bins: (count, width) => `${count} bins of width ${width}.`,
    points: (count) => `${count} ${count === "1" ? "point" : "points"}`,
    vertical: (label) => `Height: ${label}.`,
    surfaceHidden: "Stems join each point to the surface.",
  },
  zh: {
    count: grouped,
    nothing: "没有可画的内容：没有有限的数值。",
    notFinite: (count) => `有 ${count} 个点不是有限数，无法画出。`,
    notPositive: (count) => `有 ${count} 个点为零或负数，在对数坐标轴上没有位置。`,
    thinnedLine: (shown, all) => `共 ${all} 个点，画出 ${shown} 个：每一窄列保留第一个、最低、最高和最后一个点。`,
    thinnedPoints: (shown, all) => `共 ${all} 个点，画出 ${shown} 个：互相重叠的点只画一次。`,
    smoothed: (span) => `粗线：约 ${span} 个点的平均；淡线：全部的点。`,
    above: (value) => `高于 ${value} 的部分`,
    sharedAxes: (last, low, high) => `各小图坐标轴相同，均为对数轴：步数从 0 到 ${last}，数值从 ${low} 到 ${high}。`,
    logarithmic: "对数坐标",
    from: (offset) => `以 ${offset} 为起点`,
    step: "步",
    fit: "模型",
    data: "数据",
    actual: "实际值",
    predicted: "预测值",
    residual: "实际值 − 预测值",
    perfect: "落在直线上的点预测得完全正确。",
    identity: "预测值 = 实际值",
    zeroLine: "若模型已抓住能抓住的规律，点会在零附近散布而没有形状。",
    coefficient: "系数",
    errorBars: "横条：± 1.96 倍标准误。",
    largestShown: (shown, all) => `共 ${all} 个，只画绝对值最大的 ${shown} 个。`,
    start: "起点",
    end: "终点",
    negativeGradient: "−∇，下坡方向",
    undefinedHere: "此处不是有限数",
    levelsEven: (step) => `等值线，每隔 ${step} 一条。`,
    levelsGeometric: (ratio, floor) => `等值线：每条高出 ${floor} 的量是其内侧一条的 ${ratio} 倍。`,
    lower: "低 → 高",
    path: "路径",
    shareOfRow: "每一行的百分比合计为该实际类别的 100 %。",
    predictedClass: "预测",
    actualClass: "实际",
    probability: "预测概率",
    observedShare: "实际比例",
    calibrationBars: (bins) => `分成 ${bins} 组，每组个数相同，附 95 % 区间（Wilson）。落在直线上时，70 % 就是 100 次中 70 次。`,
    countAxis: "个数",
    bins: (count, width) => `共 ${count} 组，组距 ${width}。`,
    points: (count) => `${count} 个点`,
    vertical: (label) => `高度：${label}。`,
    surfaceHidden: "短线把每个点与曲面相连。",
  },
};
