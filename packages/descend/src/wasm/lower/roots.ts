/**
 * What a loop nest computes for one node: its loop axes, how it reads its operands, which axes are summed, where the result goes.
 *
 * The loop axes of a node are its axes of more than one element, in order, the row axis last. A reduction has those of its
 * operand; a product those of the batch, of a, of b, and the contracted ones.
 */

import { type Node, ROWS } from "../../graph/graph.js";
import type { View } from "./view.js";

/** Where along a loop axis an axis of a node is read: at the index of the loop plus an offset; axis −1 is a fixed place. */
export interface Coord {
  readonly axis: number;
  readonly offset: number;
}

export type Coords = readonly Coord[];

/** How the values of a loop nest make up a result. */
export type Combine = "store" | "sum" | "dot" | "max" | "scatter";

/** The loop nest of one node. */
export interface RootSpec {
  readonly combine: Combine;
  /** Length of each loop axis; ROWS for the rows. */
  readonly axes: readonly number[];
  /** Summed axes, as bits. */
  readonly reduced: number;
  /** Operands read: the node itself (its own primitive applied) for a store; indices and values for a scatter. */
  readonly reads: readonly { readonly node: Node; readonly coords: Coords }[];
  /** Where the result is stored, per axis of the node. */
  readonly place: Coords;
}

/** A node that is computed by a loop nest of its own or together with others. */
export interface Root {
  readonly node: Node;
  readonly spec: RootSpec;
  readonly home: View;
  /** True for a copy of a node that has another home. */
  readonly copy: boolean;
  /** Position in the list of kernels. */
  kernel: number;
  /** Some other loop nest, or the world, reads the result from memory. */
  read: boolean;
}

/** False for a result that is neither stored nor added to anything: it has no memory. */
export function isStored({ read, spec }: Root): boolean {
  return read || spec.combine !== "store";
}

const fixed: Coord = { axis: -1, offset: 0 };

/** Numbers loop axes for the axes of nodes; rows come last. */
class LoopAxes {
  readonly lengths: number[] = [];
  private rows = false;

  /** A loop axis for an axis of this length; `fixed` if it has one element. Rows get their number at the end. */
  add(length: number): Coord {
    if (length === 1) return fixed;
    if (length === ROWS) {
      this.rows = true;
      return { axis: ROWS, offset: 0 };
    }
    this.lengths.push(length);
    return { axis: this.lengths.length - 1, offset: 0 };
  }

  all(): number[] {
    return this.rows ? [...this.lengths, ROWS] : this.lengths;
  }

  /** With the number of the row axis filled in. */
  finish(coords: readonly Coord[]): Coords {
    return coords.map((coord) =>
      coord.offset === 0 && coord.axis === ROWS && coord !== fixed ? { axis: this.lengths.length, offset: 0 } : coord,
    );
  }
}

/** Coordinates of a node in the loop nest of its own shape. */
export function identityCoords(node: Node): Coords {
  const loops = new LoopAxes();
  return loops.finish(node.shape.map((length) => loops.add(length)));
}

export function storeSpec(node: Node): RootSpec {
  const loops = new LoopAxes();
  const coords = node.shape.map((length) => loops.add(length));
  const place = loops.finish(coords);
  return { combine: "store", axes: loops.all(), reduced: 0, reads: [{ node, coords: place }], place };
}

/** The loop nest that computes a node by its own primitive. */
export function rootSpec(node: Node): RootSpec {
  switch (node.op) {
    case "sum":
    case "reduceMax": {
      const x = node.inputs[0]!;
      const loops = new LoopAxes();
      const coords = loops.finish(x.shape.map((length) => loops.add(length)));
      let reduced = 0;
      for (const axis of node.attributes.axes) if (coords[axis] !== fixed) reduced |= 1 << coords[axis]!.axis;
      const place = coords.filter((_, axis) => !node.attributes.axes.includes(axis));
      const combine = reduced === 0 ? "store" : node.op === "sum" ? "sum" : "max";
      return { combine, axes: loops.all(), reduced, reads: [{ node: x, coords }], place };
    }
    case "dot":
      return dotSpec(node);
    case "scatterAdd": {
      const [indices, values] = node.inputs as [Node, Node];
      const loops = new LoopAxes();
      const coords = loops.finish(values.shape.map((length) => loops.add(length)));
      const lead = indices.shape.length;
      return {
        combine: "scatter",
        axes: loops.all(),
        reduced: 0,
        reads: [
          { node: indices, coords: coords.slice(0, lead) },
          { node: values, coords },
        ],
        place: [fixed, ...coords.slice(lead)],
      };
    }
    default:
      return storeSpec(node);
  }
}

function dotSpec(node: Extract<Node, { op: "dot" }>): RootSpec {
  const [a, b] = node.inputs as [Node, Node];
  const { batch, contract } = node.attributes;
  const loops = new LoopAxes();
  const aCoords = new Array<Coord>(a.shape.length);
  const bCoords = new Array<Coord>(b.shape.length);
  const place: Coord[] = [];
  for (const [i, j] of batch) {
    const coord = loops.add(a.shape[i]!);
    aCoords[i] = coord;
    bCoords[j] = coord;
    place.push(coord);
  }
  const paired = (side: 0 | 1, axis: number): boolean => [...batch, ...contract].some((pair) => pair[side] === axis);
  a.shape.forEach((length, i) => {
    if (paired(0, i)) return;
    aCoords[i] = loops.add(length);
    place.push(aCoords[i]!);
  });
  b.shape.forEach((length, j) => {
    if (paired(1, j)) return;
    bCoords[j] = loops.add(length);
    place.push(bCoords[j]!);
  });
  const summed: Coord[] = [];
  for (const [i, j] of contract) {
    const coord = loops.add(a.shape[i]!);
    aCoords[i] = coord;
    bCoords[j] = coord;
    summed.push(coord);
  }
  let reduced = 0;
  for (const coord of loops.finish(summed)) if (coord !== fixed) reduced |= 1 << coord.axis;
  return {
    combine: "dot",
    axes: loops.all(),
    reduced,
    place: loops.finish(place),
    reads: [
      { node: a, coords: loops.finish(aCoords) },
      { node: b, coords: loops.finish(bCoords) },
    ],
  };
}
