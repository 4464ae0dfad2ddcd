/** The method of a case, as far as the doctor can see into it: its family, its constants, and how to make it with others. */

import { nearestName, OptionError } from "../errors.js";
import { chain, named } from "../optim/chain.js";
import { methodCatalogue } from "../optim/methods/catalogue.js";
import { findMethod } from "../optim/resolve-method.js";
import { inverseTimeDecay } from "../optim/schedules/inverse-time-decay.js";
import type { LearningRate } from "../optim/schedules/schedule.js";
import { searchMethodCatalogue } from "../optim/search-catalogue.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";
import { clipByNorm } from "../optim/transforms/clip-by-norm.js";
import { trackAverage } from "../optim/transforms/track-average.js";
import type { Case, MethodChoice } from "./case.js";
import type { Patch } from "./patch.js";

/**
 * What theory of stability applies: linear updates with momentum; gradients divided by a memory of their squares; a line search; unknown.
 */
export type MethodFamily = "gradient" | "heavy-ball" | "nesterov" | "adaptive" | "search" | "other";

export interface CaseMethod {
  readonly name: string;
  readonly family: MethodFamily;
  /** Of a constant rate. */
  readonly learningRate: number | undefined;
  /** μ of heavy ball and Nesterov, β₁ of Adam and its relatives, else 0. */
  readonly momentum: number;
  readonly beta2: number | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  /** What `createDescent` takes; a new one each time. */
  readonly rule: Transformation | SearchMethod;
  /** Whether the doctor can make it with another rate. */
  readonly adjustable: boolean;
}

const ADAPTIVE = new Set(["adam", "adamw", "amsgrad", "nadam", "radam", "adabelief", "yogi", "rmsprop", "adagrad", "adadelta", "adamax"]);

/** The method of a case with a patch applied. */
export function caseMethod(subject: Case, patch: Patch = {}): CaseMethod {
  const { method, full } = { method: patch.method ?? subject.method, full: isFull(patch.batch ?? subject.batch) && !subject.batches };
  const chosen = readChoice(method, full);
  if ("rule" in chosen && !("name" in chosen)) return opaque(chosen.rule, subject, patch);
  const { name, options: own } = chosen as { name: string; options: Readonly<Record<string, unknown>> };
  const record = findMethod(name)!;
  if ("uses" in record) {
    const rule = record.create(own);
    return { name, family: "search", learningRate: undefined, momentum: 0, beta2: undefined, options: own, rule, adjustable: false };
  }
  const replaced = patch.method !== undefined || patch.methodOptions !== undefined;
  const options: Record<string, unknown> = { ...(replaced && patch.method !== undefined ? {} : own), ...patch.methodOptions };
  const rate: LearningRate | undefined =
    patch.learningRate ??
    (patch.method === undefined ? (subject.learningRate ?? (own.learningRate as LearningRate | undefined)) : undefined);
  const settled = rate ?? (record.options.learningRate as { default?: number } | undefined)?.default;
  const initial = typeof settled === "number" ? settled : undefined;
  const schedule: LearningRate | undefined =
    patch.decay !== undefined && initial !== undefined
      ? inverseTimeDecay({ initial, decay: patch.decay.rate, power: patch.decay.power })
      : rate;
  if (schedule !== undefined) options.learningRate = schedule;
  const defaults = (option: string): number | undefined => (record.options[option] as { default?: number } | undefined)?.default;
  const numberOf = (option: string): number | undefined => (options[option] as number | undefined) ?? defaults(option);
  const family: MethodFamily =
    record.name === "gradientDescent"
      ? "gradient"
      : record.name === "momentum"
        ? "heavy-ball"
        : record.name === "nesterov"
          ? "nesterov"
          : ADAPTIVE.has(record.name)
            ? "adaptive"
            : "other";
  return {
    name: record.name,
    family,
    learningRate: patch.decay === undefined ? initial : undefined,
    momentum: numberOf("momentum") ?? numberOf("beta1") ?? 0,
    beta2: numberOf("beta2"),
    options,
    rule: wrapped(record.create(options), patch),
    adjustable: true,
  };
}

/** A rule whose constants cannot be seen, or a method with a line search that was handed over. */
function opaque(rule: Transformation | SearchMethod, subject: Case, patch: Patch): CaseMethod {
  const search = "kind" in rule;
  const made = search ? undefined : (rule as Transformation).settings;
  if (made !== undefined) {
    return caseMethod({ ...subject, method: { name: rule.name, ...made }, learningRate: made.learningRate as LearningRate }, patch);
  }
  return {
    name: rule.name,
    family: search ? "search" : "other",
    learningRate: undefined,
    momentum: 0,
    beta2: undefined,
    options: {},
    rule: search ? rule : wrapped(rule as Transformation, patch),
    adjustable: false,
  };
}

function wrapped(rule: Transformation, { clip, averageFrom }: Patch): Transformation {
  const parts = [
    ...(clip === undefined ? [] : [clipByNorm(clip)]),
    rule,
    ...(averageFrom === undefined ? [] : [trackAverage({ from: averageFrom })]),
  ];
  return parts.length === 1 ? rule : named(rule.name, chain(...parts));
}

function readChoice(
  method: Case["method"],
  full: boolean,
): { name: string; options: Readonly<Record<string, unknown>> } | { rule: Transformation | SearchMethod } {
  if (method === undefined) return { name: full ? "lbfgs" : "adam", options: {} };
  if (typeof method === "string") return { name: knownName(method), options: {} };
  const isRule = "kind" in method || typeof (method as Partial<Transformation>).init === "function";
  if (isRule) return { rule: method as Transformation | SearchMethod };
  const { name, ...options } = method as MethodChoice;
  return { name: knownName(name), options };
}

function knownName(name: string): string {
  const record = findMethod(name);
  if (record !== undefined) return record.name;
  const known = [...searchMethodCatalogue, ...methodCatalogue].map((entry) => entry.name);
  const nearest = nearestName(name, known);
  throw new OptionError(
    "OPTION_UNKNOWN",
    `method: no method is called "${name}". ${nearest === undefined ? `There are ${known.join(", ")}.` : `Did you mean "${nearest}"?`}`,
    { option: name, known, ...(nearest === undefined ? {} : { nearest }) },
  );
}

function isFull(batch: number | "full" | undefined): boolean {
  return batch === undefined || batch === "full";
}
