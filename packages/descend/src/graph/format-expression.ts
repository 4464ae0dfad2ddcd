/**
 * Scalar graphs as mathematics on one line, such as a symbolic gradient: `2·x + 2·y`.
 *
 * The text is tidied as on paper: like terms are collected, equal factors become powers, common factors of a fraction cancel. It is
 * for reading; where a canceled factor is 0 or not finite the graph and the text may differ.
 */

import { type Node, topologicalOrder } from "./graph.js";

/** How to write an expression. */
export interface ExpressionStyle {
  /** Names for nodes, e.g. of variables that are not inputs. */
  readonly names?: ReadonlyMap<Node, string>;
  /** Names of the elements of input vectors: `{ params: ["x", "y"] }`. Without, an element is written `params[0]`. */
  readonly elements?: Readonly<Record<string, readonly string[]>>;
  /** `2*x^2 - y` instead of `2·x² − y`. Default false. */
  readonly ascii?: boolean;
  /** A part whose text would be longer is written `%` and its number. Default 2000 characters. */
  readonly maxLength?: number;
}

/** Something that stands as it is: a name or a call (tight), a power with an unknown exponent, or a comparison (loose). */
interface Atom {
  readonly text: string;
  readonly kind: "tight" | "power" | "loose";
}

/** base^exponent; a sum in the base is kept as a whole. */
interface Factor {
  readonly base: Atom | Sum;
  readonly exponent: number;
}

/** numerator / denominator · factors, by the text of their base. */
interface Term {
  readonly numerator: number;
  readonly denominator: number;
  readonly factors: ReadonlyMap<string, Factor>;
}

interface Sum {
  readonly terms: readonly Term[];
}

const NO_FACTORS: ReadonlyMap<string, Factor> = new Map();
const COMPARISONS: Readonly<Record<string, string>> = { less: "<", lessEqual: "<=", equal: "==" };

/** The text of a scalar node. What {@link parseFormula} reads back, as far as formulas have the primitives. */
export function formatExpression(node: Node, style: ExpressionStyle = {}): string {
  const writer = new Writer(style);
  const known = new Map<Node, Sum>();
  for (const part of topologicalOrder([node])) {
    const sum = writer.tidy(
      part,
      part.inputs.map((input) => known.get(input)!),
    );
    const tooLong = part !== node && writer.text(sum).length > (style.maxLength ?? 2000);
    known.set(part, tooLong ? ofAtom({ text: `%${part.id}`, kind: "tight" }) : sum);
  }
  return writer.text(known.get(node)!);
}

class Writer {
  private readonly style: ExpressionStyle;
  private readonly dot: string;
  private readonly minus: string;

  constructor(style: ExpressionStyle) {
    this.style = style;
    this.dot = style.ascii === true ? "*" : "·";
    this.minus = style.ascii === true ? "-" : "−";
  }

  tidy(node: Node, operands: readonly Sum[]): Sum {
    const named = this.style.names?.get(node);
    if (named !== undefined) return ofAtom(nameAtom(named));
    const [a, b] = operands;
    switch (node.op) {
      case "constant":
        return typeof node.attributes.value === "number"
          ? ofNumber(node.attributes.value)
          : this.call("array", [...node.attributes.value].map(ofNumber));
      case "input":
        return ofAtom(nameAtom(node.attributes.name));
      case "broadcast":
        return a!;
      case "reshape":
        return this.elementOf(node) ?? a!;
      case "add":
        return this.collect([...a!.terms, ...b!.terms]);
      case "sub":
        return this.collect([...a!.terms, ...b!.terms.map(negated)]);
      case "neg":
        return { terms: a!.terms.map(negated) };
      case "mul":
        return this.product(this.asTerm(a!), this.asTerm(b!), 1);
      case "div":
        return this.product(this.asTerm(a!), this.asTerm(b!), -1);
      case "pow": {
        const exponent = asNumber(b!);
        return exponent === undefined ? ofAtom({ text: this.powerText(a!, b!), kind: "power" }) : this.powerOf(a!, exponent);
      }
      case "less":
      case "lessEqual":
      case "equal":
        return ofAtom({ text: `${this.text(a!)} ${COMPARISONS[node.op]} ${this.text(b!)}`, kind: "loose" });
      case "select":
        return this.call("if", operands);
      default:
        return this.call(node.op, operands);
    }
  }

  text(sum: Sum): string {
    if (sum.terms.length === 0) return "0";
    let text = "";
    for (const term of positiveFirst(sum.terms)) {
      const negative = term.numerator < 0;
      if (text === "") text = negative ? this.minus : "";
      else text += negative ? ` ${this.minus} ` : " + ";
      text += this.termText(term);
    }
    return text;
  }

  /** A term without its sign. */
  private termText({ numerator, denominator, factors }: Term): string {
    const above: string[] = [];
    const below: string[] = [];
    const ordered = [...factors.values()].sort((a, b) => Number(!isAtom(a.base)) - Number(!isAtom(b.base)));
    for (const factor of ordered) (factor.exponent > 0 ? above : below).push(this.factorText(factor, Math.abs(factor.exponent)));
    const size = Math.abs(numerator);
    if (size !== 1 || above.length === 0) above.unshift(this.numberText(size));
    if (denominator !== 1) below.unshift(this.numberText(denominator));
    if (below.length === 0) return above.join(this.dot);
    return `${above.join(this.dot)}/${below.length === 1 ? below[0] : `(${below.join(this.dot)})`}`;
  }

  private factorText({ base }: Factor, exponent: number): string {
    const text = isAtom(base) ? base.text : this.text(base);
    const inside = isAtom(base) && (base.kind === "tight" || (base.kind === "power" && exponent === 1)) ? text : `(${text})`;
    if (exponent === 1) return inside;
    if (this.style.ascii === true || !Number.isInteger(exponent)) return `${inside}^${exponent}`;
    return inside + String(exponent).replace(/\d/gu, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!);
  }

  private powerText(base: Sum, exponent: Sum): string {
    const part = (sum: Sum): string => {
      const text = this.text(sum);
      return isTight(sum) || /^[\d.]+$/u.test(text) ? text : `(${text})`;
    };
    return `${part(base)}^${part(exponent)}`;
  }

  /** A non-negative number; a small multiple of π by its name. */
  private numberText(value: number): string {
    const turns = value / Math.PI;
    if (Number.isInteger(turns) && turns > 0 && turns <= 16 && turns * Math.PI === value) {
      const pi = this.style.ascii === true ? "pi" : "π";
      return turns === 1 ? pi : `${turns}${this.dot}${pi}`;
    }
    return String(value);
  }

  private call(name: string, operands: readonly Sum[]): Sum {
    return ofAtom({ text: `${name}(${operands.map((operand) => this.text(operand)).join(", ")})`, kind: "tight" });
  }

  /** `params[2]` or its name, where the node is one element of an input vector. */
  private elementOf(node: Node): Sum | undefined {
    const part = node.inputs[0]!;
    if (node.shape.length > 0 || part.op !== "slice" || part.inputs[0]!.op !== "input" || part.inputs[0]!.shape.length !== 1)
      return undefined;
    const { name } = part.inputs[0]!.attributes;
    const { start } = part.attributes;
    const given = this.style.elements?.[name]?.[start];
    return ofAtom(given === undefined ? { text: `${name}[${start}]`, kind: "tight" } : nameAtom(given));
  }

  /** Like terms added up; those that vanish are left out. */
  private collect(terms: readonly Term[]): Sum {
    const collected = new Map<string, Term>();
    for (const term of terms) {
      const key = [...term.factors]
        .map(([base, { exponent }]) => `${base}^${exponent}`)
        .sort()
        .join("·");
      const like = collected.get(key);
      if (like === undefined) collected.set(key, term);
      else
        collected.set(key, {
          ...fraction(like.numerator * term.denominator + term.numerator * like.denominator, like.denominator * term.denominator),
          factors: like.factors,
        });
    }
    return { terms: dictionaryOrder([...collected.values()].filter((term) => term.numerator !== 0)) };
  }

  /** A sum as one term: itself if it has one, else a factor in parentheses. */
  private asTerm(sum: Sum): Term {
    if (sum.terms.length === 1) return sum.terms[0]!;
    if (sum.terms.length === 0) return { numerator: 0, denominator: 1, factors: NO_FACTORS };
    return { numerator: 1, denominator: 1, factors: new Map([[`(${this.text(sum)})`, { base: sum, exponent: 1 }]]) };
  }

  /** left · right^sign. */
  private product(left: Term, right: Term, sign: 1 | -1): Sum {
    const factors = new Map(left.factors);
    for (const [key, factor] of right.factors) {
      const exponent = (factors.get(key)?.exponent ?? 0) + sign * factor.exponent;
      if (exponent === 0) factors.delete(key);
      else factors.set(key, { base: factor.base, exponent });
    }
    const [above, below] = sign === 1 ? [right.numerator, right.denominator] : [right.denominator, right.numerator];
    const coefficient = fraction(left.numerator * above, left.denominator * below);
    return { terms: coefficient.numerator === 0 ? [] : [{ ...coefficient, factors }] };
  }

  private powerOf(sum: Sum, exponent: number): Sum {
    if (exponent === 0) return ofNumber(1);
    const term = this.asTerm(sum);
    if (term.factors.size === 1 && term.numerator === 1 && term.denominator === 1) {
      const [[key, factor]] = term.factors as unknown as [[string, Factor]];
      // (x^a)^b is x^(ab) for whole a and b; (x²)^½ is |x|.
      if (factor.exponent === 1 || (Number.isInteger(factor.exponent) && Number.isInteger(exponent))) {
        return {
          terms: [{ numerator: 1, denominator: 1, factors: new Map([[key, { base: factor.base, exponent: factor.exponent * exponent }]]) }],
        };
      }
    }
    const text = `(${this.text(sum)})`;
    return { terms: [{ numerator: 1, denominator: 1, factors: new Map([[text, { base: sum, exponent }]]) }] };
  }
}

/** The terms with the first positive one in front, if there is one: 2·x − 4 rather than −4 + 2·x. */
function positiveFirst(terms: readonly Term[]): readonly Term[] {
  const first = terms.findIndex((term) => !(term.numerator < 0));
  return first <= 0 ? terms : [terms[first]!, ...terms.slice(0, first), ...terms.slice(first + 1)];
}

/** The terms as they come, but those of equal degree and sign as in a dictionary: what a derivative gives as 2·y + 2·x is 2·x + 2·y. */
function dictionaryOrder(terms: readonly Term[]): Term[] {
  const groups = new Map<string, Term[]>();
  const groupOf = (term: Term): string =>
    `${Math.sign(term.numerator)} ${[...term.factors.values()].reduce((degree, { exponent }) => degree + exponent, 0)}`;
  for (const term of terms) {
    const group = groups.get(groupOf(term)) ?? [];
    groups.set(groupOf(term), group);
    group.push(term);
  }
  for (const group of groups.values()) group.sort(compareFactors);
  return terms.map((term) => groups.get(groupOf(term))!.shift()!);
}

/** x² before x·y before y²: the first base, in alphabetical order, that has another exponent decides; the larger comes first. */
function compareFactors(a: Term, b: Term): number {
  for (const base of [...new Set([...a.factors.keys(), ...b.factors.keys()])].sort()) {
    const difference = (b.factors.get(base)?.exponent ?? 0) - (a.factors.get(base)?.exponent ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isAtom(base: Atom | Sum): base is Atom {
  return "text" in base;
}

function isTight(sum: Sum): boolean {
  if (sum.terms.length !== 1) return false;
  const [{ numerator, denominator, factors }] = sum.terms as [Term];
  if (denominator !== 1 || factors.size === 0) return false;
  const [factor] = [...factors.values()] as [Factor];
  return factors.size === 1 && numerator === 1 && factor.exponent === 1 && isAtom(factor.base) && factor.base.kind === "tight";
}

function nameAtom(name: string): Atom {
  return { text: /^[\p{L}_][\p{L}\p{M}\p{Nd}_₀-₉]*$/u.test(name) ? name : `\`${name}\``, kind: "tight" };
}

function ofAtom(atom: Atom): Sum {
  return { terms: [{ numerator: 1, denominator: 1, factors: new Map([[atom.text, { base: atom, exponent: 1 }]]) }] };
}

function ofNumber(value: number): Sum {
  return value === 0 ? { terms: [] } : { terms: [{ numerator: value, denominator: 1, factors: NO_FACTORS }] };
}

function asNumber(sum: Sum): number | undefined {
  if (sum.terms.length === 0) return 0;
  const [term] = sum.terms as [Term];
  return sum.terms.length === 1 && term.factors.size === 0 ? term.numerator / term.denominator : undefined;
}

function negated(term: Term): Term {
  return { ...term, numerator: -term.numerator };
}

/** A fraction in lowest terms if it is one of whole numbers, else one number. */
function fraction(above: number, below: number): { numerator: number; denominator: number } {
  if (!Number.isSafeInteger(above) || !Number.isSafeInteger(below) || below === 0) return { numerator: above / below, denominator: 1 };
  let [a, b] = [Math.abs(above), Math.abs(below)];
  while (b !== 0) [a, b] = [b, a % b];
  const common = a === 0 ? 1 : a;
  return { numerator: (Math.sign(below) * above) / common, denominator: Math.abs(below) / common };
}
