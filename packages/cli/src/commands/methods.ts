/** `descend methods`: what methods there are; of one, its options with defaults, ranges and meanings. */

import { Command } from "commander";
import {
  findMethod,
  type MethodRecord,
  methodCatalogue,
  nearestName,
  OptionError,
  type SearchMethodRecord,
  searchMethodCatalogue,
} from "descend";
import { type ExitCode, exitCodes } from "../terminal/exit-codes.js";
import { formatTable } from "../terminal/format.js";
import { languageOption } from "../terminal/language-option.js";
import { methodHelp } from "../terminal/method-help.js";
import { print, printJson } from "../terminal/output.js";
import { helpText, methodOptionText, methodSummary } from "../terminal/words/help-words.js";
import { words } from "../terminal/words/words.js";

export function methodsCommand(report: (code: ExitCode) => void): Command {
  return new Command("methods")
    .argument("[name]", "such as adam")
    .addOption(languageOption())
    .option("--json", "print one JSON value")
    .action((name: string | undefined, { json }: { readonly json?: boolean }) => {
      const all = [...searchMethodCatalogue, ...methodCatalogue];
      if (name === undefined) {
        if (json === true) printJson(all.map(recordOf));
        else print([methodHelp().trim()]);
      } else {
        const record = findMethod(name) ?? unknownMethod(name, all);
        if (json === true) printJson(recordOf(record));
        else print(linesOf(record));
      }
      report(exitCodes.converged);
    });
}

type Known = MethodRecord | SearchMethodRecord;

function linesOf(method: Known): string[] {
  const { name, aliases, options, page } = method;
  const rows = Object.entries(options).map(([option, spec]) => [option, defaultOf(spec), rangeOf(spec), methodOptionText(spec.meaning)]);
  const { columns, comma, methods: say } = words();
  return [
    `${name}${aliases.length === 0 ? "" : columns.aside(aliases.join(comma))}${columns.colon}${methodSummary(method)}`,
    "",
    ...formatTable([["option", "default", "takes", "meaning"].map(helpText), ...rows], ["left", "left", "left", "left"]),
    "",
    say.example(`--method ${name}${exampleOf(options)}`, page),
  ];
}

type Spec = Known["options"][string];

function exampleOf(options: Known["options"]): string {
  const [option, spec] = Object.entries(options).find(([name, { default: value }]) => name !== "learningRate" && value !== undefined) ?? [];
  return option === undefined ? "" : ` --method-option ${option}=${textOf(spec!.default)}`;
}

function defaultOf({ default: value, otherwise }: Spec): string {
  return value === undefined ? (otherwise === undefined ? helpText("must be given") : methodOptionText(otherwise)) : textOf(value);
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join("+") : String(value);
}

function rangeOf(spec: Spec): string {
  if (spec.kind === "boolean") return "true, false";
  if (spec.kind === "choice") return spec.choices.join(", ");
  const { minimum, maximum, minimumExcluded, maximumExcluded, whole } = spec;
  const sides = [
    minimum === undefined ? "" : `${minimumExcluded === true ? ">" : "≥"} ${minimum}`,
    maximum === undefined ? "" : `${maximumExcluded === true ? "<" : "≤"} ${maximum}`,
  ].filter((side) => side !== "");
  const what = whole === true ? "whole" : spec.kind === "numbers" ? "numbers with + between" : "a number";
  return [helpText(what), sides.join(", ")].join(" ").trim();
}

function recordOf({ name, aliases, summary, options, page }: Known): object {
  return { name, aliases, summary, options, page };
}

function unknownMethod(name: string, all: readonly Known[]): never {
  const names = all.flatMap((record) => [record.name, ...record.aliases]);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? "descend methods lists them." : `Did you mean ${nearest}?`;
  throw new OptionError("OPTION_UNKNOWN", `descend methods: there is no method "${name}". ${hint}`, {
    option: name,
    known: all.map((record) => record.name),
    ...(nearest === undefined ? {} : { nearest }),
  });
}
