/**
 * Formulas as people type them, turned into graphs.
 *
 * From loose to tight: `c ? a : b` · `||` · `&&` · comparisons (chains such as 0 < x < 1 mean both) · `+ −` · `× ÷` and products without a
 * sign · unary `−` · `^`, from the right. So −x^2 is −(x²) and 2^3^2 is 2⁹. A product without a sign binds like one with
 * a sign: 1/2x is (1/2)·x.
 *
 * Written without a sign are `2x`, `3sin(x)`, `(a)(b)`, `x y`, `2πr`. A number never follows without a sign. Also understood: `**`, |x|,
 * √x, x², sin²(x), `if(c, a, b)`, subscripts (x₁ is x1), full-width punctuation, and names in backquotes.
 */

import { nearestName, TraceError } from "../errors.js";
import { binary, constant, ternary, unary } from "./build.js";
import * as derived from "./derived.js";
import { formulaFunctionsByName } from "./formula-functions.js";
import { FormulaNames, type FormulaOptions, type NamePart } from "./formula-names.js";
import { markPlace, syntaxError, type Token, tokenize } from "./formula-tokens.js";
import type { BinaryOp, Node } from "./graph.js";

export type { FormulaOptions };

/** A formula that was understood. */
export interface Formula {
  readonly text: string;
  /** Its variables in the order of first appearance, spelled as in `params` where these are given. */
  readonly variables: readonly string[];
  /** The graph of the formula for given nodes of its variables. They broadcast, so a variable may be a column. */
  readonly build: (values: ReadonlyMap<string, Node>) => Node;
}

type Values = ReadonlyMap<string, Node>;
type Build = (values: Values) => Node;

/**
 * Reads a formula.
 *
 * @throws TraceError FORMULA_SYNTAX, NAME_UNKNOWN, ARGUMENT_COUNT, each with the position in the text.
 *
 * @example
 * const { build, variables } = parseFormula("(1 - x)^2 + 100(y - x^2)^2");   // variables: ["x", "y"]
 */
export function parseFormula(text: string, options: FormulaOptions = {}): Formula {
  const parser = new Parser(text, options);
  const build = parser.formula();
  const variables = [...parser.variables];
  return {
    text,
    variables,
    build: (values) => {
      for (const name of variables) if (!values.has(name)) throw unknownName(text, name, [...values.keys()], undefined);
      return build(values);
    },
  };
}

function unknownName(
  text: string,
  name: string,
  known: readonly string[],
  position: number | undefined,
  hint = "",
): TraceError<"NAME_UNKNOWN"> {
  const nearest = nearestName(name, known);
  const place = position === undefined ? "" : ` at position ${position}`;
  const mark = position === undefined ? "" : markPlace(text, position);
  const meant = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  return new TraceError("NAME_UNKNOWN", `formula: the name "${name}"${place} is not known.${meant}${hint}${mark}`, {
    name,
    known,
    ...(position === undefined ? {} : { position }),
    ...(nearest === undefined ? {} : { nearest }),
  });
}

/** Parentheses and powers deeper than this are refused rather than overflow the stack. */
const MAX_DEPTH = 500;

const COMPARISONS: Readonly<Record<string, (a: Node, b: Node) => Node>> = {
  "<": (a, b) => binary("less", a, b),
  "<=": (a, b) => binary("lessEqual", a, b),
  ">": derived.greater,
  ">=": derived.greaterEqual,
  "==": (a, b) => binary("equal", a, b),
  "!=": derived.notEqual,
};

/** Recursive descent; each rule gives a function that builds its part of the graph. */
class Parser {
  readonly variables = new Set<string>();
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly names: FormulaNames;
  private place = 0;
  /** Bars |…| open in the innermost parentheses: while there are some, a bar after an operand closes. */
  private openBars = 0;
  private depth = 0;

  constructor(text: string, options: FormulaOptions) {
    this.text = text;
    this.tokens = tokenize(text);
    this.names = new FormulaNames(options);
  }

  formula(): Build {
    const result = this.expression();
    if (this.next().kind !== "end") throw this.unexpected(this.next().kind === "number" ? "an operator" : "an operator or the end");
    return result;
  }

  private next(ahead = 0): Token {
    return this.tokens[Math.min(this.place + ahead, this.tokens.length - 1)]!;
  }

  private at(symbol: string, ahead = 0): boolean {
    const token = this.next(ahead);
    return token.kind === "symbol" && token.text === symbol;
  }

  private take(symbol: string): boolean {
    if (!this.at(symbol)) return false;
    this.place++;
    return true;
  }

  /** A word such as `and`, unless a variable has that name. */
  private takeWord(word: string): boolean {
    const token = this.next();
    if (token.kind !== "name" || token.text !== word || this.names.known(word)) return false;
    this.place++;
    return true;
  }

  private expect(symbol: string, expected = `"${symbol}"`): void {
    if (!this.take(symbol)) throw this.unexpected(expected);
  }

  private unexpected(expected: string): TraceError {
    const token = this.next();
    const got = token.kind === "end" ? "the end" : JSON.stringify(this.text.slice(token.position, this.next(1).position).trim());
    return syntaxError(this.text, token.position, expected, got);
  }

  private expression(): Build {
    const condition = this.either();
    if (!this.take("?")) return condition;
    const whenTrue = this.expression();
    this.expect(":");
    const whenFalse = this.expression();
    return (v) => ternary("select", condition(v), whenTrue(v), whenFalse(v));
  }

  private either(): Build {
    let left = this.both();
    for (;;) {
      const bars = this.openBars === 0 && this.at("|") && this.at("|", 1);
      if (bars) this.place += 2;
      else if (!this.takeWord("or")) return left;
      left = join(derived.or, left, this.both());
    }
  }

  private both(): Build {
    let left = this.comparison();
    while (this.take("&&") || this.takeWord("and")) left = join(derived.and, left, this.comparison());
    return left;
  }

  private comparison(): Build {
    let left = this.sum();
    let result: Build | undefined;
    for (;;) {
      const compare = this.next().kind === "symbol" ? COMPARISONS[this.next().text] : undefined;
      if (compare === undefined) return result ?? left;
      this.place++;
      const right = this.sum();
      const link = join(compare, left, right);
      result = result === undefined ? link : join(derived.and, result, link);
      left = right;
    }
  }

  private sum(): Build {
    const first = this.product();
    const rest: Link[] = [];
    for (;;) {
      if (this.take("+")) rest.push(["add", this.product()]);
      else if (this.take("-")) rest.push(["sub", this.product()]);
      else return chain(first, rest);
    }
  }

  private product(): Build {
    const first = this.signed();
    const rest: Link[] = [];
    for (;;) {
      if (this.take("*")) rest.push(["mul", this.signed()]);
      else if (this.take("/")) rest.push(["div", this.signed()]);
      else if (this.startsOperand()) rest.push(["mul", this.power()]);
      else return chain(first, rest);
    }
  }

  /** True if what follows an operand is another, without a sign between. */
  private startsOperand(): boolean {
    const token = this.next();
    if (token.kind === "name") return !["and", "or"].includes(token.text) || this.names.known(token.text);
    if (token.kind !== "symbol") return false;
    if (token.text === "|") return this.openBars === 0 && !this.at("|", 1);
    return token.text === "(" || token.text === "√" || token.text === "∛";
  }

  private signed(): Build {
    let negative = false;
    for (;;) {
      if (this.take("-")) negative = !negative;
      else if (!this.take("+")) break;
    }
    let nots = 0;
    while (this.take("!") || this.takeWord("not")) nots++;
    let value = this.power();
    for (; nots > 0; nots--) value = negation(value);
    return negative ? (v) => unary("neg", value(v)) : value;
  }

  private power(): Build {
    // Every way to nest passes here.
    this.depth++;
    if (this.depth > MAX_DEPTH) throw syntaxError(this.text, this.next().position, `at most ${MAX_DEPTH} parts inside one another`, "more");
    const result = this.powerWithin();
    this.depth--;
    return result;
  }

  private powerWithin(): Build {
    let base = this.operand();
    while (this.next().kind === "superscript") {
      const exponent = this.tokens[this.place++]!.value;
      base = join("pow", base, () => constant(exponent));
    }
    return this.take("^") ? join("pow", base, this.signed()) : base;
  }

  private operand(): Build {
    const token = this.next();
    if (token.kind === "number") {
      this.place++;
      return () => constant(token.value);
    }
    if (token.kind === "name") return this.named(token);
    if (this.take("(")) return this.inParentheses();
    if (this.take("|")) return this.inBars();
    if (this.take("√")) return this.root("sqrt");
    if (this.take("∛")) return this.root("cbrt");
    throw this.unexpected("a number, a name, or a parenthesis");
  }

  private root(name: string): Build {
    const radicand = this.power();
    const { build } = formulaFunctionsByName.get(name)!;
    return (v) => build(radicand(v));
  }

  private inParentheses(): Build {
    const bars = this.openBars;
    this.openBars = 0;
    const inner = this.expression();
    this.expect(")", '")" or an operator');
    this.openBars = bars;
    return inner;
  }

  private inBars(): Build {
    this.openBars++;
    const inner = this.expression();
    this.expect("|", '"|" or an operator');
    this.openBars--;
    return (v) => unary("abs", inner(v));
  }

  /** A variable, a constant, a call, or several of them written together. */
  private named(token: Token): Build {
    this.place++;
    const called = this.at("(") || ((this.at("^") || this.next().kind === "superscript") && formulaFunctionsByName.has(token.text));
    const parts = this.names.resolve(token.text, called);
    if (parts === undefined) {
      const known = [...this.names.variables, ...Object.keys(this.names.constants), ...formulaFunctionsByName.keys()];
      const hint = this.at("(") && !this.names.strict ? ` For a product write ${token.text}*(…).` : "";
      throw unknownName(this.text, token.text, known, token.position, hint);
    }
    return parts.map((part) => this.part(part, token)).reduce((a, b) => join("mul", a, b));
  }

  private part(part: NamePart, token: Token): Build {
    if (part.kind === "function") return this.call(part.name, token);
    if (part.kind === "constant") return () => constant(part.value);
    this.variables.add(part.name);
    return (v) => v.get(part.name)!;
  }

  private call(name: string, token: Token): Build {
    let exponent: number | undefined;
    if (this.next().kind === "superscript") exponent = this.tokens[this.place++]!.value;
    else if (this.take("^")) exponent = this.tokens[this.place++]!.value;
    if (exponent !== undefined && !(exponent > 0)) {
      this.place--;
      throw this.unexpected(`a positive number, as in ${name}^2(x) (neither ${name}(x)^-1 nor an inverse function is guessed)`);
    }
    this.expect("(", `"(" after the function ${name}`);
    const operands: Build[] = [];
    const bars = this.openBars;
    this.openBars = 0;
    if (!this.take(")")) {
      do operands.push(this.expression());
      while (this.take(","));
      this.expect(")", '"," or ")"');
    }
    this.openBars = bars;
    const { least, most, build } = formulaFunctionsByName.get(name)!;
    if (operands.length < least || operands.length > most) {
      const expected = least === most ? String(least) : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
      throw new TraceError(
        "ARGUMENT_COUNT",
        `formula: ${name} takes ${expected} argument${expected === "1" ? "" : "s"}, got ${operands.length} at position ${token.position}.${markPlace(this.text, token.position)}`,
        { name, expected, got: operands.length, position: token.position },
      );
    }
    const value: Build = (v) => build(...operands.map((operand) => operand(v)));
    return exponent === undefined ? value : join("pow", value, () => constant(exponent));
  }
}

function negation(operand: Build): Build {
  return (v) => derived.not(operand(v));
}

type Link = readonly [BinaryOp, Build];

/** From left to right in a loop: a sum may have more terms than the stack has room for. */
function chain(first: Build, rest: readonly Link[]): Build {
  if (rest.length === 0) return first;
  return (v) => {
    let left = first(v);
    for (const [op, right] of rest) left = binary(op, left, right(v));
    return left;
  };
}

function join(op: BinaryOp | ((a: Node, b: Node) => Node), left: Build, right: Build): Build {
  return typeof op === "string" ? (v) => binary(op, left(v), right(v)) : (v) => op(left(v), right(v));
}
