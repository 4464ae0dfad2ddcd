/**
 * Homes: where the arrays of one section of a pass are in memory, and which roots compute them. A view of an array with a home is found
 * by strides; an array with rows lives in the arena of its sweep, one tile at a time.
 */

import { elementCount, hasRows, type Node, type Shape } from "../../graph/graph.js";
import { type Format, paddedBytes } from "../format.js";
import type { MemoryPlan } from "../memory.js";
import type { Root } from "./roots.js";
import { isView, type Scalars } from "./scalars.js";
import { isSmall } from "./small.js";
import type { Traits } from "./traits.js";
import type { ValueGraph } from "./value.js";
import { type Base, broadcasted, contiguous, pointer, region, reshaped, sliced, transposed, type View } from "./view.js";

/** What the sections of one procedure have in common. */
export interface FusionContext {
  readonly format: Format;
  /** Numbers from one column of a tile to the next. */
  readonly columnRows: number;
  /** All nodes, operands first. */
  readonly order: readonly Node[];
  readonly traits: Traits;
  readonly values: ValueGraph;
  readonly scalars: Scalars;
  /** Static arrays in memory, whichever section computes them. */
  readonly homes: Map<Node, View>;
  /** Columns of the table, in the current tile. */
  readonly columns: ReadonlyMap<Node, View>;
  /** The loop nests that compute static arrays. */
  readonly staticRoots: Map<Node, Root>;
  /** Where a node should be computed to, if it is computed to memory: the cell it is written to. */
  readonly preferred: Map<Node, View>;
  /** Static nodes that sweeps over the rows read. */
  readonly requested: Set<Node>;
  /** Memory that something reads. */
  readonly touched: Set<Base>;
}

export class Homes {
  readonly context: FusionContext;
  /** True for what a sweep does with a tile of rows. */
  readonly rows: boolean;
  /** The arrays in memory that this section can read. */
  readonly places: Map<Node, View>;
  /** The arena of a sweep. */
  readonly arena: Base = pointer("arena");
  arenaBytes = 0;
  /** The roots that compute a node: its own loop nest first, then copies. */
  readonly roots: Map<Node, Root[]> = new Map();
  /** The loop nest that a node's own primitive has. */
  readonly own: Map<Node, Root> = new Map();
  /** Nodes whose parts are computed in place: concatenations, and reshapes of arrays that had to be copied. */
  readonly assembled: Set<Node> = new Set();
  /** Columns of the table copied for matrix products. */
  readonly unpacked: Map<Node, Root> = new Map();

  constructor(context: FusionContext, rows: boolean) {
    this.context = context;
    this.rows = rows;
    // Arrays with rows are computed anew in each sweep that needs them.
    this.places = rows ? new Map(context.columns) : context.homes;
  }

  /** A place in the arena. */
  newArray(shape: Shape): View {
    const { format, columnRows } = this.context;
    const view = contiguous(this.arena, this.arenaBytes, shape, format.bytes, columnRows);
    this.arenaBytes += paddedBytes(elementCount(shape) * columnRows * format.bytes);
    return view;
  }

  /** A place of its own for a node. */
  protected newHome(node: Node): View {
    const { format, columnRows } = this.context;
    if (!hasRows(node))
      return contiguous(region(paddedBytes(elementCount(node.shape) * format.bytes)), 0, node.shape, format.bytes, columnRows);
    return this.newArray(node.shape);
  }

  /** Where a node is in memory, if it is. */
  viewOf(node: Node): View | undefined {
    const home = this.places.get(node) ?? (hasRows(node) ? undefined : this.context.homes.get(node));
    if (home !== undefined) return home;
    if (isSmall(node)) return undefined;
    const x = node.inputs[0];
    switch (node.op) {
      case "slice": {
        const view = this.viewOf(x!);
        return view && sliced(view, node.attributes.axis, node.attributes.start, node.attributes.stop);
      }
      case "transpose": {
        const view = this.viewOf(x!);
        return view && transposed(view, node.attributes.permutation);
      }
      case "broadcast": {
        const view = this.viewOf(x!);
        return view && broadcasted(view, node.shape);
      }
      case "reshape": {
        const view = this.viewOf(x!);
        return view && reshaped(view, node.shape);
      }
      default:
        return undefined;
    }
  }

  /** The array with a home that a view shows. */
  sourceOf(node: Node): Node {
    let source = node;
    while (!this.places.has(source) && isView(source) && source.op !== "concat") source = source.inputs[0]!;
    return source;
  }

  /** Notes that a node is read from memory, so that whoever computes it stores it. */
  reading(node: Node): View {
    const view = this.viewOf(node)!;
    this.touch(view.base);
    const source = this.sourceOf(node);
    const root = this.own.get(source) ?? this.context.staticRoots.get(source);
    if (root !== undefined) root.read = true;
    return view;
  }

  /** Notes that something reads this memory. */
  protected touch(base: Base): void {
    this.context.touched.add(base);
  }
}

/** What is where before anything is computed: large cells, large literals, and columns of the table. */
export function initialHomes(order: readonly Node[], memory: MemoryPlan): { homes: Map<Node, View>; columns: Map<Node, View> } {
  const homes = new Map<Node, View>();
  const columns = new Map<Node, View>();
  for (const node of order) {
    if (node.op === "input") {
      const { cell, small } = memory.cell(node.attributes.name);
      if (hasRows(node)) columns.set(node, memory.view(cell.name));
      else if (!small) homes.set(node, memory.view(cell.name));
    } else if (node.op === "constant" && typeof node.attributes.value !== "number" && !isSmall(node)) {
      homes.set(node, contiguous(memory.addConstant(node.attributes.value), 0, node.shape, memory.format.bytes, memory.columnRows));
    }
  }
  return { homes, columns };
}
