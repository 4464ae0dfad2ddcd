/** One expression for several sets of operands, side by side. */

import type { FunctionBuilder } from "../encode/assembler.js";
import { emitVector, type LoadConstant, parameter, Vector } from "./vector.js";

/**
 * Writes an operation for all copies before the next one: what one copy waits for is under way while others are computed.
 *
 * @param results - one, without guards, that is more than a parameter or a literal.
 * @param params - of each copy, the locals that hold the parameters.
 * @returns of each copy, a local with the result, to be released by the caller.
 */
export function emitVectorsInStep(
  f: FunctionBuilder,
  [result]: readonly [Vector],
  params: readonly (readonly number[])[],
  loadConstant: LoadConstant,
): readonly number[] {
  /** Reads that are still to come; what has none gives its locals back. */
  const reads = new Map<Vector, number>([[result, 1]]);
  const count = (node: Vector): void => {
    for (const operand of node.operands) {
      const before = reads.get(operand) ?? 0;
      reads.set(operand, before + 1);
      if (before === 0) count(operand);
    }
  };
  count(result);
  const stored = new Map<Vector, readonly number[]>();
  const localOf = (node: Vector, copy: number): number =>
    node.content.kind === "param" ? params[copy]![node.content.index]! : (stored.get(node)?.[copy] ?? -1);
  const emit = (node: Vector): void => {
    const { lanes, content, operands } = node;
    if (content.kind === "param" || content.kind === "constant" || stored.has(node)) return;
    operands.forEach(emit);
    // The operation alone, of what is in locals already
    const known = operands.map((operand, i) => (operand.content.kind === "constant" ? operand : parameter(operand.lanes, i)));
    const alone = new Vector(lanes, content, known);
    const locals = params.map((_, copy) => {
      const own = operands.map((operand) => localOf(operand, copy));
      emitVector(f, [alone], own, loadConstant);
      const local = f.local("v128");
      f.set(local);
      return local;
    });
    stored.set(node, locals);
    for (const operand of operands) {
      const left = reads.get(operand)! - 1;
      reads.set(operand, left);
      if (left === 0) for (const local of stored.get(operand) ?? []) f.release(local);
    }
  };
  emit(result);
  return stored.get(result)!;
}
