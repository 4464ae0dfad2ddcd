/**
 * What a function has computed already: values in locals, until the scope ends in which they were computed. So a value is
 * computed once wherever it is read, and its local is free for others afterwards.
 */

import type { FunctionBuilder } from "../encode/assembler.js";
import type { ValueType } from "../encode/opcodes.js";
import type { Format } from "../format.js";
import type { Value } from "../lower/value.js";

interface Scope {
  readonly known: Map<string, number>;
  readonly locals: number[];
}

/** The innermost layer of the emitter: scopes, and the locals known in them. */
export class Scopes {
  readonly f: FunctionBuilder;
  readonly format: Format;
  private readonly scopes: Scope[] = [{ known: new Map(), locals: [] }];

  constructor(f: FunctionBuilder, format: Format) {
    this.f = f;
    this.format = format;
  }

  scope(body: () => void): void {
    this.scopes.push({ known: new Map(), locals: [] });
    body();
    for (const local of this.scopes.pop()!.locals) this.f.release(local);
  }

  /** Lets a local stand for a variable. */
  bindVariable(variable: Value, local: number): void {
    this.scopes[0]!.known.set(`s${variable.id}`, local);
  }

  protected known(key: string): number | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const local = this.scopes[i]!.known.get(key);
      if (local !== undefined) return local;
    }
    return undefined;
  }

  /** Keeps the value on the stack in a new local of the innermost scope, and leaves it on the stack. */
  protected keep(key: string, type: ValueType): number {
    const local = this.f.local(type);
    const scope = this.scopes[this.scopes.length - 1]!;
    scope.known.set(key, local);
    scope.locals.push(local);
    this.f.tee(local);
    return local;
  }
}
