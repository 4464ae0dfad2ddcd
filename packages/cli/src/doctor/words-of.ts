/** The one place where a sentence of the doctor becomes text in a language. */

import type { Message } from "descend/doctor";

export type Language = "en" | "zh";

/** The sentence in the language; in English where there are no other words for it yet. */
export function wordsOf(message: Message, _language: Language): string {
  return message.text;
}
