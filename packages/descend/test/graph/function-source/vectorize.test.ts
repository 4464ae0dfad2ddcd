import { describe, expect, it } from "vitest";
import { constant, input, stack } from "../../../src/graph/build.js";
import { readFunction } from "../../../src/graph/function-source.js";
import { expectSameAsCalled, nodeOf, vector } from "../compare-with-graph.js";

/**
 * Loops over many iterations become few nodes. The oracle of the values is the function itself, called with numbers; the
 * numbers of nodes are those a person would write, with some slack.
 */

type V = number[];

describe("loops that are read once for all iterations", () => {
  it("reads the chained Rosenbrock function in 1000 variables as at most 16 nodes", () => {
    const rosenbrock = (x: V) => {
      let s = 0;
      for (let i = 0; i < x.length - 1; i++) {
        const a = x[i + 1]! - x[i]! ** 2;
        s += 100 * a * a;
        s += (1 - x[i]!) ** 2;
      }
      return s;
    };
    expect(expectSameAsCalled(rosenbrock, 1000)).toBeLessThanOrEqual(16);
  });

  const few: Readonly<Record<string, [fn: (x: V) => unknown, nodes: number, n?: number]>> = {
    "a sum by reduce": [(x) => x.reduce((s, v, i) => s + (i + 1) * v ** 2, 0), 6],
    "a sum by reduce without a first value": [(x) => x.reduce((s, v) => s + Math.abs(v)), 8],
    "map and reduce": [(x) => x.map((v) => v * Math.sin(v)).reduce((a, b) => a - b, 3), 8],
    "forEach with two accumulators": [
      (x) => {
        let s = 0;
        let t = 1;
        x.forEach((v, i) => {
          s += v * i;
          t -= v / (i + 1);
        });
        return s * t;
      },
      14,
    ],
    "for-of": [
      (x) => {
        let s = 0;
        for (const v of x) s = s + v * v;
        return s;
      },
      5,
    ],
    "for-of over entries": [
      (x) => {
        let s = 0;
        for (const [i, v] of x.entries()) s = i * v + s;
        return s;
      },
      6,
    ],
    downwards: [
      (x) => {
        let s = 0;
        for (let i = x.length - 1; i > 0; i--) s += x[i]! * x[i - 1]! * i;
        return s;
      },
      14,
    ],
    "a counter declared with var and temporaries outside": [
      (x) => {
        var s = 0;
        var t: number;
        for (var i = 0, n = x.length; i < n; ++i) {
          t = x[i]! - 1;
          var u = t * t;
          s += u;
        }
        return s + t! * u! + i;
      },
      22,
    ],
    "steps of 2 and of 4": [
      (x) => {
        let s = 0;
        for (let i = 0; i < x.length; i += 2) s += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
        for (let i = 0; i < x.length / 4; i++) s += (x[4 * i + 1]! - 2 * x[4 * i + 3]!) ** 4;
        return s;
      },
      40,
      80,
    ],
    "conditions on numbers known later": [
      (x) => {
        let s = 0;
        let count = 0;
        for (const v of x) {
          if (v > 0.5) {
            s += v;
            count++;
          } else if (v < -1) continue;
          else s -= v * v;
          s += v > 0 && v < 1 ? 1 : 0;
        }
        return s / (count + 1);
      },
      50,
    ],
    "conditions on the counter at the ends": [
      (x) => {
        const n = x.length;
        let s = 0;
        for (let i = 0; i < n; i++) {
          const left = i === 0 ? 0 : x[i - 1]!;
          const right = i === n - 1 ? 1 : x[i + 1]!;
          s += (2 * x[i]! - left - right) ** 2;
        }
        return s;
      },
      70,
    ],
    "conditions on the counter everywhere": [
      (x) => {
        let s = 0;
        for (let i = 0; i < x.length; i++) s += i % 2 === 0 ? x[i]! : i % 3 === 1 ? -2 * x[i]! : x[i - 1]!;
        return s;
      },
      20,
    ],
    "periodic neighbors": [
      (x) => {
        const n = x.length;
        let s = 0;
        for (let i = 0; i < n; i++) s += x[i]! * x[(i + 1) % n]! + x[(i + n - 1) % n]! ** 3;
        return s;
      },
      18,
    ],
    "products, maxima and minima": [
      (x) => {
        let p = 1;
        let hi = Number.NEGATIVE_INFINITY;
        let lo = 9;
        for (let i = 0; i < x.length; i++) {
          p *= Math.cos(x[i]! / (i + 5));
          hi = Math.max(hi, x[i]!);
          lo = Math.min(x[i]!, lo, 5);
        }
        return p + hi * lo;
      },
      50,
    ],
    "terms that do not depend on the counter": [
      (x) => {
        let s = x[0]!;
        let p = 1;
        for (let i = 0; i < 40; i++) {
          s += x[1]!;
          p *= 1.01;
        }
        return s * p;
      },
      12,
    ],
    "pushing residuals": [
      (x) => {
        const r: number[] = [];
        for (let i = 0; i < x.length; i++) r.push(x[i]! - i, x[i]! ** 2);
        let s = 0;
        for (const v of r) s += v * v;
        return s;
      },
      16,
    ],
    "storing by index": [
      (x) => {
        const y = new Float64Array(x.length);
        for (let i = 1; i < x.length; i++) y[i] = x[i]! - x[i - 1]!;
        return y.reduce((s, v) => s + v * v, 0);
      },
      16,
    ],
    "an array as the result": [(x) => x.map((v, i) => v - i), 3],
    "pairs by map": [(x) => x.map((v) => [v, 2 * v]).reduce((s, [a, b]) => s + a! * b!, 0), 16],
    "helper functions": [
      (x) => {
        const term = (v: number, k: number) => {
          if (v < 0) return -v;
          return v * k;
        };
        let s = 0;
        for (let i = 0; i < x.length; i++) s += term(x[i]!, i);
        return s;
      },
      12,
    ],
    "an inner loop of few iterations": [
      (x) => {
        let s = 0;
        for (let i = 0; i + 3 < x.length; i++) {
          let t = 0;
          for (let k = 0; k < 4; k++) t += x[i + k]! * (k + 1);
          s += t * t;
        }
        return s;
      },
      30,
    ],
    "two loops in each other": [
      (x) => {
        const n = x.length;
        let s = 0;
        for (let i = 0; i < n; i++) {
          let t = 0;
          for (let j = 0; j < n; j++) t += Math.exp(-((x[i]! - x[j]!) ** 2)) * (i - j);
          s += t * x[i]!;
        }
        return s;
      },
      24,
    ],
    "all pairs in an outer accumulator": [
      (x) => {
        let s = 0;
        for (let i = 0; i < x.length; i++) for (let j = 0; j < x.length; j++) if (i !== j) s += Math.abs(x[i]! - x[j]!);
        return s;
      },
      16,
    ],
    "a choice between the elements of two loops": [
      (x) => {
        let s = 0;
        for (let i = 0; i < x.length; i++) for (let j = 0; j < x.length; j++) s += Math.sin(x[i]! > 0 ? x[j]! : x[i]! * 1) * j;
        return s;
      },
      14,
    ],
    "a matrix times the parameters": [
      (x) => {
        const n = x.length;
        const a = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => 1 / (i + j + 1)));
        let s = 0;
        for (let i = 0; i < n; i++) {
          let t = -1;
          for (let j = 0; j < n; j++) t += a[i]![j]! * x[j]!;
          s += t * t;
        }
        return s;
      },
      10,
    ],
    "a flat matrix and its diagonal": [
      (x) => {
        const n = Math.sqrt(x.length);
        let trace = 0;
        let s = 0;
        for (let i = 0; i < n; i++) {
          trace += x[i * n + i]!;
          for (let j = 0; j < n; j++) s += x[i * n + j]! * x[j * n + i]!;
        }
        return s - trace;
      },
      20,
      400,
    ],
    "an array of points": [
      (x) => {
        const points = Array.from({ length: x.length / 2 }, (_, k) => [x[2 * k]!, x[2 * k + 1]!]);
        let s = 0;
        for (const [a, b] of points) s += a! * b!;
        for (let k = 1; k < points.length; k++) s += Math.hypot(points[k]![0]! - points[k - 1]![0]!, points[k]![1]! - points[k - 1]![1]!);
        return s;
      },
      60,
    ],
  };
  for (const [title, [fn, nodes, n = 60]] of Object.entries(few)) {
    it(`reads ${title} as at most ${nodes} nodes`, () => {
      expect(expectSameAsCalled(fn as never, n)).toBeLessThanOrEqual(nodes);
    });
  }
});

describe("loops whose iterations depend on one another", () => {
  const carried: Readonly<Record<string, (x: V) => unknown>> = {
    "a recurrence": (x) => {
      let s = 0;
      for (const v of x) s = 0.5 * s + v;
      return s;
    },
    "an array that is read and written": (x) => {
      const y = [...x];
      for (let i = 1; i < y.length; i++) y[i] = y[i]! + 0.3 * y[i - 1]!;
      return y[y.length - 1]!;
    },
    "an array whose length is looked at": (x) => {
      const y: number[] = [];
      for (let i = 0; i < x.length; i++) y.push(x[i]! * y.length);
      return y.reduce((a, b) => a + b, 0);
    },
    "a previous value": (x) => {
      let previous = 0;
      let s = 0;
      for (const v of x) {
        s += (v - previous) ** 2;
        previous = v;
      }
      return s;
    },
    "an accumulator that is looked at": (x) => {
      let s = 0;
      for (const v of x) {
        if (s > 3) s -= v;
        else s += v * v;
      }
      return s;
    },
    "the position of the largest": (x) => {
      let best = -9;
      let at = 0;
      x.forEach((v, i) => {
        if (v > best) {
          best = v;
          at = i;
        }
      });
      return best + at;
    },
    "two accumulators that exchange values": (x) => {
      let a = 1;
      let b = 2;
      for (const v of x) {
        const t = a + v;
        a = b;
        b = t;
      }
      return a - 2 * b;
    },
    "a counter changed by a helper": (x) => {
      let calls = 0;
      const next = () => ++calls;
      let s = 0;
      for (const v of x) s += v * next();
      return s;
    },
    "an end that moves": (x) => {
      let n = 20;
      let s = 0;
      for (let i = 0; i < n; i++) {
        s += x[i]!;
        if (i === 10) n = 25;
      }
      return s + n;
    },
    "a body that changes the counter": (x) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) {
        s += x[i]!;
        if (i % 5 === 2) i++;
      }
      return s;
    },
    "a break at a known iteration": (x) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) {
        if (i > 20) break;
        s += x[i]!;
      }
      return s;
    },
    "records that are made on the way": (x) => {
      const list = x.map((v, i) => ({ v, i }));
      return list.reduce((s, { v, i }) => s + v * i, 0);
    },
    "accumulating in a record": (x) => {
      const total = { s: 0 };
      for (const v of x) total.s += v * v;
      return total.s;
    },
    "triangular sums": (x) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) for (let j = 0; j < i; j++) s += x[i]! * x[j]!;
      return s;
    },
    "a condition on an accumulator of an outer loop": (x) => {
      let s = 0;
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < 20; j++) s += x[i]! * x[j]!;
        if (s > 0) s = 1;
      }
      return s;
    },
  };
  for (const [title, fn] of Object.entries(carried)) {
    it(`unrolls ${title}`, () => {
      expectSameAsCalled(fn as never, 30);
    });
  }
});

describe("equal expressions", () => {
  it("are the same node, so that an element is taken once", () => {
    const p = vector(3);
    const list = readFunction((x: V) => ({ a: x[1]! * x[2]!, b: x[1]! * x[2]! }), [p]) as Record<string, never>;
    expect(nodeOf(list.a!)).toBe(nodeOf(list.b!));
  });

  it("put a stacked parameter together again as itself", () => {
    const p = input("p", [3]);
    expect(stack([constant(1), constant(2)]).shape).toEqual([2]);
    const result = readFunction(([a, b, c]: V) => [a!, b!, c!], [vector(3)]);
    expect(nodeOf(result).op).toBe(p.op);
  });
});
