/**
 * The tests at the end of a pass: what it must satisfy to be committed, and reasons to stop. A pass that nothing speaks against costs a
 * comparison and a branch not taken for each of them.
 */

import type { ScalarWriter } from "../emit/scalar-writer.js";
import type { Label } from "../encode/assembler.js";
import type { Value } from "../lower/value.js";

export class PassTests {
  /** Conditions without which a pass is dropped. */
  readonly require: readonly Value[];
  /** Conditions that end the run. */
  readonly stop: readonly Value[];

  constructor(require: readonly Value[], stop: readonly Value[]) {
    this.require = require;
    this.stop = stop;
  }

  /** False if no condition ever ends a run after a committed pass. */
  get mayStop(): boolean {
    return this.stop.some((condition) => !isNever(condition));
  }

  /** Computes the scalars that the conditions compare. */
  ensure(e: ScalarWriter): void {
    e.ensureScalars([...this.require, ...this.stop].flatMap(operands));
  }

  /** Branches if a requirement fails or there is a reason to stop; each costs a comparison. */
  private branchIfNotable(e: ScalarWriter, label: Label): void {
    for (const condition of this.require) if (!isAlways(condition)) e.branchUnless(condition, label);
    for (const condition of this.stop) if (!isNever(condition)) e.branchIf(condition, label);
  }

  /**
   * The requirements and reasons to stop. As long as all is well each costs a comparison and a branch not taken; which
   * ones spoke is found out behind the last of them. A dropped pass branches to the end; `code` is 0 unless the run ends.
   */
  emit(e: ScalarWriter, code: number, drop: () => void): void {
    const { f } = e;
    const conditions = [...this.require, ...this.stop];
    if (conditions.every((condition, k) => (k < this.require.length ? isAlways(condition) : isNever(condition)))) return;
    f.block((well) => {
      f.block((notable) => {
        this.branchIfNotable(e, notable);
        f.br(well);
      });
      const addBits = (list: readonly Value[], first: number, spoken: (condition: Value) => void): void => {
        f.i32(0);
        list.forEach((condition, k) => {
          spoken(condition);
          f.i32(first + k)
            .op("i32.shl")
            .op("i32.or");
        });
        f.set(code);
      };
      if (this.require.length > 0) {
        addBits(this.require, 0, (condition) => {
          e.scalar(condition);
          f.op("i32.eqz");
        });
        f.get(code).if(drop);
      }
      addBits(this.stop, this.require.length, (condition) => e.scalar(condition));
    });
  }
}

/** What a condition compares: to be known before the tests, where the comparisons themselves become branches. */
export function operands(condition: Value): readonly Value[] {
  if (condition.op === "and" || condition.op === "or" || condition.op === "not") return condition.args.flatMap(operands);
  return condition.args.filter((arg) => arg.op !== "load");
}

export function isNever(condition: Value): boolean {
  return condition.op === "nonzero" && condition.args[0]!.op === "constant" && condition.args[0]!.constant === 0;
}

export function isAlways(condition: Value): boolean {
  return condition.op === "nonzero" && condition.args[0]!.op === "constant" && condition.args[0]!.constant !== 0;
}
