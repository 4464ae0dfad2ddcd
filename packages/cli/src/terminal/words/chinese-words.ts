import type { TerminalWords } from "./terminal-words.js";

const list = (items: readonly string[], most = 8): string =>
  items.length > most ? `${items.slice(0, most - 1).join("、")} 等共 ${items.length} 个` : items.join("、");

export const chineseWords: TerminalWords = {
  error: "错误",
  note: "说明",
  defect: "这是 Descend 的缺陷，不是您的错误。设 DESCEND_DEBUG=1 可看到出在哪里。",
  comma: "，",
  semicolon: "；",
  list,
  seconds: (seconds) => {
    if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} 毫秒`;
    if (seconds < 60) return `${seconds.toFixed(1)} 秒`;
    return `${Math.floor(seconds / 60)} 分 ${Math.round(seconds % 60)} 秒`;
  },
  verdict: (verdict, meaning, reason, gradientNorm) =>
    `${verdict}：${meaning === "" ? "" : `${meaning}；`}${reason}，‖g‖∞ = ${gradientNorm}`,
  verdicts: {
    converged: { word: "已收敛", meaning: "" },
    stalled: { word: "停滞", meaning: "不再前进，也不能证明这里是极小点" },
    "noise-limited": { word: "受噪声限制", meaning: "批次的噪声已盖过进展" },
    orbiting: { word: "打转", meaning: "以步长的距离绕着极小点转；用更小的学习率可以继续下降" },
    saddle: { word: "鞍点", meaning: "沿某些方向仍是下坡" },
    maximum: { word: "极大点", meaning: "这是极大点，不是极小点" },
    unbounded: { word: "没有下界", meaning: "目标函数无止境地下降" },
    "infimum-not-attained": { word: "达不到的下确界", meaning: "参数无止境地增大，函数值逼近最低值而永远达不到" },
    plateau: { word: "平坦区", meaning: "这里太平坦，梯度指不出方向" },
    "precision-floor": { word: "精度极限", meaning: "已低到这种数字格式所能分辨的程度" },
    infeasible: { word: "不可行", meaning: "附近没有满足约束的点" },
    budget: { word: "预算用尽", meaning: "还没有走完，预算就先用完了" },
    stopped: { word: "中途停止", meaning: "在走完之前被停下" },
    "broken-input": { word: "无法开始", meaning: "这里的目标函数不是有限的数" },
  },
  reasons: {
    "gradient-tolerance": "梯度已小到容差以内",
    "step-tolerance": "参数不再移动",
    "value-tolerance": "函数值不再变化",
    "target-value": "达到了要求的函数值",
    "max-steps": "步数用完",
    "max-evaluations": "求值次数用完",
    "time-limit": "时间用完",
    "stopped-by-caller": "收到停止的要求",
    "line-search-failed": "沿搜索方向找不到更低的点",
    infeasible: "附近没有可行的点",
    "non-finite-value": "函数值不是有限数",
    "non-finite-gradient": "梯度不是有限数",
    diverged: "发散",
  },
  stalledBy: {
    diverged: "函数值无止境地增大；更小的学习率可能有用",
    "non-finite-value": "有一步会走到目标函数不是有限数的地方，没有迈出",
    "non-finite-gradient": "有一步会走到梯度不是有限数的地方，没有迈出",
  },
  written: {
    report: (path) => `报告已写入：${path}`,
    model: (path) => `模型已保存：${path}`,
    plot: (path) => `图已写入：${path}`,
  },
  progress: {
    step: (step, most) => `第 ${step} 步${most === undefined ? "" : `，共 ${most}`}`,
    epoch: (epoch, most) => `第 ${epoch} 轮${most === undefined ? "" : `，共 ${most}`}`,
    value: (value) => `函数值 ${value}`,
    rate: (rate) => `学习率 ${rate}`,
    left: (time, atMost) => `${atMost ? "最多" : "大约"}还要 ${time}`,
    epochsPerSecond: (pace) => `每秒 ${pace} 轮`,
    stepsPerSecond: (pace) => `每秒 ${pace} 步`,
    fold: (fold, folds) => `第 ${fold} 折，共 ${folds}  `,
    pass: (pass, row) => `第 ${pass} 遍读表：第 ${row} 行`,
  },
  fit: {
    table: "数据表",
    tableSummary: (path, rows, columns, leftOut) =>
      `${path}：${rows} 行，${columns} 列${leftOut.length === 0 ? "" : `；舍去${leftOut.join("，")}`}`,
    withMissing: (rows) => `有缺失值的 ${rows} 行`,
    withoutTarget: (rows) => `没有目标值的 ${rows} 行`,
    withInfinite: (rows) => `有无穷大的 ${rows} 行`,
    target: "目标列",
    classes: (count) => `${count} 个类别`,
    targetWithClasses: (target, classes) => `${target}：${classes}`,
    model: "模型",
    because: (reason) => `（${reason}）`,
    weights: "权重",
    columnWeighs: (column) => `每一行算多少次由 ${column} 列决定`,
    balanced: "各类别的分量相同",
    classCounts: (label, times) => `类别 ${label} 的行算 ${times} 次`,
    l1Weight: (weight) => `‖w‖₁ 的权重 ${weight}`,
    l2Weight: (weight) => `½‖w‖² 的权重 ${weight}`,
    noPenalty: "没有惩罚项",
    method: "方法",
    learningRate: (rate) => `学习率 ${rate}`,
    curvature: "曲率",
    curvatureSummary: ({ largest, condition = "无穷大", predicted, stable, plain }) =>
      `最大 ${largest}，条件数 ${condition}${predicted === undefined ? "" : `；预计约 ${predicted}`}；普通梯度下降：学习率须小于 ${stable}${plain === undefined ? "" : `，约 ${plain}`}`,
    split: "划分",
    splitSummary: (train, test, seed) => `${train} 行用来学习，${test} 行留作检验（种子 ${seed}）`,
    steps: (_, shown) => `${shown} 步`,
    featureNotUsed: (feature, reason) => `未使用：特征“${feature}”（${reason}）`,
    sweepHead: ["学习率", "函数值", "步数", ""],
    diverged: "发散",
    taken: "采用",
    sweepCost: (steps) => `为找学习率用了 ${steps} 步`,
    class: "类别",
    coefficient: "系数",
    descent: "下降所得",
    standardError: "± 标准误",
    interval: "95 % 区间",
    closedForm: "闭式解",
    more: (count) => `还有 ${count} 个（--json 中有全部）`,
    train: "用来学习",
    test: "留作检验",
    folds: (count) => `${count} 折交叉验证`,
    metrics: { accuracy: "准确率", "log loss": "对数损失", precision: "精确率", recall: "召回率", Brier: "Brier 分数" },
    effort: ({ steps, epochs, method, rowGradients, time, difference }) =>
      `${method} 走了 ${steps}${epochs === undefined ? "" : `（${epochs} 轮）`}${rowGradients === undefined ? "" : `，单行梯度 ${rowGradients} 次`}，用时 ${time}${difference === undefined ? "" : `；与闭式解的最大相对差异 ${difference}`}`,
    resume: (path) => `已停下；要继续，请在同一条命令后加上 --resume ${path}`,
  },
  columns: {
    head: ["列", "类型", "用途"],
    more: (count) => `还有 ${count} 列`,
    target: "目标列",
    weight: "每一行算多少次",
    notUsed: (reason) => `未使用：${reason}`,
    notAskedFor: "没有要求使用",
    feature: "特征",
    base: (base, others) => (others === "" ? `基准 ${base}` : `基准 ${base}，其余为 ${others}`),
    dates: "从最早日期起的天数",
    booleans: "真为 1",
    missing: (count, frequent, stand, indicator) =>
      `${count} 个缺失值填为${frequent ? "最常见的值" : "中位数"} ${stand}${indicator === undefined ? "" : `，另加特征“${indicator}”`}`,
    aside: (note) => `（${note}）`,
    colon: "：",
  },
  minimize: {
    gradient: "梯度",
    value: "函数值",
    effort: ({ steps, method, values, gradients, source, time }) => {
      const sources: Record<string, string> = {
        compiled: "精确",
        provided: "给定",
        "finite-difference": "有限差分",
        estimated: "估计",
      };
      return `${method} 走了 ${steps} 步，函数值 ${values} 次，梯度 ${gradients} 次（${sources[source] ?? source}），用时 ${time}`;
    },
    multipliers: (equal, atMost, violation) =>
      `乘子：${[...(equal === "" ? [] : [`等式 ${equal}`]), ...(atMost === "" ? [] : [`不等式 ${atMost}`])].join("；")}；约束的违反量 ${violation}`,
  },
  multistart: {
    head: (variables) => ["", "函数值", ...variables, "起点数", "比例（95 %）", "结论"],
    share: (share, low, high) => `${share}（${low} 到 ${high}）`,
    more: (count) => `……还有 ${count} 个，见 --json 和 --report`,
    found: (starts, _, shown, seed) => `${starts} 个起点，终于 ${shown} 个位置；种子 ${seed}`,
    chance: (share, starts) =>
      `与最低处同样低的起点占 ${share}${starts === undefined ? "" : `；按这一比例的下限，取 ${starts} 个起点有 99 % 的把握找到它`}`,
  },
  race: {
    head: ["", "方法", "求值次数", "步数", "最低值", "结论"],
    counted: (within, best) => `求值次数和步数计到离最优值 ${best} 只剩总降幅的 ${within} 为止`,
  },
  methods: {
    example: (flags, page) => `例如：${flags}。详见 ${page}（英文）。`,
  },
  predict: {
    predicted: (rows, path) => `预测了 ${rows} 行${path === undefined ? "" : `：${path}`}`,
    withoutPrediction: (rows) => `${rows} 行有缺失值或无穷大：没有预测`,
    filled: (count, column) => `${column} 列的 ${count} 个缺失值按拟合模型时的办法填补`,
    unseen: (rows, column) => `${rows} 行的 ${column} 是模型没见过的类别，按基准类别处理`,
    against: (metrics) => `与表中的目标列相比：${metrics}`,
  },
  update: {
    learned: (path, rows, table, updates) => `${path} 从 ${table} 的 ${rows} 行中学习，更新了 ${updates} 次。`,
    leftOut: (rows) => `${rows} 行有缺失值，未计入。`,
    head: ["在这些行上", "更新前", "更新后"],
  },
};
