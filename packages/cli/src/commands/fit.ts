/** `descend fit <table> --target <column>`: from a table to a fitted model one can trust. */

import { Command } from "commander";
import pc from "picocolors";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { formatCount, formatList, formatNumber, formatSeconds, formatTable } from "../format.js";
import { type Finding, fitLinear, type LinearFit } from "../linear-fit.js";
import { methodHelp } from "../method-help.js";
import { print, printJson } from "../output.js";
import { numberOption } from "../parse-options.js";
import { type Prepared, prepare } from "../prepare.js";
import { readTable, type Table } from "../table.js";
import { verdictInWords } from "../verdict-words.js";

interface FitOptions {
  readonly target: string;
  readonly header: boolean;
  readonly testFraction: number;
  readonly seed: number;
  readonly method?: string;
  readonly learningRate?: number;
  readonly maxSteps?: number;
  readonly json?: boolean;
}

export function fitCommand(report: (code: ExitCode) => void): Command {
  return new Command("fit")
    .description("fit a linear model to a table")
    .argument("<table>", "a CSV, TSV, JSON, NDJSON or Parquet file")
    .requiredOption("--target <column>", "the column to predict")
    .option("--no-header", "the first line of a CSV file holds values, not names")
    .option("--test-fraction <share>", "share of the rows kept apart to judge the model", numberOption({ min: 0, below: 1 }), 0.2)
    .option("--seed <count>", "seed of the split and of every other random choice", numberOption({ whole: true, min: 0 }), 1)
    .option("--method <name>", "update rule, see below (default: lbfgs)")
    .option("--learning-rate <number>", "length of the steps (default: from the curvature of the problem)", numberOption({ above: 0 }))
    .option("--max-steps <count>", "give up after so many steps", numberOption({ whole: true, min: 0 }))
    .option("--json", "print one JSON object")
    .addHelpText("after", methodHelp)
    .action(async (path: string, options: FitOptions) => report(await runFit(path, options)));
}

async function runFit(path: string, options: FitOptions): Promise<ExitCode> {
  const table = await readTable(path, { header: options.header });
  const prepared = prepare(table, options);
  const fit = await fitLinear(prepared, options);
  const findings = [...findingsOf(table, prepared), ...fit.findings];
  if (options.json === true) printJson(jsonOf(table, prepared, fit, findings, options));
  else print(linesOf(table, prepared, fit, findings, options));
  return fit.solution.converged ? exitCodes.converged : exitCodes.notConverged;
}

/** What was done to the table that its owner may not expect. */
function findingsOf(table: Table, { rows }: Prepared): Finding[] {
  const findings: Finding[] = [];
  if (table.duplicateNames.length > 0) {
    findings.push({
      code: "DUPLICATE_NAMES",
      severity: "warning",
      message: `the name ${formatList(table.duplicateNames)} comes more than once; the later columns are called ${table.duplicateNames[0]}_1 and so on.`,
      columns: table.duplicateNames,
    });
  }
  if (rows.missing + rows.infinite > table.rows / 2) {
    findings.push({
      code: "MOST_ROWS_DROPPED",
      severity: "warning",
      message: `${rows.missing + rows.infinite} of ${table.rows} rows lack a value and are left out: the rest may not stand for the whole.`,
    });
  }
  return findings;
}

function jsonOf(table: Table, prepared: Prepared, fit: LinearFit, findings: readonly Finding[], options: FitOptions): object {
  const { solution, closedForm } = fit;
  return {
    model: "linear-least-squares",
    target: prepared.target,
    coefficients: coefficientsOf(prepared, fit.model),
    metrics: { train: fit.train, test: fit.test },
    verdict: solution.verdict,
    terminationReason: solution.terminationReason,
    converged: solution.converged,
    steps: solution.steps,
    seconds: solution.milliseconds / 1000,
    findings,
    features: prepared.features,
    setAside: prepared.setAside,
    columns: table.columns,
    rows: {
      read: prepared.rows.read,
      droppedMissing: prepared.rows.missing,
      droppedInfinite: prepared.rows.infinite,
      train: prepared.rows.train.length,
      test: prepared.rows.test.length,
    },
    method: solution.method,
    learningRate: fit.learningRate ?? null,
    value: solution.value,
    gradientNorm: solution.gradientNorm,
    gradientSource: solution.gradientSource,
    evaluations: solution.evaluations,
    tests: solution.tests,
    conditionNumber: fit.conditionNumber ?? null,
    closedForm:
      closedForm === undefined
        ? null
        : { coefficients: coefficientsOf(prepared, closedForm.model), largestDifference: closedForm.largestDifference },
    seed: options.seed,
    testFraction: options.testFraction,
    interrupted: fit.interrupted,
  };
}

/** Coefficients by name in the units of the table; the constant is "intercept", or "(intercept)" where a column has that name. */
function coefficientsOf({ features }: Prepared, model: LinearFit["model"]): Record<string, number> {
  const constant = features.includes("intercept") ? "(intercept)" : "intercept";
  return Object.fromEntries([[constant, model.intercept], ...features.map((name, k) => [name, model.weights[k]!])] as [string, number][]);
}

function linesOf(table: Table, prepared: Prepared, fit: LinearFit, findings: readonly Finding[], options: FitOptions): string[] {
  const { rows, setAside } = prepared;
  const { solution, closedForm, conditionNumber } = fit;
  const dropped = [
    ...(rows.missing === 0 ? [] : [`${formatCount(rows.missing)} with missing values`]),
    ...(rows.infinite === 0 ? [] : [`${formatCount(rows.infinite)} with infinite values`]),
  ];
  const summary = formatTable(
    [
      [
        "table",
        `${table.path}: ${formatCount(table.rows)} rows, ${table.columns.length} columns${dropped.length === 0 ? "" : `; left out ${dropped.join(" and ")}`}`,
      ],
      ["target", prepared.target],
      ["features", formatList(prepared.features)],
      ...(setAside.length === 0 ? [] : [["not used", formatList(setAside.map(({ column, reason }) => `${column} (${reason})`))]]),
      [
        "split",
        `${formatCount(rows.train.length)} rows to learn from, ${formatCount(rows.test.length)} to judge on (seed ${options.seed})`,
      ],
    ],
    ["left", "left"],
  );
  const coefficients = formatTable(
    [
      ["coefficient", closedForm === undefined ? "" : "closed form", ""],
      ...Object.entries(coefficientsOf(prepared, fit.model)).map(([name, value], k) => [
        name,
        closedForm === undefined ? "" : formatNumber(k === 0 ? closedForm.model.intercept : closedForm.model.weights[k - 1]!, 9),
        formatNumber(value, 9),
      ]),
    ].map(([name, closed, value], i) => [name!, i === 0 ? "descent" : value!, closed!]),
    ["left", "right", "right"],
  );
  const metric = (name: string, of: (metrics: LinearFit["train"]) => number | null): string[] => {
    const shown = [fit.train, fit.test].map((metrics) => (metrics === null ? null : of(metrics)));
    return [name, ...shown.map((value) => (value === null ? "–" : formatNumber(value, 5)))];
  };
  const metrics = formatTable(
    [["", "train", "test"], metric("RMSE", ({ rmse }) => rmse), metric("MAE", ({ mae }) => mae), metric("R²", ({ r2 }) => r2)],
    ["left", "right", "right"],
  );
  const rate = fit.learningRate === undefined ? "" : `, learning rate ${formatNumber(fit.learningRate, 4)}`;
  const condition = conditionNumber === undefined ? "" : `condition number ${formatNumber(conditionNumber, 4)}; `;
  const check =
    closedForm === undefined
      ? "no closed form to compare with"
      : `largest difference from the closed form ${formatNumber(closedForm.largestDifference, 2)} (relative)`;
  return [
    ...summary,
    "",
    ...coefficients,
    "",
    ...metrics,
    "",
    verdictInWords(solution),
    `${solution.steps} steps of ${solution.method}${rate}, ${formatSeconds(solution.milliseconds / 1000)}; ${condition}${check}`,
    ...findings.map(({ severity, message }) => `${severity === "warning" ? pc.yellow("note") : "note"}: ${message}`),
  ];
}
