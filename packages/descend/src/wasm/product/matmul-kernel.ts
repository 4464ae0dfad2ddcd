/**
 * The innermost product: a block of C of a few rows and a few vectors, kept in registers while k runs.
 *
 * S[r, j] = start + A[r, 0]·B[0, j] + A[r, 1]·B[1, j] + …    for p < k, r < rows, j < columns
 *
 * from left to right, one rounding for the product and one for the sum. Unrolling over p does not change that order.
 */

import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import type { Format } from "./matmul-format.js";

/** The block of one kernel and where its operands lie. Strides are in bytes and not negative. */
export interface KernelSpec {
  readonly format: Format;
  readonly rows: number;
  readonly columns: number;
  /** A[r, p] is at a + r·aRow + p·aK. */
  readonly aRow: number;
  readonly aK: number;
  /** B[p, j] is at b + p·bK + j·(bytes of an element). */
  readonly bK: number;
  /** If B is padded with zeros to whole vectors, the last vector of a row may be read whole. */
  readonly bPadded: boolean;
  /** C[r, j] is at c + r·cRow + j·(bytes of an element). */
  readonly cRow: number;
  /** One rounding (or two, as the machine likes) for product and sum. */
  readonly fast: boolean;
}

/** What a kernel does with C; passed to it as its last argument. */
export const kernelModes = {
  /** start = +0; C ← S */
  overwrite: 0,
  /** start = +0; C ← C + S */
  add: 1,
  /** start = C; C ← S: the sum goes on where the last block of p left it */
  goOn: 2,
} as const;

/** Steps of p in one turn of the loop: its overhead (the pointer into B, the engine's interrupt check) is shared by four. */
const unrolled = 4;

/**
 * True if V8 keeps the block in its 15 vector registers: the sums, one step of A and B, and one product. One register more and
 * sums are spilled to the stack in every step, which costs half the speed.
 */
export function fitsRegisters(rows: number, vectors: number): boolean {
  return rows * vectors + rows + vectors + 1 <= 15;
}

/**
 * @returns the kernel as a function (a, b, c, k, mode: i32) → (), where mode is one of {@link kernelModes}.
 *
 * Two habits of V8's optimizing compiler shape the loop. Within a basic block it places all loads before the arithmetic, so an
 * unrolled block would hold four steps of operands and spill: each step ends with a branch out of the loop (fused with the
 * count), which keeps the steps apart and makes a remainder loop needless. And it folds a constant offset into `v128.load`, but
 * keeps a separate base register for each offset of a splatting load: so the pointer into A moves with every step, and
 * only the `rows` offsets r·aRow remain.
 */
export function kernelFunction(module: ModuleBuilder, spec: KernelSpec): FunctionBuilder {
  const { format, rows, columns, aRow, aK, bK, cRow } = spec;
  const vectors = Math.ceil(columns / format.lanes);
  const lanesOfLast = columns - (vectors - 1) * format.lanes;
  const f = module.addFunction(["i32", "i32", "i32", "i32", "i32"], []);
  const [a, b, c, k, mode] = [0, 1, 2, 3, 4];
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => f.local("v128")));
  const bVectors = Array.from({ length: vectors }, () => f.local("v128"));
  const splat = f.local("v128");

  const isPartial = (v: number): boolean => v === vectors - 1 && lanesOfLast < format.lanes;

  const addProducts = (step: number): void => {
    for (let v = 0; v < vectors; v++) {
      loadVector(f, format, b, step * bK + v * 16, isPartial(v) && !spec.bPadded ? lanesOfLast : format.lanes);
      f.set(bVectors[v]!);
    }
    for (let r = 0; r < rows; r++) {
      f.get(a)
        .memory(format.loadSplat, r * aRow)
        .set(splat);
      for (let v = 0; v < vectors; v++) {
        const sum = sums[r]![v]!;
        if (spec.fast) f.get(splat).get(bVectors[v]!).get(sum).op(format.multiplyAdd).set(sum);
        else f.get(sum).get(splat).get(bVectors[v]!).op(format.multiply).op(format.add).set(sum);
      }
    }
  };

  const forEachVectorOfC = (body: (sum: number, offset: number, lanes: number) => void): void => {
    for (let r = 0; r < rows; r++) {
      for (let v = 0; v < vectors; v++) body(sums[r]![v]!, r * cRow + v * 16, isPartial(v) ? lanesOfLast : format.lanes);
    }
  };
  f.get(mode)
    .i32(kernelModes.goOn)
    .op("i32.eq")
    .if(() => {
      forEachVectorOfC((sum, offset, lanes) => {
        loadVector(f, format, c, offset, lanes);
        f.set(sum);
      });
    });
  f.get(k).if(() => {
    f.block((done) => {
      f.loop((again) => {
        for (let step = 0; step < unrolled; step++) {
          addProducts(step);
          f.get(k).i32(1).op("i32.sub").tee(k).op("i32.eqz").brIf(done);
          f.get(a).i32(aK).op("i32.add").set(a);
        }
        f.get(b)
          .i32(unrolled * bK)
          .op("i32.add")
          .set(b);
        f.br(again);
      });
    });
  });

  f.get(mode)
    .i32(kernelModes.add)
    .op("i32.eq")
    .if(() => {
      forEachVectorOfC((sum, offset, lanes) => {
        loadVector(f, format, c, offset, lanes);
        f.get(sum).op(format.add).set(sum);
      });
    });
  forEachVectorOfC((sum, offset, lanes) => storeVector(f, format, c, offset, lanes, sum));
  return f;
}

/** Pushes the first `lanes` elements at address + offset, zeros behind them; reads nothing else. */
export function loadVector(f: FunctionBuilder, format: Format, address: number, offset: number, lanes: number): void {
  if (lanes === format.lanes) {
    f.get(address).memory("v128.load", offset, 2);
    return;
  }
  // A lane is loaded into a vector above its address on the stack, so the addresses come first, last lane lowest.
  const pairs = format.size === 4 && lanes >= 2;
  const first = pairs ? 2 : 1;
  for (let lane = lanes - 1; lane >= first; lane--) f.get(address);
  f.get(address).memory(pairs ? "v128.load64_zero" : format.loadFirst, offset, 2);
  for (let lane = first; lane < lanes; lane++) f.laneMemory(format.loadLane, lane, offset + lane * format.size);
}

/** Stores the first `lanes` elements of a local vector at address + offset and touches nothing else. */
export function storeVector(f: FunctionBuilder, format: Format, address: number, offset: number, lanes: number, vector: number): void {
  if (lanes === format.lanes) {
    f.get(address).get(vector).memory("v128.store", offset, 2);
    return;
  }
  let lane = 0;
  if (format.size === 4 && lanes >= 2) {
    f.get(address).get(vector).laneMemory("v128.store64_lane", 0, offset);
    lane = 2;
  }
  for (; lane < lanes; lane++)
    f.get(address)
      .get(vector)
      .laneMemory(format.storeLane, lane, offset + lane * format.size);
}
