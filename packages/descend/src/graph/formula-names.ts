/**
 * The names of a formula: which are variables, constants and functions, and which are several written together.
 */

import { formulaConstants, formulaFunctionsByName } from "./formula-functions.js";

/** What the names of a formula may be. */
export interface FormulaOptions {
  /**
   * Names of the variables. Given, every other name is an error, and a run of letters that is no name is read as a product of
   * names (`xy` as x·y). Absent, every name that is no constant is a variable.
   */
  readonly params?: readonly string[];
  /** Values of named constants. They come before the built-in pi, π, e, tau, τ; variables come before both, and a function's name before
   * parentheses is the function. */
  readonly constants?: Readonly<Record<string, number>>;
}

/** A variable, a function, or a constant. */
export type NamePart =
  | { readonly kind: "variable" | "function"; readonly name: string }
  | { readonly kind: "constant"; readonly value: number };

/** What names mean: a function if parentheses follow, else variables before constants. */
export class FormulaNames {
  /** Only the given variables exist. */
  readonly strict: boolean;
  readonly variables: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  private readonly spellings = new Map<string, string>();

  constructor(options: FormulaOptions) {
    this.strict = options.params !== undefined;
    this.variables = options.params ?? [];
    this.constants = { ...formulaConstants, ...options.constants };
    // x₁, x_1 and x1 are one name unless two variables are told apart by it. Exact spellings win.
    for (const name of this.variables) this.spellings.set(plainName(name), name);
    for (const name of this.variables) this.spellings.set(name, name);
  }

  known(name: string): boolean {
    return this.spellings.has(name);
  }

  /** The meaning of a name, or of several written together; undefined if it has none. `called`: parentheses follow. */
  resolve(name: string, called: boolean): NamePart[] | undefined {
    const whole = this.single(name, called);
    if (whole !== undefined) return [whole];
    if (this.strict) return this.split(name, called);
    // Without a list of variables: x(y + 1) is a product, but a longer name before parentheses is a function nobody knows.
    if (formulaFunctionsByName.has(name)) return [{ kind: "function", name }];
    if (called && !/^\p{L}[\d_]*$/u.test(name)) return undefined;
    return [{ kind: "variable", name }];
  }

  private single(name: string, called: boolean): NamePart | undefined {
    if (called && formulaFunctionsByName.has(name)) return { kind: "function", name };
    const variable = this.spellings.get(name) ?? this.spellings.get(plainName(name));
    if (variable !== undefined) return { kind: "variable", name: variable };
    if (Object.hasOwn(this.constants, name)) return { kind: "constant", value: this.constants[name]! };
    return undefined;
  }

  /** The fewest names that written together are `name`, the longest first; a function only as the last and if called. */
  private split(name: string, called: boolean): NamePart[] | undefined {
    if (formulaFunctionsByName.has(name)) return [{ kind: "function", name }];
    const best: (NamePart[] | undefined)[] = [...new Array<undefined>(name.length), []];
    for (let start = name.length - 1; start >= 0; start--) {
      for (let stop = name.length; stop > start; stop--) {
        const rest = best[stop];
        const fewest = best[start]?.length ?? Number.POSITIVE_INFINITY;
        if (rest === undefined || rest.length + 1 >= fewest) continue;
        const part = this.single(name.slice(start, stop), called && stop === name.length);
        if (part !== undefined) best[start] = [part, ...rest];
      }
    }
    return best[0];
  }
}

function plainName(name: string): string {
  return name.replace(/[₀-₉]/gu, (digit) => String("₀₁₂₃₄₅₆₇₈₉".indexOf(digit))).replace(/_(?=\d)/gu, "");
}
