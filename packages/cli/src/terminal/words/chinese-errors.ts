/**
 * Errors in Chinese. A message says where, what was expected, what was found, what to do; so there are patterns for whole messages, and for
 * those of the usual build one for each of these parts. What has no Chinese words stays as it is, after the words around it.
 */

import { chineseSentences } from "./chinese-sentences.js";
import { type Translation, translated } from "./translation.js";

const list = (items: string): string =>
  items
    .replaceAll(", ", "、")
    .replace(/ or /g, "、")
    .replace(/ and (\d+) more$/, " 等（另有 $1 个）")
    .replace(" and ", "、");

/** Whole messages, without the hint that may follow. */
const messages: readonly Translation[] = [
  // Tables and files
  [/^(\S+): (.*) has no column "(.*)"( to predict from)?\.$/, "$1：$2 没有名为“$3”的列。"],
  [/^(.*): expected a table, the file is empty\.$/, "$1：需要一张表，但文件是空的。"],
  [/^(.*): expected a table, the file holds blanks only\.$/, "$1：需要一张表，但文件里只有空白。"],
  [/^(.*): there is no such file\.$/, "$1：没有这个文件。"],
  [/^(.*): the table does not fit into memory\.$/, "$1：内存放不下这张表。"],
  [
    /^(.*): expected at least one column that varies beside (.*); there is no other column\.$/,
    "$1：除 $2 外至少要有一列会变化的数据；没有别的列。",
  ],
  [
    /^(.*): expected at least one column that varies beside (.*); not usable: (.*)\.$/,
    (path, target, why) =>
      `${path}：除 ${target} 外至少要有一列会变化的数据；不能用的有：${why.replace(/\(([^()]*(?:\([^()]*\))?[^()]*)\)/g, (_, reason: string) => `（${translated(reason, chineseSentences) ?? reason}）`)}。`,
  ],
  [
    /^(.*): every one of the (\d+) rows lacks a value; most are missing in (.*) \((\d+)\)\.$/,
    "$1：$2 行中每一行都有缺失值；缺得最多的是 $3 列（$4 个）。",
  ],
  [/^(.*): every one of the (\d+) rows lacks a value that the model needs\.$/, "$1：$2 行中每一行都缺少模型需要的值。"],
  [
    /^(.*): expected the columns the model learned from, but (.*) (?:is|are) missing\.$/,
    (path, columns) => `${path}：需要模型学习时用的列，缺少 ${list(columns)}。`,
  ],
  [
    /^(.*): (.*) rows have a (.*) the model has not seen: (.*)\. It learned from (.*)\.$/,
    (path, rows, column, levels, known) =>
      `${path}：有 ${rows} 行的 ${column} 是模型没见过的：${list(levels)}。模型学习过的有 ${list(known)}。`,
  ],
  [/^(?:--)?target: expected numbers that vary, got (.*) in every row\.$/, "目标列：需要会变化的数，但每一行都是 $1。"],
  [/^(?:--)?target: expected at least 2 classes, got only (.*)\.$/, "目标列：至少需要 2 个类别，但只有 $1。"],
  [
    /^(?:--)?target: a logistic model has 2 classes, the target (\d+)\. .*$/,
    "目标列有 $1 个类别，而 logistic 模型只有 2 个：请用 --model softmax。",
  ],
  // What is not done with a streamed table
  [
    /^--scale (\S+) of a (\S+) model needs all rows in memory, [^.]*\.$/,
    "$2 模型的 --scale $1 需要把所有行放进内存，而这张表是流式读取的。",
  ],
  // Options that do not go together
  [
    /^descend fit: expected a table or --query, got neither\. For example: (.*)$/,
    "descend fit：需要一张表或 --query，两者都没有。例如：$1",
  ],
  [/^descend predict: expected a table or --query, got neither\.$/, "descend predict：需要一张表或 --query，两者都没有。"],
  [/^descend fit: expected --target <column>, the column to predict\.$/, "descend fit：需要 --target <列名>，即要预测的列。"],
  [/^--path is a picture of the report: expected --report as well\.$/, "--path 是报告里的图：还需要 --report。"],
  [
    /^--sweep finds a learning rate, and (.*) has one already: expected one of the two\.$/,
    "--sweep 会找学习率，而 $1 已经给了一个：两者只能选一。",
  ],
  [/^--schedule: needs a method with a learning rate: .*$/, "--schedule：需要有学习率的方法，例如 --method gradient-descent。"],
  [
    /^--method-option: belongs to a method, which must be named: expected --method as well\.$/,
    "--method-option：属于某个方法，须同时用 --method 指明。",
  ],
  [/^--path: expected a lasso, ridge or elastic-net model, got (.*)\.$/, "--path：需要 lasso、ridge 或 elastic-net 模型，得到 $1。"],
  [/^--class-weights: a (.*) model of (.*) has no classes\.$/, "--class-weights：$2 的 $1 模型没有类别。"],
  [/^--weights (.*): expected another column than the target\.$/, "--weights $1：不能与目标列相同。"],
  [/^(--\S+): the model (\S+) takes no penalty\.$/, "$1：模型 $2 没有惩罚项。"],
  [/^(--\S+): the model (\S+) takes (.*)\.$/, "$1：模型 $2 只接受 $3。"],
  [/^--l1 and --l2 say the penalties one by one, .*$/, "--l1 和 --l2 分别给出惩罚，--alpha 和 --l1-ratio 合在一起给出：两种写法只能选一。"],
  [/^--cure: a descent under constraints cannot be treated; leave out one of the two\.$/, "--cure：带约束的下降无法治疗；两者请去掉一个。"],
  [
    /^--const (.*): expected a name that --start does not move, got one of its variables\.$/,
    "--const $1：常数不能与 --start 中的变量同名。",
  ],
  [
    /^(--\S+) (.*): expected a variable of --start, one of (.*)\.$/,
    (flag, name, known) => `${flag} ${name}：需要 --start 中的变量，即 ${list(known)} 之一。`,
  ],
  [/^(--\S+) (.*): expected another file than (.*), which would be written over\.$/, "$1 $2：需要与 $3 不同的文件，否则会覆盖它。"],
  [
    /^(--\S+): was settled when the model was made; beside --update expected only (.*)\.$/,
    (flag, flags) => `${flag}：在模型拟合时已经确定；与 --update 一起只能用 ${list(flags)}。`,
  ],
  [/^(.*) has no intervals: (.*)\. Linear models without penalty have them\.$/s, "$1 没有区间：$2。没有惩罚项的线性模型才有。"],
  // Names
  [/^(.*): there is no (?:method )?"(.*)"\.$/, "$1：没有“$2”。"],
  [/^(.*): there is no option "(.*)"\.$/, "$1：没有选项“$2”。"],
  [
    /^(\S+): no (?:method|schedule) is called "(.*)"\.$/,
    (option, name) => `${option}：没有叫“${name}”的${option.endsWith("schedule") ? "调度" : "方法"}。`,
  ],
  [/^(.*): there is no such folder\.$/, "$1：没有这个文件夹。"],
  [/^(.*): it is no model that descend fit --save wrote\.$/, "$1：这不是 descend fit --save 写出的模型。"],
  // Formulas
  [/^formula: the name "(.*)" at position (\d+) is not known\.$/, "公式：第 $2 个字符处的名字“$1”不认识。"],
  [/^formula: the name "(.*)" is not known\.$/, "公式：名字“$1”不认识。"],
  [/^formula: (\S+) takes (.*) arguments?, got (\d+) at position (\d+)\.$/, "公式：第 $4 个字符处的 $1 需要 $2 个参数，得到 $3 个。"],
  [
    /^descend multistart: expected --within (\S+), or --center (\S+) with --spread (\S+)\.$/,
    "descend multistart：需要 --within $1，或 --center $2 加 --spread $3。",
  ],
  [/^(.*): it is a directory; expected a file\.$/, "$1：这是文件夹；需要一个文件。"],
  [/^(.*): no permission to read it\.$/, "$1：没有读它的权限。"],
];

/** Hints, and sentences after the first. */
const hints: readonly Translation[] = [
  [/^Convert it first: (iconv .*) for Chinese, (-f \S+) for Western European text\.$/, "请先转换编码：中文用 $1，西欧文字用 $2。"],
  [/^Convert it first: (iconv .*)$/, "请先转换编码：$1"],
  [/^It is read as text, such as "(.*)"; for its numbers: (.*)$/s, "它按文本读入，例如“$1”；要取其中的数：$2"],
  [/^Take --scale standard\.$/, "请用 --scale standard。"],
  [
    /^Or hold the rows in memory, up to (.*) numbers \(rows times columns\): take a sample \((.*)\), fewer columns \((.*)\), or say --no-stream to hold them all anyway\.$/,
    "或者把各行放进内存（不超过 $1 个数，即行数乘列数）：抽样（$2），少取几列（$3），或用 --no-stream 全部放进内存。",
  ],
  [/^Did you mean "?(.*?)"?\?$/, "是不是想写 $1？"],
  [/^Its columns are (.*)\.$/, (columns) => `它的列有 ${list(columns)}。`],
  [/^There is a column "(.*)"\.$/, "表中有一列“$1”。"],
  [/^Name another folder with --temporary\.$/, "请用 --temporary 指定别的文件夹。"],
  [
    /^A query must give the same rows in the same order each time: .*$/,
    "每次查询必须以同样的顺序给出同样的行：USING SAMPLE 要加 REPEATABLE，不用 random()。",
  ],
  [/^There are (.*)\.$/, (known) => `有 ${list(known)}。`],
  [/^Known are (.*)\.$/, (known) => `已知的有 ${list(known)}。`],
  [/^For example: (.*)$/, "例如：$1"],
  [/^The usual value is (.*)\.$/, "常用值是 $1。"],
  [/^descend methods lists them\.$/, "用 descend methods 可列出全部。"],
  [/^Classes take --model logistic or softmax\.$/, "类别请用 --model logistic 或 softmax。"],
  [/^There is nothing to learn without values of the target\.$/, "没有目标列的值就无从学习。"],
  [/^Remove that column, or leave out --missing drop\.$/, "请去掉那一列，或不用 --missing drop。"],
  [/^--unseen base takes such rows for the base level\.$/, "用 --unseen base 可把这些行按基准类别处理。"],
  [/^Fit all rows anew to learn about them\.$/, "要学会它们，请对所有行重新拟合。"],
  [/^Fit all rows anew\.$/, "请对所有行重新拟合。"],
  [/^Divide the column first\.$/, "请先把这一列除以一个大数。"],
  [/^Leave it away\.$/, "请去掉它。"],
  [/^Drop or fill the row first\.$/, "请先去掉或填补这一行。"],
  [/^Start again without it, or give the command it was made with\.$/, "请去掉它重新开始，或用生成它的那条命令。"],
  [/^It is read as text: (.*)\.$/, (why) => `它按文本读入：${translated(why, chineseSentences) ?? why}。`],
];

/** What is expected, in a few words. */
const phrases: readonly Translation[] = [
  [/^a whole number$/, "整数"],
  [/^a number$/, "数"],
  [/^a whole number from (.*) to (.*)$/, "$1 到 $2 的整数"],
  [
    /^a (whole )?number ((?:[≥>≤<]\s\S+)(?: and [≥>≤<]\s\S+)*)$/,
    (whole, bounds) => `${bounds.replaceAll(" and ", " 且 ")} 的${whole === "" ? "数" : "整数"}`,
  ],
  [/^numbers$/, "数"],
  [/^text$/, "文本"],
  [/^none$/, "没有"],
  [/^neither$/, "两者都没有"],
  [/^nothing$/, "什么都没有"],
  [/^numbers in (.*)$/, "$1 列为数"],
  [/^numbers or classes$/, "数或类别"],
  [/^numbers whose squares are finite$/, "平方不溢出的数"],
  [/^a column of numbers$/, "一列数"],
  [/^how often each row counts, a number ≥ 0$/, "每一行算多少次，即 ≥ 0 的数"],
  [/^at least (\d+) rows with all values needed$/, "至少 $1 行所需的值都齐全"],
  [/^at least (\d+) rows to learn from$/, "至少 $1 行用来学习"],
  [/^(\d+) \(of (\d+)\)$/, "$1（共 $2）"],
  [/^at most (\d+) classes$/, "至多 $1 个类别"],
  [/^numbers, or at most (\d+) classes that come twice on average$/, "数，或至多 $1 个类别且每个平均出现两次"],
  [/^(\d[\d ]*) in ([\d ]+) rows$/, "$2 行中 $1 个"],
  [/^a column of numbers or classes$/, "一列数或类别"],
  [/^a number, a name, or a parenthesis at position (\d+)$/, "在第 $1 个字符处有数、名字或括号"],
  [/^(.*) at position (\d+)$/, (what, position) => `在第 ${position} 个字符处${before("有", phrase(what))}`],
  [/^the end of the formula$/, "公式结束"],
  [/^the end$/, "结尾"],
  [/^an operator$/, "运算符"],
  [/^rows (.*)$/, "有数据行$1"],
  [/^name=number, separated by commas, each name once$/, "名字=数，用逗号分开，每个名字一次"],
  [
    /^name=lower\.\.upper, separated by commas, each name once; a side left out is open$/,
    "名字=下界..上界，用逗号分开，每个名字一次；省略的一侧没有界",
  ],
  [
    /^name=kind, separated by commas, each name once; a kind is integer, category or real$/,
    "名字=种类，用逗号分开，每个名字一次；种类为 integer、category 或 real",
  ],
  [/^both sides of the interval$/, "区间的两端"],
  [/^a start for every variable(.*)$/, "每个变量的起点$1"],
  [/^one of (.*)$/, (known) => `${list(known)} 之一`],
  [/^(.*) or (.*)$/, "$1 或 $2"],
];

/** Of the parser of the command line. */
export const refusals: readonly Translation[] = [
  [/^error: unknown option '(.*)'$/, "错误：没有选项“$1”"],
  [/^error: unknown command '(.*)'$/, "错误：没有命令“$1”"],
  [/^\(Did you mean (?:one of )?(.*)\?\)$/, (meant) => `（是不是想写 ${list(meant)}？）`],
  [/^error: option '(.*)' argument missing$/, "错误：选项“$1”缺少值"],
  [
    /^error: option '(.*)' argument '(.*)' is invalid\. (.*)$/s,
    (option, value, why) => `错误：选项“${option}”的值“${value}”不对。${because(why)}`,
  ],
  [
    /^error: command-argument value '(.*)' is invalid for argument '(.*)'\. (.*)$/s,
    (value, name, why) => `错误：参数“${name}”的值“${value}”不对。${because(why)}`,
  ],
  [/^error: missing required argument '(.*)'$/, "错误：缺少参数“$1”"],
  [/^error: required option '(.*)' not specified$/, "错误：缺少必需的选项“$1”"],
  [/^error: too many arguments.*$/, "错误：参数太多；含空格的参数请加引号"],
  [/^\((descend .*--help) lists what there is\)$/, "（$1 列出全部选项）"],
];

function because(why: string): string {
  const [, expected] = /^Expected (.*)\.$/.exec(why) ?? [];
  return expected === undefined ? why : `${before("需要", phrase(expected))}。`;
}

/** With a blank before what is not Chinese. */
function before(word: string, rest: string): string {
  return word + (/^[\p{Script=Han}“]/u.test(rest) ? "" : " ") + rest;
}

function phrase(english: string): string {
  return translated(english, phrases) ?? english;
}

/** The message, sentence by sentence. A formula with a mark may follow on lines of its own. */
export function errorInChinese(message: string): string {
  const [said, ...shown] = message.split("\n");
  return [sentencesInChinese(said!), ...shown].join("\n");
}

function sentencesInChinese(message: string): string {
  const whole = translated(message, messages);
  if (whole !== undefined) return whole;
  // The first sentence, then what follows: a point in a name or a number ends no sentence
  const ends = [...message.matchAll(/[.?] (?=[A-Z]|--|descend )/g)].map(({ index }) => index + 1);
  for (const end of [...ends, message.length]) {
    const sentence = message.slice(0, end);
    const first = translated(sentence, messages) ?? framed(sentence);
    if (first === undefined) continue;
    const rest = message.slice(end).trim();
    return rest === "" ? first : first + hintsIn(rest);
  }
  return message;
}

/** "where: expected …, got …." */
function framed(english: string): string | undefined {
  const [, where, expected, got] = /^(.*?): expected (.*?)(?:, got (.*))?\.$/s.exec(english) ?? [];
  if (where === undefined || expected === undefined) return undefined;
  return `${where === "formula" ? "公式" : where}：${before("需要", phrase(expected))}${got === undefined ? "" : before("，得到", phrase(got))}。`;
}

function hintsIn(english: string): string {
  const whole = translated(english, hints);
  if (whole !== undefined) return whole;
  const end = /[.?] (?=[A-Z]|--|descend )/.exec(english);
  if (end === null) return ` ${english}`;
  const [head, tail] = [english.slice(0, end.index + 1), english.slice(end.index + 2)];
  return (translated(head, hints) ?? ` ${head}`) + hintsIn(tail);
}
