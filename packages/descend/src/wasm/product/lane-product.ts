/**
 * The matrix product whose summed axis lies in the vector lanes: products of columns of a tile, summed over its rows.
 *
 * C[i, j] = or += Σ_{p<k} A[i, p]·B[p, j]    for i < m, j < n, where neighbors in p are neighbors in memory, in A and in B
 *
 * Order of the sum, that of a sum over the rows of a tile (`numeric/sum.ts`, rule 3): with L lanes, lane l starts as +0 and adds the
 * products l, l+L, l+2L, … ; lanes are combined as l₀+l₁ or (l₀+l₁)+(l₂+l₃); with `accumulate` the finished sum is added to C. Nothing is
 * packed or transposed: both operands are read as they lie.
 */

import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import { sharedFunction } from "../encode/shared-function.js";
import type { Matmul, MatmulSpec } from "./matmul.js";
import { type Format, formats } from "./matmul-format.js";
import { loadVector, storeVector } from "./matmul-kernel.js";
import { checkProduct, exchanged } from "./matmul-shared.js";

/** As {@link MatmulSpec}, with aK = bK = the bytes of an element. */
export interface LaneProductSpec extends Omit<MatmulSpec, "strides"> {
  /** A[i, p] is at a + i·aRow + p·size; B[p, j] at b + p·size + j·bColumn; C[i, j] at c + i·cRow + j·size. */
  readonly strides: { readonly aRow: number; readonly bColumn: number; readonly cRow: number };
}

/** Columns of a block of C; with two rows eight sums, six operands and a product fill V8's fifteen registers. */
const columnsOfBlock = 4;
const rowsOfBlock = 2;

/** Rows of A that stay in the first-level cache while the columns of B pass by: at most this many bytes. */
const bytesOfRows = 16 * 1024;

/**
 * Adds a product over lanes to a module: a function (a, b, c, scratch, k: i32) → () that uses no scratch. A row of A and a column of B must
 * be readable up to a whole vector; what lies behind k is read but not used (it may be anything, NaN included).
 */
export function laneProductFunction(module: ModuleBuilder, spec: LaneProductSpec): Matmul {
  const { m, n, kMax, strides } = spec;
  checkProduct(spec);
  const format = formats[spec.dtype];
  if (n === 1 && m > 1 && strides.cRow === format.size) return transposedProduct(module, spec, format);

  const rows = Math.min(m, rowsOfBlock);
  const columns = Math.min(n, columnsOfBlock);
  const rowsPerBlock = Math.max(rows, Math.floor(bytesOfRows / Math.max(1, kMax * format.size) / rows) * rows);
  const kernel = (blockRows: number, blockColumns: number): FunctionBuilder => {
    const kernelSpec: LaneKernelSpec = {
      ...strides,
      format,
      rows: blockRows,
      columns: blockColumns,
      accumulate: spec.accumulate ?? false,
      fast: spec.fast ?? false,
    };
    return sharedFunction(module, `lanes ${JSON.stringify(kernelSpec)}`, () => laneKernelFunction(module, kernelSpec));
  };

  const f = module.addFunction(["i32", "i32", "i32", "i32", "i32"], []);
  const [a, b, c, , k] = [0, 1, 2, 3, 4];
  const [row, rowEnd, column] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const [aBlock, bBlock, cBlock, turns] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];

  const multiplyColumns = (blockColumns: number): void => {
    const multiply = (blockRows: number): void => {
      f.get(aBlock).get(bBlock).get(cBlock).get(k).call(kernel(blockRows, blockColumns));
    };
    f.get(a).get(row).i32(strides.aRow).op("i32.mul").op("i32.add").set(aBlock);
    f.get(b).get(column).i32(strides.bColumn).op("i32.mul").op("i32.add").set(bBlock);
    f.get(c).get(row).i32(strides.cRow).op("i32.mul").op("i32.add").get(column).i32(format.size).op("i32.mul").op("i32.add").set(cBlock);
    f.get(rowEnd)
      .get(row)
      .op("i32.sub")
      .i32(rows)
      .op("i32.div_u")
      .tee(turns)
      .if(() => {
        f.loop((again) => {
          multiply(rows);
          f.get(aBlock)
            .i32(rows * strides.aRow)
            .op("i32.add")
            .set(aBlock);
          f.get(cBlock)
            .i32(rows * strides.cRow)
            .op("i32.add")
            .set(cBlock);
          f.get(turns).i32(1).op("i32.sub").tee(turns).brIf(again);
        });
      });
    if (m % rows > 0)
      f.get(rowEnd)
        .i32(m)
        .op("i32.eq")
        .if(() => multiply(m % rows));
  };

  f.block((done) => {
    if (spec.accumulate === true) f.get(k).op("i32.eqz").brIf(done);
    f.loop((nextRows) => {
      f.get(row).i32(rowsPerBlock).op("i32.add").set(rowEnd);
      f.i32(m).get(rowEnd).get(rowEnd).i32(m).op("i32.gt_s").op("select").set(rowEnd);
      f.i32(0).set(column);
      f.loop((nextColumns) => {
        multiplyColumns(columns);
        f.get(column)
          .i32(columns)
          .op("i32.add")
          .tee(column)
          .i32(n - columns)
          .op("i32.le_s")
          .brIf(nextColumns);
      });
      if (n % columns > 0) multiplyColumns(n % columns);
      f.get(rowEnd).tee(row).i32(m).op("i32.lt_s").brIf(nextRows);
    });
  });
  return { fn: f, scratchBytes: 0 };
}

interface LaneKernelSpec {
  readonly format: Format;
  readonly rows: number;
  readonly columns: number;
  readonly aRow: number;
  readonly bColumn: number;
  readonly cRow: number;
  readonly accumulate: boolean;
  readonly fast: boolean;
}

/** Vectors of p in one turn of the loop. */
const unrolled = 4;

/** A function (a, b, c, k: i32) → () for a block of C; its loop is shaped like that of `kernelFunction`, for the same reasons. */
function laneKernelFunction(module: ModuleBuilder, spec: LaneKernelSpec): FunctionBuilder {
  const { format, rows, columns, aRow, bColumn, cRow } = spec;
  const { lanes } = format;
  const f = module.addFunction(["i32", "i32", "i32", "i32"], []);
  const [a, b, c, k] = [0, 1, 2, 3];
  const [vectors, aStart, bStart] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const sums = Array.from({ length: rows }, () => Array.from({ length: columns }, () => f.local("v128")));
  const bVectors = Array.from({ length: columns }, () => f.local("v128"));
  const aVector = f.local("v128");
  const mask = f.local("v128");

  const addProducts = (step: number, masked: boolean): void => {
    const load = (address: number, offset: number): FunctionBuilder => {
      f.get(address).memory("v128.load", offset, 2);
      return masked ? f.get(mask).op("v128.and") : f;
    };
    for (let j = 0; j < columns; j++) load(b, j * bColumn + step * 16).set(bVectors[j]!);
    for (let r = 0; r < rows; r++) {
      load(a, r * aRow + step * 16).set(aVector);
      for (let j = 0; j < columns; j++) {
        const sum = sums[r]![j]!;
        if (spec.fast) f.get(aVector).get(bVectors[j]!).get(sum).op(format.multiplyAdd).set(sum);
        else f.get(sum).get(aVector).get(bVectors[j]!).op(format.multiply).op(format.add).set(sum);
      }
    }
  };

  f.get(a).set(aStart).get(b).set(bStart);
  f.get(k)
    .i32(Math.log2(lanes))
    .op("i32.shr_u")
    .tee(vectors)
    .if(() => {
      f.block((done) => {
        f.loop((again) => {
          for (let step = 0; step < unrolled; step++) {
            addProducts(step, false);
            f.get(vectors).i32(1).op("i32.sub").tee(vectors).op("i32.eqz").brIf(done);
          }
          f.get(a)
            .i32(unrolled * 16)
            .op("i32.add")
            .set(a);
          f.get(b)
            .i32(unrolled * 16)
            .op("i32.add")
            .set(b);
          f.br(again);
        });
      });
    });

  // A last vector in part: lanes behind k become +0·+0, which leaves a sum that started as +0 as it is.
  f.get(k)
    .i32(lanes - 1)
    .op("i32.and")
    .if(() => {
      for (const [pointer, start] of [
        [a, aStart],
        [b, bStart],
      ] as const) {
        f.get(start).get(k).i32(-lanes).op("i32.and").i32(format.size).op("i32.mul").op("i32.add").set(pointer);
      }
      if (lanes === 2) f.v128(new Uint8Array(BigInt64Array.of(-1n, 0n).buffer)).set(mask);
      else
        f.get(k)
          .i32(3)
          .op("i32.and")
          .op("i32x4.splat")
          .v128(new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer))
          .op("i32x4.gt_s")
          .set(mask);
      addProducts(0, true);
    });

  for (let r = 0; r < rows; r++) {
    for (let first = 0; first < columns; first += lanes) {
      const present = Math.min(lanes, columns - first);
      const offset = r * cRow + first * format.size;
      combineLanes(f, format, sums[r]!.slice(first, first + present), aVector);
      if (spec.accumulate) {
        loadVector(f, format, c, offset, present);
        f.get(aVector).op(format.add).set(aVector);
      }
      storeVector(f, format, c, offset, present, aVector);
    }
  }
  return f;
}

/** target[j] ← the lanes of sums[j], combined. Lanes without a sum hold what may be. */
function combineLanes(f: FunctionBuilder, format: Format, sums: readonly number[], target: number): void {
  const sum = (j: number): number => sums[Math.min(j, sums.length - 1)]!;
  if (format.lanes === 2) {
    f.get(sum(0)).get(sum(1)).shuffle64(0, 2).get(sum(0)).get(sum(1)).shuffle64(1, 3).op(format.add).set(target);
    return;
  }
  // Lanes of neighbors side by side, (a₀ b₀ a₁ b₁) and (c₀ d₀ c₁ d₁), then lane 0 of all plus lane 1 of all; likewise lanes 2 and 3.
  const [left, right] = [f.local("v128"), f.local("v128")];
  const pairs = (lanes: readonly [number, number, number, number]): void => {
    f.get(sum(0)).get(sum(1)).shuffle32(lanes).set(left);
    f.get(sum(2)).get(sum(3)).shuffle32(lanes).set(right);
    f.get(left).get(right).shuffle64(0, 2).get(left).get(right).shuffle64(1, 3).op(format.add);
  };
  pairs([0, 4, 1, 5]);
  pairs([2, 6, 3, 7]);
  f.op(format.add).set(target);
  f.release(left);
  f.release(right);
}

/** A product with a single column is the single row of its transpose. */
function transposedProduct(module: ModuleBuilder, spec: LaneProductSpec, format: Format): Matmul {
  const inner = laneProductFunction(module, {
    ...spec,
    m: 1,
    n: spec.m,
    strides: { aRow: 0, bColumn: spec.strides.aRow, cRow: spec.m * format.size },
  });
  return { fn: exchanged(module, inner.fn), scratchBytes: inner.scratchBytes };
}
