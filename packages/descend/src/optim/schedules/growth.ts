/**
 * How a schedule behaves for large step counts, read off its graph: c·γᵗ·tᵖ·(log t)^q, or a constant.
 *
 * Each node gets its growth from those of its operands. Where leading terms cancel, waves go on for ever, or an operation is not one of
 * those below, nothing is said.
 */

import { input } from "../../graph/build.js";
import { type Node, topologicalOrder } from "../../graph/graph.js";
import { evaluate } from "../../graph/interpret.js";
import { Tensor } from "../../graph/tensor.js";
import type { Schedule } from "./schedule.js";

/** Θ(baseᵗ·t^power·(log t)^logs). */
export interface Growth {
  /** c in c·baseᵗ·t^power·(log t)^logs; NaN where only the order is known, 0 for what is 0 from some step on. */
  readonly scale: number;
  /** γ > 0. */
  readonly base: number;
  readonly power: number;
  readonly logs: number;
  /** The schedule is exactly `scale` from some step on. */
  readonly constant: boolean;
  /** a where the schedule is a·t + O(1): what an exponent has to be. */
  readonly slope: number | undefined;
}

/** The growth of a schedule, or undefined where its graph does not tell. */
export function growthOf(schedule: Schedule): Growth | undefined {
  const step = input("step", []);
  const output = schedule(Tensor.of(step)).node;
  const known = new Map<Node, Growth | undefined>();
  for (const node of topologicalOrder([output])) {
    const operands = node.inputs.map((operand) => known.get(operand));
    known.set(
      node,
      node.op === "select" ? chosen(operands) : operands.includes(undefined) ? undefined : growthOfNode(node, operands as Growth[]),
    );
  }
  return known.get(output);
}

const constantly = (value: number): Growth | undefined =>
  Number.isFinite(value) ? { scale: value, base: 1, power: 0, logs: 0, constant: true, slope: 0 } : undefined;

function growthOfNode(node: Node, operands: readonly Growth[]): Growth | undefined {
  if (node.shape.length > 0) return undefined;
  if (node.op === "constant") return constantly(node.attributes.value as number);
  if (node.op === "input") return { scale: 1, base: 1, power: 1, logs: 0, constant: false, slope: 1 };
  // From some step on the operands do not change any more, and so neither does the result.
  if (operands.every(({ constant }) => constant)) return constantly(settledValue(node, operands));
  const [a, b] = operands as [Growth, Growth];
  switch (node.op) {
    case "neg":
      return { ...a, scale: -a.scale, slope: scaled(a.slope, -1) };
    case "abs":
      return { ...a, scale: Math.abs(a.scale), slope: scaled(a.slope, Math.sign(a.scale)) };
    case "floor":
    case "ceil":
    case "trunc":
      return order(a, constantly(1)!) > 0 ? { ...a, constant: false } : undefined;
    case "sqrt":
      return power(a, 0.5);
    case "exp":
      return exponential(Math.E, a);
    case "log":
      return logarithm(a);
    case "add":
      return plus(a, b);
    case "sub":
      return plus(a, { ...b, scale: -b.scale, slope: scaled(b.slope, -1) });
    case "mul":
      return times(a, b);
    case "div":
      return b.scale === 0 ? undefined : times(a, power({ ...b, scale: Math.abs(b.scale) }, -1), Math.sign(b.scale) || 1);
    case "pow":
      if (b.constant) return power(a, b.scale);
      return a.constant ? exponential(a.scale, b) : undefined;
    case "min":
    case "max": {
      const difference = compare(a, b);
      if (difference === undefined) return undefined;
      return difference < 0 === (node.op === "min") ? a : b;
    }
    case "less":
    case "lessEqual": {
      const difference = compare(a, b);
      return difference === undefined || difference === 0 ? undefined : constantly(difference < 0 ? 1 : 0);
    }
    default:
      return undefined;
  }
}

/** The branch that is taken from some step on; the other one need not be understood. */
function chosen([condition, whenTrue, whenFalse]: readonly (Growth | undefined)[]): Growth | undefined {
  if (condition?.constant !== true) return undefined;
  return condition.scale === 0 ? whenFalse : whenTrue;
}

/** The value of a node whose operands have become constant. */
function settledValue(node: Node, operands: readonly Growth[]): number {
  const values = new Map(node.inputs.map((operand, i) => [operand, operands[i]!.scale]));
  const inputs = new Map<string, ArrayLike<number>>([...values.values()].map((value, i) => [`operand${i}`, [value]]));
  const stand = new Map([...values.keys()].map((operand, i) => [operand, input(`operand${i}`, [])]));
  const copy = { ...node, inputs: node.inputs.map((operand) => stand.get(operand)!), id: Number.MAX_SAFE_INTEGER } as Node;
  return evaluate([copy], { inputs })[0]![0]!;
}

function scaled(slope: number | undefined, factor: number): number | undefined {
  return slope === undefined || Number.isNaN(factor) ? undefined : slope * factor;
}

/** Which grows faster: positive for a, 0 for the same order. Zero is smaller than everything. */
function order(a: Growth, b: Growth): number {
  if (a.scale === 0 || b.scale === 0) return Number(a.scale !== 0) - Number(b.scale !== 0);
  return a.base - b.base || a.power - b.power || a.logs - b.logs;
}

/** The sign of a − b from some step on; undefined where it is not known. */
function compare(a: Growth, b: Growth): number | undefined {
  if (a.constant && b.constant) return Math.sign(a.scale - b.scale);
  const which = order(a, b);
  const sign = which > 0 ? Math.sign(a.scale) : which < 0 ? -Math.sign(b.scale) : Math.sign(a.scale - b.scale);
  // Of one order and scale, lower terms decide, which are not known.
  return Number.isNaN(sign) || (which === 0 && sign === 0) ? undefined : sign;
}

function plus(a: Growth, b: Growth): Growth | undefined {
  const slope = a.slope === undefined || b.slope === undefined ? undefined : a.slope + b.slope;
  const which = order(a, b);
  if (which !== 0)
    return { ...(which > 0 ? a : b), constant: which > 0 ? a.constant && b.scale === 0 : b.constant && a.scale === 0, slope };
  const scale = a.scale + b.scale;
  return scale === 0 || Number.isNaN(scale) ? undefined : { ...a, scale, constant: false, slope };
}

function times(a: Growth, b: Growth | undefined, sign = 1): Growth | undefined {
  if (b === undefined) return undefined;
  if (a.scale === 0 || b.scale === 0) return constantly(0);
  const slope = a.constant ? scaled(b.slope, a.scale * sign) : b.constant ? scaled(a.slope, b.scale * sign) : undefined;
  return {
    scale: a.scale * b.scale * sign,
    base: a.base * b.base,
    power: a.power + b.power,
    logs: a.logs + b.logs,
    constant: a.constant && b.constant,
    slope,
  };
}

function power(a: Growth, exponent: number): Growth | undefined {
  if (exponent === 0) return constantly(1);
  if (a.scale === 0) return exponent > 0 ? constantly(0) : undefined;
  if (a.scale < 0) return undefined;
  return {
    scale: a.scale ** exponent,
    base: a.base ** exponent,
    power: a.power * exponent,
    logs: a.logs * exponent,
    constant: a.constant,
    slope: exponent === 1 ? a.slope : a.constant ? 0 : undefined,
  };
}

/** base^x for x = a·t + O(1), of which the order is known. */
function exponential(base: number, { slope }: Growth): Growth | undefined {
  if (slope === undefined || !(base > 0)) return undefined;
  return { scale: Number.NaN, base: base ** slope, power: 0, logs: 0, constant: false, slope: undefined };
}

function logarithm({ scale, base, power: p, logs }: Growth): Growth | undefined {
  if (scale < 0 || (base === 1 && p === 0)) return undefined;
  if (base !== 1) return { scale: Math.log(base), base: 1, power: 1, logs: 0, constant: false, slope: undefined };
  return logs === 0 || p !== 0 ? { scale: p, base: 1, power: 0, logs: 1, constant: false, slope: undefined } : undefined;
}
