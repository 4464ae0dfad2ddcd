/** Matrix products as kernels of their own: calls of `matmul.ts`, or of `lane-product.ts` where rows are summed. */

import { ROWS } from "../../graph/graph.js";
import type { Emitter } from "../emit/emitter.js";
import type { ModuleBuilder } from "../encode/assembler.js";
import type { Format } from "../format.js";
import { accessOf } from "../lower/access.js";
import type { Fusion } from "../lower/fuse.js";
import type { Kernel } from "../lower/kernel.js";
import type { Coords, Root } from "../lower/roots.js";
import type { Access } from "../lower/value.js";
import type { Base, View } from "../lower/view.js";
import type { MemoryPlan } from "../memory.js";
import { laneProductFunction } from "./lane-product.js";
import { type Matmul, matmulFunction } from "./matmul.js";

interface MatmulRows {
  /** Local with the bytes of a column. */
  readonly rows: number;
  readonly tileRows: number;
}

/** Scratch of the matrix products of a list of kernels, by kernel. */
const scratchOf = new WeakMap<Kernel, { readonly base: Base; readonly offset: number }>();

/**
 * Memory for the panels of matrix products, which run one after the other and so share it.
 *
 * @param start - bytes behind `base` that are taken.
 * @returns bytes behind `base` that are taken now.
 */
export function planScratch(fusion: Fusion, { format, tileRows }: MemoryPlan, base: Base, start: number): number {
  const products = fusion.kernels.filter((kernel) => kernel.kind === "matmul");
  const offset = Math.ceil(start / 64) * 64;
  for (const kernel of products) scratchOf.set(kernel, { base, offset });
  return products.length === 0 ? start : offset + Math.max(...products.map((kernel) => scratchBytes(kernel, format, tileRows)));
}

/** Upper bound of what {@link matmulFunction} needs, before the function is made. */
function scratchBytes(kernel: Kernel, format: Format, tileRows: number): number {
  const [m, n, k] = kernel.axes.map((length) => (length === ROWS ? tileRows : length)) as [number, number, number];
  return (Math.max(m, n, k) * k + 64 * Math.max(m, n, k)) * format.bytes + 4096;
}

/** Functions of products by module and by what they compute. */
const products = new WeakMap<ModuleBuilder, Map<string, Matmul>>();

/** Equal products of a module share a function. */
function sharedProduct(module: ModuleBuilder, spec: unknown, make: () => Matmul): Matmul {
  const known = products.get(module) ?? new Map<string, Matmul>();
  products.set(module, known);
  const key = JSON.stringify(spec);
  const product = known.get(key) ?? make();
  known.set(key, product);
  return product;
}

/** A call of the packed matrix product for a kernel of kind "matmul". */
export function emitMatmul(
  { module, fast }: { module: ModuleBuilder; fast: boolean },
  kernel: Kernel,
  fusion: Fusion,
  e: Emitter,
  rows: MatmulRows | undefined,
): void {
  const { f, format } = e;
  const root: Root = kernel.roots[0]!;
  const [first, second] = root.spec.reads as [Root["spec"]["reads"][0], Root["spec"]["reads"][0]];
  const axes = kernel.axes.length;
  const inOnePiece = (view: View, coords: Coords): Access => {
    const { base, offset, strides } = accessOf(view, coords, axes);
    // Rows are in the arena, where the blocks of a column follow each other.
    return { base, offset, strides: kernel.axes.map((length, axis) => (length === ROWS ? strides[axes]! : strides[axis]!)) };
  };
  const a = inOnePiece(fusion.matmulOperand(first.node), first.coords);
  const b = inOnePiece(fusion.matmulOperand(second.node), second.coords);
  const c = inOnePiece(root.home, root.spec.place);
  const contracted = kernel.axes.findIndex((_, axis) => (kernel.reduced & (1 << axis)) !== 0);
  const kept = kernel.axes.map((_, axis) => axis).filter((axis) => axis !== contracted);
  // The columns of C are neighbors in memory; the other free axis makes its rows.
  const columnAxis = kept.find((axis) => c.strides[axis] === format.bytes)!;
  const rowAxis = kept.find((axis) => axis !== columnAxis)!;
  const [left, right] = a.strides[rowAxis] !== 0 && a.strides[columnAxis] === 0 ? [a, b] : [b, a];
  const length = (axis: number): number => (kernel.axes[axis] === ROWS ? rows!.tileRows : kernel.axes[axis]!);
  const overRows = kernel.axes[contracted] === ROWS;
  const spec = { dtype: format.dtype, m: length(rowAxis), n: length(columnAxis), kMax: length(contracted), fast };
  const strides = {
    aRow: left.strides[rowAxis]!,
    aK: left.strides[contracted]!,
    bK: right.strides[contracted]!,
    bColumn: right.strides[columnAxis]!,
    cRow: c.strides[rowAxis]!,
  };
  // Rows are summed in lanes (`numeric/sum.ts`, rule 3), other axes from left to right (rule 4).
  const { fn } = sharedProduct(module, { ...spec, strides, overRows }, () =>
    overRows ? laneProductFunction(module, { ...spec, strides, accumulate: true }) : matmulFunction(module, { ...spec, strides }),
  );
  const push = ({ base, offset }: { base: Base; offset: number }): void => {
    f.i32(e.address({ base, offset, strides: [] })).op("i32.add");
  };
  push(left);
  push(right);
  push(c);
  push(scratchOf.get(kernel)!);
  if (overRows) f.get(rows!.rows).i32(format.shift).op("i32.shr_u");
  else f.i32(length(contracted));
  f.call(fn);
}
