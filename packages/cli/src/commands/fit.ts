/** `descend fit <table> --target <column>`: from a table to a fitted model one can trust. */

import { Command } from "commander";
import { modelCatalogue, OptionError, type ScaleKind, scaleKinds } from "descend";
import type { Advice } from "../doctor/advice.js";
import type { FitToDiagnose } from "../doctor/fit-advice.js";
import { checkOutputs, writeOutput } from "../files/output-files.js";
import { fitLines } from "../fit/fit-lines.js";
import { type FitContext, fitRecord } from "../fit/fit-record.js";
import { type FitSettings, fitTable, type TableFit } from "../fit/fit-table.js";
import { namedMetrics } from "../fit/judge.js";
import type { SavedModel } from "../fit/saved-model.js";
import { tableFindings } from "../fit/table-findings.js";
import { columnUses } from "../prepare/describe-columns.js";
import type { MissingPolicy } from "../prepare/encoding.js";
import { planTable, prepareSplit, releaseFeatures, splitPlan } from "../prepare/prepare.js";
import { isLarge, MOST_IN_MEMORY } from "../stream/large-table.js";
import type { StreamedFit } from "../stream/streamed-fit.js";
import { loadTable, type OpenTable, type Table, withTable } from "../table/table.js";
import { commandLine } from "../terminal/command-line.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatList, formatTable } from "../terminal/format.js";
import { languageOption } from "../terminal/language-option.js";
import { methodHelp } from "../terminal/method-help.js";
import { methodOption } from "../terminal/method-options.js";
import { print, printJson, status } from "../terminal/output.js";
import { batchOption, choiceOption, classWeightsOption, namesOption, numberOption } from "../terminal/parse-options.js";
import { helpText } from "../terminal/words/help-words.js";
import { words } from "../terminal/words/words.js";
import { VERSION } from "../version.js";

interface FitOptions extends Omit<FitSettings, "history" | "scale"> {
  /** false: --no-scale. */
  readonly scale: ScaleKind | false;
  readonly target?: string;
  readonly update?: string;
  readonly query?: string;
  readonly features?: readonly string[];
  readonly weights?: string;
  readonly missing: MissingPolicy;
  readonly header: boolean;
  /** Undefined: by the size of the table. */
  readonly stream?: boolean;
  readonly testFraction: number;
  readonly save?: string;
  readonly report?: string;
  readonly plot?: string;
  readonly lang: "en" | "zh";
  readonly json?: boolean;
  /** false: --no-advice. */
  readonly advice: boolean;
  readonly cure?: boolean;
}

export function fitCommand(report: (code: ExitCode) => void): Command {
  return new Command("fit")
    .argument("[table]", "a CSV, TSV, JSON, NDJSON or Parquet file; may be left out where --query names its files")
    .option("--target <column>", "the column to predict")
    .optionsGroup("The table:")
    .option("--query <sql>", "fit what this SELECT gives; the table is called data in it")
    .option("--features <names>", "columns to predict from, separated by commas (default: all that can be used)", namesOption)
    .option(
      "--missing <impute|drop>",
      "fill missing values and mark them, or leave out their rows",
      choiceOption(["impute", "drop"] as const),
      "impute",
    )
    .option("--weights <column>", "how often each row counts: a column of numbers ≥ 0")
    .option("--no-header", "the first line of a CSV file holds values, not names")
    .option("--stream", "read the table in passes rather than hold it in memory (default: above 50 million numbers)")
    .option("--no-stream", "hold the table in memory, whatever its size")
    .option("--temporary <folder>", "where a streamed table keeps its encoded rows meanwhile (default: the system's temporary folder)")
    .option("--test-fraction <share>", "share of the rows kept apart to judge the model", numberOption({ min: 0, below: 1 }), 0.2)
    .option("--cv <folds>", "also judge on so many folds of the rows to learn from", numberOption({ whole: true, min: 2 }))
    .option("--seed <count>", "seed of the split and of every other random choice", numberOption({ whole: true, min: 0 }), 1)
    .optionsGroup("The model:")
    .option("--model <name>", "see below (default: auto, from the target)")
    .option("--l2 <weight>", "penalty: weight of ½‖w‖² beside the mean loss", numberOption({ min: 0 }))
    .option("--l1 <weight>", "penalty: weight of ‖w‖₁ beside the mean loss", numberOption({ min: 0 }))
    .option("--alpha <weight>", "penalty α (λ for classes) as in the model's formula below", numberOption({ min: 0 }))
    .option("--l1-ratio <share>", "share of ‖w‖₁ in the penalty --alpha", numberOption({ min: 0, max: 1 }))
    .option("--delta <size>", "Huber: where an error is large, in the unit of the target", numberOption({ above: 0 }))
    .option(
      "--class-weights <balanced|class=number,…>",
      "how often rows of a class count: balanced gives every class the same say",
      classWeightsOption,
    )
    .option("--polynomial <degree>", "add products of features up to this degree", numberOption({ whole: true, min: 1, max: 20 }))
    .option("--no-intercept", "through the origin: no constant beside the features, which are then scaled and not shifted")
    .option(
      "--scale <kind>",
      `scale of the features inside the problem: ${scaleKinds.join(", ")}; coefficients are in the units of the table in any case`,
      choiceOption(scaleKinds),
      "standard",
    )
    .option("--no-scale", "the same as --scale none: see what happens without")
    .optionsGroup("The descent:")
    .option("--method <name>", "update rule, see below (default: from size and curvature)")
    .option("--method-option <name=value>", "an option of the method, see descend methods <name>; may be repeated", methodOption)
    .option("--schedule <text>", "how the length of the steps changes, such as cosine:steps=1000 or warm-up:steps=50/step-decay:every=100")
    .option("--learning-rate <number>", "length of the steps (default: from the curvature of the problem)", numberOption({ above: 0 }))
    .option("--sweep", "try learning rates first, in 3 % of the steps of a run, and take the best (default method: gradient-descent)")
    .option("--batch <full|rows>", "rows a step (default: full)", batchOption)
    .option("--epochs <count>", "give up after so many passes over the table", numberOption({ above: 0 }))
    .option("--max-steps <count>", "give up after so many steps", numberOption({ whole: true, min: 0 }))
    .option("--checkpoint <file>", "write the state of the descent there now and then, and when Ctrl-C stops it")
    .option("--checkpoint-every <seconds>", "how often", numberOption({ above: 0 }), 30)
    .option("--resume <file>", "go on from a checkpoint: the result has the same bits as without the break")
    .option(
      "--update <model>",
      "go on learning from the rows of this table with a saved model, one pass (with --save, --batch, --learning-rate, --l2)",
    )
    .optionsGroup("Afterwards:")
    .option("--cure", "where it does not converge: try what helps, prove it against the untreated fit, and go on with what is proven")
    .option("--no-advice", "say nothing of why it did not converge")
    .option("--save <file>", "save the model for descend predict, such as model.json")
    .option("--report <file>", "write a report, one HTML file that needs nothing else")
    .option("--path", "in the report, coefficients over the weight of the penalty (lasso, ridge, elastic-net)")
    .option("--plot <file>", "write the loss over the steps as SVG")
    .addOption(languageOption())
    .option("--json", "print one JSON object")
    .addHelpText("after", modelHelp)
    .addHelpText("after", methodHelp)
    .action(async (path: string | undefined, options: FitOptions, command: Command) => {
      if (options.update !== undefined) refuseBeside(command);
      report(await runFit(path, options));
    });
}

function modelHelp(): string {
  const rows = modelCatalogue.map(({ kind, summary, objective }) => [
    `  ${kind}`,
    helpText(summary),
    objective.replace(/^mean [a-z ]+[a-z]/, helpText),
  ]);
  const title = helpText("Models (r: errors, m: rows, w: weights of standardized features):");
  return `\n${title}\n${formatTable(rows, ["left", "left", "left"]).join("\n")}`;
}

async function runFit(path: string | undefined, options: FitOptions): Promise<ExitCode> {
  const { query, testFraction, seed, save, report, plot } = options;
  if (path === undefined && query === undefined) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      "descend fit: expected a table or --query, got neither. For example: descend fit data.csv --target price",
      {
        options: ["table", "--query"],
      },
    );
  }
  if (options.update !== undefined) return runUpdate(path, { ...options, update: options.update });
  if (options.target === undefined) {
    throw new OptionError("OPTIONS_CONFLICT", "descend fit: expected --target <column>, the column to predict.", { options: ["--target"] });
  }
  const { target } = options;
  checkOutputs(
    [
      ["--save", save],
      ["--report", report],
      ["--plot", plot],
      ["--checkpoint", options.checkpoint === options.resume ? undefined : options.checkpoint],
    ],
    [path, options.resume],
  );
  if (options.path === true && report === undefined) {
    throw new OptionError("OPTIONS_CONFLICT", "--path is a picture of the report: expected --report as well.", {
      options: ["--path", "--report"],
    });
  }
  const settings: TargetedOptions = {
    ...options,
    target,
    scale: options.scale === false ? "none" : options.scale,
    history: report !== undefined || plot !== undefined,
    watched: options.resume === undefined && (options.advice || options.cure === true),
  };
  const read = await withTable(path, { header: options.header, query }, async (open): Promise<Table | StreamedFit> => {
    const { stream } = options;
    if (stream === true || (stream === undefined && (await isLarge(open)))) return streamFit(open, settings);
    return (await loadTable(open, stream === false ? undefined : MOST_IN_MEMORY)) ?? (await streamFit(open, settings));
  });
  const first: StreamedFit & Partial<FitInMemory> = "fit" in read ? read : await fitInMemory(read, settings);
  const { plan, split } = first;
  const contextOf = (fit: TableFit, { scale }: FitSettings = settings): FitContext => ({
    plan,
    split,
    fit,
    uses: columnUses(plan, split),
    findings: [...tableFindings(plan), ...fit.findings],
    seed,
    testFraction,
    scale,
    batch: options.batch ?? "full",
    classWeights: options.classWeights,
    command: commandLine(),
  });
  const untreated = contextOf(first.fit);
  const unasked = options.json !== true && options.cure !== true;
  // What was reached is shown and kept before anybody looks into why it was not more
  if (unasked) {
    print(fitLines(untreated));
    await writeFiles(untreated, options);
  }
  const doctor = await doctorFor(first, settings);
  const advice = doctor && (await adviceOf(doctor, first, settings));
  const treated = advice === undefined ? undefined : doctor?.treatedSettings(settings, advice);
  const context = treated === undefined || first.again === undefined ? untreated : contextOf(await first.again(treated), treated);
  const said = advice === undefined ? [] : doctor!.adviceLines(advice, options.lang);
  if (options.json === true) {
    const found = advice === undefined ? [] : doctor!.adviceFindings(advice);
    const cure = advice === undefined ? undefined : doctor!.adviceRecord(advice).cure;
    printJson({ ...fitRecord({ ...context, findings: [...context.findings, ...found] }), ...(cure === undefined ? {} : { cure }) });
  } else if (!unasked) print([...said, ...(said.length === 0 ? [] : [""]), ...fitLines(context)]);
  else if (said.length > 0) print(["", ...said]);
  if (!unasked) await writeFiles(context, options);
  return context.fit.fitted.solution.converged ? exitCodes.converged : exitCodes.notConverged;
}

/** What goes with --update; the rest was settled when the model was made. */
const OF_UPDATES = ["--update", "--save", "--query", "--no-header", "--batch", "--learning-rate", "--l2", "--lang", "--json"];

/** @throws OptionError OPTIONS_CONFLICT for a flag that was given beside --update and says nothing there */
function refuseBeside(command: Command): void {
  for (const option of command.options) {
    if (command.getOptionValueSource(option.attributeName()) !== "cli" || OF_UPDATES.includes(option.long!)) continue;
    const message = `${option.long}: was settled when the model was made; beside --update expected only ${formatList(OF_UPDATES.slice(1), 20)}.`;
    throw new OptionError("OPTIONS_CONFLICT", message, { options: [option.long!, "--update"] });
  }
}

async function runUpdate(path: string | undefined, options: FitOptions & { readonly update: string }): Promise<ExitCode> {
  checkOutputs([["--save", options.save === options.update ? undefined : options.save]], [path]);
  const { updateModel } = await import("../fit/update-model.js");
  return updateModel(path, options);
}

type TargetedOptions = FitOptions & FitSettings & { readonly target: string };

interface FitInMemory extends StreamedFit {
  /** The same rows with other settings. */
  readonly again: (settings: FitSettings) => Promise<TableFit>;
}

async function fitInMemory(table: Table, settings: TargetedOptions): Promise<FitInMemory> {
  const plan = planTable(table, settings);
  const rows = splitPlan(plan, settings);
  const split = prepareSplit(plan, rows.train, rows.test);
  // Folds are encoded anew, each from its own rows
  if (settings.cv === undefined && settings.cure !== true) releaseFeatures(plan);
  const again = (others: FitSettings): Promise<TableFit> => fitTable(plan, split, others);
  return { plan, split, fit: await again(settings), again };
}

/** Loaded where it has something to say: the descent of a table in memory did not converge, and nobody stopped it. */
async function doctorFor(
  { fit }: StreamedFit,
  { advice, cure, resume }: FitOptions,
): Promise<typeof import("../doctor/fit-advice.js") | undefined> {
  // To repeat a resumed fit is to begin at its beginning: only where it is asked for
  const wanted = ((advice && resume === undefined) || cure === true) && fit.descent !== undefined;
  return !wanted || fit.fitted.solution.converged || fit.interrupted ? undefined : import("../doctor/fit-advice.js");
}

/** What the doctor says; of what it may treat, columns that were left as they are come first. */
async function adviceOf(
  doctor: typeof import("../doctor/fit-advice.js"),
  first: StreamedFit & Partial<FitInMemory>,
  settings: TargetedOptions,
): Promise<Advice> {
  const subject = toDiagnose(first, settings);
  const { again } = first;
  if (settings.cure === true && settings.scale === "none" && again !== undefined) {
    const cured = await doctor.cureByScaling(doctor.adviseFit(subject, { treat: false }), { settings, fit: first.fit, again });
    if (cured !== undefined) return cured;
  }
  return doctor.adviseFit(subject, { treat: settings.cure === true });
}

function toDiagnose({ split, fit }: StreamedFit, { learningRate }: FitOptions): FitToDiagnose {
  const { choice } = fit.fitted;
  return {
    descent: fit.descent!,
    rows: split.train.count,
    features: split.features.length,
    learningRate: learningRate ?? choice.learningRate,
    valueUnit: fit.valueUnit,
  };
}

/** Loaded when a table is too large, not for every fit. */
async function streamFit(open: OpenTable, settings: TargetedOptions): Promise<StreamedFit> {
  const { fitStreamed } = await import("../stream/streamed-fit.js");
  return fitStreamed(open, settings);
}

async function writeFiles(context: FitContext, { save, report, plot, lang }: FitOptions): Promise<void> {
  const { fit, plan } = context;
  const { solution } = fit.fitted;
  if (save !== undefined) {
    await writeOutput(save, `${JSON.stringify(savedModel(context), undefined, 2)}\n`);
    status(words().written.model(save));
  }
  if (report !== undefined) {
    const [{ renderFitReport }, { fitReportData }] = await Promise.all([import("../report/index.js"), import("../fit/fit-report-data.js")]);
    await writeOutput(report, renderFitReport(await fitReportData(context, VERSION), lang));
    status(words().written.report(report));
  }
  if (plot !== undefined && solution.history !== undefined) {
    const { lossPlot } = await import("../report/loss-plot.js");
    const { history } = solution;
    await writeOutput(
      plot,
      await lossPlot({ history, valueUnit: fit.valueUnit, stepsPerEpoch: fit.stepsPerEpoch, title: plan.target.column, language: lang }),
    );
    status(words().written.plot(plot));
  }
}

function savedModel({ plan, split, fit, seed, classWeights, command }: FitContext): SavedModel {
  const { solution } = fit.fitted;
  const record = (judged: FitContext["fit"]["test"]): Record<string, number | null> | null =>
    judged === undefined ? null : Object.fromEntries(namedMetrics(judged).map(({ key, value }) => [key, value]));
  return {
    format: "descend-table-model",
    version: 1,
    target: plan.target,
    columns: split.encodings,
    missing: plan.missing,
    model: fit.fitted.toJSON(),
    origin: {
      command,
      table: plan.table.path,
      seed,
      ...(plan.weights === undefined ? {} : { weights: plan.weights }),
      ...(classWeights === undefined ? {} : { classWeights }),
      trainRows: split.train.count,
      testRows: split.test.count,
      verdict: solution.verdict,
      converged: solution.converged,
      metrics: { train: record(fit.train)!, test: record(fit.test) },
    },
  };
}
