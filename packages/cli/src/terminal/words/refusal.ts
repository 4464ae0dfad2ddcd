import { spoken } from "../language.js";
import { refusals } from "./chinese-errors.js";
import { translated } from "./translation.js";

/** What the parser of the command line says of one it cannot read, line by line, in the language of this run. */
export function refusal(english: string): string {
  // The blank that keeps a number or a formula with a minus sign from being taken for a flag
  const typed = english.replace(/argument ' -/g, "argument '-");
  if (spoken() === "en") return typed;
  return typed
    .split("\n")
    .map((line) => translated(line, refusals) ?? line)
    .join("\n");
}
