/**
 * Programs of residuals that were fitted before: fitting the same function again, to other data or from another start, compiles nothing.
 *
 * Keyed by the function itself, so a program lives as long as its function; formulas share a few places. What a program computes does not
 * depend on when it was made: with or without this cache the results are the same bits.
 */

import type { Layout } from "../../tree/tree.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import { type ReadResidual, type ReadResidualOptions, readAgain, readResidual } from "./residual-function.js";
import { ResidualProgram } from "./residual-models.js";

interface Known {
  /** Parameters and columns by name and shape. */
  readonly signature: string;
  readonly read: Extract<ReadResidual, { kind: "graph" }>;
  readonly program: ResidualProgram;
}

/** Formulas kept, the ones used last. */
const FORMULAS = 32;
/** Numbers of a table that a waiting program may hold on to: 8 MB. */
const MOST_NUMBERS = 1_000_000;

const byFunction = new WeakMap<ObjectiveFunction, Known[]>();
const byFormula = new Map<string, Known[]>();

export type PreparedResidual = { readonly kind: "program"; readonly program: ResidualProgram } | Extract<ReadResidual, { kind: "host" }>;

/**
 * The program of a residual with its table loaded, marked busy; {@link releaseProgram} it after use.
 *
 * Residuals with constants are not kept: constants may change between calls.
 */
export function prepareResidual(residual: string | ObjectiveFunction, layout: Layout, options: ReadResidualOptions): PreparedResidual {
  const { table, constants } = options;
  const signature = JSON.stringify([
    layout.leaves.map(({ path, shape }) => [path, shape]),
    table?.columns.map(({ name, inner }) => [name, inner]) ?? null,
  ]);
  const cacheable = Object.keys(constants).length === 0;
  const known = cacheable ? knownPrograms(residual).find((entry) => entry.signature === signature && !entry.program.busy) : undefined;
  const read = known === undefined ? readResidual(residual, layout, options) : readAgain(known.read, residual, layout, options);
  if (read.kind === "host") return read;
  const program = known?.program ?? new ResidualProgram(read, table);
  if (known === undefined && cacheable) keep(residual, { signature, read, program });
  program.busy = true;
  program.load(table);
  return { kind: "program", program };
}

/** Gives the program back for the next fit; one that holds a large table is forgotten. */
export function releaseProgram(residual: string | ObjectiveFunction, program: ResidualProgram): void {
  program.busy = false;
  if (program.numbers <= MOST_NUMBERS) return;
  const list = knownPrograms(residual);
  const place = list.findIndex((entry) => entry.program === program);
  if (place >= 0) list.splice(place, 1);
}

function knownPrograms(residual: string | ObjectiveFunction): Known[] {
  return (typeof residual === "string" ? byFormula.get(residual) : byFunction.get(residual)) ?? [];
}

function keep(residual: string | ObjectiveFunction, entry: Known): void {
  const list = [...knownPrograms(residual), entry];
  if (typeof residual !== "string") {
    byFunction.set(residual, list);
    return;
  }
  byFormula.delete(residual);
  byFormula.set(residual, list);
  if (byFormula.size > FORMULAS) byFormula.delete(byFormula.keys().next().value!);
}
