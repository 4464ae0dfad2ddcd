/**
 * Every error Descend throws: its kind, its code, and what its details hold.
 *
 * A mistake of the caller is thrown; an outcome of a descent is returned. Tests and programs rely on `code`
 * and `details`; the message is for people: where, what was expected, what was found, what to do.
 */

/** Stable codes and the shape of their details. One row per mistake; a code never changes its meaning. */
export interface ErrorDetails {
  // OptionError
  OPTION_OUT_OF_RANGE: { option: string; expected: string; got: unknown };
  OPTION_UNKNOWN: { option: string; known: readonly string[]; nearest?: string };
  OPTIONS_CONFLICT: { options: readonly string[] };
  /** A parameter that takes whole numbers only, and what cannot move it: a method, or a gradient. */
  INTEGERS_UNSUPPORTED: { path: string; kind: "integer" | "category"; by: string };
  // ShapeError
  SHAPE_MISMATCH: { where: string; expected: string; got: string };
  AXIS_OUT_OF_RANGE: { where: string; axis: number; rank: number };
  ROW_AXIS_MISUSED: { where: string; got: string };
  // TraceError: an objective that cannot become a graph
  BRANCH_ON_TRACER: { where: string };
  NOT_A_TENSOR: { where: string; got: string };
  SOURCE_UNREADABLE: { construct: string; line?: number; column?: number };
  FORMULA_SYNTAX: { formula: string; position: number; expected: string; got: string };
  NAME_UNKNOWN: { name: string; position?: number; line?: number; column?: number; known: readonly string[]; nearest?: string };
  ARGUMENT_COUNT: { name: string; expected: string; got: number; position?: number };
  // DataError: values, tables, starting points
  PARAMS_EMPTY: { where: string };
  PARAMS_NOT_NUMERIC: { path: string; got: string };
  PARAMS_NOT_FINITE: { path: string; got: number };
  OBJECTIVE_NOT_NUMERIC: { got: string };
  DATA_LENGTH_MISMATCH: { column: string; expected: number; got: number };
  DATA_NOT_FINITE: { column: string; row: number; got: string };
  DATA_EMPTY: { where: string };
  COLUMN_UNKNOWN: { column: string; known: readonly string[]; nearest?: string };
  FILE_UNREADABLE: { path: string; reason: string };
  FILE_UNWRITABLE: { path: string; reason: string };
  TABLE_MALFORMED: { path: string; line?: number; reason: string };
  COLUMN_NOT_NUMERIC: { column: string; type: string };
  COLUMNS_MISSING: { columns: readonly string[]; known: readonly string[] };
  CATEGORY_UNSEEN: { column: string; levels: readonly string[]; rows: number };
  TARGET_CONSTANT: { column: string; value: number };
  FEATURES_EMPTY: { target: string; setAside: readonly { column: string; reason: string }[] };
  ROWS_TOO_FEW: { rows: number; needed: number };
  /** `differs` where it is whole, and belongs to something else. */
  CHECKPOINT_INVALID: {
    reason: string;
    differs?: "method" | "size" | "sense" | "parameters" | "columns" | "rows" | "data" | "objective";
  };
  MODEL_INVALID: { reason: string };
  CLASSES_TOO_FEW: { classes: number; needed: number };
  CLASSES_TOO_MANY: { classes: number; allowed: number };
  CLASS_UNKNOWN: { label: string; row: number; known: readonly string[] };
  // CompileError
  FEATURE_MISSING: { feature: string };
  MEMORY_EXCEEDED: { bytes: number; limit: number };
  // NumericalError
  GRADIENT_MISMATCH: { path: string; expected: number; got: number };
  MATRIX_SINGULAR: { where: string; column: number };
  // InternalError
  INTERNAL: { invariant: string };
}

export type ErrorCode = keyof ErrorDetails;

/** The base of all errors thrown by Descend. `code` is stable, `details` is typed by the code. */
export class DescendError<C extends ErrorCode = ErrorCode> extends Error {
  /** The name of the class, also where a bundler has shortened it. */
  override readonly name: string = "DescendError";
  readonly code: C;
  readonly details: ErrorDetails[C];
  readonly hint: string | undefined;

  constructor(code: C, message: string, details: ErrorDetails[C], options: { hint?: string; cause?: unknown } = {}) {
    super(
      options.hint === undefined ? message : `${message} ${options.hint}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = details;
    this.hint = options.hint;
  }
}

/** An option is unknown, out of range, or contradicts another. */
export class OptionError<C extends ErrorCode = ErrorCode> extends DescendError<C> {
  override readonly name = "OptionError";
}
/** Shapes do not fit together. */
export class ShapeError<C extends ErrorCode = ErrorCode> extends DescendError<C> {
  override readonly name = "ShapeError";
}
/** An objective cannot be turned into a graph: syntax, unknown names, branches on values known only later. */
export class TraceError<C extends ErrorCode = ErrorCode> extends DescendError<C> {
  override readonly name = "TraceError";
}
/** Values that came in are unusable: empty, not numeric, not finite, of unequal length. */
export class DataError<C extends ErrorCode = ErrorCode> extends DescendError<C> {
  override readonly name = "DataError";
}
/** The WebAssembly program cannot be built or run here. */
export class CompileError<C extends ErrorCode = ErrorCode> extends DescendError<C> {
  override readonly name = "CompileError";
}
/** A numerical precondition fails: a wrong gradient, a singular matrix. */
export class NumericalError<C extends ErrorCode = ErrorCode> extends DescendError<C> {
  override readonly name = "NumericalError";
}

/** A defect of Descend itself, never of its caller. */
export class InternalError extends DescendError<"INTERNAL"> {
  override readonly name = "InternalError";

  constructor(invariant: string) {
    super("INTERNAL", `A defect in Descend: ${invariant}. Please report it with the objective that led here.`, { invariant });
  }
}

/** Throws an InternalError unless `condition` holds; a description that takes work to make is a function. */
export function invariant(condition: boolean, description: string | (() => string)): asserts condition {
  if (!condition) throw new InternalError(typeof description === "string" ? description : description());
}

/**
 * The entry of `known` closest to `name` by edit distance, if one is close enough to be what was meant
 * (at most a third of the letters changed, one at least where there are two, case ignored).
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const longer = Math.max(name.length, candidate.length);
    // Another single letter is another name.
    if (distance < bestDistance && distance <= Math.max(+(longer > 1), Math.floor(longer / 3))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance by the two-row recurrence. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
