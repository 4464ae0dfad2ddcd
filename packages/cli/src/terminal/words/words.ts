import { spoken } from "../language.js";
import { chineseWords } from "./chinese-words.js";
import { englishWords } from "./english-words.js";
import type { TerminalWords } from "./terminal-words.js";

/** What the terminal says by itself, in the language of this run. */
export function words(): TerminalWords {
  return spoken() === "zh" ? chineseWords : englishWords;
}
