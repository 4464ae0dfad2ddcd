/** `descend race "<formula>"`: several methods from the same start with the same budget, ranked. */

import { Command, InvalidArgumentError } from "commander";
import { createDescent, OptionError, type Race, type Racer, race } from "descend";
import { checkOutputs, writeOutput } from "../files/output-files.js";
import { commandLine } from "../terminal/command-line.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatCount, formatNumber, formatTable } from "../terminal/format.js";
import { languageOption } from "../terminal/language-option.js";
import { methodHelp } from "../terminal/method-help.js";
import { print, printJson, status } from "../terminal/output.js";
import { numberOption, parseAssignments } from "../terminal/parse-options.js";
import { sentence } from "../terminal/words/sentences.js";
import { words } from "../terminal/words/words.js";
import { VERSION } from "../version.js";

interface RaceCommandOptions {
  readonly start?: Point;
  readonly const?: Point;
  readonly methods: readonly Racer[];
  readonly learningRate?: number;
  readonly maxSteps?: number;
  readonly maxEvaluations?: number;
  readonly seed?: number;
  readonly report?: string;
  readonly lang: "en" | "zh";
  readonly json?: boolean;
}

type Point = Record<string, number>;

/** Left of the fall to the best value where a method has arrived. */
const WITHIN = 1e-6;

export function raceCommand(report: (code: ExitCode) => void): Command {
  return new Command("race")
    .argument("<formula>", 'such as "x^2 + 456 y^2"')
    .requiredOption("--start <x=0,y=0>", "where all begin: a number for every variable", (text, before) =>
      parseAssignments("--start", text, before as Point | undefined),
    )
    .requiredOption(
      "--methods <names>",
      "such as gd,momentum,adam,lbfgs; a learning rate of its own after a colon, as in gd:0.01",
      parseRacers,
    )
    .option("--const <a=1,b=2>", "values of constants", (text, before) => parseAssignments("--const", text, before as Point | undefined))
    .option("--learning-rate <number>", "length of the steps of methods that have one and were given none", numberOption({ above: 0 }))
    .option("--max-steps <count>", "steps of each at most", numberOption({ whole: true, min: 0 }))
    .option("--max-evaluations <count>", "evaluations of each at most (default: 10000)", numberOption({ whole: true, min: 1 }))
    .option("--seed <count>", "seed of every random choice (default: 0)", numberOption({ whole: true, min: 0 }))
    .option("--report <file>", "write a report, one HTML file: the table, all curves, and of two variables all paths over the contours")
    .addOption(languageOption())
    .option("--json", "print one JSON object")
    .addHelpText("after", methodHelp)
    .action(async (formula: string, options: RaceCommandOptions) => report(await runRace(formula, options)));
}

/** "gd:0.01,lbfgs" */
function parseRacers(text: string): Racer[] {
  return text.split(",").map((part) => {
    const [name = "", rate] = part.split(":").map((piece) => piece.trim());
    if (name === "") throw new InvalidArgumentError("Expected names with commas between them, such as gd,adam,lbfgs.");
    if (rate === undefined) return { name, method: name };
    return { name: `${name}:${rate}`, method: name, learningRate: numberOption({ above: 0 })(rate) };
  });
}

/** What is wrong with a method is said of the option that names it here. */
function raceOf(formula: string, start: Point, options: Parameters<typeof race>[2]): Race<Point> {
  try {
    return race(formula, start, options);
  } catch (error) {
    if (!(error instanceof OptionError) || !error.message.startsWith("method: ")) throw error;
    throw new OptionError(error.code, error.message.replace("method: ", "--methods: "), error.details, { cause: error });
  }
}

async function runRace(formula: string, options: RaceCommandOptions): Promise<ExitCode> {
  const { methods, learningRate, maxSteps, maxEvaluations, seed, report, lang } = options;
  const start = options.start!;
  const constants = options.const ?? {};
  checkOutputs([["--report", report]], []);
  const outcome = raceOf(formula, start, { methods, learningRate, maxSteps, maxEvaluations, seed, constants, within: WITHIN });
  if (options.json === true) printJson(jsonOf(formula, outcome));
  else print(linesOf(outcome));
  if (report !== undefined) {
    const { renderRaceReport } = await import("../report/index.js");
    const probe = createDescent(formula, start, { constants, certify: false });
    const valueAt = (params: Point): number => {
      probe.params = params;
      return probe.value;
    };
    const variables = Object.keys(start);
    const data = { command: commandLine(), version: VERSION, seed, formula, variables, within: WITHIN, race: outcome, valueAt };
    await writeOutput(report, renderRaceReport(data, lang));
    status(words().written.report(report));
  }
  return outcome.results.some(({ solution }) => solution.converged) ? exitCodes.converged : exitCodes.notConverged;
}

function jsonOf(formula: string, { results, startValue, best }: Race<Point>): object {
  return {
    formula,
    startValue,
    best,
    within: WITHIN,
    results: results.map(({ rank, name, evaluations, steps, solution }) => ({
      rank,
      name,
      method: solution.method,
      evaluationsToBest: evaluations ?? null,
      stepsToBest: steps ?? null,
      value: solution.value,
      params: solution.params,
      verdict: solution.verdict,
      steps: solution.steps,
      evaluations: solution.evaluations,
    })),
  };
}

function linesOf({ results, best }: Race<Point>): string[] {
  const { race: say, verdicts, note, columns } = words();
  const orDash = (value: number | undefined): string => (value === undefined ? "–" : formatCount(value));
  return [
    ...formatTable(
      [
        say.head,
        ...results.map(({ rank, name, evaluations, steps, solution }) => [
          String(rank),
          name,
          orDash(evaluations),
          orDash(steps),
          formatNumber(solution.value, 9),
          verdicts[solution.verdict].word,
        ]),
      ],
      ["right", "left", "right", "right", "right", "left"],
    ),
    "",
    say.counted(formatNumber(WITHIN), formatNumber(best, 9)),
    ...results.flatMap(({ name, solution }) =>
      solution.warnings.map((warning) => note + columns.colon + name + columns.colon + sentence(warning)),
    ),
  ];
}
