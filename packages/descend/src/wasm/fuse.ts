/**
 * Fusion: which nodes get a loop nest, which loop nests become one, and which arrays exist in memory.
 *
 * A node is *lazy* if its readers compute it in place: elementwise primitives, and views. A *root* has a place in a loop
 * nest: reductions, products, arrays that are read in several loops, and outputs. Roots with the same loop axes share a nest
 * (a {@link Kernel}) as far as their dependencies allow; inside a nest they read each other from registers.
 *
 * One `Fusion` lays out one section of a pass: the static nodes between two sweeps over the rows, or what a sweep does with a tile.
 */

import { invariant } from "../errors.js";
import { elementCount, hasRows, type Node, ROWS, type Shape, sameShape } from "../graph/graph.js";
import { isElementwise } from "../graph/primitives.js";
import { accessOf, flatIndex, isContiguous, sameCoords, viewOperand } from "./access.js";
import { type Format, paddedBytes } from "./format.js";
import { type Coord, type Coords, identityCoords, type Root, type RootSpec, rootSpec, storeSpec } from "./roots.js";
import { expands, isSmall, isView, type Scalars } from "./scalars.js";
import type { Traits } from "./traits.js";
import type { Value, ValueGraph } from "./value.js";
import { type Base, BLOCK_BYTES, broadcasted, contiguous, pointer, region, reshaped, sliced, transposed, type View } from "./view.js";

/** One loop nest, a group of scalars to be stored, or a matrix product. */
export interface Kernel {
  readonly kind: "nest" | "scalars" | "matmul";
  readonly axes: readonly number[];
  /** Summed axes as bits; of roots that are not reductions none are. */
  reduced: number;
  readonly roots: Root[];
  /** Numbers read from memory or registers of the loop in one iteration, roughly. */
  operands: number;
  /** What each root computes, once {@link Fusion.buildBodies} has run; scatters have indices and values. */
  bodies: (readonly Value[])[];
}

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

/** Accumulators a loop may have: with their operands they fill the registers. */
const MAX_ACCUMULATORS = 7;
/** Operands of a loop beyond which accumulators do not join it: they would be spilled in every iteration. */
const MAX_OPERANDS = 24;
/** Multiplications from which a product is worth the packed matrix kernel. */
const MATMUL_WORK = 16384;

const fixed: Coord = { axis: -1, offset: 0 };

/** What a walk through the lazy nodes of an expression meets. */
interface Visitor {
  /** A root of this section. */
  root(node: Node, coords: Coords): void;
  /** An array in memory from elsewhere. */
  memory(node: Node): void;
  /** A small array: at a fixed place one of its scalars, otherwise its copy in memory. */
  small(node: Node, isFixed: boolean): void;
  /** A node that cannot be read lazily here. */
  opaque(node: Node): void;
}

export class Fusion {
  readonly kernels: Kernel[] = [];
  /** The arena of a sweep: arrays with rows live in it, one tile at a time. */
  readonly arena: Base = pointer("arena");
  arenaBytes = 0;
  private readonly context: FusionContext;
  private readonly rows: boolean;
  private readonly homes: Map<Node, View>;
  /** The roots that compute a node: its own loop nest first, then copies. */
  private readonly roots = new Map<Node, Root[]>();
  private readonly own = new Map<Node, Root>();
  /** Nodes whose parts are computed in place: concatenations, and reshapes of arrays that had to be copied. */
  private readonly assembled = new Set<Node>();
  /** Columns of the table copied for matrix products. */
  private readonly unpacked = new Map<Node, Root>();
  private readonly pending: (() => void)[] = [];
  private readonly scalarsWanted = new Set<Node>();
  private readonly available = new Map<Node, number>();
  private readonly spilled = new Map<Node, number>();

  constructor(context: FusionContext, rows: boolean) {
    this.context = context;
    this.rows = rows;
    // Arrays with rows are computed anew in each sweep that needs them.
    this.homes = rows ? new Map(context.columns) : context.homes;
  }

  // ---- What is wanted -------------------------------------------------------------------------------------------------

  /** Makes the scalars of a small static node computable. */
  wantScalars(node: Node): void {
    const seen = this.scalarsWanted;
    const stack = seen.has(node) ? [] : [node];
    seen.add(node);
    while (stack.length > 0) {
      const top = stack.pop()!;
      for (const source of this.context.scalars.memoryOperands(top)) this.memory(source);
      for (const operand of this.context.scalars.smallOperands(top)) {
        if (!seen.has(operand)) stack.push(operand);
        seen.add(operand);
      }
    }
    this.explorePending();
  }

  /** Makes the elements of a node readable in memory. */
  wantMemory(node: Node): View {
    const view = this.memory(node);
    this.explorePending();
    return view;
  }

  /** Stores a node at a given place. */
  wantAt(node: Node, view: View): void {
    if (elementCount(node.shape) === 0) return;
    if (this.homes.get(node) === view) this.reading(node);
    else if (this.own.has(node) || !this.settle(node, view, true)) this.copyTo(node, view);
    this.explorePending();
  }

  /** A place in the arena. */
  newArray(shape: Shape): View {
    const { format, columnRows } = this.context;
    const view = contiguous(this.arena, this.arenaBytes, shape, format.bytes, columnRows);
    this.arenaBytes += paddedBytes(elementCount(shape) * columnRows * format.bytes);
    return view;
  }

  /** Computes a static node that a sweep asked for. */
  wantRequested(node: Node): void {
    const view = this.homes.get(node)!;
    this.touch(view.base);
    this.homes.delete(node);
    if (isSmall(node) && expands(node)) {
      this.homes.set(node, view);
      this.spillTo(node, view);
    } else {
      invariant(this.settle(node, view, true), `${node.op} can be computed to memory`);
    }
    this.explorePending();
  }

  /** A sum or maximum over the rows, added to the accumulators of a segment. */
  wantRowReduction(node: Node, view: View): void {
    this.addRoot(node, view, rootSpec(node), true);
    this.explorePending();
  }

  // ---- Which nodes are in memory --------------------------------------------------------------------------------------

  /** Where a matrix product finds an operand: in one piece, so columns of the table are copied to the arena first. */
  matmulOperand(node: Node): View {
    const view = this.memory(node);
    if (!hasRows(node) || view.blockStride === BLOCK_BYTES) return view;
    let copy = this.unpacked.get(node);
    if (copy === undefined) {
      copy = this.copyTo(node, this.newArray(node.shape));
      this.unpacked.set(node, copy);
    }
    return copy.home;
  }

  /** Where a node is in memory, if it is. */
  viewOf(node: Node): View | undefined {
    const home = this.homes.get(node) ?? (hasRows(node) ? undefined : this.context.homes.get(node));
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

  private touch(base: Base): void {
    this.context.touched.add(base);
  }

  /** Brings a node into memory, by a loop nest of its own if there is no other way. */
  private memory(node: Node): View {
    let view = this.viewOf(node);
    if (view === undefined && isView(node) && node.op !== "concat" && !isSmall(node)) {
      this.memory(node.inputs[0]!);
      view = this.viewOf(node);
    }
    if (view !== undefined) return view;
    const home = this.context.preferred.get(node) ?? this.newHome(node);
    if (this.rows && !hasRows(node)) {
      // A sweep reads static arrays; the section before it computes them.
      this.context.requested.add(node);
      this.context.homes.set(node, home);
    } else if (isSmall(node) && expands(node)) {
      this.homes.set(node, home);
      this.spillTo(node, home);
    } else {
      invariant(this.settle(node, home, false), `${node.op} can be computed to memory`);
    }
    return this.viewOf(node)!;
  }

  private newHome(node: Node): View {
    const { format, columnRows } = this.context;
    if (!hasRows(node))
      return contiguous(region(paddedBytes(elementCount(node.shape) * format.bytes)), 0, node.shape, format.bytes, columnRows);
    return this.newArray(node.shape);
  }

  /** Stores the scalars of a small array at a place. */
  private spillTo(node: Node, view: View, placedWith: Node = node): Root {
    const root: Root = { node, spec: storeSpec(node), home: view, copy: true, kernel: -1, read: true };
    this.touch(view.base);
    this.addTo(placedWith, root);
    this.pending.push(() => this.wantScalars(node));
    return root;
  }

  /** Has a node computed to a place that is its home from now on; false if it must be copied there instead. */
  private settle(node: Node, view: View, read: boolean): boolean {
    if (this.homes.has(node) || (isSmall(node) && expands(node)) || node.op === "input" || (this.rows && !hasRows(node))) return false;
    if (node.op === "constant" && typeof node.attributes.value !== "number") return false;
    // A scatter clears its target first, which must be one stretch of memory.
    if (node.op === "scatterAdd" && !isContiguous(view, this.context)) return false;
    if (node.op === "concat") {
      this.settleConcat(node, view);
    } else if (node.op === "reshape") {
      const x = node.inputs[0]!;
      const inner = reshaped(view, x.shape);
      if (inner === undefined) return false;
      this.homes.set(node, view);
      this.assembled.add(node);
      if (!this.settle(x, inner, true)) this.copyTo(x, inner, node);
    } else {
      this.addRoot(node, view, rootSpec(node), read);
    }
    return true;
  }

  /** The parts of a concatenation are computed in place. */
  private settleConcat(node: Node, view: View): void {
    invariant(node.op === "concat", "a concatenation");
    this.homes.set(node, view);
    this.assembled.add(node);
    const { axis } = node.attributes;
    let start = 0;
    for (const part of node.inputs) {
      const stop = start + part.shape[axis]!;
      const place = sliced(view, axis, start, stop);
      start = stop;
      if (elementCount(part.shape) === 0) continue;
      if (this.viewOf(part) !== undefined || !this.settle(part, place, true)) this.copyTo(part, place, node);
    }
  }

  /** Copies a node that is somewhere else, or is not worth a place of its own, to a place. */
  private copyTo(node: Node, view: View, placedWith: Node = node): Root {
    if (isSmall(node) && !this.rows) return this.spillTo(node, view, placedWith);
    const root: Root = { node, spec: storeSpec(node), home: view, copy: true, kernel: -1, read: true };
    this.touch(view.base);
    this.addTo(placedWith, root);
    this.pending.push(() => this.exploreReads(root));
    return root;
  }

  private addRoot(node: Node, home: View, spec: RootSpec, read: boolean): Root {
    const root: Root = { node, spec, home, copy: false, kernel: -1, read };
    if (read) this.touch(home.base);
    this.homes.set(node, home);
    this.own.set(node, root);
    if (!hasRows(node)) this.context.staticRoots.set(node, root);
    this.addTo(node, root);
    this.pending.push(() => this.exploreReads(root));
    return root;
  }

  private addTo(node: Node, root: Root): void {
    const list = this.roots.get(node);
    if (list === undefined) this.roots.set(node, [root]);
    else if (root.copy) list.push(root);
    else list.unshift(root);
  }

  private explorePending(): void {
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) next();
  }

  /** Finds what the loop nest of a root reads, and makes roots of what it cannot compute in place. */
  private exploreReads(root: Root): void {
    if (isMatmul(root.spec, root.node)) {
      for (const { node } of root.spec.reads) this.matmulOperand(node);
      return;
    }
    const { axes } = root.spec;
    this.visitReads(
      root,
      {
        root: () => undefined,
        memory: () => undefined,
        small: (node, isFixed) => {
          if (isFixed && !this.rows) this.pending.push(() => this.wantScalars(node));
          else this.memory(node);
        },
        opaque: (node) => {
          this.memory(node);
        },
      },
      axes,
    );
  }

  // ---- Walking expressions --------------------------------------------------------------------------------------------

  private visitReads(root: Root, visitor: Visitor, axes: readonly number[]): void {
    for (const { node, coords } of root.spec.reads) {
      if (node === root.node && !root.copy) this.visitOperands(node, coords, axes, visitor);
      else this.visit(node, coords, axes, visitor);
    }
  }

  private visit(node: Node, coords: Coords, axes: readonly number[], visitor: Visitor): void {
    if (node.op === "constant" && typeof node.attributes.value === "number") return;
    if (isSmall(node)) {
      visitor.small(node, !this.rows && coords.every((coord) => coord.axis < 0));
      return;
    }
    if (this.own.has(node)) {
      visitor.root(node, coords);
      return;
    }
    if (this.viewOf(node) !== undefined) {
      visitor.memory(node);
      return;
    }
    const isLazy = isElementwise(node.op) || node.op === "gather" || node.op === "rowIndex";
    const along = new Set(coords.map((coord) => coord.axis).filter((axis) => axis >= 0)).size;
    const repeated = along < axes.length && this.context.traits.cost.get(node)! > 1;
    const elsewhere = this.rows && !hasRows(node);
    if (isView(node) ? elsewhere && node.op === "concat" : !isLazy || repeated || elsewhere || this.context.traits.shared.has(node)) {
      visitor.opaque(node);
      return;
    }
    this.visitOperands(node, coords, axes, visitor);
  }

  private visitOperands(node: Node, coords: Coords, axes: readonly number[], visitor: Visitor): void {
    if (isView(node)) {
      const inner = viewOperand(node, coords, axes);
      // What cannot be expressed by coordinates is read from memory.
      if (inner === undefined) visitor.opaque(node);
      else this.visit(inner.node, inner.coords, axes, visitor);
      return;
    }
    if (node.op === "gather") {
      const [table, indices] = node.inputs as [Node, Node];
      if (this.viewOf(table) === undefined) visitor.opaque(table);
      else visitor.memory(table);
      this.visit(indices, coords.slice(0, indices.shape.length), axes, visitor);
      return;
    }
    for (const input of node.inputs) this.visit(input, coords, axes, visitor);
  }

  // ---- Placing roots in kernels ---------------------------------------------------------------------------------------

  /** Puts every root into the first kernel it can join, or a new one. */
  schedule(): void {
    for (const node of this.context.order) {
      let from = 0;
      if (!this.rows && isSmall(node)) {
        for (const source of [...this.context.scalars.smallOperands(node), ...this.context.scalars.memoryOperands(node)]) {
          if (source !== node) from = Math.max(from, this.available.get(source) ?? 0);
        }
      } else {
        for (const input of node.inputs) from = Math.max(from, this.available.get(input) ?? 0);
      }
      if (this.homes.has(node) && !this.own.has(node) && !this.assembled.has(node) && !this.roots.has(node)) from = 0;
      this.available.set(node, from);
      for (const root of this.roots.get(node) ?? []) {
        this.place(root);
        // Another node's part: the concatenation is there when its parts are.
        if (!root.copy || this.assembled.has(node)) this.available.set(node, Math.max(this.available.get(node)!, root.kernel + 1));
      }
    }
  }

  private place(root: Root): void {
    const { spec } = root;
    if (root.copy && isSmall(root.node) && !this.rows) {
      this.join(root, "scalars", [], 0, this.available.get(root.node) ?? 0, 0);
      this.spilled.set(root.node, Math.max(this.spilled.get(root.node) ?? 0, root.kernel + 1));
      return;
    }
    let from = 0;
    const after = (kernel: number): void => {
      from = Math.max(from, kernel);
    };
    if (isMatmul(spec, root.node)) {
      for (const { node } of spec.reads) after(Math.max(this.memoryAvailable(node), (this.unpacked.get(node)?.kernel ?? -1) + 1));
      this.join(root, "matmul", spec.axes, spec.reduced, from, 0);
      return;
    }
    let operands = 0;
    const operand = (kernel: number): void => {
      operands++;
      after(kernel);
    };
    this.visitReads(
      root,
      {
        root: (node, coords) => {
          const other = this.own.get(node)!;
          operand(this.sharesRegisters(other, coords, spec) ? other.kernel : other.kernel + 1);
        },
        memory: (node) => operand(this.memoryAvailable(node)),
        small: (node, isFixed) => operand(isFixed ? (this.available.get(node) ?? 0) : this.memoryAvailable(node)),
        opaque: (node) => operand(this.memoryAvailable(node)),
      },
      spec.axes,
    );
    this.join(root, "nest", spec.axes, spec.reduced, from, operands);
  }

  private memoryAvailable(node: Node): number {
    const source = this.sourceOf(node);
    return (isSmall(source) ? this.spilled.get(source) : undefined) ?? this.available.get(source) ?? 0;
  }

  /** True if a read at `coords` finds the result of `other` in a register of the same nest. */
  private sharesRegisters(other: Root, coords: Coords, spec: RootSpec): boolean {
    return other.spec.combine === "store" && sameShape(other.spec.axes, spec.axes) && sameCoords(coords, identityCoords(other.node));
  }

  private join(root: Root, kind: Kernel["kind"], axes: readonly number[], reduced: number, from: number, operands: number): void {
    const full = (1 << axes.length) - 1;
    for (let k = from; k < this.kernels.length && kind !== "matmul"; k++) {
      const kernel = this.kernels[k]!;
      if (kernel.kind !== kind || !sameShape(kernel.axes, axes)) continue;
      const scatters = kernel.roots.some((other) => other.spec.combine === "scatter") || root.spec.combine === "scatter";
      if (scatters && (kernel.reduced | reduced) !== 0) continue;
      const allOrNone = (mask: number): boolean => mask === 0 || mask === full;
      const fits = kernel.reduced === reduced || (allOrNone(kernel.reduced) && allOrNone(reduced));
      const accumulators = kernel.roots.filter((other) => other.spec.reduced !== 0).length;
      const mostAccumulators = kernel.operands + operands > MAX_OPERANDS ? 2 : MAX_ACCUMULATORS;
      if (!fits || (reduced !== 0 && accumulators >= mostAccumulators)) continue;
      kernel.roots.push(root);
      kernel.operands += operands;
      kernel.reduced |= reduced;
      root.kernel = k;
      return;
    }
    root.kernel = this.kernels.length;
    this.kernels.push({ kind, axes, reduced, roots: [root], operands, bodies: [] });
  }

  // ---- The values a kernel computes -----------------------------------------------------------------------------------

  /** Writes the expressions of every nest; notes which results are read from memory. */
  buildBodies(): void {
    const { values } = this.context;
    for (const kernel of this.kernels) {
      if (kernel.kind === "matmul") {
        for (const { node } of kernel.roots[0]!.spec.reads) this.reading(node);
        continue;
      }
      const local = new Map<Node, Value>();
      kernel.bodies = kernel.roots.map((root) => {
        if (kernel.kind === "scalars") return this.context.scalars.elements(root.node);
        const reads = root.spec.reads.map(({ node, coords }) =>
          node === root.node && !root.copy ? this.compute(node, coords, kernel, local) : this.read(node, coords, kernel, local),
        );
        if (root.spec.combine === "scatter") {
          const { shape } = root.node;
          const index = values.place(reads[0]!, shape[0]!, root.home.strides[0]!);
          return [index, values.number(reads[1]!)];
        }
        let value = root.spec.combine === "store" ? reads[0]! : values.number(reads[0]!);
        if (root.node.op === "dot" && !root.copy) {
          value = values.binary("mul", values.number(reads[0]!), values.number(reads[1]!));
          if (root.spec.reduced === 0) value = values.binary("add", values.constant(0), value);
        }
        if (root.spec.combine === "store" && !root.copy) local.set(root.node, value);
        return [value];
      });
    }
  }

  private read(node: Node, coords: Coords, kernel: Kernel, local: ReadonlyMap<Node, Value>): Value {
    const { values, scalars } = this.context;
    if (node.op === "constant" && typeof node.attributes.value === "number") return values.constant(node.attributes.value);
    const here = local.get(node);
    if (here !== undefined && sameCoords(coords, identityCoords(node))) return here;
    if (isSmall(node) && !this.rows && coords.every((coord) => coord.axis < 0)) {
      return scalars.elements(node)[flatIndex(node, coords)]!;
    }
    const view = this.viewOf(node);
    if (view !== undefined) {
      this.reading(node);
      return values.load(accessOf(view, coords, kernel.axes.length));
    }
    return this.compute(node, coords, kernel, local);
  }

  private compute(node: Node, coords: Coords, kernel: Kernel, local: ReadonlyMap<Node, Value>): Value {
    const { values } = this.context;
    if (isElementwise(node.op)) {
      return values.apply(
        node.op,
        node.inputs.map((input) => this.read(input, coords, kernel, local)),
      );
    }
    switch (node.op) {
      case "rowIndex":
        return values.rowIndex(kernel.axes.length - 1);
      case "gather": {
        const [table, indices] = node.inputs as [Node, Node];
        const lead = indices.shape.length;
        const index = this.read(indices, coords.slice(0, lead), kernel, local);
        const view = this.viewOf(table)!;
        this.reading(table);
        const access = accessOf(view, [fixed, ...coords.slice(lead)], kernel.axes.length);
        return values.gather(index, table.shape[0]!, view.strides[0]!, access);
      }
      case "constant":
        return values.constant(node.attributes.value as number);
      default: {
        const inner = viewOperand(node, coords, kernel.axes);
        invariant(inner !== undefined, `${node.op} can be read in place`);
        return this.read(inner.node, inner.coords, kernel, local);
      }
    }
  }

  /** The array with a home that a view shows. */
  private sourceOf(node: Node): Node {
    let source = node;
    while (!this.homes.has(source) && isView(source) && source.op !== "concat") source = source.inputs[0]!;
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
}

/** A product that the packed matrix kernel computes: one free axis each side, one contracted. */
export function isMatmul(spec: RootSpec, node: Node): boolean {
  if (node.op !== "dot" || node.attributes.batch.length > 0 || node.attributes.contract.length !== 1) return false;
  if (spec.axes.length !== 3 || spec.combine !== "dot") return false;
  const lengths = spec.axes.map((length) => (length === ROWS ? 64 : length));
  return lengths.every((length) => length >= 4) && lengths.reduce((a, b) => a * b, 1) >= MATMUL_WORK;
}
