/**
 * Functions made to be called converged by mistake: kinks, flat and degenerate places, hidden saddles, edges, scales.
 *
 * Oracle: calculus. Each case says which verdicts are true and where the minimizers are. Whatever is called converged is moreover compared
 * with the values of the plain function at points around it.
 */

import { describe, expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";
import type { DescentOptions } from "../../src/minimize/options.js";
import type { Verdict } from "../../src/minimize/verdict.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { gradientDescent } from "../../src/optim/methods/gradient-descent.js";

type Point = readonly number[];

interface Case {
  readonly name: string;
  readonly objective: (x: number[]) => number;
  readonly start: Point;
  /** Where the minimizers are: a converged descent must be at one of them. None: it must not be converged. */
  readonly minimizers: readonly Point[] | ((x: Point) => boolean);
  /** Distance at which a point is at a minimizer. Default 1e-4. */
  readonly within?: number;
  readonly options?: Omit<DescentOptions, "data">;
  /** Claims that are true here beside that of a minimizer; none at all if only a minimizer is good enough. Default: only what claims nothing. */
  readonly verdicts?: readonly Verdict[];
}

function trueVerdicts(minimizers: Case["minimizers"], claims: readonly Verdict[] = ["stalled"]): readonly Verdict[] {
  const minimizer: readonly Verdict[] = typeof minimizers === "function" || minimizers.length > 0 ? ["converged", "precision-floor"] : [];
  const noClaim: readonly Verdict[] = claims.length > 0 ? ["stalled", "budget"] : [];
  return [...minimizer, ...claims, ...noClaim];
}

const rate = (learningRate: number, maxSteps = 20_000): Omit<DescentOptions, "data"> => ({
  method: gradientDescent({ learningRate }),
  maxSteps,
});
const zeros = (n: number): number[] => new Array<number>(n).fill(0);

const cases: readonly Case[] = [
  // Degenerate stationary points: the second derivatives do not tell.
  { name: "x² − y⁴ along its ridge", objective: ([x, y]) => x! ** 2 - y! ** 4, start: [1, 0], minimizers: [] },
  {
    name: "x² − y⁴ along its ridge in fixed steps",
    objective: ([x, y]) => x! ** 2 - y! ** 4,
    start: [1, 0],
    options: rate(0.1),
    minimizers: [],
  },
  { name: "x² − y⁴ from its saddle", objective: ([x, y]) => x! ** 2 - y! ** 4, start: [0, 0], minimizers: [] },
  { name: "x² + y³ along its shoulder", objective: ([x, y]) => x! ** 2 + y! ** 3, start: [1, 0], minimizers: [] },
  {
    name: "x² + y³ towards its shoulder",
    objective: ([x, y]) => x! ** 2 + y! ** 3,
    start: [1, 1],
    minimizers: [],
    verdicts: ["unbounded"],
  },
  { name: "x³ from above", objective: ([x]) => x! ** 3, start: [2], minimizers: [], verdicts: ["unbounded"] },
  { name: "x³ in small steps", objective: ([x]) => x! ** 3, start: [0.5], options: rate(0.1), minimizers: [], verdicts: ["unbounded"] },
  { name: "x³ from its inflection", objective: ([x]) => x! ** 3, start: [0], minimizers: [] },
  { name: "x⁵ from above", objective: ([x]) => x! ** 5, start: [1], minimizers: [], verdicts: ["unbounded"] },
  { name: "x + sin x towards an inflection", objective: ([x]) => x! + Math.sin(x!), start: [5], minimizers: [], verdicts: ["unbounded"] },
  {
    name: "a constant slope beside a bowl",
    objective: ([x, y]) => x! ** 2 + 1e-9 * y!,
    start: [1, 1],
    minimizers: [],
    verdicts: ["unbounded"],
  },
  {
    name: "a constant slope beside a bowl in fixed steps",
    objective: ([x, y]) => x! ** 2 + 1e-9 * y!,
    start: [1, 1],
    options: rate(0.1),
    minimizers: [],
    verdicts: ["plateau"],
  },
  {
    name: "(y − x²)(y − 2x²), no minimum though one along every line",
    objective: ([x, y]) => (y! - x! ** 2) * (y! - 2 * x! ** 2),
    start: [0.5, 0.4],
    minimizers: [],
    verdicts: ["unbounded"],
  },
  { name: "the monkey saddle", objective: ([x, y]) => x! ** 3 - 3 * x! * y! ** 2, start: [0, 0], minimizers: [], verdicts: ["saddle"] },
  // Saddles and maxima.
  {
    name: "x² − y² along its ridge",
    objective: ([x, y]) => x! ** 2 - y! ** 2,
    start: [1, 0],
    minimizers: [],
    verdicts: ["saddle", "unbounded"],
  },
  { name: "x·y from the diagonal", objective: ([x, y]) => x! * y!, start: [1, 1], minimizers: [], verdicts: ["saddle", "unbounded"] },
  {
    name: "a double well from its hump",
    objective: ([x]) => (x! ** 2 - 1) ** 2,
    start: [0],
    minimizers: [[1], [-1]],
    verdicts: ["maximum"],
  },
  {
    name: "a double well beside a bowl from its saddle",
    objective: ([x, y]) => (x! ** 2 - 1) ** 2 + y! ** 2,
    start: [0, 1],
    minimizers: [
      [1, 0],
      [-1, 0],
    ],
    verdicts: ["saddle"],
  },
  {
    name: "a weak double well beside a strong bowl",
    objective: ([x, y]) => 1e-4 * (x! ** 2 - 1) ** 2 + 100 * y! ** 2,
    start: [0, 1],
    minimizers: [
      [1, 0],
      [-1, 0],
    ],
    within: 1e-2,
    verdicts: ["saddle"],
  },
  {
    name: "one slightly negative curvature among 99 others",
    objective: (x) => {
      let s = 0;
      for (let i = 0; i < 100; i++) s += (i < 99 ? i + 1 : -1e-3) * x[i]! ** 2;
      return s;
    },
    start: [...zeros(99).map(() => 1), 0],
    minimizers: [],
    verdicts: ["saddle"],
  },
  {
    name: "a shallow well of 50 that starts on its hump",
    objective: (x) => {
      let s = 0.01 * (x[49]! ** 2 - 1) ** 2;
      for (let i = 0; i < 49; i++) s += (i + 1) ** 2 * (x[i]! - 1) ** 2;
      return s;
    },
    start: zeros(50),
    minimizers: (x) => Math.abs(Math.abs(x[49]!) - 1) < 1e-3,
    verdicts: ["saddle"],
  },
  {
    name: "cos x from its top",
    objective: ([x]) => Math.cos(x!),
    start: [0],
    minimizers: (x) => Math.cos(x[0]!) < -1 + 1e-8,
    verdicts: ["maximum"],
  },
  { name: "−x² in fixed steps", objective: ([x]) => -(x! ** 2), start: [0], options: rate(0.1), minimizers: [], verdicts: ["maximum"] },
  // Kinks.
  { name: "x² − 2|x| from the top of its kink", objective: ([x]) => x! ** 2 - 2 * Math.abs(x!), start: [0], minimizers: [[1], [-1]] },
  { name: "(|x| − 1)² from the top of its kink", objective: ([x]) => (Math.abs(x!) - 1) ** 2, start: [0], minimizers: [[1], [-1]] },
  {
    name: "x² + y² − |y| along the kink",
    objective: ([x, y]) => x! ** 2 + y! ** 2 - Math.abs(y!),
    start: [1, 0],
    minimizers: [
      [0, 0.5],
      [0, -0.5],
    ],
  },
  {
    name: "x² + y² − |y| along the kink in fixed steps",
    objective: ([x, y]) => x! ** 2 + y! ** 2 - Math.abs(y!),
    start: [1, 0],
    options: rate(0.1),
    minimizers: [
      [0, 0.5],
      [0, -0.5],
    ],
  },
  {
    name: "x² − max(x, −x) from the top of its kink",
    objective: ([x]) => x! ** 2 - Math.max(x!, -x!),
    start: [0],
    minimizers: [[0.5], [-0.5]],
  },
  { name: "−|x|", objective: ([x]) => -Math.abs(x!), start: [0], minimizers: [], verdicts: ["unbounded"] },
  { name: "|x|", objective: ([x]) => Math.abs(x!), start: [1], minimizers: [[0]] },
  { name: "|x − 0.3| in fixed steps", objective: ([x]) => Math.abs(x! - 0.3), start: [1], options: rate(0.1), minimizers: [[0.3]] },
  {
    name: "|x| + |y − 1| with a small slope",
    objective: ([x, y]) => Math.abs(x!) + Math.abs(y! - 1) + 0.1 * x!,
    start: [3, -2],
    minimizers: [[0, 1]],
  },
  { name: "max(x, −2x) off its kink", objective: ([x]) => Math.max(x!, -2 * x!), start: [3], minimizers: [[0]] },
  { name: "|x² − 1|", objective: ([x]) => Math.abs(x! ** 2 - 1), start: [3], minimizers: [[1], [-1]], verdicts: ["maximum"] },
  {
    name: "a kink across the valley floor",
    objective: ([x, y]) => 10 * Math.abs(y! - x! ** 2) + (1 - x!) ** 2,
    start: [-1.2, 1],
    minimizers: [[1, 1]],
  },
  {
    name: "the ramp max(0, x) from above",
    objective: ([x]) => Math.max(0, x!),
    start: [2],
    minimizers: (x) => x[0]! <= 0,
    verdicts: ["plateau"],
  },
  {
    name: "the ramp max(0, x) from its flat side",
    objective: ([x]) => Math.max(0, x!),
    start: [-2],
    minimizers: (x) => x[0]! <= 0,
    verdicts: ["plateau"],
  },
  // Values that are approached and never had.
  { name: "e^−x", objective: ([x]) => Math.exp(-x!), start: [0], minimizers: [], verdicts: ["plateau", "infimum-not-attained"] },
  { name: "1/x", objective: ([x]) => 1 / x!, start: [1], minimizers: [], verdicts: ["plateau", "infimum-not-attained", "unbounded"] },
  { name: "tanh x", objective: ([x]) => Math.tanh(x!), start: [1], minimizers: [], verdicts: ["plateau", "infimum-not-attained"] },
  { name: "arctan x", objective: ([x]) => Math.atan(x!), start: [1], minimizers: [], verdicts: ["plateau", "infimum-not-attained"] },
  { name: "1/(1 + x²)", objective: ([x]) => 1 / (1 + x! ** 2), start: [1], minimizers: [], verdicts: ["plateau", "infimum-not-attained"] },
  {
    name: "ln(1 + eˣ)",
    objective: ([x]) => Math.log(1 + Math.exp(x!)),
    start: [1],
    minimizers: [],
    verdicts: ["plateau", "infimum-not-attained"],
  },
  {
    name: "(xy − 1)² + x²",
    objective: ([x, y]) => (x! * y! - 1) ** 2 + x! ** 2,
    start: [1, 1],
    options: { maxSteps: 2000 },
    minimizers: [],
    verdicts: ["infimum-not-attained", "plateau"],
  },
  {
    name: "separable classes",
    objective: ([w]) => Math.log(1 + Math.exp(-w!)) + Math.log(1 + Math.exp(-2 * w!)),
    start: [0],
    minimizers: [],
    verdicts: ["plateau", "infimum-not-attained"],
  },
  // No minimum at all.
  { name: "x", objective: ([x]) => x!, start: [1], minimizers: [], verdicts: ["unbounded"] },
  { name: "ln x", objective: ([x]) => Math.log(x!), start: [1], minimizers: [], verdicts: ["unbounded"] },
  {
    name: "x³ − 3x from the left of its hump",
    objective: ([x]) => x! ** 3 - 3 * x!,
    start: [-1.5],
    options: rate(0.01),
    minimizers: [[1]],
    verdicts: ["unbounded"],
  },
  // Flat places.
  { name: "a constant", objective: ([x]) => 5 + 0 * x!, start: [1], minimizers: [], verdicts: ["plateau"] },
  { name: "⌊x⌋", objective: ([x]) => Math.floor(x!), start: [1.5], minimizers: [], verdicts: ["plateau"] },
  { name: "−e^−x² far out", objective: ([x]) => -Math.exp(-(x! ** 2)), start: [10], minimizers: [[0]], verdicts: ["plateau"] },
  {
    name: "−e^−x² far out in fixed steps",
    objective: ([x]) => -Math.exp(-(x! ** 2)),
    start: [6],
    options: rate(0.1),
    minimizers: [[0]],
    verdicts: ["plateau"],
  },
  {
    name: "the same on a height",
    objective: ([x]) => 10 - Math.exp(-(x! ** 2)),
    start: [6],
    options: rate(0.1),
    minimizers: [[0]],
    verdicts: ["plateau"],
  },
  {
    name: "x²/(1 + x²) far out",
    objective: ([x]) => x! ** 2 / (1 + x! ** 2),
    start: [1e4],
    options: rate(1),
    minimizers: [[0]],
    verdicts: ["plateau"],
  },
  // Minimizers without curvature.
  { name: "x⁴", objective: ([x]) => x! ** 4, start: [1], minimizers: [[0]], within: 1e-2 },
  { name: "x⁴ in fixed steps", objective: ([x]) => x! ** 4, start: [1], options: rate(0.1), minimizers: [[0]], within: 1e-2 },
  { name: "x⁸ + 1", objective: ([x]) => x! ** 8 + 1, start: [3], minimizers: [[0]], within: 0.1 },
  {
    name: "Powell's singular function",
    objective: ([a, b, c, d]) => (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
    start: [3, -1, 0, 1],
    minimizers: [[0, 0, 0, 0]],
    within: 1e-2,
  },
  {
    name: "Powell's singular function in float32",
    objective: ([a, b, c, d]) => (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
    start: [3, -1, 0, 1],
    options: { precision: "float32" },
    minimizers: [[0, 0, 0, 0]],
    within: 1e-2,
  },
  {
    name: "a valley of minimizers",
    objective: ([x, y]) => (x! + y! - 1) ** 2,
    start: [3, 5],
    minimizers: (x) => Math.abs(x[0]! + x[1]! - 1) < 1e-6,
  },
  {
    name: "a circle of minimizers",
    objective: ([x, y]) => (x! ** 2 + y! ** 2 - 1) ** 2,
    start: [3, 5],
    minimizers: (x) => Math.abs(Math.hypot(x[0]!, x[1]!) - 1) < 1e-6,
  },
  // Scales.
  {
    name: "Rosenbrock's function",
    objective: ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
    start: [-1.2, 1],
    minimizers: [[1, 1]],
    verdicts: [],
  },
  {
    name: "1e-8 times Rosenbrock's function",
    objective: ([x, y]) => 1e-8 * ((1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2),
    start: [-1.2, 1],
    minimizers: [[1, 1]],
    verdicts: [],
  },
  {
    name: "Rosenbrock's function on a height of 1e8",
    objective: ([x, y]) => 1e8 + (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
    start: [-1.2, 1],
    minimizers: [[1, 1]],
  },
  {
    name: "Rosenbrock's function in fixed steps",
    objective: ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
    start: [-1.2, 1],
    options: rate(1e-3),
    minimizers: [[1, 1]],
  },
  {
    name: "Rosenbrock's function in float32",
    objective: ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
    start: [-1.2, 1],
    options: { precision: "float32" },
    minimizers: [[1, 1]],
    within: 2e-2,
  },
  {
    name: "Rosenbrock's function by differences",
    objective: ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
    start: [-1.2, 1],
    options: { gradient: "forward-difference" },
    minimizers: [[1, 1]],
    within: 1e-3,
  },
  { name: "a bowl of condition 1e8", objective: ([x, y]) => (x! - 1) ** 2 + 1e-8 * (y! - 3) ** 2, start: [0, 0], minimizers: [[1, 3]] },
  {
    name: "a bowl of condition 1e8 in fixed steps",
    objective: ([x, y]) => (x! - 1) ** 2 + 1e-8 * (y! - 3) ** 2,
    start: [0, 0],
    options: rate(0.5),
    minimizers: [[1, 3]],
  },
  { name: "tiny values and parameters", objective: ([x]) => 1e-150 * (x! - 1e-3) ** 2, start: [0.5], minimizers: [[1e-3]] },
  { name: "a minimizer a million away", objective: ([x]) => (x! - 1e6) ** 2, start: [0], minimizers: [[1e6]], within: 1 },
  {
    name: "Brown's badly scaled function",
    objective: ([x, y]) => (x! - 1e6) ** 2 + (y! - 2e-6) ** 2 + (x! * y! - 2) ** 2,
    start: [1, 1],
    minimizers: (x) => Math.abs(x[0]! - 1e6) < 1 && Math.abs(x[1]! - 2e-6) < 1e-9,
  },
  // Edges of the domain, jumps, noise.
  { name: "a bowl on the edge of a cliff", objective: ([x, y]) => x! ** 2 + y! ** 2 + Math.sign(x!), start: [0, 1], minimizers: [] },
  { name: "x² − ln x", objective: ([x]) => x! ** 2 - Math.log(x!), start: [5], minimizers: [[Math.SQRT1_2]], verdicts: [] },
  {
    name: "x² − ln x in steps that leave the domain",
    objective: ([x]) => x! ** 2 - Math.log(x!),
    start: [5],
    options: rate(1),
    minimizers: [[Math.SQRT1_2]],
  },
  { name: "√x at its edge", objective: ([x]) => Math.sqrt(x!), start: [1], minimizers: [[0]] },
  { name: "x ln x", objective: ([x]) => x! * Math.log(x!), start: [3], minimizers: [[Math.exp(-1)]], verdicts: [] },
  { name: "a bowl cut off above its bottom", objective: ([x]) => (x! < 0.5 ? Number.NaN : x! ** 2), start: [2], minimizers: [[0.5]] },
  { name: "a jump down beside the slope", objective: ([x]) => (x! > 0.5 ? x! ** 2 - 10 : x! ** 2), start: [1], minimizers: [[0]] },
  {
    name: "a bowl under fine ripples",
    objective: ([x]) => x! ** 2 + 1e-6 * Math.sin(1e7 * x!),
    start: [1],
    minimizers: (x) => Math.abs(2 * x[0]! + 10 * Math.cos(1e7 * x[0]!)) < 1e-3,
  },
  { name: "the origin as start", objective: ([x]) => x! ** 2, start: [0], minimizers: [[0]], verdicts: [] },
];

/** The lowest value of the plain function around a point, less that at the point; directions are random, and the axes. */
function lowestAround(f: (x: number[]) => number, x: Point): number {
  const here = f([...x]);
  const scale = Math.max(1e-3, ...x.map(Math.abs));
  let lowest = 0;
  for (let k = 0; k < 200; k++) {
    const radius = scale * 10 ** -(4 + (k % 3));
    const axis = k % (2 * x.length);
    const direction = x.map((_, i) => (k < 100 ? (i === axis >> 1 ? 1 - 2 * (axis & 1) : 0) : 2 * threefryUniform(7, k, i) - 1));
    const change = f(x.map((value, i) => value + radius * direction[i]!)) - here;
    if (change < lowest) lowest = change;
  }
  return lowest;
}

describe("a descent on an adversary", () => {
  it.each(cases)("says only what is true of $name", ({ objective, start, minimizers, within = 1e-4, options = {}, verdicts }) => {
    const { params, value, verdict } = minimize(objective, [...start], options);
    const converged = verdict === "converged" || verdict === "precision-floor";
    expect(trueVerdicts(minimizers, verdicts)).toContain(verdict);
    if (!converged) return;
    const isMinimizer =
      typeof minimizers === "function" ? minimizers(params) : minimizers.some((m) => m.every((x, i) => Math.abs(x - params[i]!) <= within));
    expect(isMinimizer, `converged at ${params}`).toBe(true);
    const tolerance = options.precision === "float32" || options.gradient !== undefined ? 1e-6 : 1e-12;
    expect(lowestAround(objective, params)).toBeGreaterThanOrEqual(
      -tolerance * Math.max(Math.abs(value), Math.min(1, Math.abs(objective([...start])))),
    );
  });
});
