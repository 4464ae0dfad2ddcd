/** Random small graphs for property tests: every kind of primitive, smooth almost everywhere, with and without rows. */

import fc from "fast-check";
import {
  binary,
  broadcast,
  concat,
  constant,
  dot,
  element,
  gather,
  input,
  reduceMax,
  reshape,
  rowCount,
  scatterAdd,
  slice,
  sum,
  ternary,
  transpose,
  unary,
} from "../../src/graph/build.js";
import { elementCount, hasRows, type Node, ROWS, type Shape } from "../../src/graph/graph.js";

export const ROW_COUNT = 5;

/** The inputs every random graph may read. */
export const sources: readonly { name: string; shape: Shape }[] = [
  { name: "s", shape: [] },
  { name: "x", shape: [3] },
  { name: "m", shape: [2, 3] },
  { name: "r", shape: [ROWS] },
  { name: "t", shape: [ROWS, 3] },
];

export const length = (shape: Shape): number => elementCount(shape) * (shape[0] === ROWS ? ROW_COUNT : 1);

/** Number of doubles all inputs hold together. */
export const inputLength = sources.reduce((total, { shape }) => total + length(shape), 0);

/** A flat list of numbers as bindings of the inputs. */
export function bind(values: ArrayLike<number>): Record<string, number[]> {
  let place = 0;
  const bound: Record<string, number[]> = {};
  for (const { name, shape } of sources) {
    bound[name] = Array.from({ length: length(shape) }, (_, i) => values[place + i]!);
    place += length(shape);
  }
  return bound;
}

export interface RandomGraph {
  readonly inputs: readonly Node[];
  readonly output: Node;
}

type Step = readonly [kind: number, first: number, second: number, detail: number];

/** Each step applies one primitive to nodes made before, the late ones preferred; where it does not fit, the next that does. */
function grow(steps: readonly Step[], mixed: boolean): RandomGraph {
  const inputs = sources.map(({ name, shape }) => input(name, shape));
  const pool: Node[] = [...inputs, constant(0.75), constant([0.5, -1.3, 2])];
  const late = (k: number): Node => pool[pool.length - 1 - Math.min(k % pool.length, k % 9)]!;
  for (const [kind, first, second, detail] of steps) {
    for (let shift = 0; shift < KINDS; shift++) {
      const made = apply((kind + shift) % KINDS, late(first), late(second), detail);
      if (made === undefined || elementCount(made.shape) > 24 || pool.includes(made)) continue;
      pool.push(made);
      break;
    }
  }
  const last = pool[pool.length - 1]!;
  if (!mixed) return { inputs, output: last };
  return {
    inputs,
    output: pool
      .slice(-4)
      .map((node) => sum(node))
      .reduce((a, b) => binary("add", a, b)),
  };
}

const KINDS = 27;

const bounded = (x: Node): Node => unary("tanh", x);

function apply(kind: number, a: Node, b: Node, detail: number): Node | undefined {
  const axis = a.shape.length === 0 ? 0 : detail % a.shape.length;
  const free = hasRows(a) ? Math.max(1, axis) : axis;
  try {
    switch (kind) {
      case 0:
        return binary("add", a, b);
      case 1:
        return binary("sub", a, b);
      case 2:
        return binary("mul", bounded(a), b);
      case 3:
        return binary("div", a, binary("add", constant(1.5), binary("mul", b, b)));
      case 4:
        return unary((["sin", "cos", "tanh", "sigmoid", "softplus", "atan", "erf", "neg", "abs"] as const)[detail % 9]!, a);
      case 5:
        return unary((["exp", "expm1", "sinh", "cosh", "lgamma"] as const)[detail % 4]!, bounded(a));
      case 6:
        return unary((["log", "log1p", "sqrt"] as const)[detail % 3]!, binary("add", constant(1), binary("mul", a, a)));
      case 7:
        return sum(a, a.shape.length === 0 ? [] : detail % 4 === 3 ? undefined : [axis]);
      case 8:
        return reduceMax(a, [free]);
      case 9:
        return broadcast(a, [[3], [2, 3], [ROWS, 3], [ROWS], [ROWS, 2, 3]][detail % 5]!);
      case 10:
        return reshape(
          a,
          hasRows(a) ? [ROWS, elementCount(a.shape)] : detail % 2 === 0 ? [elementCount(a.shape)] : [1, elementCount(a.shape)],
        );
      case 11:
        return transpose(a);
      case 12:
        return slice(a, free, detail % 2, Math.min(a.shape[free]!, (detail % 2) + 1 + (detail % 3)));
      case 13:
        return element(a, detail % a.shape[free]!, free);
      case 14:
        return concat([a, b, a], free);
      case 15:
        return dot(a, b, [[a.shape.length - 1, b.shape.length - 1]]);
      case 16:
        return dot(a, b, [[0, 0]]);
      case 17:
        return dot(a, b, [], [[0, 0]]);
      case 18:
        return dot(a, b, [[a.shape.length - 1, 0]]);
      case 19:
        return ternary("select", binary("less", a, b), bounded(a), binary("mul", b, constant(0.5)));
      case 20:
        return binary((["min", "max", "atan2"] as const)[detail % 3]!, a, b);
      case 21:
        return binary("pow", binary("add", constant(0.5), unary("softplus", a)), bounded(b));
      case 22:
        return a.shape[0] === 0 ? undefined : gather(a, constant([detail % 3, 1, 0, 1]));
      case 23:
        return scatterAdd(constant([1, detail % 2]), slice(a, 0, 0, 2), 3);
      case 24:
        return binary("div", a, rowCount());
      case 25:
        return dot(a, b, [[1, 1]], [[0, 0]]);
      default:
        return dot(a, b, [], []);
    }
  } catch {
    return undefined;
  }
}

/** Graphs of up to `maxSteps` primitives. */
export function randomGraphs(maxSteps = 14): fc.Arbitrary<RandomGraph> {
  const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(KINDS - 1), fc.nat(40), fc.nat(40), fc.nat(11));
  const steps = fc.array(step, { minLength: 3, maxLength: maxSteps });
  return fc.tuple(steps, fc.boolean()).map(([list, mixed]) => grow(list, mixed));
}

/** Values well inside (−2, 2) that are not special. */
export const randomValues = (count: number): fc.Arbitrary<number[]> =>
  fc.array(
    fc.integer({ min: -1999, max: 1999 }).map((k) => (k + 0.37) / 1000),
    { minLength: count, maxLength: count },
  );
