/** The command line: commands, their options, and the exit code of what came of them. */

import { Command, CommanderError } from "commander";
import { commandCatalogue } from "./commands/catalogue.js";
import { exitCodes } from "./terminal/exit-codes.js";
import { helpLayout } from "./terminal/help-layout.js";
import { languageOf, speak } from "./terminal/language.js";
import { languageOption } from "./terminal/language-option.js";
import { helpText } from "./terminal/words/help-words.js";
import { refusal } from "./terminal/words/refusal.js";
import { VERSION } from "./version.js";

/**
 * Runs one command.
 *
 * @param argv - arguments after the name of the program.
 * @returns the exit code: 0 converged, 1 not converged, 2 usage, 3 data, 4 internal.
 */
export async function main(argv: readonly string[]): Promise<number> {
  speak(languageOf(argv));
  let code: number = exitCodes.converged;
  const report = (result: number): void => {
    code = result;
  };
  const program = new Command("descend")
    .description("Gradient descent as a complete, trustworthy system: fit a table, predict, minimize a formula, diagnose a run.")
    .version(VERSION)
    .addOption(languageOption())
    .enablePositionalOptions()
    .configureHelp(helpLayout)
    .showSuggestionAfterError()
    .showHelpAfterError("(descend --help lists what there is)")
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(refusal(text)) })
    .addHelpText("after", () => `\n${helpText("Exit codes: 0 converged, 1 not converged, 2 usage, 3 data, 4 internal.")}`);
  // The name of the command comes first, or second after "help"; of the others only the summary is needed
  const called = argv.filter((argument, k) => !argument.startsWith("-") && argv[k - 1] !== "--lang").slice(0, 2);
  try {
    for (const { name, summary, load } of commandCatalogue) {
      const command = called.includes(name) ? (await load())(report) : new Command(name);
      program.addCommand(
        command.description(summary).copyInheritedSettings(program).showHelpAfterError(`(descend ${name} --help lists what there is)`),
      );
    }
    await program.parseAsync(argv.map(protectFormula), { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed its own message
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.converged : exitCodes.usage;
    const { failed } = await import("./terminal/failure.js");
    return failed(error, argv.includes("--json"));
  }
}

/** A reader that closes early (descend … | head) is no error. */
export function allowClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.converged);
    throw error;
  });
}

/** A formula may begin with a minus sign: a blank before it keeps it from being taken for a flag. No flag but -h and -V has one dash. */
function protectFormula(argument: string): string {
  return /^-[^-]/.test(argument) && argument !== "-h" && argument !== "-V" ? ` ${argument}` : argument;
}
