import { describe, expect, it } from "vitest";
import { NumericalError, ShapeError } from "../../src/errors.js";
import { householderQr, leastSquaresByQr } from "../../src/numeric/qr.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { dataText, referenceJson } from "../reference-data.js";

const nistText = dataText("nist-linear.json");
const models = referenceJson("models.json");

/** Column-major matrix of the given columns. */
function matrixOf(columns: readonly ArrayLike<number>[]): Float64Array {
  const rows = columns[0]!.length;
  const matrix = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    matrix.set(Float64Array.from(column), j * rows);
  });
  return matrix;
}

/** Correct digits of `got`, the fewest over the entries: −log₁₀ of the relative error. */
function correctDigits(got: ArrayLike<number>, expected: readonly number[]): number {
  return Math.min(...expected.map((value, i) => (got[i] === value ? 16 : -Math.log10(Math.abs(got[i]! - value) / Math.abs(value)))));
}

describe.skipIf(nistText === undefined)("least squares by QR on the NIST linear problems (certified; needs ../shared/data)", () => {
  // Householder QR loses about log10(condition number) of 16 digits (Longley 5e9, Wampler 6e6, Filip 2e15, better after scaling).
  const floors: Record<string, number> = { Norris: 12, NoInt1: 14, Filip: 7, Longley: 10.5, Wampler1: 9, Wampler2: 12, Wampler4: 8.5 };
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the reference file
  const problems: any[] = nistText === undefined ? [] : (JSON.parse(nistText).problems ?? JSON.parse(nistText));

  it.each(problems.map((problem) => [problem.name, problem]))("%s reaches its floor of digits", (name, problem) => {
    const degree = Math.max(0, ...[...problem.formula.matchAll(/x\*\*(\d+)/g)].map((match: RegExpMatchArray) => Number(match[1])));
    const predictors: number[][] = Array.isArray(problem.x)
      ? degree === 0
        ? [problem.x]
        : Array.from({ length: degree }, (_, k) => problem.x.map((x: number) => x ** (k + 1)))
      : Object.values(problem.x);
    const columns = problem.intercept ? [problem.y.map(() => 1), ...predictors] : predictors;
    const fit = leastSquaresByQr(matrixOf(columns), problem.y.length, columns.length, Float64Array.from(problem.y));
    expect(correctDigits(fit.solution, problem.certified)).toBeGreaterThanOrEqual(floors[name]!);
  });
});

describe.skipIf(models === undefined)(
  "least squares by QR on real tables (reference: independent programs; needs ../shared/reference)",
  () => {
    it.each(["engel.csv", "stackloss.csv", "diabetes.csv", "winequality-red.csv"])("%s agrees to 10 digits", (file) => {
      // biome-ignore lint/suspicious/noExplicitAny: the shape of the reference file
      const reference = models.regression.find((entry: any) => entry.data === file);
      const [header, ...lines] = dataText(file)!.trim().split(/\r?\n/);
      const names = header!.split(",");
      const cells = lines.map((line) => line.split(",").map(Number));
      const column = (name: string): number[] => cells.map((row) => row[names.indexOf(name)]!);
      const columns = [cells.map(() => 1), ...reference.olsRaw.features.map(column)];
      const fit = leastSquaresByQr(matrixOf(columns), cells.length, columns.length, Float64Array.from(column(reference.target)));
      expect(correctDigits(fit.solution, [reference.olsRaw.intercept, ...reference.olsRaw.coef])).toBeGreaterThan(10);
      expect(correctDigits([fit.residualSumOfSquares], [reference.olsRaw.rss])).toBeGreaterThan(12);
    });
  },
);

describe("least squares by QR", () => {
  const rows = 40;
  const columns = Array.from({ length: 5 }, (_, j) => Float64Array.from({ length: rows }, (_, i) => threefryUniform(1, j, i) - 0.5));
  const target = Float64Array.from({ length: rows }, (_, i) => threefryUniform(1, 9, i));

  it("leaves a residual orthogonal to every column, to rounding", () => {
    const { solution, residualSumOfSquares } = leastSquaresByQr(matrixOf(columns), rows, 5, target);
    const residual = target.map((value, i) => columns.reduce((rest, column, j) => rest - column[i]! * solution[j]!, value));
    for (const column of columns) {
      expect(Math.abs(column.reduce((sum, value, i) => sum + value * residual[i]!, 0))).toBeLessThan(1e-13);
    }
    expect(residualSumOfSquares).toBeCloseTo(
      residual.reduce((sum, value) => sum + value * value, 0),
      13,
    );
  });

  it("gives the same solution bit for bit when a column is scaled by a power of two", () => {
    const plain = leastSquaresByQr(matrixOf(columns), rows, 5, target).solution;
    const scaled = leastSquaresByQr(matrixOf(columns.map((c, j) => (j === 2 ? c.map((v) => v * 2 ** 40) : c))), rows, 5, target).solution;
    expect(scaled[2]).toBe(plain[2]! * 2 ** -40);
    expect(scaled[0]).toBe(plain[0]);
  });

  it("solves a square system exactly where rounding permits", () => {
    const { solution, residualSumOfSquares } = leastSquaresByQr(
      matrixOf([
        [2, 0],
        [0, 4],
      ]),
      2,
      2,
      Float64Array.of(6, 4),
    );
    expect([...solution]).toEqual([3, 1]);
    expect(residualSumOfSquares).toBe(0);
  });

  it("names a column that depends on the others, whatever its unit", () => {
    const dependent = columns[0]!.map((value, i) => 1e9 * (value + 2 * columns[1]![i]!));
    try {
      leastSquaresByQr(matrixOf([columns[0]!, columns[1]!, dependent]), rows, 3, target);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(NumericalError);
      expect(error).toMatchObject({ code: "MATRIX_SINGULAR", details: { where: "leastSquaresByQr" } });
    }
  });

  it("refuses fewer rows than columns", () => {
    expect(() => leastSquaresByQr(new Float64Array(2), 1, 2, new Float64Array(1))).toThrow(ShapeError);
  });
});

describe("the inverse factor of QR", () => {
  it("makes columns orthonormal, and its square is the inverse of AᵀA (two ways)", () => {
    const rows = 30;
    const columns = [1, 1e-7, 1e5].map((unit, k) =>
      Array.from({ length: rows }, (_, i) => unit * (threefryUniform(2, k, i) + (k === 2 ? threefryUniform(2, 0, i) : 0))),
    );
    const factor = householderQr(matrixOf(columns), rows, 3).inverseFactor();
    const product = columns[0]!.map((_, i) =>
      [0, 1, 2].map((c) => [0, 1, 2].reduce((sum, j) => sum + columns[j]![i]! * factor[j * 3 + c]!, 0)),
    );
    for (let c = 0; c < 3; c++) {
      for (let d = 0; d < 3; d++) {
        const inner = product.reduce((sum, row) => sum + row[c]! * row[d]!, 0);
        expect(inner).toBeCloseTo(c === d ? 1 : 0, 13);
      }
    }
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        let entry = 0;
        for (let k = 0; k < 3; k++) {
          const inverse = [0, 1, 2].reduce((sum, c) => sum + factor[i * 3 + c]! * factor[k * 3 + c]!, 0);
          entry += inverse * columns[k]!.reduce((sum, value, row) => sum + value * columns[j]![row]!, 0);
        }
        expect(entry * (columns[j]![0]! / columns[i]![0]!) ** -1).toBeCloseTo(i === j ? 1 : 0, 9);
      }
    }
  });
});
