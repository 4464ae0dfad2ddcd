/**
 * A formula cut into tokens. Spellings are made one first: full-width characters and the signs of typeset mathematics become their
 * plain equals, one character for one, so that positions stay true.
 */

import { TraceError } from "../errors.js";

/** A piece of a formula. */
export interface Token {
  readonly kind: "number" | "name" | "symbol" | "superscript" | "end";
  /** As the parser compares it: `**` is `^`, a name has plain digits for subscripts. */
  readonly text: string;
  /** Index of its first character in the formula. */
  readonly position: number;
  /** Value of a number or superscript. */
  readonly value: number;
}

const PLAIN: Readonly<Record<string, string>> = {
  "−": "-",
  "–": "-",
  "×": "*",
  "·": "*",
  "⋅": "*",
  "∙": "*",
  "∗": "*",
  "÷": "/",
  "∕": "/",
  "、": ",",
  "\u3000": " ",
  "\u00a0": " ",
  "∣": "|",
  "≦": "≤",
  "≧": "≥",
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
};
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

const SPACE = /\s+/uy;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/uy;
// π stands for itself, so that 2πr is a product.
const NAME = /π|(?:(?!π)[\p{L}_])(?:(?!π)[\p{L}\p{M}\p{Nd}_₀-₉])*/uy;
const QUOTED = /`[^`]+`/uy;
const SUPERSCRIPT = /⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/uy;
const SYMBOL = /\*\*|<=|>=|==|!=|&&|[-+*/^(),?:<>≤≥≠|!√∛]/uy;
const SAME_SYMBOL: Readonly<Record<string, string>> = { "**": "^", "≤": "<=", "≥": ">=", "≠": "!=" };

/** @throws TraceError FORMULA_SYNTAX at a character that means nothing. */
export function tokenize(formula: string): Token[] {
  const text = plainSpelling(formula);
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: Token["kind"], length: number, meaning: string, value = Number.NaN): void => {
    tokens.push({ kind, text: meaning, position, value });
    position += length;
  };
  while (position < text.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      position += space.length;
      continue;
    }
    const number = match(NUMBER);
    const name = match(NAME);
    const quoted = match(QUOTED);
    const superscript = match(SUPERSCRIPT);
    const symbol = match(SYMBOL);
    if (number !== undefined) {
      const value = Number(number);
      if (!Number.isFinite(value)) throw syntaxError(formula, position, "a number that can be held", number);
      push("number", number.length, number, value);
    } else if (name !== undefined) {
      push(
        "name",
        name.length,
        name.replace(/[₀-₉]/gu, (digit) => String(SUBSCRIPTS.indexOf(digit))),
      );
    } else if (quoted !== undefined) {
      push("name", quoted.length, formula.slice(position + 1, position + quoted.length - 1));
    } else if (superscript !== undefined) {
      const digits = superscript.replace(/./gu, (c) => (c === "⁻" ? "-" : String(SUPERSCRIPTS.indexOf(c))));
      push("superscript", superscript.length, superscript, Number(digits));
    } else if (symbol !== undefined) {
      push("symbol", symbol.length, SAME_SYMBOL[symbol] ?? symbol);
    } else {
      const character = String.fromCodePoint(text.codePointAt(position)!);
      const expected = character === "=" ? 'an operator ("==" compares)' : "a number, a name, or an operator";
      throw syntaxError(formula, position, expected, JSON.stringify(character));
    }
  }
  push("end", 0, "the end");
  return tokens;
}

function plainSpelling(formula: string): string {
  let text = "";
  for (const unit of formula.split("")) {
    const code = unit.charCodeAt(0);
    const plain = code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : unit;
    text += PLAIN[plain] ?? plain;
  }
  return text;
}

/** The formula with a mark under a place, to put below a message. */
export function markPlace(formula: string, position: number): string {
  const before = formula.slice(0, position);
  // A full-width character takes two columns of a terminal.
  let columns = 0;
  for (const character of before) columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]/u.test(character) ? 2 : 1;
  return `\n  ${formula.replace(/\s/gu, " ")}\n  ${" ".repeat(columns)}^`;
}

/** What is wrong with the syntax and where. */
export function syntaxError(formula: string, position: number, expected: string, got: string): TraceError<"FORMULA_SYNTAX"> {
  return new TraceError(
    "FORMULA_SYNTAX",
    `formula: expected ${expected} at position ${position}, got ${got}.${markPlace(formula, position)}`,
    {
      formula,
      position,
      expected,
      got,
    },
  );
}
