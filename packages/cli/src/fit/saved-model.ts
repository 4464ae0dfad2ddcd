/** A fitted model on disk: the model, how columns become its features, and where it comes from. */

import { readFileSync } from "node:fs";
import { type ClassificationModel, DataError, DescendError, type ModelData, modelFromJSON, type RegressionModel } from "descend";
import type { ColumnEncoding, MissingPolicy } from "../prepare/encoding.js";
import type { Target } from "../prepare/prepare.js";
import type { NamedClassWeights } from "./fit-table.js";

export interface SavedModel {
  readonly format: "descend-table-model";
  readonly version: 1;
  readonly target: Target;
  /** What is done with each column of a table, in order. */
  readonly columns: readonly ColumnEncoding[];
  readonly missing: MissingPolicy;
  /** The model on the features that gives. */
  readonly model: ModelData;
  /** How it was made, and how good it is. */
  readonly origin: {
    readonly command: string;
    readonly table: string;
    readonly seed: number;
    /** The column that said how often each row counts, and how often rows of a class did, if so. */
    readonly weights?: string;
    readonly classWeights?: NamedClassWeights;
    readonly trainRows: number;
    readonly testRows: number;
    readonly verdict: string;
    readonly converged: boolean;
    readonly metrics: {
      readonly train: Readonly<Record<string, number | null>>;
      readonly test: Readonly<Record<string, number | null>> | null;
    };
  };
}

export interface LoadedModel {
  readonly saved: SavedModel;
  readonly model: RegressionModel | ClassificationModel;
}

/**
 * Reads a saved model.
 *
 * @throws DataError FILE_UNREADABLE, MODEL_INVALID
 */
export function loadModel(path: string): LoadedModel {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "it is a directory"
          : code === "EACCES"
            ? "no permission to read it"
            : "it cannot be read";
    throw new DataError("FILE_UNREADABLE", `${path}: ${reason}.`, { path, reason }, { cause });
  }
  let saved: SavedModel;
  try {
    saved = JSON.parse(text) as SavedModel;
  } catch {
    throw invalid(path, "it is no JSON");
  }
  if (saved?.format !== "descend-table-model") throw invalid(path, "it is no model that descend fit --save wrote");
  if (saved.version !== 1) throw invalid(path, `version ${String(saved.version)} is not known, only 1`);
  if (typeof saved.target?.column !== "string" || !Array.isArray(saved.columns) || !saved.columns.every(isEncoding))
    throw invalid(path, "parts of it are missing");
  try {
    return { saved, model: modelFromJSON(saved.model) };
  } catch (error) {
    if (error instanceof DescendError && error.code === "MODEL_INVALID") throw invalid(path, (error.details as { reason: string }).reason);
    throw error;
  }
}

function isEncoding(value: unknown): value is ColumnEncoding {
  if (typeof value !== "object" || value === null) return false;
  const { column, kind, features } = value as Partial<ColumnEncoding>;
  if (typeof column !== "string" || typeof features !== "object") return false;
  const encoding = value as ColumnEncoding;
  if (kind === "category")
    return typeof (encoding as { base?: unknown }).base === "string" && isTexts((encoding as { levels?: unknown }).levels);
  return (
    ["number", "boolean", "date"].includes(kind as string) &&
    Number.isFinite((encoding as { fill?: unknown }).fill) &&
    Number.isFinite((encoding as { origin?: unknown }).origin)
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function invalid(path: string, reason: string): DataError {
  return new DataError("MODEL_INVALID", `${path}: ${reason}.`, { reason });
}
