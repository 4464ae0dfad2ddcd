import { spoken } from "../language.js";
import { refusals } from "./chinese-errors.js";
import { translated } from "./translation.js";

/** What the parser of the command line says of one it cannot read, line by line, in the language of this run. */
export function refusal(english: string): string {
  if (spoken() === "en") return english;
  return english
    .split("\n")
    .map((line) => translated(line, refusals) ?? line)
    .join("\n");
}
