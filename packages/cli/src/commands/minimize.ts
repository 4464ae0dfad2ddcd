/** `descend minimize "<formula>"`: the minimum of a formula from a starting point. */

import { Command } from "commander";
import { createDescent, differentiateFormula, OptionError, type Solution } from "descend";
import { checkOutputs, writeOutput } from "../files/output-files.js";
import type { MinimizeContext } from "../report/minimize-report-data.js";
import { commandLine } from "../terminal/command-line.js";
import { descendWithProgress } from "../terminal/descend-with-progress.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatNumber, formatSeconds, formatTable } from "../terminal/format.js";
import { methodHelp } from "../terminal/method-help.js";
import { print, printJson, status } from "../terminal/output.js";
import { choiceOption, numberOption, parseAssignments } from "../terminal/parse-options.js";
import { verdictInWords } from "../terminal/verdict-words.js";
import { VERSION } from "../version.js";

interface MinimizeOptions {
  readonly start?: Record<string, number>;
  readonly const?: Record<string, number>;
  readonly method?: string;
  readonly learningRate?: number;
  readonly maxSteps?: number;
  readonly maxEvaluations?: number;
  readonly seed?: number;
  readonly gradient?: boolean;
  readonly report?: string;
  readonly plot?: string;
  readonly lang: "en" | "zh";
  readonly json?: boolean;
}

type Point = Record<string, number>;

export function minimizeCommand(report: (code: ExitCode) => void): Command {
  return new Command("minimize")
    .description("find the minimum of a formula")
    .argument("<formula>", 'such as "(1-x)^2 + 100(y-x^2)^2"')
    .requiredOption("--start <x=0,y=0>", "where to begin: a number for every variable", (text, before) =>
      parseAssignments("--start", text, before as Point | undefined),
    )
    .option("--const <a=1,b=2>", "values of constants", (text, before) => parseAssignments("--const", text, before as Point | undefined))
    .option("--method <name>", "update rule, see below (default: lbfgs)")
    .option("--learning-rate <number>", "length of the steps of a rule that has one", numberOption({ above: 0 }))
    .option("--max-steps <count>", "give up after so many steps", numberOption({ whole: true, min: 0 }))
    .option("--max-evaluations <count>", "give up after so many evaluations", numberOption({ whole: true, min: 1 }))
    .option("--seed <count>", "seed of every random choice (default: 0)", numberOption({ whole: true, min: 0 }))
    .option("--gradient", "also show the gradient: as formulas, and its value at the end")
    .option("--report <file>", "write a report, one HTML file that needs nothing else; of two variables with the path over the contours")
    .option("--plot <file>", "write the value over the steps as SVG")
    .option("--lang <en|zh>", "language of report and plot", choiceOption(["en", "zh"] as const), "en")
    .option("--json", "print one JSON object")
    .addHelpText("after", methodHelp)
    .action(async (formula: string, options: MinimizeOptions) => report(await runMinimize(formula, options)));
}

async function runMinimize(formula: string, options: MinimizeOptions): Promise<ExitCode> {
  const start = options.start!;
  const twice = Object.keys(options.const ?? {}).find((name) => name in start);
  if (twice !== undefined) {
    throw new OptionError("OPTIONS_CONFLICT", `--const ${twice}: expected a name that --start does not move, got one of its variables.`, {
      options: ["--start", "--const"],
    });
  }
  const { report, plot } = options;
  checkOutputs(
    [
      ["--report", report],
      ["--plot", plot],
    ],
    [],
  );
  const descent = createDescent(formula, start, {
    constants: options.const ?? {},
    method: options.method,
    learningRate: options.learningRate,
    maxSteps: options.maxSteps,
    maxEvaluations: options.maxEvaluations,
    seed: options.seed,
    history: report !== undefined ? true : plot !== undefined ? { params: false } : false,
  });
  const { solution, interrupted } = await descendWithProgress(descent, { maxSteps: options.maxSteps, learningRate: options.learningRate });
  const gradient = options.gradient === true ? gradientOf(formula, start, options.const ?? {}, descent.gradient) : undefined;
  if (options.json === true) printJson(jsonOf(formula, solution, interrupted, gradient));
  else print(linesOf(solution, gradient));
  await writeFiles({ formula, start, solution, interrupted, gradient: descent.gradient }, options);
  return solution.converged ? exitCodes.converged : exitCodes.notConverged;
}

async function writeFiles(
  outcome: Pick<MinimizeContext, "formula" | "start" | "solution" | "interrupted" | "gradient">,
  { report, plot, lang, const: constants = {}, seed, learningRate }: MinimizeOptions,
): Promise<void> {
  if (report !== undefined) {
    const [{ renderMinimizeReport }, { minimizeReportData }] = await Promise.all([
      import("../report/index.js"),
      import("../report/minimize-report-data.js"),
    ]);
    const data = await minimizeReportData({ ...outcome, constants, seed, learningRate, command: commandLine() }, VERSION);
    await writeOutput(report, renderMinimizeReport(data, lang));
    status(`report written: ${report}`);
  }
  const { history } = outcome.solution;
  if (plot !== undefined && history !== undefined) {
    const { lossPlot } = await import("../report/loss-plot.js");
    await writeOutput(plot, await lossPlot({ history, valueUnit: 1, stepsPerEpoch: 1, title: outcome.formula, language: lang }));
    status(`plot written: ${plot}`);
  }
}

/** The gradient as a formula and its value at the end of the descent, by variable. */
type Gradient = Record<string, { readonly formula: string; readonly value: number }>;

function gradientOf(formula: string, start: Point, constants: Point, values: Point): Gradient {
  const formulas = differentiateFormula(formula, Object.keys(start), constants);
  return Object.fromEntries(Object.entries(formulas).map(([name, text]) => [name, { formula: text, value: values[name]! }]));
}

function jsonOf(formula: string, solution: Solution<Point>, interrupted: boolean, gradient: Gradient | undefined): object {
  const { params, value, verdict, terminationReason, converged, steps, evaluations } = solution;
  return {
    params,
    value,
    verdict,
    terminationReason,
    converged,
    steps,
    evaluations,
    formula,
    method: solution.method,
    gradientSource: solution.gradientSource,
    gradientNorm: solution.gradientNorm,
    ...(gradient === undefined ? {} : { gradient }),
    tests: solution.tests,
    warnings: solution.warnings,
    interrupted,
    seconds: solution.milliseconds / 1000,
  };
}

function linesOf(solution: Solution<Point>, gradient: Gradient | undefined): string[] {
  const rows = Object.entries(solution.params).map(([name, value]) => [
    name,
    formatNumber(value, 12),
    ...(gradient === undefined ? [] : [formatNumber(gradient[name]!.value, 6), `∂f/∂${name} = ${gradient[name]!.formula}`]),
  ]);
  const header = gradient === undefined ? [] : [["", "", "gradient"]];
  return [
    ...formatTable([...header, ...rows, ["value", formatNumber(solution.value, 12)]], ["left", "right", "right", "left"]),
    "",
    verdictInWords(solution),
    `${solution.steps} steps of ${solution.method}, ${solution.evaluations.value} values and ${solution.evaluations.gradient} gradients (${solution.gradientSource}), ${formatSeconds(solution.milliseconds / 1000)}`,
    ...solution.warnings.map((warning) => `note: ${warning}`),
  ];
}
