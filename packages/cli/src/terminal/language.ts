/** The language of this run: one command line, one reader. Set before anything is said, so that errors of every depth speak it too. */

export type Language = "en" | "zh";

let language: Language = "en";

export function spoken(): Language {
  return language;
}

export function speak(chosen: Language): void {
  language = chosen;
}

/** What --lang says on a command line, wherever it stands; English where it says nothing, or nothing there is. */
export function languageOf(argv: readonly string[]): Language {
  const given = argv.filter((argument, k) => argument.startsWith("--lang=") || argv[k - 1] === "--lang").at(-1);
  return given?.replace("--lang=", "") === "zh" ? "zh" : "en";
}
