/**
 * Nests whose vectors run along a kept axis: each lane is a result of its own, and sums go along the other axes, with several vectors of
 * results in flight.
 */

import { vectorOp } from "../format.js";
import { isStored, type Root } from "../lower/roots.js";
import type { Value } from "../lower/value.js";
import { NestLoops } from "./nest-loops.js";
import { storeVector } from "./vector-memory.js";

export class ResultVectors extends NestLoops {
  emit(): void {
    const outer = this.plan.axesWhere((axis) => !this.plan.isReduced(axis) && axis !== this.plan.vectorAxis);
    this.loops(outer, 1, () => {
      if (this.plan.vectorAxis < 0) this.resultVectors(1);
      else this.vectorsOfResults();
    });
  }

  private vectorsOfResults(): void {
    const { lanes } = this.format;
    const axis = this.plan.vectorAxis;
    const length = this.plan.lengths[axis]!;
    const whole = Math.floor(length / lanes);
    const copies = Math.min(this.plan.inFlight(), Math.max(1, whole));
    const blocks = Math.floor(whole / copies) * copies;
    this.e.hoist(this.plan.values, 1);
    if (copies > 1) this.block(axis, lanes);
    this.loop(axis, 0, blocks * lanes, copies * lanes, () => this.resultVectors(copies));
    this.loop(axis, blocks * lanes, whole * lanes, (whole - blocks) * lanes, () => this.resultVectors(whole - blocks));
    this.e.activeLanes = length % lanes;
    this.loop(axis, whole * lanes, length, lanes, () => this.resultVectors(1));
    this.e.activeLanes = lanes;
    this.block(-1, 1);
  }

  /** Computes and stores `copies` vectors of each result. */
  private resultVectors(copies: number): void {
    const { e, f } = this;
    const reduced = this.plan.axesWhere((axis) => this.plan.isReduced(axis));
    if (reduced.length === 0) {
      this.plan.kernel.roots.forEach((root, i) => {
        if (isStored(root)) this.storeCopies(this.plan.kernel.bodies[i]![0]!, this.plan.stores[i]!, copies);
      });
      return;
    }
    const lanesAlong = this.plan.addsInLanes();
    if (lanesAlong !== undefined) {
      this.resultsInLanes(lanesAlong);
      return;
    }
    const accumulators = this.plan.kernel.roots.map((root) => Array.from({ length: copies }, () => this.accumulator(root)));
    this.loops(reduced, copies, () => {
      this.forRoots((root, value, i) => {
        for (e.copy = 0; e.copy < copies; e.copy++) this.accumulate(root, accumulators[i]![e.copy]!, () => e.vector(value));
        e.copy = 0;
      });
    });
    this.forRoots((_, __, i) => {
      for (e.copy = 0; e.copy < copies; e.copy++) {
        storeVector(e, accumulators[i]![e.copy]!, this.plan.stores[i]!);
        f.release(accumulators[i]![e.copy]!);
      }
      e.copy = 0;
    });
  }

  private resultsInLanes(axis: number): void {
    const { e, f } = this;
    const { lanes } = this.format;
    const whole = this.plan.lengths[axis]! - (this.plan.lengths[axis]! % lanes);
    // Products are added from left to right, also where they share the loop.
    const parts = ({ spec }: Root): number => (spec.combine === "dot" ? 1 : lanes);
    const accumulators = this.plan.kernel.roots.map((root) => Array.from({ length: parts(root) }, () => this.accumulator(root)));
    this.block(axis, 1);
    e.hoist(this.plan.values, 1);
    this.loop(axis, 0, whole, lanes, () => {
      this.forRoots((root, value, i) => {
        for (e.copy = 0; e.copy < lanes; e.copy++) this.accumulate(root, accumulators[i]![e.copy % parts(root)]!, () => e.vector(value));
        e.copy = 0;
      });
    });
    this.block(-1, 1);
    this.forRoots((root, _, i) => {
      const sums = accumulators[i]!;
      for (let width = 1; width < sums.length; width *= 2) {
        for (let l = 0; l < sums.length; l += 2 * width) this.accumulate(root, sums[l]!, () => f.get(sums[l + width]!));
      }
    });
    this.loop(axis, whole, this.plan.lengths[axis]!, 1, () => {
      this.forRoots((root, value, i) => this.accumulate(root, accumulators[i]![0]!, () => e.vector(value)));
    });
    this.forRoots((_, __, i) => {
      storeVector(e, accumulators[i]![0]!, this.plan.stores[i]!);
      for (const local of accumulators[i]!) f.release(local);
    });
  }

  private forRoots(body: (root: Root, value: Value, i: number) => void): void {
    this.plan.kernel.roots.forEach((root, i) => body(root, this.plan.kernel.bodies[i]![0]!, i));
  }

  /**
   * A vector accumulator with the neutral element: −0 + x is x whatever x, as a sum that starts with its first term; products start as 0.
   */
  private accumulator(root: Root): number {
    const local = this.f.local("v128");
    this.e.literal(root.spec.combine === "max" ? Number.NEGATIVE_INFINITY : root.spec.combine === "dot" ? 0 : -0);
    this.f.set(local);
    return local;
  }

  private accumulate(root: Root, local: number, push: () => void): void {
    this.f.get(local);
    push();
    this.f.op(vectorOp(this.format, root.spec.combine === "max" ? "max" : "add")).set(local);
  }
}
