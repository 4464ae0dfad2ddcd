/**
 * Small arrays as scalars: such an array (`small.ts`) is never in memory, unless a loop indexes it, but one
 * scalar an element. Slices, reshapes, transposes and concatenations of them are renamings and cost nothing.
 */

import { elementCount, type Node, type Shape } from "../../graph/graph.js";
import { isElementwise } from "../../graph/primitives.js";
import type { Format } from "../format.js";
import { expands, isSmall, SMALL } from "./small.js";
import type { Value, ValueGraph } from "./value.js";
import type { View } from "./view.js";

/** One element of an array. */
export interface ElementOf {
  readonly node: Node;
  readonly index: number;
}

/**
 * The array an element of a view is read from: behind slices, reshapes, transposes, broadcasts and concatenations, as far as `ends` lets.
 */
export function elementSource(node: Node, index: number, ends: (node: Node) => boolean): ElementOf {
  let [current, place] = [node, index];
  for (let first = true; ; first = false) {
    if (!first && ends(current)) return { node: current, index: place };
    const x = current.inputs[0];
    switch (current.op) {
      case "reshape":
        break;
      case "slice": {
        const indices = unflatten(place, current.shape);
        indices[current.attributes.axis]! += current.attributes.start;
        place = flatten(indices, x!.shape);
        break;
      }
      case "transpose": {
        const indices = unflatten(place, current.shape);
        const moved = new Array<number>(indices.length);
        current.attributes.permutation.forEach((axis, i) => {
          moved[axis] = indices[i]!;
        });
        place = flatten(moved, x!.shape);
        break;
      }
      case "broadcast": {
        const indices = unflatten(place, current.shape).slice(current.shape.length - x!.shape.length);
        place = flatten(
          indices.map((i, axis) => (x!.shape[axis] === 1 ? 0 : i)),
          x!.shape,
        );
        break;
      }
      case "concat": {
        const { axis } = current.attributes;
        const indices = unflatten(place, current.shape);
        const part = current.inputs.find((input) => {
          if (indices[axis]! < input.shape[axis]!) return true;
          indices[axis]! -= input.shape[axis]!;
          return false;
        })!;
        [current, place] = [part, flatten(indices, part.shape)];
        continue;
      }
      default:
        return { node: current, index: place };
    }
    current = x!;
  }
}

function unflatten(index: number, shape: Shape): number[] {
  const indices = new Array<number>(shape.length);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return indices;
}

function flatten(indices: readonly number[], shape: Shape): number {
  return indices.reduce((sum, index, axis) => sum * shape[axis]! + index, 0);
}

/** What the expansion needs to know of its surroundings. */
export interface ScalarSources {
  readonly format: Format;
  readonly values: ValueGraph;
  /** The scalars of a small cell. */
  cell(name: string): readonly Value[];
  /** Where an array that is not small, or is the result of a loop, is in memory. */
  memory(node: Node): View;
  rowCount(): Value;
  hasHome(node: Node): boolean;
}

/** The scalars of small arrays, each array taken apart once. */
export class Scalars {
  private readonly known = new Map<Node, readonly Value[]>();
  private readonly sources: ScalarSources;
  private readonly mostElements: number;

  /** @param mostElements - of an array that is taken apart. */
  constructor(sources: ScalarSources, mostElements: number = SMALL) {
    this.sources = sources;
    this.mostElements = mostElements;
  }

  /** The elements of a small array, row-major. */
  elements(node: Node): readonly Value[] {
    const stack = [node];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (this.known.has(top)) {
        stack.pop();
        continue;
      }
      const waiting = this.smallOperands(top).filter((operand) => !this.known.has(operand));
      if (waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
      this.known.set(top, this.expand(top));
      stack.pop();
    }
    return this.known.get(node)!;
  }

  /** Small arrays whose scalars the scalars of `node` are made from. */
  smallOperands(node: Node): Node[] {
    if (!expands(node, this.mostElements)) return [];
    if (isView(node))
      return this.viewSources(node)
        .map((source) => source.node)
        .filter((source) => this.isSmall(source));
    return [...node.inputs];
  }

  /** Arrays in memory that the scalars of `node` are loaded from. */
  memoryOperands(node: Node): Node[] {
    if (!expands(node, this.mostElements)) return [node];
    return isView(node)
      ? this.viewSources(node)
          .map((source) => source.node)
          .filter((source) => !this.isSmall(source))
      : [];
  }

  private isSmall(node: Node): boolean {
    return isSmall(node, this.mostElements);
  }

  private viewSources(node: Node): ElementOf[] {
    const ends = (other: Node): boolean => this.isSmall(other) || this.sources.hasHome(other);
    return Array.from({ length: elementCount(node.shape) }, (_, i) => elementSource(node, i, ends));
  }

  private load(node: Node, index: number): Value {
    const view = this.sources.memory(node);
    const offset = unflatten(index, node.shape).reduce((sum, i, axis) => sum + i * view.strides[axis]!, view.offset);
    return this.sources.values.load({ base: view.base, offset, strides: [] });
  }

  private expand(node: Node): readonly Value[] {
    const { values } = this.sources;
    const count = elementCount(node.shape);
    const each = (make: (i: number) => Value): Value[] => Array.from({ length: count }, (_, i) => make(i));
    if (!expands(node, this.mostElements)) return each((i) => this.load(node, i));
    const operand = (i: number): readonly Value[] => this.known.get(node.inputs[i]!)!;
    if (isElementwise(node.op)) {
      const { op } = node;
      return each((i) =>
        values.apply(
          op,
          node.inputs.map((_, k) => operand(k)[i]!),
        ),
      );
    }
    if (isView(node)) {
      return this.viewSources(node).map((source) =>
        this.isSmall(source.node) ? this.known.get(source.node)![source.index]! : this.load(source.node, source.index),
      );
    }
    switch (node.op) {
      case "constant": {
        const { value } = node.attributes;
        return each((i) => values.constant(typeof value === "number" ? value : value[i]!));
      }
      case "input":
        return this.sources.cell(node.attributes.name);
      case "rowCount":
        return [this.sources.rowCount()];
      case "sum":
      case "reduceMax": {
        const { axes } = node.attributes;
        const x = node.inputs[0]!;
        const groups: Value[][] = each(() => undefined as never).map(() => []);
        operand(0).forEach((value, i) => {
          const kept = unflatten(i, x.shape).filter((_, axis) => !axes.includes(axis));
          groups[flatten(kept, node.shape)]!.push(value);
        });
        return groups.map((group) => (node.op === "sum" ? this.sum(group) : group.reduce((a, b) => values.binary("max", a, b))));
      }
      case "dot":
        return this.dot(node, operand(0), operand(1));
      case "gather": {
        const [table, indices] = node.inputs as [Node, Node];
        const width = count / Math.max(1, elementCount(indices.shape));
        return each((i) => {
          const index = operand(1)[Math.floor(i / width)]!;
          let picked = operand(0)[i % width]!;
          for (let k = 1; k < table.shape[0]!; k++) {
            picked = values.apply("select", [
              values.binary("lessEqual", values.constant(k), index),
              operand(0)[k * width + (i % width)]!,
              picked,
            ]);
          }
          return picked;
        });
      }
      case "scatterAdd": {
        const [indices, x] = operandsOf(node, operand);
        const width = count / node.attributes.size;
        const last = node.attributes.size - 1;
        return each((i) => {
          const target = Math.floor(i / width);
          let total = values.constant(0);
          indices.forEach((index, k) => {
            const above = values.binary("lessEqual", values.constant(target), index);
            const below = values.binary("less", index, values.constant(target + 1));
            const hit =
              target === 0
                ? values.apply("sub", [values.constant(1), values.binary("lessEqual", values.constant(1), index)])
                : target === last
                  ? above
                  : values.apply("mul", [above, below]);
            const here = last === 0 ? values.constant(1) : hit;
            total = values.apply("select", [here, values.binary("add", total, x[k * width + (i % width)]!), total]);
          });
          return total;
        });
      }
      default:
        throw new Error(`no expansion of ${node.op}`);
    }
  }

  /** Rule 1 of `numeric/sum.ts`. */
  private sum(terms: readonly Value[]): Value {
    const { values, format } = this.sources;
    const add = (a: Value, b: Value): Value => values.binary("add", a, b);
    const { lanes } = format;
    if (terms.length === 0) return values.constant(0);
    if (terms.length < 2 * lanes) return terms.reduce(add);
    const inVectors = terms.length - (terms.length % lanes);
    const lane = terms.slice(0, lanes);
    for (let i = lanes; i < inVectors; i++) lane[i % lanes] = add(lane[i % lanes]!, terms[i]!);
    const combined = lanes === 2 ? add(lane[0]!, lane[1]!) : add(add(lane[0]!, lane[1]!), add(lane[2]!, lane[3]!));
    return terms.slice(inVectors).reduce(add, combined);
  }

  /** Rule 4 of `numeric/sum.ts`. */
  private dot(node: Extract<Node, { op: "dot" }>, a: readonly Value[], b: readonly Value[]): Value[] {
    const { values } = this.sources;
    const { batch, contract } = node.attributes;
    const [aShape, bShape] = [node.inputs[0]!.shape, node.inputs[1]!.shape];
    const free = (shape: Shape, side: 0 | 1): number[] =>
      shape.map((_, i) => i).filter((i) => ![...batch, ...contract].some((pair) => pair[side] === i));
    const [freeA, freeB] = [free(aShape, 0), free(bShape, 1)];
    const contractShape = contract.map(([i]) => aShape[i]!);
    const terms = contractShape.reduce((product, d) => product * d, 1);
    return Array.from({ length: elementCount(node.shape) }, (_, place) => {
      const out = unflatten(place, node.shape);
      const aIndex = new Array<number>(aShape.length);
      const bIndex = new Array<number>(bShape.length);
      batch.forEach(([i, j], k) => (aIndex[i] = bIndex[j] = out[k]!));
      freeA.forEach((i, k) => (aIndex[i] = out[batch.length + k]!));
      freeB.forEach((j, k) => (bIndex[j] = out[batch.length + freeA.length + k]!));
      let total = values.constant(0);
      for (let t = 0; t < terms; t++) {
        const inner = unflatten(t, contractShape);
        contract.forEach(([i, j], k) => (aIndex[i] = bIndex[j] = inner[k]!));
        total = values.binary("add", total, values.binary("mul", a[flatten(aIndex, aShape)]!, b[flatten(bIndex, bShape)]!));
      }
      return total;
    });
  }
}

function operandsOf(node: Node, operand: (i: number) => readonly Value[]): (readonly Value[])[] {
  return node.inputs.map((_, i) => operand(i));
}

/** Primitives that only move elements. */
export function isView(node: Node): boolean {
  return node.op === "slice" || node.op === "reshape" || node.op === "transpose" || node.op === "broadcast" || node.op === "concat";
}
