/** `descend multistart "<formula>"`: many descents from different starts, and the places where they end. */

import { Command } from "commander";
import {
  createDescent,
  type DescentOptions,
  type Multistart,
  type MultistartOptions,
  multistart,
  OptionError,
  type StartRegion,
} from "descend";
import { checkOutputs, writeOutput } from "../files/output-files.js";
import { withoutRounding } from "../report/without-rounding.js";
import { commandLine } from "../terminal/command-line.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatCount, formatNumber, formatTable } from "../terminal/format.js";
import { languageOption } from "../terminal/language-option.js";
import { methodHelp } from "../terminal/method-help.js";
import { methodOption, methodOptionsOf } from "../terminal/method-options.js";
import { print, printJson, status } from "../terminal/output.js";
import { choiceOption, numberOption, parseAssignments, parseIntervals } from "../terminal/parse-options.js";
import { words } from "../terminal/words/words.js";
import { VERSION } from "../version.js";

type Point = Record<string, number>;
type Intervals = Record<string, readonly [number | null, number | null]>;

interface MultistartCommandOptions {
  readonly center?: Point;
  readonly within?: Intervals;
  readonly starts: number;
  readonly spread?: number;
  readonly sampler: (typeof SAMPLERS)[number];
  readonly const?: Point;
  readonly bounds?: Intervals;
  readonly method?: string;
  readonly methodOption?: Record<string, string>;
  readonly learningRate?: number;
  readonly lockstep?: number;
  readonly maxSteps?: number;
  readonly maxEvaluations?: number;
  readonly seed: number;
  readonly report?: string;
  readonly lang: "en" | "zh";
  readonly json?: boolean;
}

const SAMPLERS = ["latin-hypercube", "sobol", "uniform", "normal"] as const;
/** Rows of the table of basins in the terminal. */
const MOST_ROWS = 20;

export function multistartCommand(report: (code: ExitCode) => void): Command {
  return new Command("multistart")
    .argument("<formula | script>", 'such as "20+x^2+y^2-10(cos(2pi x)+cos(2pi y))", or a module that exports { objective, start }')
    .option("--within <x=-5..5,y=-5..5>", "where starts are drawn: an interval for every variable", (text, before) =>
      parseIntervals("--within", text, before as Intervals | undefined),
    )
    .option("--center <x=0,y=0>", "or the middle of the starts, a number for every variable", (text, before) =>
      parseAssignments("--center", text, before as Point | undefined),
    )
    .option(
      "--spread <size>",
      "how far starts are from it: half a side, of normal the standard deviation (default: 1)",
      numberOption({ min: 0 }),
    )
    .option("--starts <count>", "how many", numberOption({ whole: true, min: 1 }), 100)
    .option(`--sampler <${SAMPLERS.join("|")}>`, "how they are drawn", choiceOption(SAMPLERS), "latin-hypercube")
    .option("--seed <count>", "seed of the starts and of every other random choice", numberOption({ whole: true, min: 0 }), 0)
    .option("--const <a=1,b=2>", "values of constants", (text, before) => parseAssignments("--const", text, before as Point | undefined))
    .option("--bounds <x=0..1,y=0..>", "lowest and highest values of variables; a side left out is open", (text, before) =>
      parseIntervals("--bounds", text, before as Intervals | undefined),
    )
    .option("--method <name>", "see below (default: lbfgs)")
    .option("--method-option <name=value>", "an option of the method, see descend methods <name>; may be repeated", methodOption)
    .option("--learning-rate <number>", "length of the steps of a rule that has one", numberOption({ above: 0 }))
    .option(
      "--lockstep <count>",
      "so many first steps of all starts side by side, then one descent from each place: for thousands of starts and an update rule",
      numberOption({ whole: true, min: 1 }),
    )
    .option("--max-steps <count>", "steps of each descent at most", numberOption({ whole: true, min: 0 }))
    .option("--max-evaluations <count>", "evaluations of each at most", numberOption({ whole: true, min: 1 }))
    .option("--report <file>", "write a report, one HTML file: all places, and of two variables which start leads where")
    .addOption(languageOption())
    .option("--json", "print one JSON object")
    .addHelpText("after", methodHelp)
    .action(async (subject: string, options: MultistartCommandOptions) => report(await runMultistart(subject, options)));
}

async function runMultistart(subject: string, options: MultistartCommandOptions): Promise<ExitCode> {
  const {
    const: constants = {},
    bounds,
    method,
    methodOption,
    learningRate,
    lockstep,
    maxSteps,
    maxEvaluations,
    seed,
    report,
    lang,
  } = options;
  checkOutputs([["--report", report]], []);
  const { objective, start, given } = await subjectOf(subject);
  const region = regionOf(options, start);
  const named = method === undefined ? {} : { method, methodOptions: methodOptionsOf(method, methodOption), learningRate };
  if (method === undefined) methodOptionsOf(method, methodOption);
  const descentOptions: DescentOptions = {
    ...given,
    ...(Object.keys(constants).length === 0 ? {} : { constants }),
    ...(bounds === undefined ? {} : { bounds }),
    ...named,
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(maxEvaluations === undefined ? {} : { maxEvaluations }),
    seed,
  };
  const outcome = multistart(objective as string, region, { ...descentOptions, lockstep } as MultistartOptions);
  if (options.json === true) printJson(jsonOf(subject, options, outcome));
  else print(linesOf(outcome));
  if (report !== undefined) {
    const { renderMultistartReport } = await import("../report/index.js");
    const probe = createDescent(objective as string, region.center, { ...descentOptions, certify: false } as DescentOptions);
    const valueAt = (params: Point): number => {
      probe.params = params;
      return probe.value;
    };
    const data = { command: commandLine(), version: VERSION, seed, subject, variables: Object.keys(region.center), outcome, valueAt };
    await writeOutput(report, renderMultistartReport(data, lang));
    status(words().written.report(report));
  }
  return outcome.best.converged ? exitCodes.converged : exitCodes.notConverged;
}

/** A formula as it is; of a module the objective, its start, and how it is descended. */
async function subjectOf(subject: string): Promise<{ objective: unknown; start: Point | undefined; given: object }> {
  if (!/\.[cm]?[jt]s$/.test(subject)) return { objective: subject, start: undefined, given: {} };
  const { loadSubject } = await import("../doctor/load-subject.js");
  const { objective, start, ...given } = (await loadSubject(subject)) as { objective?: unknown; start?: unknown };
  const isRecord = typeof start === "object" && start !== null && Object.values(start).every((value) => typeof value === "number");
  if ((typeof objective !== "function" && typeof objective !== "string") || !isRecord || Array.isArray(start)) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `${subject}: expected an export { objective, start } with a start of named numbers. For example: export default { objective: ({ x, y }) => x ** 2 + y ** 2, start: { x: 1, y: 1 } };`,
      { options: ["objective", "start"] },
    );
  }
  return { objective, start: start as Point, given };
}

function regionOf({ center, within, starts, spread, sampler }: MultistartCommandOptions, start: Point | undefined): StartRegion<Point> {
  const middle = Object.fromEntries(
    Object.entries(within ?? {}).map(([name, [low, high]]) => {
      if (low === null || high === null) {
        const expected = "both sides of the interval";
        throw new OptionError("OPTION_OUT_OF_RANGE", `--within ${name}: expected ${expected}, such as ${name}=-5..5.`, {
          option: "--within",
          expected,
          got: `${low ?? ""}..${high ?? ""}`,
        });
      }
      return [name, low / 2 + high / 2];
    }),
  );
  const region = { ...start, ...middle, ...center };
  if (Object.keys(region).length === 0) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      "descend multistart: expected --within x=-5..5,y=-5..5, or --center x=0,y=0 with --spread 5.",
      {
        options: ["--within", "--center"],
      },
    );
  }
  return {
    count: starts,
    distribution: sampler,
    center: region,
    ...(spread === undefined ? {} : { scale: spread }),
    ...(within === undefined ? {} : { bounds: within as NonNullable<StartRegion<Point>["bounds"]> }),
  };
}

function jsonOf(subject: string, { starts, sampler, lockstep }: MultistartCommandOptions, outcome: Multistart<Point>): object {
  const { best, bestRun, runs, basins, seed, chanceOfBest } = outcome;
  return {
    subject,
    starts,
    sampler,
    seed,
    lockstep: lockstep ?? null,
    best: { params: best.params, value: best.value, verdict: best.verdict, converged: best.converged, run: bestRun },
    chanceOfBest: [1, 10, 100].map((n) => ({ starts: n, ...chanceOfBest(n) })),
    basins,
    runs,
  };
}

function linesOf({ best, runs, basins, chanceOfBest, seed }: Multistart<Point>): string[] {
  const { multistart: say, verdicts } = words();
  const names = Object.keys(best.params);
  const rounded = withoutRounding(runs);
  const rows = basins
    .slice(0, MOST_ROWS)
    .map(({ params, value, verdict, count, frequency, interval }, k) => [
      String(k + 1),
      formatNumber(value, 9),
      ...names.map((name) => formatNumber(rounded(name, params[name]!), 6)),
      formatCount(count),
      say.share(percent(frequency), percent(interval[0]), percent(interval[1])),
      verdicts[verdict].word,
    ]);
  const one = chanceOfBest(1);
  const enough = startsFor(one.interval[0]);
  return [
    ...formatTable([say.head(names), ...rows], ["right", "right", ...names.map(() => "right" as const), "right", "left", "left"]),
    ...(basins.length > MOST_ROWS ? [say.more(formatCount(basins.length - MOST_ROWS))] : []),
    "",
    say.found(formatCount(runs.length), basins.length, formatCount(basins.length), seed),
    say.chance(percent(one.probability), enough === undefined ? undefined : formatCount(enough)),
  ];
}

/** Starts after which the lowest has been found with 99 %, if a single one finds it with this probability. */
function startsFor(probability: number): number | undefined {
  if (!(probability > 0)) return undefined;
  return probability >= 1 ? 1 : Math.ceil(Math.log(0.01) / Math.log1p(-probability));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
}
