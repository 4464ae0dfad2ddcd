/**
 * Oracle: the plain triple loop in the documented order of the sum (from left to right, starting as +0), in JavaScript numbers, rounded to
 * float32 by Math.fround after every operation where the product is in float32. Equality is bit for bit.
 */

import { describe, expect, it } from "vitest";
import type { DType } from "../../../src/graph/program.js";
import { ModuleBuilder } from "../../../src/wasm/encode/assembler.js";
import { matmulFunction } from "../../../src/wasm/product/matmul.js";
import { fitsRegisters } from "../../../src/wasm/product/matmul-kernel.js";

interface Case {
  dtype: DType;
  m: number;
  n: number;
  k: number;
  kMax?: number;
  /** Element strides of A and B; C has rows of `cRow` elements. */
  aRow: number;
  aK: number;
  bK: number;
  bColumn: number;
  cRow?: number;
  accumulate?: boolean;
}

/** Small whole numbers and fractions whose sums round: any change of order shows. */
function values(count: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) / 2 ** 24 - 0.5) * 2 ** ((state & 7) - 3);
  });
}

function tripleLoop(c: Case, a: ArrayLike<number>, b: ArrayLike<number>, start: ArrayLike<number>): number[] {
  const round = c.dtype === "float32" ? Math.fround : (x: number): number => x;
  const cRow = c.cRow ?? c.n;
  const out = Array.from(start);
  for (let i = 0; i < c.m; i++) {
    for (let j = 0; j < c.n; j++) {
      let sum = 0;
      for (let p = 0; p < c.k; p++) sum = round(sum + round(a[i * c.aRow + p * c.aK]! * b[p * c.bK + j * c.bColumn]!));
      if (c.accumulate !== true) out[i * cRow + j] = sum;
      else if (c.k > 0) out[i * cRow + j] = round(out[i * cRow + j]! + sum);
    }
  }
  return out;
}

const guard = -12345.5;

/** Runs the compiled product on operands that fill the memory up to its last byte, each followed by guard elements where there is room. */
function compiled(c: Case): { result: number[]; expected: number[]; memoryAroundUntouched: boolean } {
  const size = c.dtype === "float32" ? 4 : 8;
  const cRow = c.cRow ?? c.n;
  const kMax = c.kMax ?? c.k;
  const aCount = (c.m - 1) * c.aRow + Math.max(0, c.k - 1) * c.aK + 1;
  const bCount = Math.max(0, c.k - 1) * c.bK + (c.n - 1) * c.bColumn + 1;
  const cCount = (c.m - 1) * cRow + c.n;
  const module = new ModuleBuilder({ initialPages: 1, maximumPages: 200, shared: false });
  const product = matmulFunction(module, {
    dtype: c.dtype,
    m: c.m,
    n: c.n,
    kMax,
    accumulate: c.accumulate ?? false,
    strides: { aRow: c.aRow * size, aK: c.aK * size, bK: c.bK * size, bColumn: c.bColumn * size, cRow: cRow * size },
  });
  const entry = module.addFunction(["i32", "i32", "i32", "i32", "i32"], [], "product");
  for (let i = 0; i < 5; i++) entry.get(i);
  entry.call(product.fn);

  // scratch | guard | C | guard | A | B up to the end of memory: reading past B traps.
  const guards = 8;
  const scratchAt = 0;
  const cAt = Math.ceil(product.scratchBytes / 16) * 16 + guards * size;
  const aAt = cAt + (cCount + guards) * size;
  const pages = Math.ceil((aAt + (aCount + bCount) * size) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 200 });
  const bAt = pages * 65536 - bCount * size;
  const Elements = c.dtype === "float32" ? Float32Array : Float64Array;
  const all = new Elements(memory.buffer).fill(guard);
  const a = all.subarray(aAt / size, aAt / size + aCount);
  const b = all.subarray(bAt / size, bAt / size + bCount);
  const result = all.subarray(cAt / size, cAt / size + cCount);
  a.set(values(aCount, 1));
  b.set(values(bCount, 2));
  if (c.accumulate === true) result.set(values(cCount, 3));
  const expected = tripleLoop(c, a, b, result);
  const before = all.slice();

  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory } });
  (instance.exports.product as (...addresses: number[]) => void)(aAt, bAt, cAt, scratchAt, c.k);

  let memoryAroundUntouched = true;
  for (let i = Math.ceil(product.scratchBytes / size); i < all.length; i++) {
    const inC = i * size >= cAt && i * size < cAt + cCount * size;
    if (!inC && !Object.is(all[i], before[i])) memoryAroundUntouched = false;
  }
  return { result: Array.from(result), expected, memoryAroundUntouched };
}

function check(c: Case): void {
  const { result, expected, memoryAroundUntouched } = compiled(c);
  const firstWrong = result.findIndex((value, i) => !Object.is(value, expected[i]));
  const where = `${JSON.stringify(c)} element ${firstWrong}`;
  expect(firstWrong === -1 ? "equal" : `${where}: ${result[firstWrong]} instead of ${expected[firstWrong]}`).toBe("equal");
  expect(memoryAroundUntouched ? "untouched" : JSON.stringify(c)).toBe("untouched");
}

/** Element strides of the operands as they are, and transposed. */
const layouts: Record<string, (m: number, n: number, k: number) => Pick<Case, "aRow" | "aK" | "bK" | "bColumn">> = {
  A·B: (_m, n, k) => ({ aRow: k, aK: 1, bK: n, bColumn: 1 }),
  Aᵀ·B: (m, n) => ({ aRow: 1, aK: m, bK: n, bColumn: 1 }),
  A·Bᵀ: (_m, _n, k) => ({ aRow: k, aK: 1, bK: 1, bColumn: k }),
  Aᵀ·Bᵀ: (m, _n, k) => ({ aRow: 1, aK: m, bK: 1, bColumn: k }),
};

describe.each(["float64", "float32"] as const)("the compiled matrix product in %s", (dtype) => {
  describe.each(Object.entries(layouts))("of %s", (_name, layout) => {
    it("equals the triple loop for all small shapes", () => {
      for (let m = 1; m <= 20; m += m < 10 ? 1 : 3) {
        for (let n = 1; n <= 20; n += n < 10 ? 1 : 3) {
          const k = 1 + ((m * 7 + n * 3) % 20);
          check({ dtype, m, n, k, ...layout(m, n, k) });
          check({ dtype, m, n, k, ...layout(m, n, k), accumulate: true });
        }
      }
    });

    it("equals the triple loop on both sides of every block border", () => {
      for (const [m, n, k] of [
        [3, 5, 255],
        [5, 9, 256],
        [4, 8, 257],
        [7, 17, 512],
        [2, 3, 513],
        [129, 3, 40],
        [257, 9, 33],
        [260, 20, 300],
      ] as const) {
        check({ dtype, m, n, k, ...layout(m, n, k) });
        check({ dtype, m, n, k, ...layout(m, n, k), accumulate: true });
      }
    });

    it("takes any k up to kMax", () => {
      for (const k of [0, 1, 2, 3, 4, 5, 8, 31, 256, 300]) {
        check({ dtype, m: 6, n: 11, k, kMax: 300, ...layout(6, 11, Math.max(k, 1)) });
        check({ dtype, m: 6, n: 11, k, kMax: 300, ...layout(6, 11, Math.max(k, 1)), accumulate: true });
      }
    });

    it("leaves the elements between the rows of C alone", () => {
      check({ dtype, m: 5, n: 7, k: 9, ...layout(5, 7, 9), cRow: 11 });
      check({ dtype, m: 5, n: 1, k: 9, ...layout(5, 1, 9), cRow: 3, accumulate: true });
    });
  });

  it("reads operands with gaps, repeated rows and overlapping windows", () => {
    check({ dtype, m: 6, n: 10, k: 12, aRow: 40, aK: 3, bK: 33, bColumn: 2 });
    check({ dtype, m: 13, n: 30, k: 12, aRow: 2, aK: 30, bK: 61, bColumn: 2 });
    check({ dtype, m: 6, n: 10, k: 12, aRow: 0, aK: 1, bK: 10, bColumn: 1 });
    check({ dtype, m: 6, n: 30, k: 12, aRow: 12, aK: 1, bK: 1, bColumn: 0 });
    check({ dtype, m: 6, n: 30, k: 12, aRow: 1, aK: 1, bK: 1, bColumn: 1 });
  });

  it("sets C to +0 for k = 0 and keeps it, signs of zero included, when it accumulates", () => {
    const shape = { dtype, m: 3, n: 3, k: 0, kMax: 4, aRow: 4, aK: 1, bK: 3, bColumn: 1 };
    expect(compiled(shape).result).toEqual(new Array(9).fill(0));
    check({ ...shape, accumulate: true });
  });

  it("shares kernels between products of one module", () => {
    const sizeWith = (count: number): number => {
      const module = new ModuleBuilder({ initialPages: 1, maximumPages: 1, shared: false });
      for (let i = 0; i < count; i++) {
        matmulFunction(module, {
          dtype,
          m: 8,
          n: 8,
          kMax: 8,
          strides: { aRow: 64, aK: 8, bK: 64, bColumn: 8, cRow: 64 },
          accumulate: false,
        });
      }
      return module.build().length;
    };
    expect(sizeWith(3) - sizeWith(2)).toBe(sizeWith(2) - sizeWith(1));
    expect(sizeWith(2) - sizeWith(1)).toBeLessThan(sizeWith(1) / 2);
  });
});

it("agrees with the triple loop to rounding when it may fuse multiplication and addition", (context) => {
  const [m, n, k] = [5, 11, 70];
  for (const dtype of ["float64", "float32"] as const) {
    const size = dtype === "float32" ? 4 : 8;
    const module = new ModuleBuilder({ initialPages: 2, maximumPages: 2, shared: false });
    const strides = { aRow: k * size, aK: size, bK: n * size, bColumn: size, cRow: n * size };
    const product = matmulFunction(module, { dtype, m, n, kMax: k, strides, accumulate: false, fast: true });
    const entry = module.addFunction(["i32", "i32", "i32", "i32", "i32"], [], "product");
    for (let i = 0; i < 5; i++) entry.get(i);
    entry.call(product.fn);
    const bytes = module.build();
    if (!WebAssembly.validate(bytes)) context.skip("this runtime has no relaxed SIMD");
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
    const all = dtype === "float32" ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
    const [a, b, c] = [all.subarray(0, m * k), all.subarray(400, 400 + k * n), all.subarray(1200, 1200 + m * n)];
    a.set(values(m * k, 1));
    b.set(values(k * n, 2));
    const expected = tripleLoop({ dtype, m, n, k, aRow: k, aK: 1, bK: n, bColumn: 1 }, a, b, c);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { descend: { memory } });
    (instance.exports.product as (...addresses: number[]) => void)(0, 400 * size, 1200 * size, 2000 * size, k);
    // k roundings of partial sums no larger than k·4·4.
    const bound = k * 16 * k * (dtype === "float32" ? 2 ** -24 : 2 ** -53);
    for (const [i, value] of expected.entries()) expect(Math.abs(c[i]! - value)).toBeLessThanOrEqual(bound);
    expect(expected.some((value) => value !== 0)).toBe(true);
  }
});

it("knows which blocks of C fit the fifteen vector registers", () => {
  expect(
    [
      [4, 2],
      [2, 4],
      [1, 6],
      [6, 1],
    ].map(([r, v]) => fitsRegisters(r!, v!)),
  ).toEqual([true, true, true, true]);
  expect(
    [
      [3, 3],
      [4, 3],
      [1, 7],
    ].map(([r, v]) => fitsRegisters(r!, v!)),
  ).toEqual([false, false, false]);
});
