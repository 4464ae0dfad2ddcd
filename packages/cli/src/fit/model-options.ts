/** From what was said on the command line to the model the library fits. */

import { type ClassLabel, chooseModel, DataError, type ModelKind, type ModelSpec, modelCatalogue, nearestName, OptionError } from "descend";
import type { Target } from "../prepare/prepare.js";

export interface ModelOptions {
  readonly model?: string;
  /** J = mean loss + l1·‖w‖₁ + (l2/2)·‖w‖², whatever the model. */
  readonly l1?: number;
  readonly l2?: number;
  /** Penalty in the convention of the model's own line in the help. */
  readonly alpha?: number;
  readonly l1Ratio?: number;
  readonly delta?: number;
}

export interface ChosenModel {
  readonly spec: ModelSpec;
  readonly task: "regression" | "classification";
  readonly kind: ModelKind;
  /** Why, in words; undefined if the user said so. */
  readonly reason: string | undefined;
  /** What is minimized, as a formula. */
  readonly objective: string;
}

/**
 * Chooses the model.
 *
 * @param labels - the target of the rows to learn from, as numbers or labels of classes.
 * @throws OptionError OPTION_UNKNOWN for a model there is not, OPTIONS_CONFLICT for options that do not belong to it; DataError
 * COLUMN_NOT_NUMERIC where numbers are needed and the target has none
 */
export function chooseModelFor(options: ModelOptions, target: Target, labels: ArrayLike<ClassLabel>): ChosenModel {
  const asked = options.model === undefined || options.model === "auto" ? undefined : knownKind(options.model);
  const chosen = asked === undefined ? chooseModel(labels) : undefined;
  const kind = asked ?? withPenalty(chosen!.kind, options);
  const record = modelCatalogue.find((entry) => entry.kind === kind)!;
  if (record.task === "regression" && target.kind === "text") {
    throw new DataError(
      "COLUMN_NOT_NUMERIC",
      `--model ${kind}: expected numbers in ${target.column}, got text. Classes take --model logistic or softmax.`,
      {
        column: target.column,
        type: "text",
      },
    );
  }
  return { spec: specOf(kind, options), task: record.task, kind, reason: chosen?.reason, objective: record.objective };
}

function knownKind(name: string): ModelKind {
  const kinds = modelCatalogue.map(({ kind }) => kind);
  const plain = name.toLowerCase().replaceAll("_", "-");
  const kind = kinds.find((candidate) => candidate === plain || candidate.replaceAll("-", "") === plain);
  if (kind !== undefined) return kind;
  const nearest = nearestName(name, kinds);
  const hint = nearest === undefined ? `Known are auto, ${kinds.join(", ")}.` : `Did you mean ${nearest}?`;
  throw new OptionError("OPTION_UNKNOWN", `--model: there is no "${name}". ${hint}`, {
    option: "--model",
    known: ["auto", ...kinds],
    ...(nearest === undefined ? {} : { nearest }),
  });
}

/** The penalized form of least squares, where a penalty was asked for and no model. */
function withPenalty(kind: ModelKind, { l1, l2, alpha, l1Ratio }: ModelOptions): ModelKind {
  if (kind !== "linear") return kind;
  if (l1Ratio !== undefined || (l1 !== undefined && l2 !== undefined)) return "elastic-net";
  if (l1 !== undefined) return "lasso";
  return l2 !== undefined || alpha !== undefined ? "ridge" : "linear";
}

/** What each model takes; the rest is refused. */
const optionsOf: Readonly<Record<ModelKind, readonly (keyof ModelOptions)[]>> = {
  linear: [],
  ridge: ["alpha", "l2"],
  lasso: ["alpha", "l1"],
  "elastic-net": ["alpha", "l1Ratio", "l1", "l2"],
  huber: ["delta", "alpha", "l2"],
  logistic: ["alpha", "l1Ratio", "l1", "l2"],
  softmax: ["alpha", "l1Ratio", "l1", "l2"],
};

const flags = { alpha: "--alpha", l1: "--l1", l2: "--l2", l1Ratio: "--l1-ratio", delta: "--delta" } as const;

function specOf(kind: ModelKind, options: ModelOptions): ModelSpec {
  const { alpha, l1, l2, l1Ratio, delta } = options;
  for (const [name, flag] of Object.entries(flags) as [keyof typeof flags, string][]) {
    if (options[name] === undefined || optionsOf[kind].includes(name)) continue;
    const takes = optionsOf[kind].map((known) => flags[known as keyof typeof flags]);
    throw new OptionError("OPTIONS_CONFLICT", `${flag}: the model ${kind} takes ${takes.length === 0 ? "no penalty" : takes.join(", ")}.`, {
      options: [flag, "--model"],
    });
  }
  const direct = l1 !== undefined || l2 !== undefined;
  if (direct && (alpha !== undefined || l1Ratio !== undefined)) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      "--l1 and --l2 say the penalties one by one, --alpha and --l1-ratio together: expected one of the two ways.",
      {
        options: ["--l1", "--l2", "--alpha", "--l1-ratio"],
      },
    );
  }
  // α·(1 − share) gives l2 back to rounding
  const sum = (l1 ?? 0) + (l2 ?? 0);
  const share = sum > 0 ? (l1 ?? 0) / sum : 0;
  switch (kind) {
    case "linear":
      return { kind };
    case "ridge":
      // The penalty of ridge has no ½: α = l2/2
      return l2 === undefined ? { kind, alpha } : { kind, alpha: l2 / 2, convention: "half-mean" };
    case "lasso":
      return { kind, alpha: l1 ?? alpha };
    case "elastic-net":
      return direct ? { kind, alpha: sum, l1Ratio: share } : { kind, alpha, l1Ratio };
    case "huber":
      return l2 === undefined ? { kind, delta, alpha } : { kind, delta, alpha: l2, convention: "half-mean" };
    case "logistic":
    case "softmax":
      return direct ? { kind, lambda: sum, l1Ratio: share } : { kind, lambda: alpha, l1Ratio };
  }
}
