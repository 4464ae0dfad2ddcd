/** A patch of the doctor as flags of the command that was typed. */

import type { Patch } from "descend/doctor";
import { commandLine } from "../terminal/command-line.js";

/** Flags with the text to give them, "" for a switch; undefined takes a flag away. */
export type Flags = Readonly<Record<string, string | undefined>>;

export interface FlagContext {
  /** Names of the variables in the order of the flat parameters, where --start gives them. */
  readonly variables?: readonly string[];
  /** The learning rate that a decay begins from, where the patch sets none. */
  readonly rate?: number | undefined;
  /** Whether --l2 adds what a patch does. Default false. */
  readonly penalty?: boolean;
}

/** Parts of a patch that need no flag here: the terminal computes in float64, and stops at 1e-8 of the largest gradient anyhow. */
const IMPLIED = new Set(["precision", "relativeGradientTolerance"]);

/**
 * The flags that apply a patch.
 *
 * @returns undefined where a part of the patch has no flag.
 */
export function patchFlags(patch: Patch, { variables, rate, penalty = false }: FlagContext): Flags | undefined {
  const { method, learningRate, decay, maxSteps, start, batch, l2, standardize, ...others } = patch;
  if (Object.keys(others).some((part) => !IMPLIED.has(part))) return undefined;
  if (l2 !== undefined && !penalty) return undefined;
  // A formula has no columns
  if (standardize !== undefined && variables !== undefined) return undefined;
  // A table is fitted from zeros
  if (start !== undefined && variables === undefined) return undefined;
  const initial = learningRate ?? (method === undefined ? rate : undefined);
  if (decay !== undefined && (variables === undefined || initial === undefined)) return undefined;
  const flags: Record<string, string | undefined> = {
    ...(method === undefined
      ? {}
      : { "--method": method, "--method-option": undefined, "--learning-rate": undefined, "--schedule": undefined }),
    ...(learningRate === undefined ? {} : { "--learning-rate": String(learningRate), "--schedule": undefined }),
    ...(decay === undefined
      ? {}
      : {
          "--learning-rate": String(initial),
          "--schedule": `inverse-time:decay=${decay.rate}${decay.power === 1 ? "" : `,power=${decay.power}`}`,
        }),
    ...(maxSteps === undefined ? {} : { "--max-steps": String(maxSteps), "--epochs": undefined }),
    ...(l2 === undefined ? {} : { "--l2": String(l2) }),
    ...(start === undefined ? {} : { "--start": assigned(variables!, start) }),
    // A formula has no rows
    ...(batch === undefined || variables !== undefined ? {} : { "--batch": String(batch) }),
    // The scale that a fit has of itself; a rate found for other columns goes with them
    ...(standardize === undefined ? {} : { "--scale": undefined, "--no-scale": undefined, "--learning-rate": undefined }),
    "--cure": undefined,
  };
  return Object.keys(flags).length === 1 ? undefined : flags;
}

/** Six digits of each; what is nothing beside the largest is zero. */
function assigned(names: readonly string[], values: readonly number[]): string {
  const largest = Math.max(...values.map(Math.abs));
  return values.map((value, k) => `${names[k]}=${Math.abs(value) < 1e-12 * largest ? 0 : Number(value.toPrecision(6))}`).join(",");
}

/** Those of the flags that are switches: no value follows them. */
const SWITCHES = new Set(["--cure", "--no-scale"]);

/** The command that was typed, with some of its flags set, replaced or left out. */
export function commandWith(flags: Flags, argv: readonly string[] = process.argv.slice(2)): string {
  const kept: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [name] = argv[i]!.split("=", 1) as [string];
    if (!(name in flags)) kept.push(argv[i]!);
    else if (name === argv[i] && !SWITCHES.has(name)) i++;
  }
  const set = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : SWITCHES.has(name) ? [name] : [name, value]));
  return commandLine([...kept, ...set]);
}
