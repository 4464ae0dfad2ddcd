/**
 * All schedules, as records: help on the command line, the table of the docs and the contract tests are made
 * from them; and the way to write one as text.
 */

import { nearestName, OptionError } from "../../errors.js";
import { NON_NEGATIVE, type OptionSpec, type OptionTable, outOfRange } from "../options.js";
import { constantRate } from "./constant-rate.js";
import { cosineDecay, cosineDecayTable } from "./cosine-decay.js";
import { cosineRestarts, cosineRestartsTable } from "./cosine-restarts.js";
import { exponentialDecay, exponentialDecayTable } from "./exponential-decay.js";
import { inverseTimeDecay, inverseTimeDecayTable } from "./inverse-time-decay.js";
import { linearRamp, linearRampTable } from "./linear-ramp.js";
import { multiStepDecay, multiStepDecayTable } from "./multi-step-decay.js";
import { oneCycle, oneCycleTable } from "./one-cycle.js";
import { polynomialDecay, polynomialDecayTable } from "./polynomial-decay.js";
import type { Schedule } from "./schedule.js";
import { stepDecay, stepDecayTable } from "./step-decay.js";
import { triangularCycle, triangularCycleTable } from "./triangular-cycle.js";
import { warmUp, warmUpTable } from "./warm-up.js";

type Options = Readonly<Record<string, OptionSpec>>;
type Factory = (options: Readonly<Record<string, unknown>>) => Schedule;

/** What is known of a schedule without running it. */
export interface ScheduleRecord {
  /** Its name in code. */
  readonly name: string;
  /** Other names it goes by. Case, hyphens and underscores do not matter in names that users type. */
  readonly aliases: readonly string[];
  /** Makes it; checks the options. */
  readonly create: Factory;
  /** Default, range and meaning of each option. */
  readonly options: Options;
  /** The option that is the learning rate of a method with this schedule. */
  readonly rate: string;
  /** One line for people. */
  readonly summary: string;
  readonly formula: string;
  /** Key in `docs/references.bib`; undefined for what is nobody's. */
  readonly source: string | undefined;
}

const constantRateTable: OptionTable<{ value: number }> = {
  value: { kind: "number", ...NON_NEGATIVE, meaning: "the value at every step" },
};

/** Every schedule that is made from numbers alone. */
export const scheduleCatalogue: readonly ScheduleRecord[] = [
  {
    name: "constantRate",
    aliases: ["constant"],
    create: ({ value }) => constantRate(value as number),
    options: constantRateTable as Options,
    rate: "value",
    summary: "The same value at every step.",
    formula: "α(t) = α",
    source: undefined,
  },
  {
    name: "stepDecay",
    aliases: ["step", "staircase"],
    create: stepDecay as unknown as Factory,
    options: stepDecayTable as Options,
    rate: "initial",
    summary: "A staircase with equal treads.",
    formula: "α(t) = α₀·γ^⌊t/k⌋",
    source: undefined,
  },
  {
    name: "multiStepDecay",
    aliases: ["multi-step", "milestones"],
    create: multiStepDecay as unknown as Factory,
    options: multiStepDecayTable as Options,
    rate: "initial",
    summary: "A staircase with drops at given steps.",
    formula: "α(t) = α₀·γ^(milestones ≤ t)",
    source: undefined,
  },
  {
    name: "exponentialDecay",
    aliases: ["exponential"],
    create: exponentialDecay as unknown as Factory,
    options: exponentialDecayTable as Options,
    rate: "initial",
    summary: "A constant fraction lost at each step.",
    formula: "α(t) = α₀·γ^(t/k)",
    source: undefined,
  },
  {
    name: "inverseTimeDecay",
    aliases: ["inverse-time", "robbins-monro"],
    create: inverseTimeDecay as unknown as Factory,
    options: inverseTimeDecayTable as Options,
    rate: "initial",
    summary: "A power of the reciprocal of time; with ½ < p ≤ 1 noisy descents converge.",
    formula: "α(t) = α₀/(1 + κ·t)^p",
    source: "RobbinsMonro1951",
  },
  {
    name: "polynomialDecay",
    aliases: ["polynomial", "linear-decay"],
    create: polynomialDecay as unknown as Factory,
    options: polynomialDecayTable as Options,
    rate: "initial",
    summary: "To the last value along a power of the remaining time.",
    formula: "α(t) = α_T + (α₀ − α_T)·(1 − t/T)^p",
    source: undefined,
  },
  {
    name: "linearRamp",
    aliases: ["linear", "ramp"],
    create: linearRamp as unknown as Factory,
    options: linearRampTable as Options,
    rate: "to",
    summary: "A straight line up or down, then level.",
    formula: "α(t) = a + (b − a)·min(t, T)/T",
    source: undefined,
  },
  {
    name: "cosineDecay",
    aliases: ["cosine", "cosine-annealing"],
    create: cosineDecay as unknown as Factory,
    options: cosineDecayTable as Options,
    rate: "initial",
    summary: "Half a wave of the cosine: level at both ends.",
    formula: "α(t) = α_T + (α₀ − α_T)·(1 + cos(π·t/T))/2",
    source: "Loshchilov2017",
  },
  {
    name: "cosineRestarts",
    aliases: ["sgdr", "warm-restarts"],
    create: cosineRestarts as unknown as Factory,
    options: cosineRestartsTable as Options,
    rate: "initial",
    summary: "Cosine decay that starts anew, with cycles of equal or growing length.",
    formula: "α(t) = α_T + (α₀ − α_T)·(1 + cos(π·s/Tᵢ))/2, s since the last restart",
    source: "Loshchilov2017",
  },
  {
    name: "oneCycle",
    aliases: ["super-convergence"],
    create: oneCycle as unknown as Factory,
    options: oneCycleTable as Options,
    rate: "peak",
    summary: "Up to a peak and down to almost nothing, each along half a cosine.",
    formula: "α₀ → peak in r·T steps → α_T at T − 1",
    source: "SmithTopin2018",
  },
  {
    name: "triangularCycle",
    aliases: ["cyclic", "triangular"],
    create: triangularCycle as unknown as Factory,
    options: triangularCycleTable as Options,
    rate: "high",
    summary: "Up and down along straight lines, again and again.",
    formula: "α(t) = low + (high − low)·h(t)·dᶜ·eᵗ",
    source: "Smith2017",
  },
];

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[-_\s]/g, "");

/** The record of a schedule by its name or one of its aliases, or undefined. */
export function findSchedule(name: string): ScheduleRecord | undefined {
  const plain = plainName(name);
  return scheduleCatalogue.find((record) => [record.name, ...record.aliases].some((known) => plainName(known) === plain));
}

/**
 * A schedule written as text: a name with options, perhaps after a warm-up.
 *
 * "cosine:steps=1000" · "multi-step:milestones=100+200,factor=0.5" · "warm-up:steps=100/cosine:steps=1000"
 *
 * @param text - `name:option=value,option=value`; lists with +; `warm-up:…/` in front.
 * @param learningRate - the value of the option that stands for the learning rate (`initial`, `peak`, …) if the text does not give it.
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE
 */
export function parseSchedule(text: string, learningRate?: number): Schedule {
  const [first, ...rest] = text.split("/");
  const { name, given } = readPart(first!);
  if (rest.length > 0 && plainName(name) === "warmup") {
    return warmUp(parseSchedule(rest.join("/"), learningRate), numbersOf("warmUp", warmUpTable as Options, given) as never);
  }
  const record = findSchedule(name);
  if (record === undefined || rest.length > 0) throw unknownSchedule(rest.length > 0 && record !== undefined ? text : name);
  const read = numbersOf(record.name, record.options, given);
  const rate = learningRate === undefined || Object.hasOwn(read, record.rate) ? {} : { [record.rate]: learningRate };
  return record.create({ ...rate, ...read });
}

function readPart(part: string): { name: string; given: [string, string][] } {
  const [name, options = ""] = part.split(/:(.*)/s);
  const given = options.split(",").filter((pair) => pair.trim() !== "");
  return {
    name: name!.trim(),
    given: given.map((pair) => {
      const [option, value = ""] = pair.split(/=(.*)/s);
      return [option!.trim(), value.trim()];
    }),
  };
}

/** Texts as what the options take. Unknown options pass: the schedule itself refuses them. */
function numbersOf(where: string, specs: Options, given: readonly [string, string][]): Record<string, unknown> {
  const number = (option: string, text: string): number => {
    const value = Number(text);
    if (text === "" || Number.isNaN(value)) throw outOfRange(where, option, "a number", text);
    return value;
  };
  return Object.fromEntries(
    given.map(([option, text]) => {
      const kind = specs[option]?.kind;
      if (kind === "numbers") return [option, text.split("+").map((item) => number(option, item))];
      return [option, kind === "number" ? number(option, text) : text];
    }),
  );
}

function unknownSchedule(name: string): OptionError {
  const known = scheduleCatalogue.map((record) => record.name);
  const near = nearestName(
    name,
    scheduleCatalogue.flatMap((record) => [record.name, ...record.aliases]),
  );
  const hint = `${near === undefined ? "" : `Did you mean "${near}"? `}There are ${known.join(", ")}, and "warm-up:steps=…/" in front of one.`;
  return new OptionError(
    "OPTION_UNKNOWN",
    `schedule: no schedule is called "${name}".`,
    near === undefined ? { option: name, known } : { option: name, known, nearest: near },
    { hint },
  );
}
