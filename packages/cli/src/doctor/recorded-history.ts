/** The curves of a run of any framework, found in the columns of its log. */

import { DataError, nearestName } from "descend";
import type { RecordedRun } from "descend/doctor";
import { malformed } from "../table/table-file.js";
import { doctorTexts } from "./doctor-texts.js";
import { readTextRecords } from "./text-records.js";
import type { Language } from "./words-of.js";

export type Role = "step" | "value" | "validation" | "gradientNorm" | "stepLength" | "learningRate";

/**
 * What columns are called, the surest name first. Case does not matter; a blank, a hyphen, a
 * slash, a dot and trainLoss count as train_loss.
 */
export const roleNames: Readonly<Record<Role, readonly string[]>> = {
  step: [
    "step",
    "steps",
    "global_step",
    "iteration",
    "iterations",
    "iter",
    "epoch",
    "epochs",
    "步",
    "步数",
    "迭代",
    "迭代次数",
    "轮次",
    "轮",
  ],
  value: [
    ...["loss", "train_loss", "training_loss", "loss_train", "value", "objective", "objective_value", "cost", "f", "f(x)", "mse"],
    ...["损失", "训练损失", "损失值", "目标函数值", "目标函数", "目标值", "误差"],
  ],
  validation: [
    ...["validation_loss", "val_loss", "valid_loss", "loss_val", "eval_loss", "dev_loss", "test_loss", "validation", "valid", "val"],
    ...["验证损失", "验证集损失", "测试损失", "测试集损失"],
  ],
  gradientNorm: ["gradient_norm", "grad_norm", "norm_of_gradient", "gnorm", "梯度范数", "梯度模"],
  stepLength: ["step_length", "update_norm", "步幅", "更新范数"],
  learningRate: ["learning_rate", "lr", "step_size", "学习率", "步长"],
};

export interface FoundHistory {
  readonly history: RecordedRun;
  /** The columns that were taken, by what they were taken for. */
  readonly columns: Readonly<Partial<Record<Role, string>>>;
  /** What the reader of the log should know. */
  readonly notes: readonly string[];
}

export interface ColumnChoice {
  readonly loss?: string | undefined;
  readonly validation?: string | undefined;
}

/**
 * Reads the log of a run. A loss that is NaN or infinite is evidence and stays; a row without a loss only
 * hands its validation loss to the row before.
 *
 * @param language - of the notes.
 * @throws DataError FILE_UNREADABLE, DATA_EMPTY, TABLE_MALFORMED, COLUMN_UNKNOWN
 */
export function readHistory(path: string, choice: ColumnChoice = {}, language: Language = "en"): FoundHistory {
  const texts = doctorTexts[language];
  const { names, rows, lines } = readTextRecords(path);
  const columns = findColumns(path, names, choice);
  const at = (role: Role): number => (columns[role] === undefined ? -1 : names.indexOf(columns[role]));
  const numbers = (role: Role, row: number): number | undefined => {
    const column = at(role);
    return column < 0 ? undefined : readNumber(rows[row]![column], { path, line: lines[row]!, column: columns[role]! });
  };
  const kept: { step: number; value: number; validation: number; gradientNorm: number; stepLength: number; learningRate: number }[] = [];
  let dropped = 0;
  for (let row = 0; row < rows.length; row++) {
    const value = numbers("value", row);
    const validation = numbers("validation", row);
    if (value === undefined) {
      dropped++;
      const last = kept.at(-1);
      if (last !== undefined && validation !== undefined && Number.isNaN(last.validation)) last.validation = validation;
      continue;
    }
    kept.push({
      step: numbers("step", row) ?? kept.length,
      value,
      validation: validation ?? Number.NaN,
      gradientNorm: numbers("gradientNorm", row) ?? Number.NaN,
      stepLength: numbers("stepLength", row) ?? Number.NaN,
      learningRate: numbers("learningRate", row) ?? Number.NaN,
    });
  }
  if (kept.length < 2) {
    throw new DataError(
      "DATA_EMPTY",
      `${path}: expected at least 2 rows with a ${columns.value}, got ${kept.length}. One value is no curve: record every step, or every epoch.`,
      { where: path },
    );
  }
  const curve = (role: Exclude<Role, "learningRate">): Float64Array => Float64Array.from(kept, (row) => row[role]);
  const rates = new Set(kept.map(({ learningRate }) => learningRate).filter(Number.isFinite));
  const back = kept.findIndex((row, k) => k > 0 && row.step < kept[k - 1]!.step);
  const history: RecordedRun = {
    value: curve("value"),
    ...(columns.step === undefined ? {} : { step: curve("step") }),
    ...(columns.validation === undefined ? {} : { validation: curve("validation") }),
    ...(columns.gradientNorm === undefined ? {} : { gradientNorm: curve("gradientNorm") }),
    ...(columns.stepLength === undefined ? {} : { stepLength: curve("stepLength") }),
    // One that changes is a schedule, not a rate
    ...(rates.size === 1 ? { learningRate: [...rates][0]! } : {}),
  };
  const notes = [
    ...(dropped === 0 ? [] : [texts.leftOut(dropped, rows.length, columns.value!)]),
    ...(back < 0 ? [] : [texts.goesBack(columns.step!, kept[back - 1]!.step, kept[back]!.step)]),
  ];
  return { history, columns, notes };
}

function findColumns(path: string, names: readonly string[], { loss, validation }: ColumnChoice): Partial<Record<Role, string>> {
  const taken: Partial<Record<Role, string>> = {};
  const asked: Partial<Record<Role, string | undefined>> = { value: loss, validation };
  for (const role of Object.keys(roleNames) as Role[]) {
    const name = asked[role];
    if (name !== undefined && !names.includes(name)) throw unknownColumn(path, name, names);
    const found = name ?? roleNames[role].map((alias) => names.find((each) => plain(each) === alias)).find((each) => each !== undefined);
    if (found !== undefined) taken[role] = found;
  }
  if (taken.value === undefined) throw unknownColumn(path, "loss", names);
  return taken;
}

function plain(name: string): string {
  return name
    .trim()
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s\-/.]+/g, "_");
}

function unknownColumn(path: string, column: string, known: readonly string[]): DataError {
  const nearest = nearestName(column, known);
  const advice =
    nearest === undefined || column === "loss"
      ? `Say which one is the loss: --loss "${known.at(-1) ?? "loss"}".`
      : `Did you mean "${nearest}"?`;
  return new DataError("COLUMN_UNKNOWN", `${path}: expected a column called ${column}, got ${known.slice(0, 8).join(", ")}. ${advice}`, {
    column,
    known,
    ...(nearest === undefined ? {} : { nearest }),
  });
}

const MISSING = /^(|-|\?|na|n\/a|null|none)$/i;

/** A number, NaN and infinities among them; undefined where there is none. */
function readNumber(field: unknown, { path, line, column }: { path: string; line: number; column: string }): number | undefined {
  if (field === undefined || field === null) return undefined;
  if (typeof field === "number") return field;
  const text = typeof field === "string" ? field.trim() : JSON.stringify(field);
  if (MISSING.test(text)) return undefined;
  if (/^[-+]?nan$/i.test(text)) return Number.NaN;
  const [, sign] = /^([-+]?)inf(?:inity)?$/i.exec(text) ?? [];
  if (sign !== undefined) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
  if (value === undefined) throw malformed(path, `expected a number in ${column}, got "${text.slice(0, 40)}"`, line);
  return value;
}
