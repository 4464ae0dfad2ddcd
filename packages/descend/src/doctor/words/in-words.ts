/** A message of a report in the language of its reader. */

import { short } from "../check.js";
import type { Message, Scalar } from "../report.js";
import { explanations, prescriptions } from "./chinese.js";

export type Language = "en" | "zh";

/**
 * The sentence of an explanation or prescription, numbers filled in.
 *
 * @returns in Chinese, or the English text of the message where there is no Chinese one for its id.
 *
 * @example
 * inWords(report.findings[0].explanation, "zh"); // "学习率 0.03 是 gradientDescent 在所遇曲率下所能承受的 1.5 倍。"
 */
export function inWords(message: Message, language: Language): string {
  if (language === "en") return message.text;
  const { id, values } = message;
  const remedy = id.includes(".") ? id.slice(id.indexOf(".") + 1) : undefined;
  const sentence = remedy === undefined ? explanations[id] : (prescriptions[id] ?? prescriptions[remedy]);
  return sentence === undefined ? message.text : sentence((name) => shown(values, name), values);
}

/** A value in three digits; "share%" is the value "share" as a percentage. */
function shown(values: Message["values"], name: string): string {
  const percent = name.endsWith("%");
  const value: Scalar | string | undefined = values[percent ? name.slice(0, -1) : name];
  if (typeof value !== "number") return value === "Infinity" ? "∞" : String(value ?? "?");
  return short(percent ? 100 * value : value);
}
