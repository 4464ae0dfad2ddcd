/** The commands there are. Each is loaded when it is called: `fit` has no use for the doctor, nor `--version` for anything. */

import type { Command } from "commander";
import type { ExitCode } from "../terminal/exit-codes.js";

export interface CommandRecord {
  readonly name: string;
  readonly summary: string;
  /** The command with its options; told what came of it. */
  readonly load: () => Promise<(report: (code: ExitCode) => void) => Command>;
}

export const commandCatalogue: readonly CommandRecord[] = [
  { name: "fit", summary: "fit a model to a table", load: async () => (await import("./fit.js")).fitCommand },
  {
    name: "predict",
    summary: "predict with a model saved by descend fit --save",
    load: async () => (await import("./predict.js")).predictCommand,
  },
  { name: "minimize", summary: "find the minimum of a formula", load: async () => (await import("./minimize.js")).minimizeCommand },
  {
    name: "multistart",
    summary: "descend from many starts, and say where they end and how often",
    load: async () => (await import("./multistart.js")).multistartCommand,
  },
  {
    name: "race",
    summary: "let methods race on a formula: same start, same budget",
    load: async () => (await import("./race.js")).raceCommand,
  },
  {
    name: "methods",
    summary: "list the methods; of one, the options that --method-option takes",
    load: async () => (await import("./methods.js")).methodsCommand,
  },
  {
    name: "doctor",
    summary: "find out why a run did not converge, and what helps",
    load: async () => (await import("./doctor.js")).doctorCommand,
  },
];
