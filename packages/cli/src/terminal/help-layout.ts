/** How the help of a command is laid out: its words in the language of this run, lines broken where that language lets them break. */

import { Help, type Option } from "commander";
import { displayWidth } from "./format.js";
import { spoken } from "./language.js";
import { helpText } from "./words/help-words.js";

/** What may not begin a line of Chinese: marks that close. */
const CLOSING = "，。、；：！？）》」』”’…";
/** What may not end one: marks that open. */
const OPENING = "（《「『“‘";

/** Places that descriptions get at least before they are no longer wrapped. */
const LEAST_WIDTH = 24;

/** For `configureHelp` of the program; its commands inherit it. */
export const helpLayout: Partial<Help> = {
  minWidthToWrap: LEAST_WIDTH,
  displayWidth,
  styleTitle: helpText,
  // A full-width colon brings its own blank
  formatHelp: (command, helper) => Help.prototype.formatHelp.call(helper, command, helper).replace(/^([^\n]*：) /, "$1"),
  commandDescription: (command) => helpText(command.description()),
  subcommandDescription: (command) => helpText(command.description()),
  argumentDescription: (argument) => helpText(argument.description),
  optionDescription: (option) => helpText(option.description) + defaultOf(option),
  boxWrap: (text, width) =>
    text
      .split("\n")
      .flatMap((line) => wrapped(line, width))
      .join("\n"),
};

/** What holds where the option is not given. That a flag is not given needs no words. */
function defaultOf({ required, defaultValue, defaultValueDescription }: Option): string {
  if (!required || defaultValue === undefined) return "";
  const shown = defaultValueDescription ?? String(defaultValue);
  return spoken() === "zh" ? `（默认：${shown}）` : ` (default: ${shown})`;
}

/** Lines of at most `width` places, broken at blanks, and beside wide characters. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [piece] of text.matchAll(PIECE)) {
    if (line !== "" && displayWidth(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** What stays together: a word, or one wide character; with the marks that open before it, those that close behind it, and a blank. */
const PIECE = new RegExp(`[${OPENING}]*(?:\\p{Script=Han}|[^\\s\\p{Script=Han}${OPENING}${CLOSING}]+)?[${CLOSING}]*\\s*`, "gu");
