import { describe, expect, it } from "vitest";
import { input } from "../../src/graph/build.js";
import { ROWS, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { Tensor } from "../../src/graph/tensor.js";
import { concat, full, ones, random, stack, tensor, where, zeros } from "../../src/graph/tensor-functions.js";

const values = (t: Tensor, inputs: Record<string, ArrayLike<number>> = {}): number[] => [...evaluate([t.node], { inputs })[0]!];
const symbol = (name: string, shape: readonly number[]): Tensor => Tensor.of(input(name, shape));
const v = symbol("v", [3]);
const m = symbol("m", [2, 3]);
const t = symbol("t", [ROWS, 2]);
const at = { v: [1, -2, 0.5], m: [1, 2, 3, 4, 5, 6] };
const rows = { t: [1, 2, 3, 4, 5, 6] };

describe("elementwise methods", () => {
  // Oracle: the function of JavaScript's Math, or the definition.
  const log1pexp = (x: number): number => Math.log(1 + Math.exp(x));
  it.each<[string, (x: Tensor) => Tensor, (x: number) => number]>([
    ["neg", (x) => x.neg(), (x) => -x],
    ["abs", (x) => x.abs(), Math.abs],
    ["sign", (x) => x.sign(), Math.sign],
    ["floor", (x) => x.floor(), Math.floor],
    ["ceil", (x) => x.ceil(), Math.ceil],
    ["trunc", (x) => x.trunc(), Math.trunc],
    ["square", (x) => x.square(), (x) => x * x],
    ["sqrt", (x) => x.sqrt(), Math.sqrt],
    ["cbrt", (x) => x.cbrt(), Math.cbrt],
    ["exp", (x) => x.exp(), Math.exp],
    ["expm1", (x) => x.expm1(), Math.expm1],
    ["log", (x) => x.log(), Math.log],
    ["log1p", (x) => x.log1p(), Math.log1p],
    ["log2", (x) => x.log2(), Math.log2],
    ["log10", (x) => x.log10(), Math.log10],
    ["sin", (x) => x.sin(), Math.sin],
    ["cos", (x) => x.cos(), Math.cos],
    ["tan", (x) => x.tan(), Math.tan],
    ["asin", (x) => x.asin(), Math.asin],
    ["acos", (x) => x.acos(), Math.acos],
    ["atan", (x) => x.atan(), Math.atan],
    ["sinh", (x) => x.sinh(), Math.sinh],
    ["cosh", (x) => x.cosh(), Math.cosh],
    ["tanh", (x) => x.tanh(), Math.tanh],
    ["sigmoid", (x) => x.sigmoid(), (x) => 1 / (1 + Math.exp(-x))],
    ["softplus", (x) => x.softplus(), log1pexp],
    ["relu", (x) => x.relu(), (x) => Math.max(x, 0)],
    ["erf", (x) => x.erf(), (x) => ({ 1: 0.8427007929497149, [-2]: -0.9953222650189527, 0.5: 0.5204998778130465 })[x]!],
    ["lgamma", (x) => x.lgamma(), (x) => ({ 1: 0, [-2]: Number.POSITIVE_INFINITY, 0.5: Math.log(Math.PI) / 2 })[x]!],
    ["stopGradient", (x) => x.stopGradient(), (x) => x],
    ["add", (x) => x.add(2), (x) => x + 2],
    ["sub", (x) => x.sub(2), (x) => x - 2],
    ["mul", (x) => x.mul(3), (x) => x * 3],
    ["div", (x) => x.div(3), (x) => x / 3],
    ["pow", (x) => x.pow(3), (x) => x ** 3],
    ["pow of a fraction", (x) => x.pow(0.5), (x) => x ** 0.5],
    ["atan2", (x) => x.atan2(2), (x) => Math.atan2(x, 2)],
    ["minimum", (x) => x.minimum(0.7), (x) => Math.min(x, 0.7)],
    ["maximum", (x) => x.maximum(0.7), (x) => Math.max(x, 0.7)],
    ["clip", (x) => x.clip(-1, 0.7), (x) => Math.min(Math.max(x, -1), 0.7)],
    ["less", (x) => x.less(0.5), (x) => Number(x < 0.5)],
    ["lessEqual", (x) => x.lessEqual(0.5), (x) => Number(x <= 0.5)],
    ["greater", (x) => x.greater(0.5), (x) => Number(x > 0.5)],
    ["greaterEqual", (x) => x.greaterEqual(0.5), (x) => Number(x >= 0.5)],
    ["equal", (x) => x.equal(0.5), (x) => Number(x === 0.5)],
    ["notEqual", (x) => x.notEqual(0.5), (x) => Number(x !== 0.5)],
    ["and", (x) => x.greater(0).and(x.less(1)), (x) => Number(x > 0 && x < 1)],
    ["or", (x) => x.less(0).or(x.equal(1)), (x) => Number(x < 0 || x === 1)],
    ["not", (x) => x.less(0).not(), (x) => Number(!(x < 0))],
    ["select", (x) => x.less(0).select(x.neg(), x), Math.abs],
  ])("%s", (_, method, expected) => {
    const result = values(method(v), at);
    at.v.forEach((x, i) => {
      const correct = expected(x);
      if (Number.isFinite(correct))
        expect(Math.abs(result[i]! - correct)).toBeLessThanOrEqual(4 * 2 ** -52 * Math.max(1, Math.abs(correct)));
      else expect(result[i]).toBe(correct);
    });
  });

  it("take arrays and nested arrays as constants (oracle: written out by hand)", () => {
    expect(values(v.add([10, 20, 30]), at)).toEqual([11, 18, 30.5]);
    expect(values(m.mul([[1], [10]]), at)).toEqual([1, 2, 3, 40, 50, 60]);
    expect(values(v.mul(new Float32Array([1, 2, 3])), at)).toEqual([1, -4, 1.5]);
    expect(
      values(
        tensor([
          [v.at(0), 2],
          [3, v.at(1)],
        ]),
        at,
      ),
    ).toEqual([1, 2, 3, -2]);
    expect(tensor(3).shape).toEqual([]);
    expect(
      tensor([
        [1, 2],
        [3, 4],
      ]).shape,
    ).toEqual([2, 2]);
    expect(tensor([]).shape).toEqual([0]);
  });
});

describe("reductions", () => {
  it("count axes as NumPy, the row axis included (oracle: written out by hand)", () => {
    expect(values(m.sum(), at)).toEqual([21]);
    expect(values(m.sum(0), at)).toEqual([5, 7, 9]);
    expect(values(m.sum([-1]), at)).toEqual([6, 15]);
    expect(m.sum(1, { keepDims: true }).shape).toEqual([2, 1]);
    expect(values(m.mean(), at)).toEqual([3.5]);
    expect(values(m.max(0), at)).toEqual([4, 5, 6]);
    expect(values(m.min(1), at)).toEqual([1, 4]);
    expect(values(m.variance(1), at)).toEqual([2 / 3, 2 / 3]);
    expect(values(symbol("p", [2]).twoNorm(), { p: [3, 4] })).toEqual([5]);
  });

  it("divide the mean over rows by the number of rows (oracle: written out by hand)", () => {
    expect(values(t.mean(), rows)).toEqual([3.5]);
    expect(values(t.mean(0), rows)).toEqual([3, 4]);
    expect(values(t.mean(1), rows)).toEqual([1.5, 3.5, 5.5]);
    expect(values(t.variance(0), rows)).toEqual([8 / 3, 8 / 3]);
    expect(t.sum(0, { keepDims: true }).shape).toEqual([1, 2]);
    expect(t.sum(1, { keepDims: true }).shape).toEqual([ROWS, 1]);
  });

  it("keep log-sum-exp and softmax in range (oracle: closed forms)", () => {
    const big = tensor([1000, 1000]);
    expect(values(big.logSumExp())).toEqual([1000 + Math.LN2]);
    expect(values(big.softmax())).toEqual([0.5, 0.5]);
    expect(values(tensor([0, -2000]).logSoftmax())).toEqual([0, -2000]);
    expect(values(tensor([-1e308, -1e308]).logSumExp())).toEqual([-1e308]);
    const none = Number.NEGATIVE_INFINITY;
    expect(values(tensor([none, none]).logSumExp())).toEqual([none]);
    expect(values(tensor([none, 3]).logSumExp())).toEqual([3]);
    expect(values(tensor([none, 3]).softmax())).toEqual([0, 1]);
    expect(values(tensor([-none, 3]).logSumExp())).toEqual([-none]);
    expect(values(tensor([Number.NaN, 3]).logSumExp())).toEqual([Number.NaN]);
    const table = t.softmax();
    expect(table.shape).toEqual([ROWS, 2]);
    const p = 1 / (1 + Math.E);
    values(table, rows).forEach((value, i) => {
      expect(value).toBeCloseTo(i % 2 === 0 ? p : 1 - p, 15);
    });
    expect(values(t.logSumExp(0), rows).length).toBe(2);
    validate([table.node, t.logSumExp(0).node]);
  });
});

describe("products and shapes", () => {
  it("multiply as NumPy does (oracle: written out by hand)", () => {
    expect(values(m.matmul(v), { m: at.m, v: [1, 10, 100] })).toEqual([321, 654]);
    expect(values(v.dot(v), at)).toEqual([5.25]);
    expect(values(t.dot([1, 10]), rows)).toEqual([21, 43, 65]);
    expect(values(t.dot(t), rows)).toEqual([5, 25, 61]);
    expect(values(t.contract(t, [[0, 0]]), rows)).toEqual([35, 44, 44, 56]);
    expect(m.matmul(m.transpose()).shape).toEqual([2, 2]);
  });

  it("reshape, slice and index, with negative places (oracle: written out by hand)", () => {
    expect(m.reshape([-1, 2]).shape).toEqual([3, 2]);
    expect(m.flatten().shape).toEqual([6]);
    expect(t.reshape([-1, 2, 1]).flatten().shape).toEqual([ROWS, 2]);
    expect(m.expandDims(1).shape).toEqual([2, 1, 3]);
    expect(m.expandDims(-1).shape).toEqual([2, 3, 1]);
    expect(m.expandDims(0).squeeze(0).shape).toEqual([2, 3]);
    expect(values(v.slice(-2), at)).toEqual([-2, 0.5]);
    expect(values(v.slice(0, -1), at)).toEqual([1, -2]);
    expect(values(v.at(-1), at)).toEqual([0.5]);
    expect(values(m.at(1), at)).toEqual([4, 5, 6]);
    expect(values(m.at(1, 1), at)).toEqual([2, 5]);
    expect(values(t.at(1), rows)).toEqual([2, 4, 6]);
    expect(values(t.slice(1), rows)).toEqual([2, 4, 6]);
    expect(values(v.broadcastTo([2, 3]), at)).toEqual([1, -2, 0.5, 1, -2, 0.5]);
  });

  it("gather and scatter (oracle: written out by hand)", () => {
    expect(values(m.gather([1, 0, 1]), at)).toEqual([4, 5, 6, 1, 2, 3, 4, 5, 6]);
    expect(values(v.scatterAdd([0, 2, 0], 3), at)).toEqual([1.5, 0, -2]);
  });

  it("iterate over the first axis that is not the rows (oracle: written out by hand)", () => {
    const [a, b] = t;
    expect(values(a!.add(b!), rows)).toEqual([3, 7, 11]);
    expect([...m].map((row) => row.shape)).toEqual([[3], [3]]);
    expect(v.length).toBe(3);
    expect(t.length).toBe(2);
  });

  it("join (oracle: written out by hand)", () => {
    expect(values(concat([v, [7, 8]]), at)).toEqual([1, -2, 0.5, 7, 8]);
    expect(concat([t, t]).shape).toEqual([ROWS, 4]);
    expect(concat([m, m], 1).shape).toEqual([2, 6]);
    expect(values(stack([v.at(0), 5]), at)).toEqual([1, 5]);
    expect(stack([t.at(0), 1]).shape).toEqual([ROWS, 2]);
    expect(values(where(v.less(0), 0, v), at)).toEqual([1, 0, 0.5]);
    expect([zeros([2]), ones([2]), full([2], 7)].map((x) => values(x))).toEqual([
      [0, 0],
      [1, 1],
      [7, 7],
    ]);
  });

  it("draw random numbers that belong to their place, not to the batch (oracle: the same rows in another batch)", () => {
    const noise = random([ROWS, 2], { seed: 3, stream: 1 });
    const draw = (start: number, count: number): number[] => [...evaluate([noise.node], { inputs: {}, rows: { start, count } })[0]!];
    expect(draw(2, 2)).toEqual(draw(0, 4).slice(4));
    expect(values(random([8], { seed: 3, stream: 1 }))).toEqual(draw(0, 4));
    expect(values(random([2], { seed: 3, stream: 1, first: 4 }))).toEqual(draw(2, 1));
  });
});

describe("mistakes", () => {
  it("shows that a tensor has no value, whatever asks for it", () => {
    const error = expect.objectContaining({ code: "BRANCH_ON_TRACER" });
    const loose = v as unknown as number;
    expect(() => loose + 1).toThrow(error);
    expect(() => Math.sin(loose)).toThrow(error);
    expect(() => loose < 2).toThrow(error);
    expect(() => `${loose}`).toThrow(error);
    expect(() => [1, 2, 3][loose]).toThrow(error);
    expect(v.toString()).toBe("Tensor [3]");
  });

  it("names what is not a tensor and what does not fit", () => {
    expect(() => v.add("1" as never)).toThrow(expect.objectContaining({ code: "NOT_A_TENSOR", details: { where: "add", got: "string" } }));
    expect(() => v.add(undefined as never)).toThrow(expect.objectContaining({ code: "NOT_A_TENSOR" }));
    expect(() => v.add([1, "2"] as never)).toThrow(expect.objectContaining({ code: "NOT_A_TENSOR" }));
    expect(() => tensor([[1, 2], [3]])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => v.add([1, 2])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => v.at(3)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => v.at(0).at(0)).toThrow(expect.objectContaining({ code: "AXIS_OUT_OF_RANGE" }));
    expect(() => v.sum(1)).toThrow(expect.objectContaining({ code: "AXIS_OUT_OF_RANGE" }));
    expect(() => t.at(0, 0)).toThrow(expect.objectContaining({ code: "ROW_AXIS_MISUSED" }));
    expect(() => m.squeeze(0)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => stack([])).toThrow(expect.objectContaining({ code: "NOT_A_TENSOR" }));
    expect(() => concat([])).toThrow(expect.objectContaining({ code: "NOT_A_TENSOR" }));
  });
});
