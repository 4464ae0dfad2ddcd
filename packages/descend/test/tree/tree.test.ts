import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DescendError } from "../../src/errors.js";
import { flatten, flattenLike, mapLeaves, type Params, pathOf, unflatten } from "../../src/tree/tree.js";

const tree = {
  w: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  b: Float64Array.of(7, 8),
  layers: [{ gain: 9 }, { gain: 10 }],
  "learning rate": 11,
};

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof DescendError ? error.code : "not ours";
  }
  return undefined;
}

describe("flatten", () => {
  it("lays the leaves out in the order of writing", () => {
    const { layout, values } = flatten(tree);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(layout.leaves.map((leaf) => [leaf.path, leaf.offset, leaf.shape])).toEqual([
      [".w", 0, [2, 3]],
      [".b", 6, [2]],
      [".layers[0].gain", 8, []],
      [".layers[1].gain", 9, []],
      ['["learning rate"]', 10, []],
    ]);
  });

  it("names every entry as the user would write it", () => {
    const { layout } = flatten(tree);
    expect([0, 5, 7, 9].map((i) => pathOf(layout, i))).toEqual([".w[0][0]", ".w[1][2]", ".b[1]", ".layers[1].gain"]);
    expect(pathOf(flatten(3).layout, 0)).toBe("");
    expect(pathOf(flatten({ 斜率: 1 }).layout, 0)).toBe(".斜率");
  });

  it("is undone by unflatten, containers included", () => {
    const { layout, values } = flatten(tree);
    const back = unflatten(layout, values) as typeof tree;
    expect(back).toEqual(tree);
    expect(back.b).toBeInstanceOf(Float64Array);
    expect(unflatten(flatten(2.5).layout, [2.5])).toBe(2.5);
    expect(unflatten(flatten(Float32Array.of(1, 2)).layout, [1, 2])).toBeInstanceOf(Float32Array);
  });

  it("is undone by unflatten for any tree of numbers", () => {
    const leaf = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
    );
    const { tree: anyTree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
          tie("tree"),
          { minKeys: 1, maxKeys: 3 },
        ),
      ),
    }));
    fc.assert(
      fc.property(anyTree, (value) => {
        const { layout, values } = flatten(value as Params);
        expect(unflatten(layout, values)).toEqual(value);
      }),
    );
  });

  it("treats arrays of unequal rows as lists of vectors", () => {
    expect(flatten([[1, 2], [3]]).layout.leaves.map((leaf) => leaf.path)).toEqual(["[0]", "[1]"]);
  });

  it("refuses what cannot be optimized, and says where", () => {
    expect(codeOf(() => flatten([]))).toBe("PARAMS_EMPTY");
    expect(codeOf(() => flatten({}))).toBe("PARAMS_EMPTY");
    expect(codeOf(() => flatten({ a: "1" } as never))).toBe("PARAMS_NOT_NUMERIC");
    expect(codeOf(() => flatten(null as never))).toBe("PARAMS_NOT_NUMERIC");
    expect(codeOf(() => flatten([1, Number.NaN]))).toBe("PARAMS_NOT_FINITE");
    try {
      flatten({
        w: [
          [1, 2],
          [3, Number.POSITIVE_INFINITY],
        ],
      });
    } catch (error) {
      expect((error as DescendError<"PARAMS_NOT_FINITE">).details).toEqual({ path: "start.w[1][1]", got: Number.POSITIVE_INFINITY });
    }
  });
});

describe("flattenLike", () => {
  it("takes a tree of the same layout and refuses another", () => {
    const { layout } = flatten({ a: 1, b: [2, 3] });
    expect([...flattenLike(layout, { a: 4, b: [5, 6] })]).toEqual([4, 5, 6]);
    expect(codeOf(() => flattenLike(layout, { a: 4, b: [5] }))).toBe("PARAMS_NOT_NUMERIC");
    expect(codeOf(() => flattenLike(layout, { a: 4, b: [5, 6], c: 7 }))).toBe("PARAMS_NOT_NUMERIC");
  });
});

describe("mapLeaves", () => {
  it("keeps records and lists and replaces leaves", () => {
    expect(mapLeaves(flatten(tree).layout, (leaf) => leaf.offset)).toEqual({
      w: 0,
      b: 6,
      layers: [{ gain: 8 }, { gain: 9 }],
      "learning rate": 10,
    });
  });
});
