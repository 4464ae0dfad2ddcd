/**
 * Sentences that come from elsewhere, of the library among them, in the language of this run. They are written in English where they arise,
 * for programs as well; here each has its pattern, and what the pattern holds goes into the Chinese one.
 */

import { spoken } from "../language.js";
import { chineseSentences } from "./chinese-sentences.js";
import { translated } from "./translation.js";

/** The sentence in the language of this run; as it is where there are no other words for it. */
export function sentence(english: string): string {
  return spoken() === "en" ? english : (translated(english, chineseSentences) ?? english);
}
