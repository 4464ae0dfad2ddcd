import { describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/vjp.js";
import { input } from "../../src/graph/build.js";
import { readFunction } from "../../src/graph/function-source.js";
import { evaluate } from "../../src/graph/interpret.js";
import { Tensor } from "../../src/graph/tensor.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { classicProblems } from "../../src/problems/classic.js";

type Surface = (x: number[]) => number;

function gradientOf(f: Surface): (x: readonly number[]) => number[] {
  const x = input("x", [2]);
  const value = readFunction(f as (...args: never[]) => unknown, [Tensor.of(x)]) as Tensor;
  const [g] = gradient(value.node, [x]);
  return (point) => [...evaluate([g!], { inputs: { x: point } })[0]!];
}

describe("the gradient", () => {
  it("of x²y at (3, 2) is (12, 9), and the slope along it is its norm 15", () => {
    const f: Surface = ([x, y]) => x! ** 2 * y!;
    const g = gradientOf(f)([3, 2]);
    expect(g).toEqual([12, 9]);
    const h = 1e-6;
    const along = (t: number): number => f([3 + (t * 12) / 15, 2 + (t * 9) / 15]);
    expect((along(h) - along(-h)) / (2 * h)).toBeCloseTo(15, 7);
  });

  it("is orthogonal to the contour through 1000 random points of ten surfaces", () => {
    const surfaces = classicProblems.filter((problem) => problem.start.length === 2).slice(0, 10);
    expect(surfaces.length).toBe(10);
    let tested = 0;
    surfaces.forEach(({ objective, start }, s) => {
      const f = objective as Surface;
      const g = gradientOf(f);
      for (let k = 0; k < 100; k++) {
        const point = start.map((x, i) => x + threefryUniform(s, i, k) - 0.5);
        const level = f(point);
        const [gx, gy] = g(point) as [number, number];
        const norm = Math.hypot(gx, gy);
        // A neighbor on the contour: a step along it, then Newton's method back to the level across it.
        const neighbor = (h: number): number[] => {
          let p = [point[0]! - (h * gy) / norm, point[1]! + (h * gx) / norm];
          for (let i = 0; i < 8; i++) {
            const d = g(p);
            const slope = (d[0]! * gx + d[1]! * gy) / norm;
            const back = (f(p) - level) / slope;
            p = [p[0]! - (back * gx) / norm, p[1]! - (back * gy) / norm];
          }
          return p;
        };
        const chord = (h: number): number => {
          const [a, b] = [neighbor(h), neighbor(-h)];
          const [tx, ty] = [a[0]! - b[0]!, a[1]! - b[1]!];
          return (tx * gx + ty * gy) / (norm * Math.hypot(tx, ty));
        };
        // Chords leave the tangent by c·h² + d·h⁴: two of them give the limit. Where the contour turns on the scale of h nothing is proven.
        const h = 2e-4;
        const [wide, narrow] = [chord(h), chord(h / 2)];
        if (!(Math.abs(wide) < 1e-5)) continue;
        const cosine = (4 * narrow - wide) / 3;
        tested++;
        expect(Math.abs(cosine)).toBeLessThan(1e-8);
      }
    });
    expect(tested).toBeGreaterThan(700);
  });
});
