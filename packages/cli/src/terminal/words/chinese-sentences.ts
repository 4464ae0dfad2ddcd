/** Reasons, findings and warnings in Chinese, by the pattern of the English sentence. */

import type { Translation } from "./translation.js";

/** "a, b and c" */
const names = (list: string): string =>
  list
    .replaceAll(", ", "、")
    .replace(/ and (\d+) more$/, " 等（另有 $1 个）")
    .replace(" and ", "、");

export const chineseSentences: readonly Translation[] = [
  // Why this model
  [/^the target is a number$/, "目标列是数"],
  [/^the target has two values, (.*) and (.*)$/, "目标列有两个值：$1 和 $2"],
  [/^the target has (\d+) classes$/, "目标列有 $1 个类别"],
  // Why this method
  [/^batches: adam by default$/, "分批时默认用 adam"],
  [/^method asked for; learning rate asked for$/, "方法和学习率都由命令指定"],
  [/^method asked for; learning rate the method's own$/, "方法由命令指定；学习率是方法自带的"],
  [/^method asked for; learning rate from the curvature$/, "方法由命令指定；学习率由曲率得出"],
  [
    /^‖w‖₁ has kinks at 0, .*; step 1\/L from the largest curvature (.*)$/,
    "‖w‖₁ 在 0 处有折点，近端步可以精确处理；步长 1/L 取自最大曲率 $1",
  ],
  [
    /^smooth, (\d+) features, condition number (.*): L-BFGS$/,
    (features, condition) => `光滑，${features} 个特征，条件数 ${condition === "infinite" ? "无穷大" : condition}：用 L-BFGS`,
  ],
  [
    /^condition number (.*): L-BFGS in coordinates where the features are uncorrelated$/,
    (condition) => `条件数 ${condition === "infinite" ? "无穷大" : condition}：在特征互不相关的坐标中用 L-BFGS`,
  ],
  // What is special about a column
  [/^numbers written as text$/, "以文本写成的数"],
  [/^numbers with (.*)$/, "带 $1 的数"],
  [/^(\d+) of (\d+) values are no numbers, such as "(.*)"$/, "$2 个值中有 $1 个不是数，例如“$3”"],
  // Why a column is not used
  [/^not asked for$/, "没有要求使用"],
  [/^no values$/, "没有值"],
  [/^counts the rows$/, "只是行号"],
  [/^constant \((.*)\)$/, "始终相同（$1）"],
  [/^more than (.*) different values: names or free text, no category$/, "不同的值超过 $1 个：是名字或自由文本，不是类别"],
  [/^(.*) different values in (.*) rows: names or free text, no category$/, "$2 行中有 $1 个不同的值：是名字或自由文本，不是类别"],
  [/^(.*) different values in (.*) rows, more than (\d+)$/, "$2 行中有 $1 个不同的值，超过 $3 个"],
  [/^its values are so large that their squares overflow$/, "值太大，平方会溢出"],
  [/^its values are so large that double precision does not hold their coefficients$/, "值太大，双精度容不下它的系数"],
  [/^its values are so small that double precision does not hold their coefficients$/, "值太小，双精度容不下它的系数"],
  [/^the same values as (.*)$/, "与 $1 的值完全相同"],
  // Findings of a table
  [
    /^the name (.*) comes more than once; the later columns are called (.*) and so on\.$/,
    (list, later) => `列名 ${names(list)} 出现不止一次；后面的列改称 ${later} 等。`,
  ],
  [
    /^(\d+) of (\d+) rows lack a value and are left out: the rest may not stand for the whole\.$/,
    "$2 行中有 $1 行因有缺失值而舍去：剩下的行未必能代表全体。",
  ],
  [/^(.*) is read as text: (\d+) of (\d+) values are no numbers, such as "(.*)"\.$/, "$1 按文本读入：$3 个值中有 $2 个不是数，例如“$4”。"],
  [
    /^(.*) (?:is|are) read as text; for the numbers: (.*)$/s,
    (columns, query) =>
      `${names(columns.replaceAll(/ \(such as "(.*?)", as a number (.*?)\)/g, "（例如“$1”，作为数是 $2）"))}按文本读入；要取其中的数：${query}`,
  ],
  [
    /^(.*) has only the values (\S+) and (\S+), and is fitted as a number; if they stand for two classes: (.*)$/,
    "$1 只有 $2 和 $3 两个值，按数拟合；如果它们代表两个类别，请用 $4",
  ],
  [/^R² is (\S+) on the rows to judge on: .*$/, "留作检验的行上 R² 为 $1：用这些行的平均值来预测都比这个模型好。"],
  [/^R² is (\S+) over the folds: .*$/, "各折的 R² 平均为 $1：用各折的平均值来预测都比这个模型好。"],
  [/^no checkpoint was written: (.*)$/s, "没有写入检查点：$1"],
  [
    /^none of the learning rates that were tried led lower: the descent took its own\.$/,
    "试过的学习率都没有使函数值降低：下降改用自己的学习率。",
  ],
  [/^classes were weighted: .*$/, "各类的行被赋予了权重：概率对应的是各类占比与这些权重一致的总体，而不是这张表。"],
  [
    /^(\d+) rows to judge on have a (.*) that no row to learn from has \((.*)\): counted as the base level\.$/,
    "留作检验的行中有 $1 行的 $2 在用来学习的行中没有出现过（$3）：按基准类别处理。",
  ],
  [
    /^(\d+) rows to judge on are of classes that no row to learn from has: left out of the metrics\.$/,
    "留作检验的行中有 $1 行属于用来学习的行中没有的类别：不计入指标。",
  ],
  [/^(\d+) of (\d+) folds did not converge\.$/, "$2 折中有 $1 折没有收敛。"],
  [/^the table was streamed: (\d+) passes over it; .*$/, "数据表以流式读取：读了 $1 遍；各行按种子和位置划分，与在内存中时相同。"],
  [
    /^--learning-rate (\S+) is not used: (\S+) finds the length of its steps itself\. To see what it does, add (.*)\.$/,
    "--learning-rate $1 没有用到：$2 自己确定步长。想看它的作用，请加上 $3。",
  ],
  [
    /^(.*) alone gives the target to rounding: .*$/,
    "仅凭 $1 就能算出目标列，只差舍入：如果它是由目标列得来的，预测时就还不知道它，应当去掉（--features）。",
  ],
  // Findings of a fit
  [
    /^The features separate the classes completely: .*$/,
    "特征把各类别完全分开：没有惩罚项时，权重越大损失越小，没有最佳的权重。请加惩罚项，例如 --l2 0.01。",
  ],
  [
    /^The features separate (\d+) of (\d+) rows from the other classes: .*$/,
    "特征把 $2 行中的 $1 行与其他类别分开：没有惩罚项时某些权重会无止境地增大，没有最佳的权重。请加惩罚项，例如 --l2 0.01。",
  ],
  [/^(.*): the same in every row, so the coefficient is 0\.$/, "$1：每一行都相同，所以系数为 0。"],
  [/^(\d+) coefficients from (\d+) rows: .*$/, "$2 行要定 $1 个系数：有许多模型对这些行拟合得一样好；这里给出的是标准化权重最小的一个。"],
  [
    /^(.*) is, to rounding, a combination of the other columns: .*$/,
    (name) => `${name === "the intercept" ? "截距" : `“${name}”`}在舍入误差内是其他列的组合：预测值可以确定，单个系数不能。`,
  ],
  // Warnings of a descent
  [
    /^The descent has seen (\S+)( at \[.*\])?, better than (\S+) where it ended: .*$/,
    (seen, place, ended) =>
      `下降途中见过 ${seen}${place === "" ? "" : `（在 ${place.slice(4)}）`}，比终点的 ${ended} 更好：它越进了另一个吸引域。从那里出发，也许能到更好的终点。`,
  ],
  [/^learningRate is not used: (.*) finds the length of its steps itself\.$/, "学习率没有用到：$1 自己确定步长。"],
  [/^constants\.(\S+) is not used: .*$/, "常量 $1 没有用到：目标函数里没有这个名字。代码压缩后名字会改变。"],
  [/^The gradient comes from finite differences: (.*)$/s, "梯度由有限差分得到：$1"],
  [/^The objective is (\S+) at the start; it must be finite there\.(.*)$/s, "目标函数在起点处为 $1；在那里它必须是有限的数。"],
  [
    /^The gradient is (\S+) in params(\S*) at the start; it must be finite there\.$/,
    "梯度在起点处对参数 $2 为 $1；在那里它必须是有限的数。",
  ],
];
