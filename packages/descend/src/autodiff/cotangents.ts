/**
 * The cotangents that arrive at one node, collected until all have come.
 *
 * Pieces (adjoints of slices) are not padded one by one, which would cost n² for a vector read element by element: pieces of the
 * same range are added, the ranges are arranged in as few layers of disjoint ranges as possible, and each layer becomes one
 * `concat` with zeros in its gaps. Elements read singly, or a partition into blocks, give one layer; a window of width w sliding
 * by one gives w.
 */

import { binary, concat, constant } from "../graph/build.js";
import type { Node } from "../graph/graph.js";
import { isZero } from "../graph/simplify/fold-constants.js";
import type { Contribution, Piece } from "./rules/rule.js";

export class Cotangents {
  private readonly whole: Node[] = [];
  private readonly pieces: Piece[] = [];

  private unmasked = 0;

  /** True if everything that arrived came out of a choice, see `masking.ts`. */
  get masked(): boolean {
    return this.unmasked === 0;
  }

  add(contribution: Contribution, masked = false): void {
    if (!masked) this.unmasked++;
    if ("op" in contribution) {
      if (!isZero(contribution)) this.whole.push(contribution);
    } else if (contribution.stop > contribution.start && !isZero(contribution.values)) {
      this.pieces.push(contribution);
    }
  }

  /** Everything that arrived at `node`, added up; undefined if nothing did. */
  total(node: Node): Node | undefined {
    if (this.pieces.length === 0) return this.whole.length === 0 ? undefined : addAll(this.whole);
    const parts = [...this.whole];
    for (const axis of new Set(this.pieces.map((piece) => piece.axis))) {
      for (const layer of layers(mergeEqual(this.pieces.filter((piece) => piece.axis === axis)))) parts.push(assemble(layer, axis, node));
    }
    return parts.length === 0 ? undefined : addAll(parts);
  }
}

/** Sum as a balanced tree: the rounding error grows with the logarithm of the number of parts. */
export function addAll(parts: readonly Node[]): Node {
  let level = parts;
  while (level.length > 1) {
    const next: Node[] = [];
    for (let i = 0; i < level.length; i += 2) next.push(i + 1 < level.length ? binary("add", level[i]!, level[i + 1]!) : level[i]!);
    level = next;
  }
  return level[0]!;
}

function mergeEqual(pieces: readonly Piece[]): Piece[] {
  const byRange = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const range = `${piece.start}:${piece.stop}`;
    const same = byRange.get(range);
    if (same === undefined) byRange.set(range, [piece]);
    else same.push(piece);
  }
  return [...byRange.values()].map((same) => ({ ...same[0]!, values: addAll(same.map((piece) => piece.values)) }));
}

/** Fewest sets of disjoint ranges, each ascending: a range reuses the layer of the range that ended first. */
function layers(pieces: readonly Piece[]): Piece[][] {
  const byStart = [...pieces].sort((a, b) => a.start - b.start || a.stop - b.stop);
  const byStop = [...pieces].sort((a, b) => a.stop - b.stop);
  const layerOf = new Map<Piece, Piece[]>();
  const result: Piece[][] = [];
  const free: Piece[][] = [];
  let ended = 0;
  for (const piece of byStart) {
    while (ended < byStop.length && byStop[ended]!.stop <= piece.start && layerOf.has(byStop[ended]!))
      free.push(layerOf.get(byStop[ended++]!)!);
    let layer = free.pop();
    if (layer === undefined) {
      layer = [];
      result.push(layer);
    }
    layer.push(piece);
    layerOf.set(piece, layer);
  }
  return result;
}

function assemble(layer: readonly Piece[], axis: number, node: Node): Node {
  const gap = (length: number): Node =>
    constant(
      0,
      node.shape.map((d, i) => (i === axis ? length : d)),
    );
  const parts: Node[] = [];
  let position = 0;
  for (const piece of layer) {
    if (piece.start > position) parts.push(gap(piece.start - position));
    parts.push(piece.values);
    position = piece.stop;
  }
  if (position < node.shape[axis]!) parts.push(gap(node.shape[axis]! - position));
  return concat(parts, axis);
}
