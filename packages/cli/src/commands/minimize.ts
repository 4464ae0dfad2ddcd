/** `descend minimize "<formula>"`: the minimum of a formula from a starting point. */

import { Command } from "commander";
import {
  createDescent,
  type Descent,
  type DescentOptions,
  differentiateFormula,
  findMethod,
  minimize,
  OptionError,
  parseSchedule,
  type Solution,
} from "descend";
import { watch } from "descend/doctor";
import { checkOutputs, writeOutput } from "../files/output-files.js";
import type { MinimizeContext } from "../report/minimize-report-data.js";
import { commandLine } from "../terminal/command-line.js";
import { descendWithProgress, type WalkOptions } from "../terminal/descend-with-progress.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatNumber, formatTable } from "../terminal/format.js";
import { languageOption } from "../terminal/language-option.js";
import { methodHelp } from "../terminal/method-help.js";
import { methodOption, methodOptionsOf } from "../terminal/method-options.js";
import { print, printJson, status } from "../terminal/output.js";
import { numberOption, parseAssignments, parseIntervals, parseKinds } from "../terminal/parse-options.js";
import { verdictInWords } from "../terminal/verdict-words.js";
import { sentence } from "../terminal/words/sentences.js";
import { words } from "../terminal/words/words.js";
import { VERSION } from "../version.js";

interface MinimizeOptions {
  readonly start?: Record<string, number>;
  readonly const?: Record<string, number>;
  readonly bounds?: Bounds;
  readonly subjectTo?: string[];
  readonly variables?: Record<string, "real" | "integer" | "category">;
  readonly method?: string;
  readonly methodOption?: Record<string, string>;
  readonly learningRate?: number;
  readonly schedule?: string;
  readonly maxSteps?: number;
  readonly maxEvaluations?: number;
  readonly seed?: number;
  readonly gradient?: boolean;
  readonly report?: string;
  readonly plot?: string;
  readonly lang: "en" | "zh";
  readonly json?: boolean;
  /** false: --no-advice. */
  readonly advice: boolean;
  readonly cure?: boolean;
}

type Point = Record<string, number>;
type Bounds = Record<string, readonly [number | null, number | null]>;

export function minimizeCommand(report: (code: ExitCode) => void): Command {
  return new Command("minimize")
    .argument("<formula>", 'such as "(1-x)^2 + 100(y-x^2)^2"')
    .requiredOption("--start <x=0,y=0>", "where to begin: a number for every variable", (text, before) =>
      parseAssignments("--start", text, before as Point | undefined),
    )
    .option("--const <a=1,b=2>", "values of constants", (text, before) => parseAssignments("--const", text, before as Point | undefined))
    .option("--bounds <x=0..1,y=0..>", "lowest and highest values of variables; a side left out is open", (text, before) =>
      parseIntervals("--bounds", text, before as Bounds | undefined),
    )
    .option("--subject-to <comparison>", 'a constraint such as "x + y <= 1" or "x y = 2"; may be repeated', (text, before) => [
      ...((before as string[] | undefined) ?? []),
      text,
    ])
    .option("--variables <n=integer,k=category>", "variables that take whole numbers only; categories need --bounds", (text, before) =>
      parseKinds("--variables", text, before as MinimizeOptions["variables"]),
    )
    .option("--method <name>", "update rule, see below (default: lbfgs)")
    .option("--method-option <name=value>", "an option of the method, see descend methods <name>; may be repeated", methodOption)
    .option("--learning-rate <number>", "length of the steps of a rule that has one", numberOption({ above: 0 }))
    .option("--schedule <text>", "how that length changes, such as cosine:steps=1000 or warm-up:steps=50/inverse-time:decay=0.01")
    .option("--max-steps <count>", "give up after so many steps", numberOption({ whole: true, min: 0 }))
    .option("--max-evaluations <count>", "give up after so many evaluations", numberOption({ whole: true, min: 1 }))
    .option("--seed <count>", "seed of every random choice (default: 0)", numberOption({ whole: true, min: 0 }))
    .option("--cure", "where it does not converge: try what helps, prove it against the untreated run, and go on with what is proven")
    .option("--no-advice", "say nothing of why it did not converge")
    .option("--gradient", "also show the gradient: as formulas, and its value at the end")
    .option("--report <file>", "write a report, one HTML file that needs nothing else; of two variables with the path over the contours")
    .option("--plot <file>", "write the value over the steps as SVG")
    .addOption(languageOption())
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
  const { bounds, subjectTo } = options;
  const unknown = Object.keys(bounds ?? {}).find((name) => !(name in start));
  if (unknown !== undefined) throw notAVariable("--bounds", unknown, start);
  const { variables } = options;
  const unheld = Object.keys(variables ?? {}).find((name) => !(name in start));
  if (unheld !== undefined) throw notAVariable("--variables", unheld, start);
  const descentOptions = {
    ...(bounds === undefined ? {} : { bounds }),
    ...(variables === undefined ? {} : { variables }),
    constants: options.const ?? {},
    ...methodOf(options),
    maxSteps: options.maxSteps,
    maxEvaluations: options.maxEvaluations,
    seed: options.seed,
    history: report !== undefined ? true : plot !== undefined ? { params: false } : false,
  };
  if (options.cure === true && subjectTo !== undefined) {
    throw new OptionError("OPTIONS_CONFLICT", "--cure: a descent under constraints cannot be treated; leave out one of the two.", {
      options: ["--cure", "--subject-to"],
    });
  }
  const first =
    subjectTo === undefined
      ? await walk(formula, start, descentOptions, options)
      : constrained(formula, start, { ...descentOptions, constraints: subjectTo });
  const doctor = await doctorFor(first, options);
  const advice = doctor?.adviseFormula({ formula, start, options: descentOptions, made: first.descent }, { treat: options.cure === true });
  const cured = advice === undefined ? undefined : doctor?.treatedFormula({ formula, start, options: descentOptions }, advice);
  const { descent, solution, interrupted, slope } =
    cured === undefined ? first : await walk(cured.formula, cured.start, cured.options, cured);
  const gradient = options.gradient === true ? gradientOf(cured?.formula ?? formula, start, options.const ?? {}, slope) : undefined;
  if (options.json === true)
    printJson({ ...jsonOf(formula, solution, interrupted, gradient), ...(doctor?.adviceRecord(advice!) ?? { findings: [] }) });
  else {
    const said = doctor?.adviceLines(advice!, options.lang) ?? [];
    print(
      cured === undefined
        ? [...linesOf(solution, gradient), ...(said.length === 0 ? [] : ["", ...said])]
        : [...said, "", ...linesOf(solution, gradient)],
    );
  }
  const free = bounds === undefined && variables === undefined ? (descent as Descent<never> | undefined) : undefined;
  await writeFiles({ formula, start, descent: free, solution, interrupted, gradient: slope }, options);
  return solution.converged ? exitCodes.converged : exitCodes.notConverged;
}

/** With options of its own a method is made here: it has its rate in it then. */
function methodOf({
  method,
  methodOption: given,
  learningRate,
  schedule,
}: MinimizeOptions): Pick<DescentOptions, "method" | "learningRate"> {
  const rate = schedule === undefined ? learningRate : parseSchedule(schedule, learningRate);
  const record = given === undefined || method === undefined ? undefined : findMethod(method);
  const own = methodOptionsOf(method, given);
  if (record === undefined) return { method, learningRate: rate };
  const hasRate = "learningRate" in record.options;
  return {
    method: record.create({ ...(rate !== undefined && hasRate ? { learningRate: rate } : {}), ...own }),
    learningRate: hasRate ? undefined : rate,
  };
}

function notAVariable(flag: string, name: string, start: Point): OptionError {
  const known = Object.keys(start);
  return new OptionError("OPTION_UNKNOWN", `${flag} ${name}: expected a variable of --start, one of ${known.join(", ")}.`, {
    option: name,
    known,
  });
}

type Walked = {
  readonly descent?: Descent<Point>;
  readonly solution: Solution<Point>;
  readonly interrupted: boolean;
  readonly slope: Point;
};

/** A descent with progress; `slope` is the gradient of the objective at its end. */
async function walk(
  formula: string,
  start: Point,
  options: DescentOptions,
  { maxSteps, learningRate }: Pick<WalkOptions, "maxSteps" | "learningRate">,
): Promise<Walked> {
  const descent = createDescent(formula, start, options);
  const { interrupted } = await descendWithProgress(descent, { maxSteps, learningRate, watched: watch(descent) });
  return { solution: descent.solution(), interrupted, descent, slope: descent.gradient };
}

/** Loaded where it has something to say: the descent did not converge, and nobody stopped it. */
async function doctorFor(
  { solution, interrupted }: Walked,
  { advice, cure, subjectTo }: MinimizeOptions,
): Promise<typeof import("../doctor/formula-advice.js") | undefined> {
  const wanted = (advice || cure === true) && subjectTo === undefined;
  return !wanted || solution.converged || interrupted ? undefined : import("../doctor/formula-advice.js");
}

/** The same under constraints, in one go. */
function constrained(formula: string, start: Point, options: DescentOptions): Walked {
  const solution = minimize(formula, start, options);
  const { gradient } = createDescent(formula, solution.params, { constants: options.constants, certify: false });
  return { solution, interrupted: false, slope: gradient };
}

async function writeFiles(
  outcome: Pick<MinimizeContext, "formula" | "start" | "descent" | "solution" | "interrupted" | "gradient">,
  { report, plot, lang, const: constants = {}, seed, learningRate }: MinimizeOptions,
): Promise<void> {
  if (report !== undefined) {
    const [{ renderMinimizeReport }, { minimizeReportData }] = await Promise.all([
      import("../report/index.js"),
      import("../report/minimize-report-data.js"),
    ]);
    const data = await minimizeReportData({ ...outcome, constants, seed, learningRate, command: commandLine() }, VERSION);
    await writeOutput(report, renderMinimizeReport(data, lang));
    status(words().written.report(report));
  }
  const { history } = outcome.solution;
  if (plot !== undefined && history !== undefined) {
    const { lossPlot } = await import("../report/loss-plot.js");
    await writeOutput(plot, await lossPlot({ history, valueUnit: 1, stepsPerEpoch: 1, title: outcome.formula, language: lang }));
    status(words().written.plot(plot));
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
    ...(solution.multipliers === undefined
      ? {}
      : { multipliers: solution.multipliers, kktResidual: solution.kktResidual, constraintViolation: solution.constraintViolation }),
    tests: solution.tests,
    warnings: solution.warnings,
    interrupted,
    seconds: solution.milliseconds / 1000,
  };
}

function linesOf(solution: Solution<Point>, gradient: Gradient | undefined): string[] {
  const { minimize: say, seconds, note, columns } = words();
  const rows = Object.entries(solution.params).map(([name, value]) => [
    name,
    formatNumber(value, 12),
    ...(gradient === undefined ? [] : [formatNumber(gradient[name]!.value, 6), `∂f/∂${name} = ${gradient[name]!.formula}`]),
  ]);
  const header = gradient === undefined ? [] : [["", "", say.gradient]];
  const { multipliers, steps, method, evaluations, gradientSource: source } = solution;
  return [
    ...formatTable([...header, ...rows, [say.value, formatNumber(solution.value, 12)]], ["left", "right", "right", "left"]),
    "",
    verdictInWords(solution),
    ...(multipliers === undefined ? [] : [multipliersInWords(multipliers, solution.constraintViolation!)]),
    say.effort({
      steps,
      method,
      values: evaluations.value,
      gradients: evaluations.gradient,
      source,
      time: seconds(solution.milliseconds / 1000),
    }),
    ...solution.warnings.map((warning) => note + columns.colon + sentence(warning)),
  ];
}

function multipliersInWords({ equal, atMost }: NonNullable<Solution<Point>["multipliers"]>, violation: number): string {
  const list = (values: readonly number[]): string => values.map((value) => formatNumber(value, 6)).join(", ");
  return words().minimize.multipliers(list(equal), list(atMost), formatNumber(violation, 3));
}
