/** Accumulators of a sweep: memory for the partial sums and maxima of every segment. */

import { elementCount, type Node } from "../../graph/graph.js";
import { paddedBytes } from "../format.js";
import type { Fusion } from "../lower/fuse.js";
import { contiguous, type Pointer, pointer, type Region, region, type View } from "../lower/view.js";
import type { MemoryPlan } from "../memory.js";

/** Accumulators of one segment: sums first, then maxima. */
export interface Accumulators {
  /** Of all segments; the combined ones are in its first. */
  readonly region: Region;
  /** Those of the segment that is being filled. */
  readonly segment: Pointer;
  readonly segmentBytes: number;
  readonly sums: number;
  readonly maxima: number;
  readonly maxSegments: number;
}

/** Most segments: 64, fewer if their accumulators would be large. */
function maxSegments(accumulators: number): number {
  return Math.min(64, Math.max(8, Math.floor(2 ** 19 / Math.max(1, accumulators))));
}

/** Memory for the partial sums of a sweep, and where the combined ones are afterwards. */
export function planAccumulators(
  memory: MemoryPlan,
  name: string,
  reductions: readonly Node[],
  fusion: Fusion,
): { accumulators: Accumulators; views: Map<Node, View> } {
  const { format, columnRows } = memory;
  const isMaximum = (node: Node): boolean => node.op === "reduceMax";
  const ordered = [...reductions.filter((node) => !isMaximum(node)), ...reductions.filter(isMaximum)];
  const count = (nodes: readonly Node[]): number => nodes.reduce((sum, node) => sum + elementCount(node.shape), 0);
  const sums = count(reductions.filter((node) => !isMaximum(node)));
  const maxima = count(reductions.filter(isMaximum));
  const segments = maxSegments(sums + maxima);
  const segmentBytes = paddedBytes((sums + maxima) * format.bytes);
  const place = memory.add(region(segments * segmentBytes));
  const segment = pointer(`accumulators of ${name}`);
  const views = new Map<Node, View>();
  let offset = 0;
  for (const node of ordered) {
    if (elementCount(node.shape) > 0) {
      fusion.wantRowReduction(node, contiguous(segment, offset, node.shape, format.bytes, columnRows));
      views.set(node, contiguous(place, offset, node.shape, format.bytes, columnRows));
    }
    offset += elementCount(node.shape) * format.bytes;
  }
  return { accumulators: { region: place, segment, segmentBytes, sums, maxima, maxSegments: segments }, views };
}
