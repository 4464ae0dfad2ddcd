/** Constraints as text: `x + y <= 1`, `x*y = 2`, `0 <= x - y <= 1`. */

import { TraceError } from "../../errors.js";

/** A formula that must be 0, or at most 0. */
export interface Comparison {
  readonly kind: "equal" | "atMost";
  readonly formula: string;
}

const SIGNS: readonly (readonly [sign: string, meaning: "=" | "<=" | ">=" | undefined])[] = [
  ["<=", "<="],
  [">=", ">="],
  ["==", "="],
  ["!=", undefined],
  ["≤", "<="],
  ["≦", "<="],
  ["≥", ">="],
  ["≧", ">="],
  ["≠", undefined],
  ["=", "="],
  ["<", undefined],
  [">", undefined],
];

/**
 * The comparisons a text makes, one or two.
 *
 * @throws TraceError FORMULA_SYNTAX unless it is `a <= b`, `a >= b`, `a = b`, or `a <= b <= c`; < and > are refused, since what
 * is minimized need not have a minimizer then.
 */
export function readComparisons(text: string): Comparison[] {
  const parts: string[] = [];
  const signs: ("=" | "<=" | ">=")[] = [];
  let depth = 0;
  let begin = 0;
  for (let i = 0; i < text.length; ) {
    const found = depth === 0 ? SIGNS.find(([sign]) => text.startsWith(sign, i)) : undefined;
    if (found === undefined) {
      if ("([{（".includes(text[i]!)) depth++;
      if (")]}）".includes(text[i]!)) depth--;
      i++;
      continue;
    }
    const [sign, meaning] = found;
    if (meaning === undefined) throw wrong(text, i, "<=, >= or =", sign);
    parts.push(text.slice(begin, i));
    signs.push(meaning);
    i += sign.length;
    begin = i;
  }
  parts.push(text.slice(begin));
  if (signs.length === 0) throw wrong(text, text.length, "a comparison such as x + y <= 1", "none");
  if (signs.length > 2) throw wrong(text, 0, "one comparison, or two as in 0 <= x <= 1", `${signs.length}`);
  const empty = parts.findIndex((part) => part.trim() === "");
  if (empty >= 0)
    throw wrong(
      text,
      empty === 0 ? 0 : text.length,
      `a formula ${empty === 0 ? "before" : "after"} ${signs[Math.max(0, empty - 1)]}`,
      "nothing",
    );
  return signs.map((sign, k) => {
    const [left, right] = [parts[k]!.trim(), parts[k + 1]!.trim()];
    if (sign === "=") return { kind: "equal", formula: `(${left}) - (${right})` };
    return { kind: "atMost", formula: sign === "<=" ? `(${left}) - (${right})` : `(${right}) - (${left})` };
  });
}

function wrong(formula: string, position: number, expected: string, got: string): TraceError {
  return new TraceError("FORMULA_SYNTAX", `constraint "${formula}": expected ${expected}, got ${got}.`, {
    formula,
    position,
    expected,
    got,
  });
}
