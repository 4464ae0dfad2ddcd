/**
 * Reference semantics of the primitives that move or add elements: arrays are row-major `Float64Array`s with concrete
 * lengths (the row axis has its number of rows).
 */

import { invariant } from "../errors.js";
import { type SumOrder, sumLanes, sumLeftToRight, sumRows } from "../numeric/sum.js";
import { type Attributes, elementCount, type Node, ROWS, type Shape } from "./graph.js";

/** A row-major array with concrete lengths. */
export interface Dense {
  readonly lengths: readonly number[];
  readonly values: Float64Array;
}

/** The lengths of a shape for `rows` rows. */
export function concreteLengths(shape: Shape, rows: number): number[] {
  return shape.map((d) => (d === ROWS ? rows : d));
}

/** Steps between neighbors along each axis of a row-major array. */
function strides(lengths: readonly number[]): number[] {
  const result = new Array<number>(lengths.length);
  let step = 1;
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    result[axis] = step;
    step *= lengths[axis]!;
  }
  return result;
}

/** Offsets of all places of the given axes, row-major (last axis fastest); `[0]` for no axes. */
function offsets(lengths: readonly number[], steps: readonly number[]): number[] {
  let result = [0];
  for (let axis = 0; axis < lengths.length; axis++) {
    const next: number[] = [];
    for (const base of result) for (let i = 0; i < lengths[axis]!; i++) next.push(base + i * steps[axis]!);
    result = next;
  }
  return result;
}

function pick(list: readonly number[], axes: readonly number[]): number[] {
  return axes.map((axis) => list[axis]!);
}

function taken(x: Dense, lengths: readonly number[], steps: readonly number[], start = 0): Float64Array {
  return Float64Array.from(offsets(lengths, steps), (offset) => x.values[start + offset]!);
}

export function broadcastTo(x: Dense, lengths: readonly number[]): Float64Array {
  const missing = lengths.length - x.lengths.length;
  const own = strides(x.lengths);
  return taken(
    x,
    lengths,
    lengths.map((_, axis) => (axis < missing || x.lengths[axis - missing] === 1 ? 0 : own[axis - missing]!)),
  );
}

export function transposed(x: Dense, permutation: readonly number[]): Float64Array {
  return taken(x, pick(x.lengths, permutation), pick(strides(x.lengths), permutation));
}

export function sliced(x: Dense, { axis, start, stop }: Attributes["slice"]): Float64Array {
  const steps = strides(x.lengths);
  return taken(
    x,
    x.lengths.map((d, i) => (i === axis ? stop - start : d)),
    steps,
    start * steps[axis]!,
  );
}

export function concatenated(parts: readonly Dense[], axis: number, lengths: readonly number[]): Float64Array {
  const out = new Float64Array(lengths.reduce((a, b) => a * b, 1));
  const steps = strides(lengths);
  let place = 0;
  for (const part of parts) {
    offsets(part.lengths, steps).forEach((offset, i) => {
      out[place * steps[axis]! + offset] = part.values[i]!;
    });
    place += part.lengths[axis]!;
  }
  return out;
}

/** Sum over `axes` in the order of `numeric/sum.ts`; `rowAxis` says that axis 0 is the row axis. */
export function summed(x: Dense, axes: readonly number[], rowAxis: boolean, order: SumOrder): Float64Array {
  const steps = strides(x.lengths);
  const kept = x.lengths.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const overRows = rowAxis && axes.includes(0);
  const inner = axes.filter((axis) => !(rowAxis && axis === 0));
  const innerOffsets = offsets(pick(x.lengths, inner), pick(steps, inner));
  const elements = new Float64Array(innerOffsets.length);
  const sumInner = (base: number): number => {
    for (let i = 0; i < innerOffsets.length; i++) elements[i] = x.values[base + innerOffsets[i]!]!;
    return rowAxis ? sumLeftToRight(elements, 0, elements.length, order.round) : sumLanes(elements, order);
  };
  const rowSums = new Float64Array(overRows ? x.lengths[0]! : 0);
  return Float64Array.from(offsets(pick(x.lengths, kept), pick(steps, kept)), (base) => {
    if (!overRows) return sumInner(base);
    for (let r = 0; r < rowSums.length; r++) rowSums[r] = sumInner(base + r * steps[0]!);
    return sumRows(rowSums, order);
  });
}

/** Largest element over `axes`, NaN if there is one, −∞ of no rows. */
export function largest(x: Dense, axes: readonly number[]): Float64Array {
  const steps = strides(x.lengths);
  const kept = x.lengths.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const reduced = offsets(pick(x.lengths, axes), pick(steps, axes));
  return Float64Array.from(offsets(pick(x.lengths, kept), pick(steps, kept)), (base) =>
    reduced.reduce((most, offset) => Math.max(most, x.values[base + offset]!), Number.NEGATIVE_INFINITY),
  );
}

/** A whole number from 0 to size − 1: truncated and clamped, NaN is 0. */
function indexOf(value: number, size: number): number {
  const whole = Math.trunc(value);
  return Number.isNaN(whole) ? 0 : Math.min(Math.max(whole, 0), size - 1);
}

export function gathered(table: Dense, indices: Dense): Float64Array {
  const width = table.values.length / table.lengths[0]!;
  const out = new Float64Array(indices.values.length * width);
  indices.values.forEach((value, i) => {
    const row = indexOf(value, table.lengths[0]!);
    out.set(table.values.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

/** Values added in row-major order of the indices, each place starting as 0. */
export function scattered(indices: Dense, values: Dense, size: number, round: (value: number) => number): Float64Array {
  const width = elementCount(values.lengths.slice(indices.lengths.length));
  const out = new Float64Array(size * width);
  indices.values.forEach((value, i) => {
    const place = indexOf(value, size) * width;
    for (let j = 0; j < width; j++) out[place + j] = round(out[place + j]! + values.values[i * width + j]!);
  });
  return out;
}

/** Sums of products in the order of `numeric/sum.ts`, rule 4. */
export function dotted(node: Extract<Node, { op: "dot" }>, a: Dense, b: Dense, order: SumOrder): Float64Array {
  const { contract, batch } = node.attributes;
  const { round } = order;
  const [aShape, bShape] = [node.inputs[0]!.shape, node.inputs[1]!.shape];
  const aSteps = strides(a.lengths);
  const bSteps = strides(b.lengths);
  const free = (lengths: readonly number[], side: 0 | 1): number[] =>
    lengths.map((_, axis) => axis).filter((axis) => ![...contract, ...batch].some((pair) => pair[side] === axis));
  const freeA = free(a.lengths, 0);
  const freeB = free(b.lengths, 1);
  const rowPair = contract.find(([i]) => aShape[i] === ROWS);
  invariant(rowPair === undefined || (rowPair[0] === 0 && rowPair[1] === 0 && bShape[0] === ROWS), "rows are contracted with rows");
  const inner = contract.filter((pair) => pair !== rowPair);
  const innerA = offsets(
    inner.map(([i]) => a.lengths[i]!),
    inner.map(([i]) => aSteps[i]!),
  );
  const innerB = offsets(
    inner.map(([i]) => a.lengths[i]!),
    inner.map(([, j]) => bSteps[j]!),
  );
  const products = (baseA: number, baseB: number): number => {
    let total = 0;
    for (let k = 0; k < innerA.length; k++) total = round(total + round(a.values[baseA + innerA[k]!]! * b.values[baseB + innerB[k]!]!));
    return total;
  };
  const rowProducts = new Float64Array(rowPair === undefined ? 0 : a.lengths[0]!);
  const element = (baseA: number, baseB: number): number => {
    if (rowPair === undefined) return products(baseA, baseB);
    for (let r = 0; r < rowProducts.length; r++) rowProducts[r] = products(baseA + r * aSteps[0]!, baseB + r * bSteps[0]!);
    return sumRows(rowProducts, order);
  };
  const batchLengths = batch.map(([i]) => a.lengths[i]!);
  const batchA = offsets(
    batchLengths,
    batch.map(([i]) => aSteps[i]!),
  );
  const batchB = offsets(
    batchLengths,
    batch.map(([, j]) => bSteps[j]!),
  );
  const offsetsA = offsets(pick(a.lengths, freeA), pick(aSteps, freeA));
  const offsetsB = offsets(pick(b.lengths, freeB), pick(bSteps, freeB));
  const out = new Float64Array(batchA.length * offsetsA.length * offsetsB.length);
  let place = 0;
  for (let g = 0; g < batchA.length; g++) {
    for (const i of offsetsA) for (const j of offsetsB) out[place++] = element(batchA[g]! + i, batchB[g]! + j);
  }
  return out;
}
