import { describe, expect, it } from "vitest";
import { readFeatures } from "../../src/data/feature-table.js";

const columnsOf = (table: ReturnType<typeof readFeatures>): number[][] => table.columns.map((column) => Array.from(column));

describe("features", () => {
  it("come as rows, as numbers, as blocks and as columns by name", () => {
    expect(
      columnsOf(
        readFeatures([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(columnsOf(readFeatures([1, 2, 3]))).toEqual([[1, 2, 3]]);
    expect(columnsOf(readFeatures({ values: [1, 2, 3, 4], width: 2 }))).toEqual([
      [1, 3],
      [2, 4],
    ]);
    const named = readFeatures({ b: [1, 2], a: Float32Array.of(3, 4) });
    expect(named.names).toEqual(["b", "a"]);
    expect(columnsOf(named)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(columnsOf(readFeatures({ b: [1, 2], a: [3, 4] }, ["a"]))).toEqual([[3, 4]]);
  });

  it("may be called width and values, as columns", () => {
    expect(readFeatures({ width: [1, 2], values: [3, 4] }).names).toEqual(["width", "values"]);
  });

  it("are refused where they are ragged, empty, not finite or not there", () => {
    const code = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        const { code: found, details } = error as { code: string; details: unknown };
        return [found, details];
      }
    };
    expect(code(() => readFeatures([]))).toEqual(["DATA_EMPTY", { where: "features" }]);
    expect(code(() => readFeatures([[1], [1, 2]]))).toEqual(["DATA_LENGTH_MISMATCH", { column: "features[1]", expected: 1, got: 2 }]);
    expect(code(() => readFeatures({ a: [1, 2], b: [1] }))).toEqual(["DATA_LENGTH_MISMATCH", { column: "b", expected: 2, got: 1 }]);
    expect(code(() => readFeatures({ values: [1, 2, 3], width: 2 }))).toEqual([
      "DATA_LENGTH_MISMATCH",
      { column: "features", expected: 4, got: 3 },
    ]);
    expect(code(() => readFeatures([[1, Number.POSITIVE_INFINITY]]))).toEqual([
      "DATA_NOT_FINITE",
      { column: "x2", row: 0, got: "Infinity" },
    ]);
    expect(code(() => readFeatures({ area: [1] }, ["araa"]))).toEqual([
      "COLUMN_UNKNOWN",
      { column: "araa", known: ["area"], nearest: "area" },
    ]);
    expect(code(() => readFeatures([[1, 2]], ["a"]))).toMatchObject(["SHAPE_MISMATCH", {}]);
  });
});
