/**
 * The doctor's sentences in Chinese, by the id of the message: explanations by the id of the finding, prescriptions by that of the remedy.
 */

import type { Message } from "../report.js";

type Values = Message["values"];
type Sentence = (value: (name: string) => string, values: Values) => string;

const number = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

/** Explanations. */
export const explanations: Readonly<Record<string, Sentence>> = {
  "lr-too-large": (v, { stabilityNumber }) =>
    number(stabilityNumber) > 1
      ? `学习率 ${v("learningRate")} 是 ${v("method")} 在所遇曲率下所能承受的 ${v("stabilityNumber")} 倍。`
      : `学习率 ${v("learningRate")} 太大：在查看的点中，有 ${v("overshoots")} 处方法自己的下一步反而使目标函数上升。`,
  "lr-too-small": (v, values) =>
    "share" in values
      ? `学习率 ${v("learningRate")} 远小于稳定极限；取 ${v("stableRate")}，同样的下降所需步数要少得多。`
      : `每一步几乎都走满 ${v("learningRate")}：已经走了 ${v("covered")}，前面还有 ${v("remaining")}。`,
  "step-starved": (v) => `步长已缩小为原来的 1/${v("shrinkage")}；照此下去，再用一份同样的预算也只能走完剩余路程的 ${v("reach%")} %。`,
  "momentum-ringing": (v) =>
    `动量 ${v("momentum")} 使下降以 ${v("period")} 步为周期振荡（预计 ${v("predictedPeriod")}），结束时振幅仍剩 ${v("envelope%")} %。`,
  "stopped-early": (v, values) =>
    "needed" in values
      ? `走了 ${v("steps")} 步，仍有 ${v("share%")} % 的下降尚未取得；照此速度总共大约需要 ${v("needed")} 步。`
      : `准则“${v("reason")}”在 ${v("steps")} 步后结束了下降，而仍有 ${v("share%")} % 的下降尚未取得。`,
  "ill-conditioned": (v, values) =>
    "times" in values
      ? `照目前的速度，需要的步数是已有 ${v("steps")} 步的 ${v("times")} 倍，而学习率已是稳定极限的 ${v("share%")} %：这是一条弯曲或变窄的山谷。`
      : `各方向的曲率相差 ${v("condition")} 倍：即使取最大的稳定学习率，慢方向在 ${v("steps")} 步内也只缩小到 e^−${v("decays")}。`,
  "unscaled-features": (v, { which }) =>
    `各列的${which === "scale" ? "尺度" : "偏移"}相差 ${v("ratio")} 倍（${v("columns")}）：条件数为 ${v("condition")}，标准化之后只有 ${v("standardized")}。`,
  "collinear-features": (v) =>
    `列 ${v("columns")} 几乎互相重复（最小特征值只有最大的 ${v("ratio")}），而目标列恰恰取决于它们之差：沿此方向损失还能下降 ${v("gain")}。`,
  "saddle-point": (v) => `下降停在鞍点上：某个方向的曲率为 ${v("lowestCurvature")}，沿着它走可以再降 ${v("gain")}。`,
  "local-minimum": (v) =>
    `下降止于一个值为 ${v("value")} 的极小点；从别的起点可以到达 ${v("better")}，两者之间隔着高 ${v("barrier")} 的山脊。`,
  plateau: (v) => `停下的地方是平坦的：在参数大小的十分之一范围内，目标函数只变化 ${v("change")}，而从别的起点可以到达 ${v("better")}。`,
  "kink-chatter": (v) =>
    `下降在折点两侧来回跳动：两侧的斜率达到梯度的 ${v("slopes")}，而学习率缩小到四分之一时，悬停的高度降低 ${v("levelRatio")} 倍。`,
  "no-finite-minimum": (v, { separated }) =>
    separated === "true"
      ? "两类可以完全分开：每一行的间隔都为正，权重越大，损失越小，永无止境。"
      : `沿着参数的射线，目标函数一直在下降：结束时为 ${v("value")}，再往远处看为 ${v("far")}。有限的极小点并不存在。`,
  "bad-init-scale": (v) => `起点离解太远，距离是参数大小的 ${v("distance")} 倍；从较近的起点，同样的问题可以到达 ${v("nearer")}。`,
  "head-loss-mismatch": (v) => `目标列的取值从 ${v("lowest")} 到 ${v("highest")}，与模型 ${v("model")} 的输出和损失不相配。`,
  "sgd-noise-floor": (v) => `下降悬停在最小值之上 ${v("excess")}；按 ${v("batch")} 行一批的噪声和当前学习率，预计正是 ${v("predicted")}。`,
  "adam-nonconvergence": (v) => `${v("method")} 连续 ${v("stretches")} 段逆着自己的下降方向移动：更新量之和指向上坡。`,
  "unshuffled-batches": (v) => `批是按表中的顺序取的，各批梯度的差异是随机分批时的 ${v("spreadRatio")} 倍。`,
  "unused-rows": (v, { never }) =>
    number(never) > 0
      ? `${v("rows")} 行中有 ${v("never")} 行从未进入任何一批，第一个是第 ${v("first")} 行。`
      : `每一轮都有 ${v("unused")} 行（共 ${v("rows")} 行）被漏掉，每次不同。`,
  "wrong-gradient": (v, values) =>
    "factor" in values
      ? `给出的梯度是真实梯度的 ${v("factor")} 倍。`
      : `给出的梯度在 ${v("path")} 处有误：给出 ${v("got")}，而差商为 ${v("expected")}。`,
  "numeric-overflow": (v, values) =>
    "largest" in values
      ? `离值 ${v("value")} 只有一步的地方，目标函数不再是有限数，而周围的一切都不大：通向那里的值没有超过 ${v("largest")} 的。`
      : `目标函数在起点为 ${v("value")}，而参数的大小只有 ${v("size")}。`,
  "precision-floor": (v) => `梯度的 ${v("share%")} % 落在这样的参数上：它们的步长小于 ${v("precision")} 的舍入误差，等于没有走。`,
  "nonfinite-data": (v) => `有 ${v("count")} 个值不是有限数，第一个在列“${v("column")}”第 ${v("row")} 行。`,
  outliers: (v, { column }) =>
    column !== ""
      ? `值 ${v("code")} 在列“${v("column")}”中反复出现，且远离其他所有值：这是缺失值的代码。去掉这 ${v("rows")} 行，系数会移动 ${v("moved")} 个标准误差。`
      : `${v("rows")} 行占去了大部分平方误差；去掉它们，系数会移动 ${v("moved")} 个标准误差。`,
  "unscaled-target": (v) => `目标列的大小为 ${v("size")}，而步长有限的方法在预算内只能走 ${v("reach")} 远。`,
  "uninformative-labels": (v, { misaligned }) =>
    misaligned === "true"
      ? `特征与目标列错位：移动 ${v("shift")} 行后两者相符（z = ${v("shiftZ")}），现在则不相符（z = ${v("z")}）。`
      : `对目标列的线性拟合并不比对打乱后的目标列更好（z = ${v("z")}）：这些特征不含线性信号。`,
  "target-leakage": (v) =>
    `仅列“${v("column")}”一列就解释了训练集中目标列的 ${v("r2%")} %，而验证损失 ${v("validation")} 远高于训练损失 ${v("training")}。`,
  overfitting: (v) => `验证损失在 ${v("steps")} 步中的第 ${v("step")} 步最低，结束时是那时的 ${v("rise")} 倍，而训练损失仍在下降。`,
  "over-regularised": (v) => `惩罚 ${v("l2")} 把权重压住了：惩罚减到 ${v("lighter")}，训练损失就降到原来的 ${v("training%")} %。`,
  "rank-deficient-harmless": (v) => `列 ${v("columns")} 互相依赖：权重不唯一，但拟合是唯一的。`,
  "irreducible-loss": (v) => `损失是常数预测的 ${v("share%")} %，而这已经是最优：其余的对这个模型来说是噪声。`,
  "could-improve": (v) => `从终点再走三十步 L-BFGS，还能取得 ${v("share%")} % 的下降。`,
};

/** Prescriptions, by "finding.remedy", or by the remedy alone where several findings share it. */
export const prescriptions: Readonly<Record<string, Sentence>> = {
  // Of recorded runs, whose explanations have a part after the dot as well
  "lr-too-large.recorded": (v) => `损失从 ${v("first")} 变到 ${v("last")}；最后四分之一的步子里有 ${v("turns%")} % 掉头。`,
  "lr-too-large.advice": () => "先减小学习率，直到损失下降；再诊断案例本身：只看曲线，分不清是学习率太大还是梯度写错了。",
  "stopped-early.recorded": (v) => `最后四分之一的运行仍带来了全部下降的 ${v("lateShare%")} %。`,
  "stopped-early.advice": () => "继续运行，或增大学习率；诊断案例本身才知道该选哪一个。",
  "overfitting.recorded": (v) => `验证损失在运行到 ${v("minimumAt%")} % 时最低，结束时是那时的 ${v("validationRise")} 倍。`,
  "overfitting.advice": () => "保留验证损失最低时的参数。",
  "stable-rate": (v) => `取学习率 ${v("learningRate")}：在可靠下降所遇的最大曲率下，稳定极限的 0.9 倍。`,
  "tenth-of-rate": (v) => `把学习率减到十分之一：${v("learningRate")}。`,
  "shorter-rate": () => "把学习率减到十分之一。",
  "smaller-steps": (v) => `把学习率减到十分之一，即 ${v("learningRate")}：步子就会停在界内。`,
  "larger-rate": (v) => `取学习率 ${v("learningRate")}。`,
  "line-search": () => "让线搜索决定步长：L-BFGS。",
  lbfgs: () => "让 L-BFGS 决定方向和步长。",
  "numeric-overflow.lbfgs": () => "让线搜索避开没有值的点：L-BFGS。",
  nesterov: (v) => `改用 Nesterov 动量 ${v("momentum")}，学习率 ${v("learningRate")}，适合条件数 ${v("condition")}。`,
  adam: (v) => `改用会忘记旧梯度的 Adam，学习率 ${v("learningRate")}。`,
  "critical-damping": (v) => `把动量降到 ${v("momentum")}：慢方向恰好处于临界阻尼。`,
  "relative-rule": (v) => `改按相对于起点的梯度（1e-8）停止，最多 ${v("maxSteps")} 步。`,
  "lbfgs-relative": () => "按相对梯度停止，步长交给 L-BFGS。",
  "more-steps": (v) => `允许 ${v("maxSteps")} 步。`,
  standardize: (v, values) =>
    `把各列和目标列标准化${"learningRate" in values ? `，学习率取 ${v("learningRate")}` : ""}；权重随后换算回表的单位。`,
  "let-scale": () => "让拟合把各列标准化：权重无论如何都以表的单位给出。",
  "standardize-lbfgs": () => "把各列标准化，步长交给 L-BFGS。",
  ridge: (v) => `在标准化的列上加岭惩罚 ${v("l2")}。`,
  drop: (v) => `去掉列 ${v("column")}。`,
  displace: () => "从这一点沿负曲率方向挪开后重新开始。",
  "displace-lbfgs": () => "同样挪开，再用 L-BFGS。",
  "displace-other": () => "朝相反的方向挪开后开始。",
  "better-start": () => "从各次重新开始中最好的一点出发。",
  "better-start-lbfgs": () => "从各次重新开始中最好的一点出发，用 L-BFGS。",
  "start-with-slope": () => "从有坡度的地方出发。",
  "start-with-slope-lbfgs": () => "从有坡度的地方出发，用 L-BFGS。",
  "nearer-start": () => "从更接近解的尺度的地方出发。",
  "nearer-start-lbfgs": () => "从较近的地方出发，用 L-BFGS。",
  "numeric-overflow.nearer-start": () => "从更靠近原点、函数有值的地方出发。",
  "numeric-overflow.nearer-start-lbfgs": () => "从更靠近原点、函数有值的地方出发，用 L-BFGS。",
  decay: (v, values) => ("decay" in values ? `让学习率按 1/(1 + ${v("decay")}·步) 衰减。` : "让学习率衰减。"),
  "decay-more": () => "让学习率衰减得再快十倍。",
  average: () => "取后半程各点的平均。",
  "full-batch": () => "一次使用所有行，用 L-BFGS。",
  "larger-batch": (v) => `每批取 ${v("batch")} 行。`,
  penalty: (v) => `给参数加惩罚 ½·${v("l2")}·‖x‖²。`,
  "larger-penalty": (v) => `加更大的惩罚 ½·${v("l2")}·‖x‖²。`,
  bounds: () => "把参数限制在有意义的范围内。",
  recode: (v, values) => ("lowest" in values ? `把标签 ${v("lowest")} 和 ${v("highest")} 编码为 0 和 1。` : "把类别编号为 0、1、2……。"),
  "recode-lbfgs": () => "把标签编码为 0 和 1，步长交给 L-BFGS。",
  linear: () => "目标列是数而不是类别：改用平方损失。",
  "linear-lbfgs": () => "改用平方损失，用 L-BFGS。",
  "cross-entropy": () => "sigmoid 应配交叉熵。",
  "cross-entropy-lbfgs": () => "改用交叉熵，用 L-BFGS。",
  "longer-memory": (v) => `延长对平方的记忆：β₂ = ${v("beta2")}。`,
  amsgrad: () => "改用 AMSGrad，它对平方的记忆从不缩小。",
  shuffle: () => "每一轮都打乱行的顺序。",
  "shuffle-decay": () => "打乱顺序，并让学习率衰减。",
  "all-rows": () => "每一轮都访问所有的行：打乱顺序，最后一批可以小一些。",
  derive: () => "不必给出梯度：它可以由目标函数推导出来。",
  "stable-form": () => "写成稳定的形式：用 log-sum-exp、softplus 和 log1p 代替 log(1 + exp(x))；限制分母；使对数和根号不越出定义域。",
  float64: () => "用 float64 计算。",
  "float64-lbfgs": () => "用 float64 计算，并用 L-BFGS。",
  "drop-rows": (v) => `去掉这 ${v("rows")} 行。`,
  "drop-rows-standardize": () => "去掉这些行，标准化，步长交给 L-BFGS。",
  huber: () => "改用 Huber 损失，大的误差拉力较小。",
  realign: (v) => `目标列取 ${v("shift")} 行之后的值。`,
  "realign-lbfgs": () => "同样对齐，再用 L-BFGS。",
  "other-features": () => "寻找与目标有关的特征，或检查行是否被弄乱。",
  "drop-column": (v) => `去掉列“${v("column")}”：真正要预测时它还不存在。`,
  "drop-column-lbfgs": (v) => `去掉列“${v("column")}”，标准化，步长交给 L-BFGS。`,
  "keep-best": (v) => `保留验证损失最低时（约第 ${v("step")} 步）的参数。`,
  lighter: (v) => `惩罚取 ${v("l2")}。`,
  "lighter-lbfgs": (v) => `惩罚取 ${v("l2")}，用 L-BFGS。`,
  combined: () => "两个最有效的处方一起使用。",
};
