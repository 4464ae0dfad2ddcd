/** How a number was obtained, in the language of the reader. */

import type { Evidence } from "../report.js";
import { howInChinese } from "./chinese-how.js";
import type { Language } from "./in-words.js";

const sentences = howInChinese.map(([english, chinese]) => ({
  pattern: new RegExp(`^${english.split("{}").map(escaped).join("(.+?)")}$`, "s"),
  parts: chinese.split("{}"),
}));

const UNITS: Readonly<Record<string, string>> = {
  rows: "行",
  steps: "步",
  values: "个",
  "1/step": "1/步",
  "per step": "每步",
  "standard errors": "个标准误差",
};

/** @returns in Chinese, or the English words where there are no Chinese ones. */
export function howInWords({ how }: Evidence, language: Language): string {
  if (language === "en") return how;
  for (const { pattern, parts } of sentences) {
    const [, ...values] = pattern.exec(how) ?? [];
    if (pattern.test(how)) return parts.map((part, k) => (k === 0 ? part : values[k - 1]! + part)).join("");
  }
  return how;
}

/** The unit of a number, "" for a pure one. */
export function unitInWords({ unit }: Evidence, language: Language): string {
  return language === "en" ? unit : (UNITS[unit] ?? unit);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
