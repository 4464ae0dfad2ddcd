/** The help of the commands in Chinese, by its English text: a summary, a heading, an argument, an option, a paragraph. */

export const chineseHelp: Readonly<Record<string, string>> = {
  // The frame
  "Usage:": "用法：",
  "Arguments:": "参数：",
  "Options:": "选项：",
  "Commands:": "命令：",
  "The table:": "数据表：",
  "The model:": "模型：",
  "The descent:": "下降：",
  "Afterwards:": "之后：",
  "display help for command": "显示命令的用法",
  "output the version number": "显示版本号",
  "Exit codes: 0 converged, 1 not converged, 2 usage, 3 data, 4 internal.":
    "退出码：0 已收敛，1 未收敛，2 命令写错，3 数据有问题，4 Descend 自身的缺陷。",

  // Commands
  "Gradient descent as a complete, trustworthy system: fit a table, predict, minimize a formula, diagnose a run.":
    "完整、可信的梯度下降系统：拟合数据表、预测、求公式的极小值、诊断一次下降。",
  "fit a model to a table": "用数据表拟合模型",
  "predict with a model saved by descend fit --save": "用 descend fit --save 保存的模型预测",
  "find the minimum of a formula": "求公式的极小点",
  "descend from many starts, and say where they end and how often": "从许多起点下降，说明终于何处、各有多少次",
  "let methods race on a formula: same start, same budget": "让几种方法在一个公式上赛跑：起点相同，预算相同",
  "list the methods; of one, the options that --method-option takes": "列出各种方法；指明一种时，列出它能用 --method-option 设置的选项",
  "find out why a run did not converge, and what helps": "查明一次下降为何没有收敛，怎样才有用",

  // Arguments
  "a CSV, TSV, JSON, NDJSON or Parquet file; may be left out where --query names its files":
    "CSV、TSV、JSON、NDJSON 或 Parquet 文件；--query 中已写明文件时可以省略",
  "the saved model, such as model.json": "保存的模型，例如 model.json",
  "a CSV, TSV, JSON, NDJSON or Parquet file with the columns the model learned from; may be left out with --query":
    "CSV、TSV、JSON、NDJSON 或 Parquet 文件，要有模型学习时用的列；有 --query 时可以省略",
  'such as "(1-x)^2 + 100(y-x^2)^2"': "例如 “(1-x)^2 + 100(y-x^2)^2”",
  'such as "x^2 + 456 y^2"': "例如 “x^2 + 456 y^2”",
  'such as "20+x^2+y^2-10(cos(2pi x)+cos(2pi y))", or a module that exports { objective, start }':
    "例如 “20+x^2+y^2-10(cos(2pi x)+cos(2pi y))”，或导出 { objective, start } 的模块",
  "such as adam": "例如 adam",
  "the log of a run (.csv, .tsv, .tab, .txt, .json, .jsonl, .ndjson), or a module that exports a case, descent or solution (.js, .mjs, .ts, .mts)":
    "一次下降的记录（.csv、.tsv、.tab、.txt、.json、.jsonl、.ndjson），或导出病例、下降或解的模块（.js、.mjs、.ts、.mts）",

  // Options of several commands
  "language of all that is said": "全部文字的语言",
  "print one JSON object": "输出一个 JSON 对象",
  "print one JSON value": "输出一个 JSON 值",
  "the first line of a CSV file holds values, not names": "CSV 文件的第一行是值，不是列名",
  "an option of the method, see descend methods <name>; may be repeated": "方法的一个选项，见 descend methods <name>；可以写多次",
  "length of the steps of a rule that has one": "有学习率的更新规则的学习率",
  "give up after so many steps": "最多走这么多步",
  "give up after so many evaluations": "最多求值这么多次",
  "evaluations of each at most": "每次下降的最大求值次数",
  "values of constants": "常数的值",
  "lowest and highest values of variables; a side left out is open": "变量的下界和上界；省略的一侧没有界",
  "seed of every random choice (default: 0)": "一切随机选择的种子（默认：0）",
  "say nothing of why it did not converge": "没有收敛时不说明原因",
  "write a report, one HTML file that needs nothing else": "写出报告：单个 HTML 文件，不依赖别的文件",

  // descend fit
  "the column to predict": "要预测的列",
  "fit what this SELECT gives; the table is called data in it": "拟合这条 SELECT 的结果；其中数据表名为 data",
  "columns to predict from, separated by commas (default: all that can be used)": "用来预测的列，以逗号分隔（默认：所有能用的列）",
  "fill missing values and mark them, or leave out their rows": "填补缺失值并加以标记，或舍去有缺失值的行",
  "how often each row counts: a column of numbers ≥ 0": "每一行算多少次：一列不小于 0 的数",
  "read the table in passes rather than hold it in memory (default: above 50 million numbers)":
    "流式读取：分几遍读表，不把表放进内存（默认：超过 5000 万个数时）",
  "hold the table in memory, whatever its size": "不论表有多大，都放进内存",
  "where a streamed table keeps its encoded rows meanwhile (default: the system's temporary folder)":
    "流式读取时暂存编码后各行的文件夹（默认：系统的临时文件夹）",
  "share of the rows kept apart to judge the model": "留作检验的行所占的比例",
  "also judge on so many folds of the rows to learn from": "另外在用来学习的行上做这么多折的交叉验证",
  "seed of the split and of every other random choice": "划分及其他一切随机选择的种子",
  "see below (default: auto, from the target)": "见下（默认：auto，由目标列决定）",
  "penalty: weight of ½‖w‖² beside the mean loss": "惩罚项：平均损失之外 ½‖w‖² 的权重",
  "penalty: weight of ‖w‖₁ beside the mean loss": "惩罚项：平均损失之外 ‖w‖₁ 的权重",
  "penalty α (λ for classes) as in the model's formula below": "惩罚系数 α（分类时为 λ），含义见下面的模型公式",
  "share of ‖w‖₁ in the penalty --alpha": "惩罚项 --alpha 中 ‖w‖₁ 所占的比例",
  "Huber: where an error is large, in the unit of the target": "Huber 损失：误差多大算大，以目标列的单位计",
  "how often rows of a class count: balanced gives every class the same say": "各类别的行算多少次：balanced 使各类别的分量相同",
  "add products of features up to this degree": "加入不超过这一次数的特征乘积（多项式特征）",
  "through the origin: no constant beside the features, which are then scaled and not shifted":
    "过原点：特征之外没有常数项（截距）；此时特征只缩放，不平移",
  "scale of the features inside the problem: standard, min-max, max-abs, robust, none; coefficients are in the units of the table in any case":
    "求解时特征的缩放方式：standard、min-max、max-abs、robust、none；系数总是以数据表的单位给出",
  "the same as --scale none: see what happens without": "同 --scale none：看看不缩放会怎样",
  "update rule, see below (default: from size and curvature)": "方法，见下（默认：由规模和曲率决定）",
  "how the length of the steps changes, such as cosine:steps=1000 or warm-up:steps=50/step-decay:every=100":
    "学习率调度，例如 cosine:steps=1000 或 warm-up:steps=50/step-decay:every=100",
  "length of the steps (default: from the curvature of the problem)": "学习率（默认：由问题的曲率决定）",
  "try learning rates first, in 3 % of the steps of a run, and take the best (default method: gradient-descent)":
    "先用一次下降 3 % 的步数试几个学习率，取最好的（默认方法：gradient-descent）",
  "rows a step (default: full)": "每步用多少行（默认：full，即全部）",
  "give up after so many passes over the table": "最多走这么多轮（每轮遍历一次数据）",
  "write the state of the descent there now and then, and when Ctrl-C stops it": "不时把下降的状态写入这个检查点文件，Ctrl-C 停下时也写",
  "how often": "多久写一次",
  "go on from a checkpoint: the result has the same bits as without the break": "从检查点继续：结果与不中断时逐位相同",
  "go on learning from the rows of this table with a saved model, one pass (with --save, --batch, --learning-rate, --l2)":
    "让保存的模型从这张表的各行继续学习，读一遍（可与 --save、--batch、--learning-rate、--l2 同用）",
  "where it does not converge: try what helps, prove it against the untreated fit, and go on with what is proven":
    "没有收敛时：试试什么有用，与未处理的拟合对照证明，再用证明有效的办法继续",
  "save the model for descend predict, such as model.json": "保存模型供 descend predict 使用，例如 model.json",
  "in the report, coefficients over the weight of the penalty (lasso, ridge, elastic-net)":
    "在报告中画出系数随惩罚权重的变化（lasso、ridge、elastic-net）",
  "write the loss over the steps as SVG": "把损失随步数的变化写成 SVG 图",

  // descend predict
  "write predictions as CSV there (default: standard output)": "把预测值写成 CSV 文件（默认：标准输出）",
  "predict for what this SELECT gives; the table is called data in it": "对这条 SELECT 的结果做预测；其中数据表名为 data",
  "a category the model has not seen: refuse it, or take it for the base level": "模型没见过的类别：拒绝，或按基准类别处理",
  "also say between which values so large a share of such rows lies, such as 0.95":
    "另外给出预测区间，使这样大比例的同类行落在其中，例如 0.95",

  // descend minimize
  "where to begin: a number for every variable": "起点：每个变量一个数",
  'a constraint such as "x + y <= 1" or "x y = 2"; may be repeated': "约束，例如 “x + y <= 1” 或 “x y = 2”；可以写多次",
  "variables that take whole numbers only; categories need --bounds": "只取整数的变量；类别变量还需要 --bounds",
  "update rule, see below (default: lbfgs)": "方法，见下（默认：lbfgs）",
  "how that length changes, such as cosine:steps=1000 or warm-up:steps=50/inverse-time:decay=0.01":
    "学习率调度，例如 cosine:steps=1000 或 warm-up:steps=50/inverse-time:decay=0.01",
  "where it does not converge: try what helps, prove it against the untreated run, and go on with what is proven":
    "没有收敛时：试试什么有用，与未处理的下降对照证明，再用证明有效的办法继续",
  "also show the gradient: as formulas, and its value at the end": "另外给出梯度：公式，以及终点处的值",
  "write a report, one HTML file that needs nothing else; of two variables with the path over the contours":
    "写出报告：单个 HTML 文件，不依赖别的文件；两个变量时画出等高线上的路径",
  "write the value over the steps as SVG": "把函数值随步数的变化写成 SVG 图",

  // descend multistart
  "where starts are drawn: an interval for every variable": "起点的抽取范围：每个变量一个区间",
  "or the middle of the starts, a number for every variable": "或起点的中心：每个变量一个数",
  "how far starts are from it: half a side, of normal the standard deviation (default: 1)":
    "起点离中心多远：半边长；normal 时为标准差（默认：1）",
  "how many": "多少个起点",
  "how they are drawn": "起点的抽取方式",
  "seed of the starts and of every other random choice": "起点及其他一切随机选择的种子",
  "see below (default: lbfgs)": "见下（默认：lbfgs）",
  "so many first steps of all starts side by side, then one descent from each place: for thousands of starts and an update rule":
    "所有起点先齐步走这么多步，再从每个位置各下降一次：适合成千上万个起点和更新规则",
  "steps of each descent at most": "每次下降的最大步数",
  "write a report, one HTML file: all places, and of two variables which start leads where":
    "写出报告（单个 HTML 文件）：所有终点；两个变量时画出哪个起点通向哪里",

  // descend race
  "where all begin: a number for every variable": "共同的起点：每个变量一个数",
  "such as gd,momentum,adam,lbfgs; a learning rate of its own after a colon, as in gd:0.01":
    "例如 gd,momentum,adam,lbfgs；冒号后可写各自的学习率，如 gd:0.01",
  "length of the steps of methods that have one and were given none": "有学习率而没有写明的方法所用的学习率",
  "steps of each at most": "每种方法的最大步数",
  "evaluations of each at most (default: 10000)": "每种方法的最大求值次数（默认：10000）",
  "write a report, one HTML file: the table, all curves, and of two variables all paths over the contours":
    "写出报告（单个 HTML 文件）：结果表、所有曲线；两个变量时画出等高线上的所有路径",

  // descend doctor
  "of a module: try what helps, and prove it against the untreated run": "对模块：试试什么有用，并与未处理的下降对照证明",
  "of a log: the column with the loss (default: loss, train_loss, value, objective, 损失, …)":
    "对记录：损失所在的列（默认：loss、train_loss、value、objective、损失等）",
  "of a log: the column with the validation loss (default: val_loss, validation_loss, 验证损失, …)":
    "对记录：验证损失所在的列（默认：val_loss、validation_loss、验证损失等）",
  "A log has one row a step, with the columns loss and, where there are, step, val_loss, grad_norm, learning_rate. A loss that is NaN is evidence.":
    "记录每步一行，要有 loss 列；如有 step、val_loss、grad_norm、learning_rate 列，也会用到。损失为 NaN 也是证据。",
  "A module is run, and says for example:": "模块会被运行，例如写成：",
  "Exit codes: 0 no failure or cured, 1 a failure, 2 usage, 3 data.": "退出码：0 没有故障或已治愈，1 有故障，2 命令写错，3 数据有问题。",

  // Lists of models and methods, and the page of a method
  "Models (r: errors, m: rows, w: weights of standardized features):": "模型（r：误差，m：行数，w：标准化特征的权重）：",
  "Least squares.": "最小二乘。",
  "Least squares with small weights.": "最小二乘，权重偏小（岭回归）。",
  "Least squares with few weights.": "最小二乘，非零权重少。",
  "Between ridge and lasso.": "介于 ridge 与 lasso 之间（弹性网络）。",
  "Squares for small errors, absolute values for large ones.": "小误差取平方，大误差取绝对值。",
  "Two classes.": "两个类别（逻辑回归）。",
  "Any number of classes.": "任意多个类别。",
  "mean log loss": "平均对数损失",
  "mean cross entropy": "平均交叉熵",
  "Methods that search:": "搜索法：",
  "Update rules:": "更新规则：",
  option: "选项",
  default: "默认",
  takes: "取值",
  meaning: "含义",
  "must be given": "必须给出",
  whole: "整数",
  "numbers with + between": "以 + 分隔的数",
  "a number": "数",
};
