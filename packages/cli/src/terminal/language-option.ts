import { Option } from "commander";
import { spoken } from "./language.js";
import { choiceOption } from "./parse-options.js";

/** `--lang`, of every command and before it. */
export function languageOption(): Option {
  return new Option("--lang <en|zh>", "language of all that is said")
    .argParser(choiceOption(["en", "zh"] as const))
    .default(spoken(), "en");
}
