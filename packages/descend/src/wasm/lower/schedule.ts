/**
 * The schedule of a section: every root goes into the first kernel it can join, or a new one. It comes after what it reads, but in the same
 * nest as a root whose result it finds in a register.
 */

import { type Node, sameShape } from "../../graph/graph.js";
import { sameCoords } from "./access.js";
import type { Homes } from "./homes.js";
import { isMatmul, type Kernel } from "./kernel.js";
import { type Coords, identityCoords, type Root, type RootSpec } from "./roots.js";
import { isSmall } from "./small.js";
import { visitReads } from "./visit-reads.js";

/** Accumulators a loop may have: with their operands they fill the registers. */
const MAX_ACCUMULATORS = 7;
/** Operands of a loop beyond which accumulators do not join it: they would be spilled in every iteration. */
const MAX_OPERANDS = 24;

export class Schedule {
  readonly kernels: Kernel[] = [];
  private readonly homes: Homes;
  /** The first kernel that can read a node. */
  private readonly available = new Map<Node, number>();
  /** The first kernel that finds a small array in memory. */
  private readonly spilled = new Map<Node, number>();

  /** Schedules all roots of a section. */
  constructor(homes: Homes) {
    this.homes = homes;
    for (const node of homes.context.order) {
      let from = 0;
      if (!homes.rows && isSmall(node)) {
        for (const source of [...homes.context.scalars.smallOperands(node), ...homes.context.scalars.memoryOperands(node)]) {
          if (source !== node) from = Math.max(from, this.available.get(source) ?? 0);
        }
      } else {
        for (const input of node.inputs) from = Math.max(from, this.available.get(input) ?? 0);
      }
      if (homes.places.has(node) && !homes.own.has(node) && !homes.assembled.has(node) && !homes.roots.has(node)) from = 0;
      this.available.set(node, from);
      for (const root of homes.roots.get(node) ?? []) {
        this.place(root);
        // Another node's part: the concatenation is there when its parts are.
        if (!root.copy || homes.assembled.has(node)) this.available.set(node, Math.max(this.available.get(node)!, root.kernel + 1));
      }
    }
  }

  private place(root: Root): void {
    const { spec } = root;
    if (root.copy && isSmall(root.node) && !this.homes.rows) {
      this.join(root, "scalars", [], 0, this.available.get(root.node) ?? 0, 0);
      this.spilled.set(root.node, Math.max(this.spilled.get(root.node) ?? 0, root.kernel + 1));
      return;
    }
    let from = 0;
    const after = (kernel: number): void => {
      from = Math.max(from, kernel);
    };
    if (isMatmul(spec, root.node)) {
      for (const { node } of spec.reads) after(Math.max(this.memoryAvailable(node), (this.homes.unpacked.get(node)?.kernel ?? -1) + 1));
      this.join(root, "matmul", spec.axes, spec.reduced, from, 0);
      return;
    }
    let operands = 0;
    const operand = (kernel: number): void => {
      operands++;
      after(kernel);
    };
    visitReads(this.homes, root, {
      root: (node, coords) => {
        const other = this.homes.own.get(node)!;
        operand(this.sharesRegisters(other, coords, spec) ? other.kernel : other.kernel + 1);
      },
      memory: (node) => operand(this.memoryAvailable(node)),
      small: (node, isFixed) => operand(isFixed ? (this.available.get(node) ?? 0) : this.memoryAvailable(node)),
      opaque: (node) => operand(this.memoryAvailable(node)),
    });
    this.join(root, "nest", spec.axes, spec.reduced, from, operands);
  }

  private memoryAvailable(node: Node): number {
    const source = this.homes.sourceOf(node);
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
}
