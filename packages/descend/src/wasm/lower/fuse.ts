/**
 * Fusion: which nodes get a loop nest, which loop nests become one, and which arrays exist in memory.
 *
 * A node is *lazy* if its readers compute it in place: elementwise primitives, and views. A *root* has a place in a loop
 * nest: reductions, products, arrays that are read in several loops, and outputs. Roots with the same loop axes share a nest
 * (a {@link Kernel}) as far as their dependencies allow; inside a nest they read each other from registers.
 *
 * One `Fusion` lays out one section of a pass: the static nodes between two sweeps over the rows, or what a sweep does with a tile. First
 * it is told what is wanted and finds the roots, then it schedules them (`schedule.ts`), then it writes what they compute (`bodies.ts`).
 */

import { invariant } from "../../errors.js";
import { elementCount, hasRows, type Node } from "../../graph/graph.js";
import { isContiguous } from "./access.js";
import { buildBodies } from "./bodies.js";
import { Homes } from "./homes.js";
import { isMatmul, type Kernel } from "./kernel.js";
import { type Root, type RootSpec, rootSpec, storeSpec } from "./roots.js";
import { isView } from "./scalars.js";
import { Schedule } from "./schedule.js";
import { expands, isSmall } from "./small.js";
import { BLOCK_BYTES, reshaped, sliced, type View } from "./view.js";
import { visitReads } from "./visit-reads.js";

export class Fusion extends Homes {
  /** What the section runs, in order, once it is scheduled. */
  kernels: readonly Kernel[] = [];
  private readonly pending: (() => void)[] = [];
  private readonly scalarsWanted = new Set<Node>();

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
    if (this.places.get(node) === view) this.reading(node);
    else this.settleOrCopy(node, view);
    this.explorePending();
  }

  /** Computes a static node that a sweep asked for. */
  wantRequested(node: Node): void {
    const view = this.places.get(node)!;
    this.touch(view.base);
    this.places.delete(node);
    if (isSmall(node) && expands(node)) {
      this.places.set(node, view);
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

  /** Puts every root into a kernel. */
  schedule(): void {
    this.kernels = new Schedule(this).kernels;
  }

  /** Writes what every kernel computes; notes which results are read from memory. */
  buildBodies(): void {
    buildBodies(this, this.kernels);
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
      this.places.set(node, home);
      this.spillTo(node, home);
    } else {
      invariant(this.settle(node, home, false), `${node.op} can be computed to memory`);
    }
    return this.viewOf(node)!;
  }

  /** Has a node computed to a place that is its home from now on; false if it must be copied there instead. */
  private settle(node: Node, view: View, read: boolean): boolean {
    if (this.places.has(node) || (isSmall(node) && expands(node)) || node.op === "input" || (this.rows && !hasRows(node))) return false;
    if (node.op === "constant" && typeof node.attributes.value !== "number") return false;
    // A scatter clears its target first, which must be one stretch of memory.
    if (node.op === "scatterAdd" && !isContiguous(view, this.context)) return false;
    if (node.op === "concat") {
      this.settleConcat(node, view);
    } else if (node.op === "reshape") {
      const x = node.inputs[0]!;
      const inner = reshaped(view, x.shape);
      if (inner === undefined) return false;
      this.places.set(node, view);
      this.assembled.add(node);
      this.settleOrCopy(x, inner, node);
    } else {
      this.addRoot(node, view, rootSpec(node), read);
    }
    return true;
  }

  /** Has a node computed to a place. What is in memory is copied there and stays where it is: others may have found it. */
  private settleOrCopy(node: Node, view: View, placedWith: Node = node): void {
    if (this.viewOf(node) !== undefined || !this.settle(node, view, true)) this.copyTo(node, view, placedWith);
  }

  /** The parts of a concatenation are computed in place. */
  private settleConcat(node: Node, view: View): void {
    invariant(node.op === "concat", "a concatenation");
    this.places.set(node, view);
    this.assembled.add(node);
    const { axis } = node.attributes;
    let start = 0;
    for (const part of node.inputs) {
      const stop = start + part.shape[axis]!;
      const place = sliced(view, axis, start, stop);
      start = stop;
      if (elementCount(part.shape) === 0) continue;
      this.settleOrCopy(part, place, node);
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

  /** Stores the scalars of a small array at a place. */
  private spillTo(node: Node, view: View, placedWith: Node = node): Root {
    const root: Root = { node, spec: storeSpec(node), home: view, copy: true, kernel: -1, read: true };
    this.touch(view.base);
    this.addTo(placedWith, root);
    this.pending.push(() => this.wantScalars(node));
    return root;
  }

  private addRoot(node: Node, home: View, spec: RootSpec, read: boolean): Root {
    const root: Root = { node, spec, home, copy: false, kernel: -1, read };
    if (read) this.touch(home.base);
    this.places.set(node, home);
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
    visitReads(this, root, {
      root: () => undefined,
      memory: () => undefined,
      small: (node, isFixed) => {
        if (isFixed && !this.rows) this.pending.push(() => this.wantScalars(node));
        else this.memory(node);
      },
      opaque: (node) => {
        this.memory(node);
      },
    });
  }
}
