/**
 * Reads the notation of the reference files into graphs: `x1`, `x[i]`, `**`, `sum(i=a..b; e)`, `prod(…)`, `if c then p else q`, constants
 * as 1-based arrays. Numbers stay numbers, so that indices and bounds can be computed.
 */

import { binary, constant, element, ternary, unary } from "../../src/graph/build.js";
import type { BinaryOp, Node, UnaryOp } from "../../src/graph/graph.js";

type Value = number | Node | readonly Value[];
type Scope = Readonly<Record<string, Value>>;
type Expression = (scope: Scope) => Value;

const toNode = (value: Value): Node => (typeof value === "number" ? constant(value) : (value as Node));
const isNumber = (value: Value): value is number => typeof value === "number";

function operate(op: BinaryOp, a: Value, b: Value): Value {
  if (isNumber(a) && isNumber(b)) {
    const apply = {
      add: a + b,
      sub: a - b,
      mul: a * b,
      div: a / b,
      pow: a ** b,
      min: Math.min(a, b),
      max: Math.max(a, b),
      less: Number(a < b),
    };
    return apply[op as keyof typeof apply];
  }
  return binary(op, toNode(a), toNode(b));
}

class Parser {
  private readonly tokens: string[];
  private place = 0;

  constructor(text: string) {
    this.tokens = text.match(/\d+\.\d+(?:e-?\d+)?|\d+|\.\.|[A-Za-z_]\w*|\*\*|[-+*/()[\],;=<>]/g) ?? [];
  }

  whole(): Expression {
    const expression = this.conditional();
    if (this.place !== this.tokens.length) throw new Error(`unread: ${this.tokens.slice(this.place).join(" ")}`);
    return expression;
  }

  private take(token: string): boolean {
    if (this.tokens[this.place] !== token) return false;
    this.place++;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new Error(`expected ${token} at ${this.tokens.slice(this.place).join(" ")}`);
  }

  private conditional(): Expression {
    if (!this.take("if")) return this.additive();
    const left = this.additive();
    const greater = this.take(">");
    if (!greater) this.expect("<");
    const right = this.additive();
    this.expect("then");
    const yes = this.conditional();
    this.expect("else");
    const no = this.conditional();
    return (s) => {
      const condition = greater ? operate("less", right(s), left(s)) : operate("less", left(s), right(s));
      return isNumber(condition) ? (condition === 1 ? yes(s) : no(s)) : ternary("select", condition as Node, toNode(yes(s)), toNode(no(s)));
    };
  }

  private additive(): Expression {
    let left = this.multiplicative();
    for (;;) {
      const op = this.take("+") ? "add" : this.take("-") ? "sub" : undefined;
      if (op === undefined) return left;
      const [a, b] = [left, this.multiplicative()];
      left = (s) => operate(op, a(s), b(s));
    }
  }

  private multiplicative(): Expression {
    let left = this.negated();
    for (;;) {
      const op = this.take("*") ? "mul" : this.take("/") ? "div" : undefined;
      if (op === undefined) return left;
      const [a, b] = [left, this.negated()];
      left = (s) => operate(op, a(s), b(s));
    }
  }

  private negated(): Expression {
    if (!this.take("-")) return this.power();
    const x = this.negated();
    return (s) => operate("mul", -1, x(s));
  }

  private power(): Expression {
    const base = this.atom();
    if (!this.take("**")) return base;
    const exponent = this.negated();
    return (s) => operate("pow", base(s), exponent(s));
  }

  private atom(): Expression {
    if (this.take("(")) {
      const inner = this.conditional();
      this.expect(")");
      return inner;
    }
    const token = this.tokens[this.place++]!;
    if (/^\d/.test(token)) return () => Number(token);
    if (this.take("(")) return token === "sum" || token === "prod" ? this.fold(token) : this.call(token);
    let value: Expression = (s) => lookup(s, token);
    while (this.take("[")) {
      const [array, index] = [value, this.conditional()];
      this.expect("]");
      value = (s) => at(s, array(s), index(s) as number);
    }
    return value;
  }

  private call(name: string): Expression {
    const operands = [this.conditional()];
    while (this.take(",")) operands.push(this.conditional());
    this.expect(")");
    return (s) => {
      const values = operands.map((operand) => operand(s));
      if (name === "even") return Number((values[0] as number) % 2 === 0);
      if (name === "min" || name === "max") return operate(name, values[0]!, values[1]!);
      const [x] = values;
      return isNumber(x!) ? (Math[name as "sqrt"] as (x: number) => number)(x) : unary(name as UnaryOp, x as Node);
    };
  }

  private fold(name: string): Expression {
    const index = this.tokens[this.place++]!;
    this.expect("=");
    const from = this.conditional();
    this.expect("..");
    const to = this.conditional();
    this.expect(";");
    const body = this.conditional();
    this.expect(")");
    return (s) => {
      let total: Value = name === "sum" ? 0 : 1;
      for (let i = from(s) as number; i <= (to(s) as number); i++)
        total = operate(name === "sum" ? "add" : "mul", total, body({ ...s, [index]: i }));
      return total;
    };
  }
}

function lookup(scope: Scope, name: string): Value {
  const value = scope[name] ?? (name === "pi" ? Math.PI : undefined);
  if (value !== undefined) return value;
  const numbered = /^x(\d+)$/.exec(name);
  if (numbered === null) throw new Error(`unknown name ${name}`);
  return at(scope, scope.x!, Number(numbered[1]));
}

/** Element i, counted from 1; outside, the value stated for it. */
function at(scope: Scope, array: Value, i: number): Value {
  if (Array.isArray(array)) return array[i - 1]!;
  const vector = array as Node;
  return i < 1 || i > vector.shape[0]! ? (scope.outside as number) : element(vector, i - 1);
}

/** The scalar that a formula in this notation is, for a vector x and further names. */
export function formulaNode(text: string, x: Node, scope: Scope = {}): Node {
  return toNode(new Parser(text).whole()({ n: x.shape[0]!, ...scope, x }));
}

interface ResidualGroup {
  readonly range?: string;
  readonly let?: readonly string[];
  readonly f: readonly string[];
}

/** The residuals of a least-squares problem in this notation, one scalar each. */
export function residualNodes(groups: readonly ResidualGroup[], x: Node, constants: Scope): Node[] {
  const base: Scope = { n: x.shape[0]!, ...constants, x };
  return groups.flatMap((group) => {
    const [, from, to] = /^i=(.*)\.\.(.*)$/.exec(group.range ?? "i=1..1")!;
    const bound = (text: string): number => new Parser(text).whole()(base) as number;
    const residuals: Node[] = [];
    for (let i = bound(from!); i <= bound(to!); i++) {
      const scope: Record<string, Value> = { ...base, i };
      for (const definition of group.let ?? []) {
        const [, name, text] = /^(\w+) = (.*)$/.exec(definition)!;
        scope[name!] = new Parser(text!).whole()(scope);
      }
      for (const text of group.f) residuals.push(toNode(new Parser(text).whole()(scope)));
    }
    return residuals;
  });
}
