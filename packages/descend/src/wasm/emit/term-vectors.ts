/**
 * Nests whose vectors run along a summed axis: each lane holds a part of a sum, the lanes are combined at the end, and several sums are
 * in flight. Values that are scattered are vectors of terms too.
 */

import { ROWS } from "../../graph/graph.js";
import { isStored, type Root } from "../lower/roots.js";
import { BLOCK_BYTES } from "../lower/view.js";
import { NestLoops } from "./nest-loops.js";
import { IN_FLIGHT } from "./nest-plan.js";
import { type Limit, RunningSum } from "./running-sum.js";
import { scatter } from "./scatter.js";

export class TermVectors extends NestLoops {
  emit(): void {
    const kept = this.plan.axesWhere((axis) => !this.plan.isReduced(axis));
    const scatters = this.plan.kernel.reduced === 0;
    const blocked = scatters ? undefined : kept[kept.length - 1];
    const outer = scatters ? [] : kept.slice(0, -1);
    this.loops(outer, 1, () => {
      if (blocked === undefined) {
        this.sums(1);
        return;
      }
      const length = this.plan.lengths[blocked]!;
      const most = Math.max(1, Math.floor(IN_FLIGHT / this.plan.kernel.roots.length));
      const copies = Math.ceil(length / Math.ceil(length / most));
      const blocks = Math.floor(length / copies) * copies;
      this.e.hoist(this.plan.values, 1);
      this.block(blocked, 1);
      this.loop(blocked, 0, blocks, copies, () => this.sums(copies));
      this.loop(blocked, blocks, length, length - blocks, () => this.sums(length - blocks));
      this.block(-1, 1);
    });
  }

  private sums(copies: number): void {
    const { e } = this;
    const axis = this.plan.vectorAxis;
    const isReducing = this.plan.kernel.reduced !== 0;
    const blocks = this.plan.lengths.indexOf(ROWS);
    const outer = this.plan.axesWhere((a) => a !== axis && a !== blocks && (!isReducing || this.plan.isReduced(a)));
    const sums = this.plan.kernel.roots.map((root) =>
      root.spec.reduced === 0 ? [] : Array.from({ length: copies }, () => this.sumOf(root)),
    );
    const body = (): void => {
      if (axis < 0) this.terms(sums, copies, this.format.lanes, "all");
      else this.staticTerms(sums, copies);
    };
    if (blocks < 0) this.loops(outer, copies, body);
    else this.loops(outer, copies, () => this.blocksOfTerms(blocks, body, sums, copies));
    this.plan.kernel.roots.forEach((_, i) => {
      sums[i]!.forEach((sum, copy) => {
        e.copy = copy;
        sum.finish(this.plan.stores[i]!);
      });
      e.copy = 0;
    });
  }

  private staticTerms(sums: readonly (readonly RunningSum[])[], copies: number): void {
    const { e } = this;
    const { lanes } = this.format;
    const axis = this.plan.vectorAxis;
    const length = this.plan.lengths[axis]!;
    const whole = length - (length % lanes);
    e.hoist(this.plan.values, copies);
    const steps = e.blockedAxis < 0 && this.plan.kernel.reduced !== 0 ? this.plan.vectorsInStep() : 1;
    if (steps > 1) {
      this.block(axis, lanes);
      this.loop(axis, 0, whole, steps * lanes, () => this.termsInStep(sums, steps));
      this.block(-1, 1);
      return;
    }
    this.loop(axis, 0, whole, lanes, () => this.terms(sums, copies, lanes, "all"));
    e.activeLanes = length - whole;
    this.loop(axis, whole, length, lanes, () => this.terms(sums, copies, length - whole, "some"));
    e.activeLanes = lanes;
  }

  /** Several neighboring vectors of rows at once; each sum adds them one after the other. */
  private termsInStep(sums: readonly (readonly RunningSum[])[], steps: number): void {
    const { e } = this;
    this.plan.kernel.roots.forEach((root, i) => {
      const value = this.plan.kernel.bodies[i]![0]!;
      if (root.spec.reduced === 0) {
        if (isStored(root)) this.storeCopies(value, this.plan.stores[i]!, steps);
        return;
      }
      e.inStep(value, steps);
      for (e.copy = 0; e.copy < steps; e.copy++) sums[i]![0]!.add(() => e.vectorNumber(value), this.format.lanes, "all");
      e.copy = 0;
    });
  }

  /** Whole blocks of rows by `body`, then the rows of a last block that is not full. */
  private blocksOfTerms(axis: number, body: () => void, sums: readonly (readonly RunningSum[])[], copies: number): void {
    const { e, f } = this;
    const rows = this.options.rows!;
    const [index, end, mask] = [f.local("i32"), f.local("i32"), f.local("i32")];
    e.hoist(this.plan.values, copies);
    f.i32(0).set(index);
    f.get(rows)
      .i32(-BLOCK_BYTES)
      .op("i32.and")
      .tee(end)
      .if(() => {
        f.loop((again) => {
          e.withAxis(axis, index, BLOCK_BYTES, body);
          f.get(index).i32(BLOCK_BYTES).op("i32.add").tee(index).get(end).op("i32.lt_s").brIf(again);
        });
      });
    f.get(end)
      .get(rows)
      .op("i32.lt_s")
      .if(() => {
        // The mask of the first vector: as many bits set as there are rows left. Later vectors look further on.
        f.i32(this.options.masks + BLOCK_BYTES)
          .get(rows)
          .op("i32.sub")
          .get(end)
          .op("i32.add")
          .set(mask);
        e.withAxis(axis, index, BLOCK_BYTES, () => {
          e.hoist(this.plan.values, copies);
          const { lanes } = this.format;
          this.loop(this.plan.vectorAxis, 0, this.plan.lengths[this.plan.vectorAxis]!, lanes, () =>
            this.terms(sums, copies, lanes, { mask, index: e.indexOf(this.plan.vectorAxis) }),
          );
        });
      });
    for (const local of [index, end, mask]) f.release(local);
  }

  /**
   * One vector of terms of each sum. `limit`: all lanes count, or the first `lanes` of them, or those that a mask in memory says.
   */
  private terms(sums: readonly (readonly RunningSum[])[], copies: number, lanes: number, limit: Limit): void {
    const { e } = this;
    this.plan.kernel.roots.forEach((root, i) => {
      const body = this.plan.kernel.bodies[i]!;
      if (root.spec.combine === "scatter") {
        scatter(this.e, body[0]!, body[1]!, this.plan.stores[i]!, lanes, limit);
      } else if (root.spec.reduced === 0) {
        if (isStored(root)) this.storeValue(body[0]!, this.plan.stores[i]!);
      } else {
        for (let copy = 0; copy < copies; copy++) {
          e.copy = copy;
          sums[i]![copy]!.add(() => e.vectorNumber(body[0]!), lanes, limit);
        }
        e.copy = 0;
      }
    });
  }

  private sumOf(root: Root): RunningSum {
    const rows = this.options.rows !== undefined;
    const { combine } = root.spec;
    const length = this.plan.lengths[this.plan.vectorAxis]!;
    const inLanes = rows || combine === "max" || (combine === "sum" && length >= 2 * this.format.lanes);
    const start = combine === "max" ? Number.NEGATIVE_INFINITY : rows || combine === "dot" ? 0 : -0;
    return new RunningSum(this.e, { maximum: combine === "max", inLanes, start, rows });
  }
}
