/** The one place where a sentence of the doctor becomes text in a language. */

import { inWords, type Language, type Message } from "descend/doctor";

export type { Language };

/** The sentence in the language; in English where there are no other words for it. */
export function wordsOf(message: Message, language: Language): string {
  return inWords(message, language);
}
