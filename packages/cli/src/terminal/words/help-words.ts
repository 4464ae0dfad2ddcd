/** The words of help in the language of this run. They are written in English where commands, models and methods are defined. */

import { spoken } from "../language.js";
import { chineseHelp } from "./chinese-help.js";
import { methodOptionMeanings, methodSummaries } from "./chinese-methods.js";

/** A text of the help of commands; as it is where there are no other words for it. */
export function helpText(english: string): string {
  return inChinese(chineseHelp, english) ?? english;
}

/** What a method is. */
export function methodSummary({ name, summary }: { readonly name: string; readonly summary: string }): string {
  return inChinese(methodSummaries, name) ?? summary;
}

/** What an option of a method means, or what it is where nothing is said. */
export function methodOptionText(english: string): string {
  return inChinese(methodOptionMeanings, english) ?? english;
}

function inChinese(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return spoken() === "zh" && Object.hasOwn(table, key) ? table[key] : undefined;
}
