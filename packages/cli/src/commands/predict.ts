/** `descend predict model.json new.csv`: what a saved model says about new rows. */

import { Command } from "commander";
import { type ClassificationModel, type ClassLabel, OptionError, type PredictionIntervals, type RegressionModel } from "descend";
import { checkOutputs, writeOutput } from "../files/output-files.js";
import { type JudgedPart, judge, namedMetrics } from "../fit/judge.js";
import { refuseUnseen, requireColumns, usableRows, wantedColumns } from "../fit/model-table.js";
import { type LoadedModel, loadModel, type SavedModel } from "../fit/saved-model.js";
import { encodeRows, type UnseenPolicy } from "../prepare/encoding.js";
import { type EncodedPart, partOf } from "../prepare/prepare.js";
import { readTable, type Table } from "../table/table.js";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatCount, formatNumber } from "../terminal/format.js";
import { languageOption } from "../terminal/language-option.js";
import { printJson, status } from "../terminal/output.js";
import { choiceOption, numberOption } from "../terminal/parse-options.js";
import { words } from "../terminal/words/words.js";

interface PredictOptions {
  readonly query?: string;
  readonly out?: string;
  readonly unseen: UnseenPolicy;
  /** Share of intervals that hold the truth. */
  readonly interval?: number;
  readonly header: boolean;
  readonly json?: boolean;
}

export function predictCommand(report: (code: ExitCode) => void): Command {
  return new Command("predict")
    .argument("<model>", "the saved model, such as model.json")
    .argument("[table]", "a CSV, TSV, JSON, NDJSON or Parquet file with the columns the model learned from; may be left out with --query")
    .option("--out <file>", "write predictions as CSV there (default: standard output)")
    .option("--query <sql>", "predict for what this SELECT gives; the table is called data in it")
    .option(
      "--unseen <error|base>",
      "a category the model has not seen: refuse it, or take it for the base level",
      choiceOption(["error", "base"] as const),
      "error",
    )
    .option(
      "--interval <share>",
      "also say between which values so large a share of such rows lies, such as 0.95",
      numberOption({ above: 0, below: 1 }),
    )
    .option("--no-header", "the first line of a CSV file holds values, not names")
    .addOption(languageOption())
    .option("--json", "print one JSON object")
    .action(async (model: string, table: string | undefined, options: PredictOptions) => report(await runPredict(model, table, options)));
}

async function runPredict(modelPath: string, path: string | undefined, options: PredictOptions): Promise<ExitCode> {
  const { query, out, unseen, interval, header, json } = options;
  if (path === undefined && query === undefined) {
    throw new OptionError("OPTIONS_CONFLICT", "descend predict: expected a table or --query, got neither.", {
      options: ["table", "--query"],
    });
  }
  checkOutputs([["--out", out]], [modelPath, path]);
  const loaded = loadModel(modelPath);
  if (interval !== undefined) requireIntervals(modelPath, loaded.saved);
  const table = await readTable(path, { header, query, wanted: wantedColumns(loaded.saved), optional: loaded.saved.target.column });
  requireColumns(
    table,
    loaded.saved.columns.map(({ column }) => column),
  );
  const predicted = predictTable(loaded, table, unseen, interval);
  const csv = (): string => predictionsCsv(loaded, table.rows, predicted);
  if (out !== undefined) await writeOutput(out, csv());
  if (json === true) printJson(predictRecord(loaded, table, predicted, out));
  else if (out === undefined) process.stdout.write(csv());
  for (const line of json === true ? [] : summaryLines(table, predicted, out)) status(line);
  return exitCodes.converged;
}

function requireIntervals(path: string, { model }: SavedModel): void {
  if (model.uncertainty !== undefined) return;
  const why =
    model.kind === "linear"
      ? "its fit did not converge, its columns depend on each other, it has no more rows than coefficients, or more than 256 coefficients"
      : `there is no theory of them for ${model.kind}`;
  throw new OptionError("OPTIONS_CONFLICT", `--interval: ${path} has no intervals: ${why}. Linear models without penalty have them.`, {
    options: ["--interval"],
  });
}

interface Predicted {
  /** Indices of the rows that have a prediction. */
  readonly rows: Int32Array;
  readonly values: ArrayLike<ClassLabel>;
  readonly probabilities: readonly Float64Array[] | undefined;
  readonly intervals: PredictionIntervals | undefined;
  readonly part: EncodedPart;
  readonly judged: JudgedPart | undefined;
}

function predictTable({ saved, model }: LoadedModel, table: Table, unseen: UnseenPolicy, interval: number | undefined): Predicted {
  const rows = usableRows(table, saved);
  const encoded = encodeRows(table, saved.columns, rows);
  if (unseen === "error") refuseUnseen(table, saved.columns, encoded.unseen, "--unseen base takes such rows for the base level.");
  const part = partOf(encoded, rows, saved.model.featureNames);
  if (rows.length === 0) {
    return { rows, values: [], probabilities: "classes" in model ? [] : undefined, intervals: undefined, part, judged: undefined };
  }
  const probabilities = "classes" in model ? model.predictProbabilities(part.features) : undefined;
  const values: ArrayLike<ClassLabel> = (model as RegressionModel | ClassificationModel).predict(part.features);
  const intervals = interval === undefined || "classes" in model ? undefined : model.predict(part.features, { interval });
  return { rows, values, probabilities, intervals, part, judged: judgeIfKnown({ saved, model }, table, part) };
}

function judgeIfKnown({ saved, model }: LoadedModel, table: Table, part: EncodedPart): JudgedPart | undefined {
  const { target } = saved;
  const numbers = table.numbers.get(target.column);
  const text = table.texts.get(target.column);
  if (numbers === undefined && text === undefined) return undefined;
  const places = Array.from(part.rows.keys()).filter((i) => {
    const row = part.rows[i]!;
    return numbers === undefined ? text!.codes[row]! >= 0 : Number.isFinite(numbers[row]!);
  });
  if (places.length === 0) return undefined;
  const features = Object.fromEntries(
    Object.entries(part.features).map(([name, values]) => [name, Float64Array.from(places, (i) => values[i]!)]),
  );
  return judge(model, table, target, { ...part, rows: Int32Array.from(places, (i) => part.rows[i]!), features });
}

/** Every row of the table has its line; one without prediction has empty fields. */
function predictionsCsv(
  { saved, model }: LoadedModel,
  rows: number,
  { rows: predicted, values, probabilities, intervals }: Predicted,
): string {
  const classes = "classes" in model ? model.classes : [];
  const ends = intervals === undefined ? [] : ["lower", "upper"];
  const header = ["row", `predicted ${saved.target.column}`, ...ends, ...classes.map((label) => `probability ${String(label)}`)];
  const empty = ",".repeat(header.length - 1);
  const lines = [header.map(csvField).join(",")];
  let next = 0;
  for (let row = 0; row < rows; row++) {
    if (predicted[next] !== row) {
      lines.push(`${row + 1}${empty}`);
      continue;
    }
    const between = intervals === undefined ? [] : [intervals.lower[next], intervals.upper[next]];
    lines.push([row + 1, csvField(String(values[next])), ...between, ...(probabilities?.[next] ?? [])].join(","));
    next++;
  }
  return `${lines.join("\n")}\n`;
}

function csvField(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function predictRecord(
  { saved, model }: LoadedModel,
  table: Table,
  { rows, values, probabilities, intervals, part, judged }: Predicted,
  out: string | undefined,
): object {
  return {
    target: saved.target.column,
    rows: { read: table.rows, predicted: rows.length, withoutPrediction: table.rows - rows.length },
    filled: Object.fromEntries(part.filled),
    unseen: Object.fromEntries([...part.unseen].map(([column, levels]) => [column, Object.fromEntries(levels)])),
    ...("classes" in model ? { classes: model.classes } : {}),
    metrics: judged?.metrics ?? null,
    out: out ?? null,
    // Those of a large table are in the file
    ...(out === undefined
      ? {
          predictions: Array.from(rows, (row, i) => ({
            row: row + 1,
            predicted: values[i],
            ...(intervals === undefined ? {} : { lower: intervals.lower[i], upper: intervals.upper[i] }),
            ...(probabilities === undefined ? {} : { probabilities: probabilities[i] }),
          })),
        }
      : {}),
  };
}

function summaryLines(table: Table, { rows, part, judged }: Predicted, out: string | undefined): string[] {
  const { predict: say, fit, comma } = words();
  const lines = [say.predicted(formatCount(rows.length), out)];
  if (rows.length < table.rows) lines.push(say.withoutPrediction(formatCount(table.rows - rows.length)));
  for (const [column, count] of part.filled) lines.push(say.filled(formatCount(count), column));
  for (const [column, levels] of part.unseen) {
    const count = [...levels.values()].reduce((sum, rowsOfLevel) => sum + rowsOfLevel, 0);
    lines.push(say.unseen(formatCount(count), column));
  }
  if (judged !== undefined) {
    const metrics = namedMetrics(judged).map(
      ({ name, value }) => `${fit.metrics[name] ?? name} ${value === null ? "–" : formatNumber(value, 5)}`,
    );
    lines.push(say.against(metrics.join(comma)));
  }
  return lines;
}
