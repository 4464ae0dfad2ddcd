/** Coordinates of nodes in a loop nest: through views to their operands, and to addresses in memory. */

import { type Node, ROWS } from "../../graph/graph.js";
import type { Format } from "../format.js";
import type { Coord, Coords } from "./roots.js";
import type { Access } from "./value.js";
import { contiguous, type View } from "./view.js";

const fixed: Coord = { axis: -1, offset: 0 };

/** The operand that a view shows at `coords`; undefined if no coordinates of the operand say it. */
export function viewOperand(node: Node, coords: Coords, axes: readonly number[]): { node: Node; coords: Coords } | undefined {
  const x = node.inputs[0]!;
  switch (node.op) {
    case "slice":
      return {
        node: x,
        coords: coords.map((coord, i) => (i === node.attributes.axis ? { ...coord, offset: coord.offset + node.attributes.start } : coord)),
      };
    case "transpose": {
      const inner = new Array<Coord>(coords.length);
      node.attributes.permutation.forEach((axis, i) => {
        inner[axis] = coords[i]!;
      });
      return { node: x, coords: inner };
    }
    case "broadcast": {
      const extra = node.shape.length - x.shape.length;
      return { node: x, coords: x.shape.map((length, i) => (length === 1 ? fixed : coords[i + extra]!)) };
    }
    case "reshape": {
      const long = (shape: readonly number[]): number[] => shape.map((_, i) => i).filter((i) => shape[i] !== 1);
      const [from, to] = [long(node.shape), long(x.shape)];
      if (from.length !== to.length || from.some((axis, i) => node.shape[axis] !== x.shape[to[i]!])) return undefined;
      return { node: x, coords: x.shape.map((length, i) => (length === 1 ? fixed : coords[from[to.indexOf(i)]!]!)) };
    }
    case "concat": {
      const { axis } = node.attributes;
      const coord = coords[axis]!;
      const length = coord.axis < 0 ? 1 : axes[coord.axis]!;
      let start = 0;
      for (const part of node.inputs) {
        const stop = start + part.shape[axis]!;
        if (coord.offset >= start && coord.offset + length <= stop) {
          const inside = part.shape[axis] === 1 ? fixed : { axis: coord.axis, offset: coord.offset - start };
          return { node: part, coords: coords.map((c, i) => (i === axis ? inside : c)) };
        }
        start = stop;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

export function sameCoords(a: Coords, b: Coords): boolean {
  return a.length === b.length && a.every((coord, i) => coord.axis === b[i]!.axis && coord.offset === b[i]!.offset);
}

export function flatIndex(node: Node, coords: Coords): number {
  return coords.reduce((index, coord, axis) => index * node.shape[axis]! + coord.offset, 0);
}

/** True if the elements are neighbors, row-major. */
export function isContiguous(view: View, { format, columnRows }: { readonly format: Format; readonly columnRows: number }): boolean {
  const { strides } = contiguous(view.base, view.offset, view.shape, format.bytes, columnRows);
  return strides.every((stride, axis) => view.shape[axis] === 1 || stride === view.strides[axis]);
}

/** The addresses of a view along the axes of a loop nest. The row axis counts blocks; one axis more counts the rows of a block. */
export function accessOf(view: View, coords: Coords, axes: number): Access {
  const strides = new Array<number>(axes + 1).fill(0);
  let offset = view.offset;
  coords.forEach((coord, i) => {
    offset += coord.offset * view.strides[i]!;
    if (view.shape[i] === ROWS) {
      strides[coord.axis]! += view.strides[i] === 0 ? 0 : view.blockStride;
      strides[axes]! += view.strides[i]!;
    } else if (coord.axis >= 0) {
      strides[coord.axis]! += view.strides[i]!;
    }
  });
  return { base: view.base, offset, strides };
}
