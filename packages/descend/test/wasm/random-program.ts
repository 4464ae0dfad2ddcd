/** Random programs of exact primitives, the same for a seed, for comparing executors bit for bit. */

import {
  binary,
  broadcastShapes,
  concat,
  constant,
  dot,
  gather,
  input,
  reduceMax,
  reshape,
  rowCount,
  rowIndex,
  scatterAdd,
  slice,
  sum,
  ternary,
  transpose,
  unary,
} from "../../src/graph/build.js";
import { type BinaryOp, elementCount, type Node, ROWS, type Shape, type UnaryOp } from "../../src/graph/graph.js";
import type { Cell, DType, Executable, Program, Write } from "../../src/graph/program.js";
import { threefryUniform } from "../../src/numeric/random.js";

/** A source of choices: everything follows from the seed. */
export class Choices {
  private counter = 0;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  number(): number {
    return threefryUniform(this.seed, 0, this.counter++);
  }

  below(n: number): number {
    return Math.floor(this.number() * n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0]!);
  }
}

export interface RandomProgram {
  readonly program: Program;
  /** Cells to fill, and cells to compare. */
  readonly given: readonly Cell[];
  readonly results: readonly Cell[];
}

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 33, 100];
const unaryOps: readonly UnaryOp[] = ["neg", "abs", "sign", "floor", "ceil", "trunc", "sqrt"];
const binaryOps: readonly BinaryOp[] = ["add", "sub", "mul", "div", "min", "max", "less", "lessEqual", "equal"];
const MAX_ELEMENTS = 3000;

/** Rows of the table of a random program. */
export const TABLE_ROWS = 600;

/** @param most - elements of a cell, and of a row of one, roughly. */
export function randomProgram(seed: number, rows: boolean, most = 800): RandomProgram {
  const c = new Choices(seed);
  const dtype: DType = c.pick(["float64", "float32"]);
  const given: Cell[] = [];
  const pool: Node[] = [];
  const addCell = (shape: Shape): void => {
    const name = `given${given.length}`;
    given.push({ name, shape });
    pool.push(input(name, shape));
  };
  for (let i = 0; i < 3; i++) addCell(staticShape(c, most));
  if (rows) {
    addCell([ROWS]);
    addCell([ROWS, c.pick([1, 2, 3, 5, 17, 20])]);
    addCell([ROWS, c.pick([2, 3]), c.pick([1, 4, 5])]);
  }
  for (let tries = 4 + c.below(16); tries > 0; tries--) {
    const node = randomNode(c, pool, rows);
    const fits =
      node !== undefined &&
      elementCount(node.shape) <= Math.min(MAX_ELEMENTS, 4 * most) &&
      node.shape.length <= 5 &&
      !node.shape.slice(1).includes(ROWS);
    if (fits) pool.push(node);
  }
  const nodes = pool.slice(given.length).filter(() => c.number() < 0.7);
  const results = nodes.map((node, i) => ({ name: `result${i}`, shape: node.shape }));
  const writes: Write[] = nodes.map((node, i) => ({ cell: results[i]!.name, node }));
  const start = c.pick([0, 128, 256, 1, 3, 8, 100, 133]);
  const count = c.pick([0, 1, 2, 3, 4, 5, 7, 8, 9, 100, 127, 128, 129, 255, 256, 257, 300]);
  const range = rows ? { rows: { start: constant(start), count: constant(count) } } : {};
  return { program: { dtype, cells: [...given, ...results], procedures: [{ name: "p", writes, ...range }] }, given, results };
}

function staticShape(c: Choices, most: number): number[] {
  const shape: number[] = [];
  let elements = 1;
  for (let axis = c.below(4); axis > 0; axis--) {
    let d = c.pick(sizes);
    if (d === 0 && c.number() < 0.9) d = 3;
    if (elements * d > most) d = c.pick(most < 3 ? [1] : [1, 2, 3]);
    elements *= Math.max(1, d);
    shape.push(d);
  }
  return shape;
}

/** One more node on operands of the pool; undefined if the choice makes no sense. */
function randomNode(c: Choices, pool: readonly Node[], rows: boolean): Node | undefined {
  const x = c.pick(pool);
  const alike = (): Node => c.pick(pool.filter((y) => y.shape.join() === x.shape.join()));
  const someAxes = (): number[] => x.shape.map((_, axis) => axis).filter(() => c.number() < 0.5);
  const staticAxes = x.shape.map((_, axis) => axis).filter((axis) => x.shape[axis]! > 0);
  switch (c.below(14)) {
    case 0:
    case 1:
      return unary(c.pick(unaryOps), x);
    case 2:
    case 3:
    case 4: {
      const y = c.number() < 0.6 ? alike() : c.pick(pool);
      return fitTogether(x, y) ? binary(c.pick(binaryOps), x, y) : undefined;
    }
    case 5:
      return ternary("select", alike(), alike(), x);
    case 6:
    case 7:
      return sum(x, someAxes());
    case 8: {
      const axes = someAxes();
      return axes.some((axis) => x.shape[axis] === 0) ? undefined : reduceMax(x, axes);
    }
    case 9:
      return transpose(x, x.shape[0] === ROWS ? undefined : c.shuffled(x.shape.map((_, axis) => axis)));
    case 10: {
      if (staticAxes.length === 0) return undefined;
      const axis = c.pick(staticAxes);
      const start = c.below(x.shape[axis]!);
      return slice(x, axis, start, start + 1 + c.below(x.shape[axis]! - start));
    }
    case 11: {
      if (staticAxes.length === 0) return undefined;
      const axis = c.pick(staticAxes);
      const others = pool.filter(
        (y) => y.shape.length === x.shape.length && y.shape.every((d, i) => (i === axis ? d !== ROWS : d === x.shape[i])),
      );
      return concat([x, c.pick(others), c.pick(others)], axis);
    }
    case 12:
      return randomReshape(c, x);
    default:
      return c.number() < 0.6 ? randomDot(c, x, c.pick(pool)) : randomLookup(c, pool, x, rows);
  }
}

function fitTogether(x: Node, y: Node): boolean {
  const rank = Math.max(x.shape.length, y.shape.length);
  const at = (shape: Shape, axis: number): number => shape[axis - (rank - shape.length)] ?? 1;
  for (let axis = 0; axis < rank; axis++) {
    const [p, q] = [at(x.shape, axis), at(y.shape, axis)];
    if (p !== q && p !== 1 && q !== 1) return false;
    if (axis > 0 && (p === ROWS || q === ROWS)) return false;
  }
  return broadcastShapes("test", [x.shape, y.shape]).length === rank;
}

function randomReshape(c: Choices, x: Node): Node {
  const lead = x.shape[0] === ROWS ? [ROWS] : [];
  const inner = x.shape.slice(lead.length);
  const elements = elementCount(x.shape);
  const options = [[elements], [1, ...inner]];
  for (let d = 2; d < elements; d++) if (elements % d === 0) options.push([d, elements / d]);
  return reshape(x, [...lead, ...c.pick(options)]);
}

function randomDot(c: Choices, x: Node, y: Node): Node | undefined {
  const work = [...x.shape, ...y.shape].reduce((product, d) => product * Math.max(1, Math.abs(d)), 1);
  if (work > 200_000) return undefined;
  const pairs = x.shape.flatMap((d, i) => y.shape.flatMap((e, j) => (d === e ? [[i, j] as const] : [])));
  const contract: (readonly [number, number])[] = [];
  const batch: (readonly [number, number])[] = [];
  for (const [i, j] of c.shuffled(pairs)) {
    if ([...contract, ...batch].some(([p, q]) => p === i || q === j)) continue;
    const choice = c.number();
    if (choice < 0.5) contract.push([i, j]);
    else if (choice < 0.7) batch.push([i, j]);
  }
  batch.sort((p, q) => Number(x.shape[q[0]] === ROWS) - Number(x.shape[p[0]] === ROWS));
  const rowsIn = [x, y].filter((node) => node.shape[0] === ROWS);
  const rowsPaired = [...contract, ...batch].some(([i]) => x.shape[i] === ROWS);
  // Rows must come out in front, and two row axes must be paired.
  if (rowsIn.length === 2 && !rowsPaired) return undefined;
  if (rowsIn.length === 1 && (batch.length > 0 || (rowsIn[0] === y && contract.length < x.shape.length))) return undefined;
  return dot(x, y, contract, batch);
}

function randomLookup(c: Choices, pool: readonly Node[], x: Node, rows: boolean): Node | undefined {
  if (x.shape.length === 0 || x.shape[0] === ROWS || x.shape[0] === 0)
    return rows ? (c.number() < 0.5 ? rowIndex() : rowCount()) : undefined;
  const indices = c.pick(pool);
  if (c.number() < 0.6) return indices.shape.length + x.shape.length > 5 ? undefined : gather(x, indices);
  // Rows scattered are added in another order than the interpreter's, so they are compared elsewhere.
  if (indices.shape[0] === ROWS) return undefined;
  const fitting = pool.filter((y) => indices.shape.every((d, i) => d === y.shape[i]));
  return scatterAdd(indices, c.pick(fitting), 1 + c.below(40));
}

/** What cells are filled with: whole numbers (all sums exact), numbers of both signs, or those with special values among them. */
export type Filling = "whole" | "ordinary" | "special";

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 5e-324, 1e-40, -1e-310];

export function fill(c: Choices, count: number, filling: Filling): Float64Array {
  return Float64Array.from({ length: count }, () => {
    if (filling === "whole") return c.below(9) - 4;
    if (filling === "special" && c.number() < 0.1) return c.pick(specials);
    return (c.number() - 0.5) * 8;
  });
}

/** Fills the given cells of several executors with the same numbers. */
export function fillCells(seed: number, { given }: RandomProgram, executables: readonly Executable[], filling: Filling): void {
  const c = new Choices(seed);
  for (const executable of executables) if (given.some((cell) => cell.shape[0] === ROWS)) executable.allocateRows(TABLE_ROWS);
  for (const { name, shape } of given) {
    const hasRows = shape[0] === ROWS;
    const values = fill(c, elementCount(shape) * (hasRows ? TABLE_ROWS : 1), filling);
    for (const executable of executables) {
      if (hasRows) executable.writeRows(name, values);
      else executable.write(name, values);
    }
  }
}

/** Index of the first element whose bits differ (any NaN is like any other), or −1. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}

/**
 * A random program whose procedure repeats: results of the shape of a cell are written to it, so that passes go on from one another;
 * with requirements, reasons to stop, kept cells, and a record.
 */
export function randomRepeat(seed: number, rows: boolean, most?: number): RandomProgram {
  const random = randomProgram(seed, rows, most);
  const c = new Choices(seed + 0.5);
  const [procedure] = random.program.procedures as [Program["procedures"][0]];
  const nodes = procedure.writes.map(({ node }) => node).filter((node) => node.shape[0] !== ROWS && elementCount(node.shape) > 0);
  const cells = random.given.filter(({ shape }) => shape[0] !== ROWS && elementCount(shape) > 0);
  // Each cell goes on as one of the results of its shape, or is exchanged with another cell.
  const writes: Write[] = [];
  for (const { name, shape } of cells) {
    const alike = [...nodes, ...cells.map((cell) => input(cell.name, cell.shape))].filter((node) => node.shape.join() === shape.join());
    if (c.number() < 0.8) writes.push({ cell: name, node: c.pick(alike) });
  }
  const kept = cells.filter(() => c.number() < 0.5).map(({ name, shape }) => ({ name: `${name}Kept`, shape, from: name }));
  const results = random.results.filter(() => c.number() < 0.6);
  const counter = input("passes", []);
  const scalar = (): Node => {
    const node = nodes.length === 0 || c.number() < 0.3 ? counter : c.pick(nodes);
    const flat = reshape(node, [elementCount(node.shape)]);
    const at = c.below(elementCount(node.shape));
    return reshape(slice(flat, 0, at, at + 1), []);
  };
  const condition = (likely: boolean): Node => {
    const test = binary(c.pick(["less", "lessEqual"]), scalar(), constant(c.pick([-2, 0, 1, 3])));
    const sooner = binary("less", counter, constant(c.below(9)));
    return likely ? binary("max", test, sooner) : binary("mul", test, binary("sub", constant(1), sooner));
  };
  const list = (make: () => Node): Node[] => Array.from({ length: c.below(3) }, make);
  return {
    given: [...random.given, { name: "passes", shape: [] }],
    results: [...cells, ...kept.map(({ name, shape }) => ({ name, shape })), ...results, { name: "passes", shape: [] }],
    program: {
      dtype: random.program.dtype,
      cells: [...random.program.cells, ...kept.map(({ name, shape }) => ({ name, shape })), { name: "passes", shape: [] }],
      procedures: [
        {
          ...procedure,
          writes: [
            ...writes,
            ...procedure.writes.filter(({ cell }) => results.some(({ name }) => name === cell)),
            { cell: "passes", node: binary("add", counter, constant(1)) },
          ],
          repeat: {
            require: list(() => condition(true)),
            stop: list(() => condition(false)),
            keeps: kept.map(({ name, from }) => ({ from, to: name, when: condition(c.number() < 0.5) })),
            record: [...list(scalar), ...nodes.filter(() => c.number() < 0.2)],
          },
        },
      ],
    },
  };
}
