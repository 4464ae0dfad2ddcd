import { describe, expect, it } from "vitest";
import { RowFile } from "../../../src/data/row-file.js";
import type { Tensor } from "../../../src/graph/tensor.js";
import { compileValue, type Target } from "../../../src/minimize/objective/evaluation.js";
import { compileProducts, compileValues } from "../../../src/minimize/objective/side-by-side.js";
import { readStreamableObjective, readTableOrStore } from "../../../src/minimize/objective/streamable.js";
import { StreamedProbe } from "../../../src/minimize/objective/streamed-probe.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { flatten } from "../../../src/tree/tree.js";
import { compile } from "../../../src/wasm/compile.js";
import { memoryFile } from "../../data/memory-file.js";

/** Several windows of a compiled sweep, with a rest. */
const ROWS = 20_011;
const FEATURES = 5;

const columns = Array.from({ length: FEATURES + 1 }, (_, j) =>
  Float64Array.from({ length: ROWS }, (_, i) => {
    const uniform = threefryUniform(3, j, i);
    return j < FEATURES ? 2 * uniform - 1 : uniform < 0.4 ? 1 : -1;
  }),
);

function logistic({ b, w }: { b: Tensor; w: Tensor }, { z, sign }: { z: Tensor; sign: Tensor }): Tensor {
  return z.matmul(w).add(b).mul(sign).neg().softplus().mean().add(w.square().sum().mul(0.01));
}

/** The objective over rows in a file, and the times that the file was read. */
function streamed() {
  const file = new RowFile(memoryFile(), FEATURES + 1);
  file.append(columns);
  let passes = 0;
  const table = readTableOrStore(
    {
      rows: ROWS,
      columns: [
        { name: "z", shape: [FEATURES] },
        { name: "sign", shape: [] },
      ],
      read: (into, place) => {
        if (place === 0) passes++;
        file.read(into, place);
      },
    },
    {},
  );
  const { layout } = flatten({ b: 0, w: new Float64Array(FEATURES) });
  const read = readStreamableObjective(logistic as never, layout, { table, start: new Float64Array(layout.size), constants: {}, sign: 1 });
  if (read.kind !== "graph") throw new Error(read.reason);
  const target: Target = { layout, dtype: "float64", table, compile, compileOptions: {} };
  return { graph: read.graph, target, passes: () => passes };
}

const points = Array.from({ length: 21 }, (_, k) =>
  Float64Array.from({ length: FEATURES + 1 }, (_, i) => 3 * threefryUniform(5, k, i) - 1),
);

/** ∂²f at a point, in plain arithmetic. */
function hessianAt(point: Float64Array): number[][] {
  const n = FEATURES + 1;
  const hessian = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j && i > 0 ? 0.02 : 0)));
  for (let row = 0; row < ROWS; row++) {
    const a = [1, ...columns.slice(0, FEATURES).map((column) => column[row]!)];
    const p = 1 / (1 + Math.exp(-a.reduce((sum, x, j) => sum + x * point[j]!, 0)));
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) hessian[i]![j]! += (p * (1 - p) * a[i]! * a[j]!) / ROWS;
  }
  return hessian;
}

describe("an objective at several points side by side", () => {
  it.each([1, 4, 16, 21])("has the bits of the objective at each by itself, %i at a time, in one pass", (count) => {
    const { graph, target, passes } = streamed();
    const one = compileValue(graph, target);
    const expected = points.slice(0, count).map(one);
    const before = passes();
    expect(Array.from(compileValues(graph, target, count)(points.slice(0, count)))).toEqual(expected);
    expect(passes() - before).toBe(1);
    const wider = compileValues(graph, target, count + 3);
    expect(Array.from(wider(points.slice(0, count)))).toEqual(expected);
  });

  it("has the products with the Hessian of plain arithmetic, to 10⁻¹³ (rounding: √rows·ε)", () => {
    const { graph, target } = streamed();
    const [point, ...directions] = points.slice(0, 8) as [Float64Array, ...Float64Array[]];
    const hessian = hessianAt(point);
    const products = compileProducts(graph, target, 9)(point, directions);
    expect(products).toHaveLength(7);
    products.forEach((product, k) => {
      hessian.forEach((row, i) => {
        const exact = row.reduce((sum, h, j) => sum + h * directions[k]![j]!, 0);
        expect(Math.abs(product[i]! - exact)).toBeLessThanOrEqual(1e-13);
      });
    });
  });
});

describe("the probe of a streamed table", () => {
  it("makes a Hessian once a point, and values of several points in a pass of 16", () => {
    const { graph, target, passes } = streamed();
    const probe = new StreamedProbe(graph, target);
    const one = compileValue(graph, target);
    const expected = points.map(one);
    let before = passes();
    expect(probe.values(points)).toEqual(expected);
    expect(passes() - before).toBe(2);
    before = passes();
    const multiply = probe.hessianVector(points[0]!);
    const hessian = hessianAt(points[0]!);
    for (const direction of points.slice(1, 6)) {
      multiply(direction).forEach((value, i) => {
        expect(Math.abs(value - hessian[i]!.reduce((sum, h, j) => sum + h * direction[j]!, 0))).toBeLessThanOrEqual(1e-13);
      });
    }
    expect(passes() - before).toBe(1);
  });
});
