/**
 * Oracle: sums over rows as `numeric/sum.ts` defines them (products rounded, then `sumRows` of one tile), in
 * JavaScript numbers. Equality is bit for bit.
 */

import { describe, expect, it } from "vitest";
import { sumOrder, sumRows } from "../../../src/numeric/sum.js";
import { ModuleBuilder } from "../../../src/wasm/encode/assembler.js";
import { laneProductFunction } from "../../../src/wasm/product/lane-product.js";

interface Case {
  m: number;
  n: number;
  k: number;
  accumulate?: boolean;
  /** Elements from row to row of A and C and from column to column of B; k (rounded up to whole vectors) and n unless given. */
  aRow?: number;
  bColumn?: number;
  cRow?: number;
}

const guard = -12345.5;

function values(count: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) / 2 ** 24 - 0.5) * 2 ** ((state & 7) - 3);
  });
}

describe.each(["float64", "float32"] as const)("the product over lanes in %s", (dtype) => {
  const size = dtype === "float32" ? 4 : 8;

  function check(c: Case): void {
    const { m, n, k } = c;
    const order = sumOrder(dtype, Math.max(k, 1));
    const padded = Math.ceil(k / order.lanes) * order.lanes;
    const [aRow, bColumn, cRow] = [c.aRow ?? padded, c.bColumn ?? padded, c.cRow ?? n];
    const module = new ModuleBuilder({ initialPages: 1, maximumPages: 100, shared: false });
    const strides = { aRow: aRow * size, bColumn: bColumn * size, cRow: cRow * size };
    const product = laneProductFunction(module, { dtype, m, n, kMax: k, strides, accumulate: c.accumulate ?? false });
    const entry = module.addFunction(["i32", "i32", "i32", "i32", "i32"], [], "product");
    for (let i = 0; i < 5; i++) entry.get(i);
    entry.call(product.fn);

    const [aCount, bCount, cCount] = [(m - 1) * aRow + padded, (n - 1) * bColumn + padded, (m - 1) * cRow + n];
    const pages = Math.ceil(((aCount + bCount + cCount + 16) * size) / 65536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: 100 });
    const all = dtype === "float32" ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
    all.fill(guard);
    const [cAt, aAt, bAt] = [8, cCount + 16, all.length - bCount];
    // What lies behind k in a row must not matter.
    const operand = (at: number, count: number, stride: number, lines: number, seed: number): void => {
      all.set(values(count, seed), at);
      if (stride < padded) return;
      for (let line = 0; line < lines; line++) all.fill(Number.NaN, at + line * stride + k, at + line * stride + padded);
    };
    operand(aAt, aCount, aRow, m, 1);
    operand(bAt, bCount, bColumn, n, 2);
    if (c.accumulate === true) all.set(values(cCount, 3), cAt);
    const before = all.slice();
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory } });
    (instance.exports.product as (...addresses: number[]) => void)(aAt * size, bAt * size, cAt * size, 0, k);

    const expected = before.slice();
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const products = Array.from({ length: k }, (_, p) => order.round(before[aAt + i * aRow + p]! * before[bAt + j * bColumn + p]!));
        const sum = sumRows(products, order);
        const at = cAt + i * cRow + j;
        expected[at] = c.accumulate !== true ? sum : k === 0 ? before[at]! : order.round(before[at]! + sum);
      }
    }
    // The whole memory: what is not an element of C must be as it was.
    const firstWrong = all.findIndex((value, i) => !Object.is(value, expected[i]));
    expect(
      firstWrong === -1 ? "equal" : `${JSON.stringify(c)} at ${firstWrong - cAt}: ${all[firstWrong]} instead of ${expected[firstWrong]}`,
    ).toBe("equal");
  }

  it("equals the sum over rows for all small shapes", () => {
    for (let m = 1; m <= 9; m++) {
      for (let n = 1; n <= 9; n++) {
        check({ m, n, k: 1 + ((m * 5 + n * 3) % 19) });
        check({ m, n, k: 1 + ((m * 5 + n * 3) % 19), accumulate: true });
      }
    }
  });

  it("equals the sum over rows for every number of rows up to three turns of its loop", () => {
    for (let k = 0; k <= 50; k++) {
      check({ m: 3, n: 5, k });
      check({ m: 3, n: 5, k, accumulate: true });
    }
  });

  it("equals the sum over rows when A does not fit the first-level cache", () => {
    check({ m: 70, n: 6, k: 128 });
    check({ m: 5, n: 3, k: 5000, accumulate: true });
  });

  it("leaves the elements between the rows of C alone", () => {
    check({ m: 5, n: 7, k: 9, cRow: 11 });
    check({ m: 5, n: 1, k: 9, cRow: 3, accumulate: true });
  });

  it("reads lines with gaps, repeated lines and overlapping windows", () => {
    check({ m: 6, n: 7, k: 12, aRow: 40, bColumn: 33 });
    check({ m: 6, n: 7, k: 12, aRow: 0, bColumn: 1 });
  });
});
