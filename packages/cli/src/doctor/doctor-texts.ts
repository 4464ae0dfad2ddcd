/** The words around a diagnosis, in each language. The sentences of the findings themselves are in `words-of.ts`. */

import type { Outcome, Quality } from "descend/doctor";
import type { Language } from "./words-of.js";

interface DoctorTexts {
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly qualities: Readonly<Record<Quality, string>>;
  readonly outcome: string;
  readonly subject: string;
  readonly columns: string;
  readonly failure: string;
  readonly note: string;
  readonly confidence: string;
  readonly nothing: string;
  readonly prescription: string;
  readonly orElse: string;
  readonly treatments: string;
  readonly run: string;
  readonly steps: string;
  readonly gradients: string;
  readonly value: string;
  readonly before: string;
  readonly control: string;
  readonly after: string;
  readonly accepted: string;
  readonly rejected: string;
  readonly cured: string;
  readonly notCured: string;
  /** What a cure is proven by. */
  readonly sameBudget: string;
  readonly largerBudget: string;
  readonly lowerBy: (gain: string) => string;
  readonly finiteNow: string;
  readonly hasMinimum: string;
  readonly atRest: string;
  readonly notAtRest: string;
  readonly comma: string;
  readonly colon: string;
  /** In brackets, behind what it belongs to. */
  readonly aside: (note: string) => string;
  readonly and: string;
  /** Why there is no diagnosis. */
  readonly tooLarge: (rows: string, sample: string) => string;
  readonly noDiagnosis: (reason: string) => string;
  /** Of a log. */
  readonly leftOut: (dropped: number, rows: number, column: string) => string;
  readonly goesBack: (column: string, from: number, to: number) => string;
  readonly healthy: string;
  /** Nothing is wrong but that the steps were used up. */
  readonly onlyUnfinished: string;
  readonly tried: (treatments: number) => string;
  readonly advice: string;
  readonly apply: string;
  /** Findings that need a validation curve. */
  readonly needsColumn: (column: string, ids: string) => string;
  readonly needsCase: (ids: string) => string;
  readonly failed: Readonly<Record<"gateCloses" | "causeGone" | "controlStays" | "nothingNew" | "seedsAgree" | "metricImproves", string>>;
}

const en: DoctorTexts = {
  outcomes: {
    nonfinite: "the values became NaN or infinite",
    unbounded: "the objective falls without end",
    diverged: "the values grew",
    oscillating: "the values bounce without getting lower",
    unfinished: "it was still falling when it ended",
    "stationary-saddle": "it rests on a saddle: downhill in some directions",
    flat: "it rests where the gradient says nothing",
    stationary: "it came to rest",
  },
  qualities: { poor: "at a poor place", "generalises-badly": "and does badly on rows it has not seen" },
  outcome: "outcome",
  subject: "subject",
  columns: "columns",
  failure: "failure",
  note: "note",
  confidence: "confidence",
  nothing: "no failure found",
  prescription: "do",
  orElse: "or",
  treatments: "What was tried",
  run: "run",
  steps: "steps",
  gradients: "gradients",
  value: "value",
  before: "before",
  control: "untreated, continued",
  after: "treated",
  accepted: "proven",
  rejected: "reverted",
  cured: "cured",
  notCured: "not cured: nothing that was tried is proven to help",
  sameBudget: "the same budget",
  largerBudget: "the budget it needs",
  lowerBy: (gain) => `lower by ${gain}`,
  finiteNow: "finite now",
  hasMinimum: "there is a minimum now",
  atRest: "at rest",
  notAtRest: "not at rest yet",
  comma: ", ",
  colon: ": ",
  aside: (note) => ` (${note})`,
  and: "; ",
  tooLarge: (rows, sample) => `a table of ${rows} rows is not descended again to find out why; a sample tells as well: ${sample}`,
  noDiagnosis: (reason) => `no diagnosis: ${reason}`,
  leftOut: (dropped, rows, column) => `${dropped} of ${rows} rows have no ${column} and are left out.`,
  goesBack: (column, from, to) => `${column} goes back from ${from} to ${to}: is this the log of several runs?`,
  healthy: "nothing to cure",
  onlyUnfinished: "nothing is wrong with the descent; it was not yet at its end",
  tried: (treatments) => `${treatments} ${treatments === 1 ? "treatment" : "treatments"} tried`,
  advice: "doctor",
  apply: "try",
  needsColumn: (column, ids) => `With a column ${column} the log would also show: ${ids}.`,
  needsCase: (ids) => `Curves alone cannot show, the script itself can (descend doctor case.mjs): ${ids}.`,
  failed: {
    gateCloses: "a failure is left",
    causeGone: "the cause is still there",
    controlStays: "the untreated run does as well with the same budget",
    nothingNew: "something new is wrong",
    seedsAgree: "other seeds do not agree",
    metricImproves: "the objective is not lower",
  },
};

const zh: DoctorTexts = {
  outcomes: {
    nonfinite: "数值变成了 NaN 或无穷大",
    unbounded: "目标函数无限下降",
    diverged: "数值在增大",
    oscillating: "数值来回跳动，不再下降",
    unfinished: "结束时仍在下降",
    "stationary-saddle": "停在鞍点：某些方向仍是下坡",
    flat: "停在梯度几乎为零的平坦区",
    stationary: "已经停稳",
  },
  qualities: { poor: "位置不好", "generalises-badly": "对没见过的数据表现差" },
  outcome: "结果",
  subject: "对象",
  columns: "列",
  failure: "故障",
  note: "说明",
  confidence: "把握",
  nothing: "没有发现故障",
  prescription: "处方",
  orElse: "或者",
  treatments: "试过的治疗",
  run: "运行",
  steps: "步数",
  gradients: "梯度次数",
  value: "目标值",
  before: "治疗前",
  control: "不治疗，继续运行",
  after: "治疗后",
  accepted: "已证实",
  rejected: "已撤销",
  cured: "已治好",
  notCured: "没有治好：试过的办法都没有被证实有效",
  sameBudget: "同样的预算",
  largerBudget: "所需的预算",
  lowerBy: (gain) => `低了 ${gain}`,
  finiteNow: "现在是有限数",
  hasMinimum: "现在有极小点",
  atRest: "已经停稳",
  notAtRest: "尚未停稳",
  comma: "，",
  colon: "：",
  aside: (note) => `（${note}）`,
  and: "；",
  tooLarge: (rows, sample) => `表有 ${rows} 行，不再为查明原因重新下降；抽样也能说明：${sample}`,
  noDiagnosis: (reason) => `没有诊断：${reason}`,
  leftOut: (dropped, rows, column) => `${rows} 行中有 ${dropped} 行没有 ${column}，未计入。`,
  goesBack: (column, from, to) => `${column} 从 ${from} 退回到 ${to}：这是多次运行的日志吗？`,
  healthy: "无需治疗",
  onlyUnfinished: "下降没有故障，只是还没有走到头",
  tried: (treatments) => `试了 ${treatments} 种治疗`,
  advice: "诊断",
  apply: "可以试",
  needsColumn: (column, ids) => `若日志里有 ${column} 列，还能看出：${ids}。`,
  needsCase: (ids) => `只看曲线无法判断、需要脚本本身（descend doctor case.mjs）才能判断的：${ids}。`,
  failed: {
    gateCloses: "仍有故障",
    causeGone: "病因还在",
    controlStays: "不治疗、用同样的预算也能达到",
    nothingNew: "出现了新的问题",
    seedsAgree: "换别的种子结果不一致",
    metricImproves: "目标值没有更低",
  },
};

export const doctorTexts: Readonly<Record<Language, DoctorTexts>> = { en, zh };
