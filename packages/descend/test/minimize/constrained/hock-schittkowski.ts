/**
 * Problems of Hock and Schittkowski 1981, "Test examples for nonlinear programming codes", with their numbers, starts and solutions;
 * inequalities are turned to c ≤ 0. Solutions are closed forms, but for number 19, whose digits are from the book.
 */

export interface ConstrainedProblem {
  readonly number: number;
  readonly objective: (x: number[]) => number;
  readonly start: readonly number[];
  readonly bounds?: readonly (readonly [number | null, number | null] | null)[];
  readonly equal?: readonly ((x: number[]) => number)[];
  readonly atMost?: readonly ((x: number[]) => number)[];
  readonly value: number;
  /** Where it is unique. */
  readonly solution?: readonly number[];
  /** Closed forms, where they are known. */
  readonly multipliers?: { readonly equal?: readonly number[]; readonly atMost?: readonly number[] };
}

const rosenbrock = ([x, y]: number[]): number => 100 * (y! - x! * x!) ** 2 + (1 - x!) ** 2;
const all = (n: number, pair: readonly [number | null, number | null]): (readonly [number | null, number | null])[] =>
  Array.from({ length: n }, () => pair);
const r7 = Math.sqrt(7);
/** Root of 2x³ + x − 5 = 0, by Cardano. */
const root11 = Math.cbrt(1.25 + Math.sqrt(1.5625 + 1 / 216)) + Math.cbrt(1.25 - Math.sqrt(1.5625 + 1 / 216));
const a2 = Math.sqrt(598 / 1200);
/** Roots of 400x³ − 598x − 2 = 0, Rosenbrock's slope at y = 1.5. */
const root2 = (k: number): number => 2 * a2 * Math.cos((Math.acos(1 / (400 * a2 ** 3)) + 2 * Math.PI * k) / 3);

export const hockSchittkowski: readonly ConstrainedProblem[] = [
  { number: 6, objective: ([x]) => (1 - x!) ** 2, start: [-1.2, 1], equal: [([x, y]) => 10 * (y! - x! * x!)], value: 0, solution: [1, 1] },
  {
    number: 7,
    objective: ([x, y]) => Math.log(1 + x! * x!) - y!,
    start: [2, 2],
    equal: [([x, y]) => (1 + x! * x!) ** 2 + y! * y! - 4],
    value: -Math.sqrt(3),
    solution: [0, Math.sqrt(3)],
    // −1 + 2λ√3 = 0
    multipliers: { equal: [1 / (2 * Math.sqrt(3))] },
  },
  {
    number: 9,
    objective: ([x, y]) => Math.sin((Math.PI * x!) / 12) * Math.cos((Math.PI * y!) / 16),
    start: [0, 0],
    equal: [([x, y]) => 4 * x! - 3 * y!],
    value: -0.5,
  },
  {
    number: 10,
    objective: ([x, y]) => x! - y!,
    start: [-10, 10],
    atMost: [([x, y]) => 3 * x! * x! - 2 * x! * y! + y! * y! - 1],
    value: -1,
    solution: [0, 1],
    multipliers: { atMost: [0.5] },
  },
  {
    number: 11,
    objective: ([x, y]) => (x! - 5) ** 2 + y! * y! - 25,
    start: [4.9, 0.1],
    atMost: [([x, y]) => x! * x! - y!],
    value: (root11 - 5) ** 2 + root11 ** 4 - 25,
    solution: [root11, root11 ** 2],
    // ∂y: 2y − λ = 0
    multipliers: { atMost: [2 * root11 ** 2] },
  },
  {
    number: 12,
    objective: ([x, y]) => 0.5 * x! * x! + y! * y! - x! * y! - 7 * x! - 7 * y!,
    start: [0, 0],
    atMost: [([x, y]) => 4 * x! * x! + y! * y! - 25],
    value: -30,
    solution: [2, 3],
    multipliers: { atMost: [0.5] },
  },
  {
    number: 14,
    objective: ([x, y]) => (x! - 2) ** 2 + (y! - 1) ** 2,
    start: [2, 2],
    equal: [([x, y]) => x! - 2 * y! + 1],
    atMost: [([x, y]) => (x! * x!) / 4 + y! * y! - 1],
    value: 9 - 2.875 * r7,
    solution: [(r7 - 1) / 2, (r7 + 1) / 4],
  },
  {
    number: 15,
    objective: rosenbrock,
    start: [-2, 1],
    bounds: [[null, 0.5], null],
    atMost: [([x, y]) => 1 - x! * y!, ([x, y]) => -x! - y! * y!],
    value: 306.5,
    solution: [0.5, 2],
    // ∂y: 200(y − x²) − λx = 0
    multipliers: { atMost: [700, 0] },
  },
  {
    number: 16,
    objective: rosenbrock,
    start: [-2, 1],
    bounds: [
      [-0.5, 0.5],
      [null, 1],
    ],
    atMost: [([x, y]) => -x! - y! * y!, ([x, y]) => -x! * x! - y!],
    value: 0.25,
    solution: [0.5, 0.25],
  },
  {
    number: 18,
    objective: ([x, y]) => 0.01 * x! * x! + y! * y!,
    start: [2, 2],
    bounds: [
      [2, 50],
      [0, 50],
    ],
    atMost: [([x, y]) => 25 - x! * y!, ([x, y]) => 25 - x! * x! - y! * y!],
    value: 5,
    solution: [Math.sqrt(250), Math.sqrt(2.5)],
    // 0.02x = λy
    multipliers: { atMost: [0.2, 0] },
  },
  {
    number: 19,
    objective: ([x, y]) => (x! - 10) ** 3 + (y! - 20) ** 3,
    start: [20.1, 5.84],
    bounds: [
      [13, 100],
      [0, 100],
    ],
    atMost: [([x, y]) => 100 - (x! - 5) ** 2 - (y! - 5) ** 2, ([x, y]) => (y! - 5) ** 2 + (x! - 6) ** 2 - 82.81],
    value: -6961.81387558,
    solution: [14.095, 0.842960789],
  },
  {
    number: 20,
    objective: rosenbrock,
    start: [-2, 1],
    bounds: [[-0.5, 0.5], null],
    atMost: [([x, y]) => -x! - y! * y!, ([x, y]) => -x! * x! - y!, ([x, y]) => 1 - x! * x! - y! * y!],
    // The book's value, 2 less, is at (½, √3/2); begun within the bounds at (−½, 1) a descent finds its mirror image, a minimizer as well.
    value: 83.5 - 25 * Math.sqrt(3),
    solution: [-0.5, Math.sqrt(3) / 2],
  },
  {
    number: 21,
    objective: ([x, y]) => 0.01 * x! * x! + y! * y! - 100,
    start: [-1, -1],
    bounds: [
      [2, 50],
      [-50, 50],
    ],
    atMost: [([x, y]) => 10 - 10 * x! + y!],
    value: -99.96,
    solution: [2, 0],
    multipliers: { atMost: [0] },
  },
  {
    number: 22,
    objective: ([x, y]) => (x! - 2) ** 2 + (y! - 1) ** 2,
    start: [2, 2],
    atMost: [([x, y]) => x! + y! - 2, ([x, y]) => x! * x! - y!],
    value: 1,
    solution: [1, 1],
    multipliers: { atMost: [2 / 3, 2 / 3] },
  },
  {
    number: 23,
    objective: ([x, y]) => x! * x! + y! * y!,
    start: [3, 1],
    bounds: all(2, [-50, 50]),
    atMost: [
      ([x, y]) => 1 - x! - y!,
      ([x, y]) => 1 - x! * x! - y! * y!,
      ([x, y]) => 9 - 9 * x! * x! - y! * y!,
      ([x, y]) => y! - x! * x!,
      ([x, y]) => x! - y! * y!,
    ],
    value: 2,
    solution: [1, 1],
    multipliers: { atMost: [0, 0, 0, 2, 2] },
  },
  {
    number: 24,
    objective: ([x, y]) => (((x! - 3) ** 2 - 9) * y! ** 3) / (27 * Math.sqrt(3)),
    start: [1, 0.5],
    bounds: all(2, [0, null]),
    atMost: [([x, y]) => y! - x! / Math.sqrt(3), ([x, y]) => -x! - Math.sqrt(3) * y!, ([x, y]) => x! + Math.sqrt(3) * y! - 6],
    value: -1,
    solution: [3, Math.sqrt(3)],
  },
  {
    number: 27,
    objective: ([x, y]) => 0.01 * (x! - 1) ** 2 + (y! - x! * x!) ** 2,
    start: [2, 2, 2],
    equal: [([x, , z]) => x! + z! * z! + 1],
    value: 0.04,
    solution: [-1, 1, 0],
    multipliers: { equal: [0.04] },
  },
  {
    number: 28,
    objective: ([x, y, z]) => (x! + y!) ** 2 + (y! + z!) ** 2,
    start: [-4, 1, 1],
    equal: [([x, y, z]) => x! + 2 * y! + 3 * z! - 1],
    value: 0,
    solution: [0.5, -0.5, 0.5],
    multipliers: { equal: [0] },
  },
  {
    number: 29,
    objective: ([x, y, z]) => -x! * y! * z!,
    start: [1, 1, 1],
    atMost: [([x, y, z]) => x! * x! + 2 * y! * y! + 4 * z! * z! - 48],
    value: -16 * Math.sqrt(2),
    solution: [4, 2 * Math.sqrt(2), 2],
    // −yz + 2λx = 0
    multipliers: { atMost: [Math.sqrt(2) / 2] },
  },
  {
    number: 30,
    objective: ([x, y, z]) => x! * x! + y! * y! + z! * z!,
    start: [1, 1, 1],
    bounds: [
      [1, 10],
      [-10, 10],
      [-10, 10],
    ],
    atMost: [([x, y]) => 1 - x! * x! - y! * y!],
    value: 1,
    solution: [1, 0, 0],
  },
  {
    number: 31,
    objective: ([x, y, z]) => 9 * x! * x! + y! * y! + 9 * z! * z!,
    start: [1, 1, 1],
    bounds: [
      [-10, 10],
      [1, 10],
      [-10, 1],
    ],
    atMost: [([x, y]) => 1 - x! * y!],
    value: 6,
    solution: [1 / Math.sqrt(3), Math.sqrt(3), 0],
    // 18x = λy
    multipliers: { atMost: [6] },
  },
  {
    number: 32,
    objective: ([x, y, z]) => (x! + 3 * y! + z!) ** 2 + 4 * (x! - y!) ** 2,
    start: [0.1, 0.7, 0.2],
    bounds: all(3, [0, null]),
    equal: [([x, y, z]) => x! + y! + z! - 1],
    atMost: [([x, y, z]) => x! ** 3 + 3 - 6 * y! - 4 * z!],
    value: 1,
    solution: [0, 0, 1],
  },
  {
    number: 34,
    objective: ([x]) => -x!,
    start: [0, 1.05, 2.9],
    bounds: [
      [0, 100],
      [0, 100],
      [0, 10],
    ],
    atMost: [([x, y]) => Math.exp(x!) - y!, ([, y, z]) => Math.exp(y!) - z!],
    value: -Math.log(Math.log(10)),
    solution: [Math.log(Math.log(10)), Math.log(10), 10],
    // λ₁eˣ = 1 with eˣ = ln 10; λ₂eʸ = λ₁ with eʸ = 10
    multipliers: { atMost: [1 / Math.log(10), 0.1 / Math.log(10)] },
  },
  {
    number: 35,
    objective: ([x, y, z]) => 9 - 8 * x! - 6 * y! - 4 * z! + 2 * x! * x! + 2 * y! * y! + z! * z! + 2 * x! * y! + 2 * x! * z!,
    start: [0.5, 0.5, 0.5],
    bounds: all(3, [0, null]),
    atMost: [([x, y, z]) => x! + y! + 2 * z! - 3],
    value: 1 / 9,
    solution: [4 / 3, 7 / 9, 4 / 9],
    multipliers: { atMost: [2 / 9] },
  },
  {
    number: 36,
    objective: ([x, y, z]) => -x! * y! * z!,
    start: [10, 10, 10],
    bounds: [
      [0, 20],
      [0, 11],
      [0, 42],
    ],
    atMost: [([x, y, z]) => x! + 2 * y! + 2 * z! - 72],
    value: -3300,
    solution: [20, 11, 15],
    // ∂z: −xy + 2λ = 0
    multipliers: { atMost: [110] },
  },
  {
    number: 37,
    objective: ([x, y, z]) => -x! * y! * z!,
    start: [10, 10, 10],
    bounds: all(3, [0, 42]),
    atMost: [([x, y, z]) => x! + 2 * y! + 2 * z! - 72, ([x, y, z]) => -x! - 2 * y! - 2 * z!],
    value: -3456,
    solution: [24, 12, 12],
    multipliers: { atMost: [144, 0] },
  },
  {
    number: 39,
    objective: ([x]) => -x!,
    start: [2, 2, 2, 2],
    equal: [([x, y, z]) => y! - x! ** 3 - z! * z!, ([x, y, , w]) => x! * x! - y! - w! * w!],
    value: -1,
    solution: [1, 1, 0, 0],
    multipliers: { equal: [-1, -1] },
  },
  {
    number: 40,
    objective: ([x, y, z, w]) => -x! * y! * z! * w!,
    start: [0.8, 0.8, 0.8, 0.8],
    equal: [([x, y]) => x! ** 3 + y! * y! - 1, ([x, , z, w]) => x! * x! * w! - z!, ([, y, , w]) => w! * w! - y!],
    value: -0.25,
    solution: [2 ** (-1 / 3), 2 ** -0.5, 2 ** (-11 / 12), 2 ** -0.25],
  },
  {
    number: 41,
    objective: ([x, y, z]) => 2 - x! * y! * z!,
    start: [2, 2, 2, 2],
    bounds: [
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 2],
    ],
    equal: [([x, y, z, w]) => x! + 2 * y! + 2 * z! - w!],
    value: 52 / 27,
    solution: [2 / 3, 1 / 3, 1 / 3, 2],
    // ∂x: −yz + λ = 0
    multipliers: { equal: [1 / 9] },
  },
  {
    number: 42,
    objective: ([x, y, z, w]) => (x! - 1) ** 2 + (y! - 2) ** 2 + (z! - 3) ** 2 + (w! - 4) ** 2,
    start: [1, 1, 1, 1],
    equal: [([x]) => x! - 2, ([, , z, w]) => z! * z! + w! * w! - 2],
    value: 28 - 10 * Math.sqrt(2),
    solution: [2, 2, 0.6 * Math.sqrt(2), 0.8 * Math.sqrt(2)],
    // 2(z − 3) + 2λz = 0
    multipliers: { equal: [-2, 5 / Math.sqrt(2) - 1] },
  },
  {
    number: 43,
    objective: ([x, y, z, w]) => x! * x! + y! * y! + 2 * z! * z! + w! * w! - 5 * x! - 5 * y! - 21 * z! + 7 * w!,
    start: [0, 0, 0, 0],
    atMost: [
      ([x, y, z, w]) => x! * x! + y! * y! + z! * z! + w! * w! + x! - y! + z! - w! - 8,
      ([x, y, z, w]) => x! * x! + 2 * y! * y! + z! * z! + 2 * w! * w! - x! - w! - 10,
      ([x, y, z, w]) => 2 * x! * x! + y! * y! + z! * z! + 2 * x! - y! - w! - 5,
    ],
    value: -44,
    solution: [0, 1, 2, -1],
    multipliers: { atMost: [1, 0, 2] },
  },
  {
    number: 48,
    objective: ([a, b, c, d, e]) => (a! - 1) ** 2 + (b! - c!) ** 2 + (d! - e!) ** 2,
    start: [3, 5, -3, 2, -2],
    equal: [([a, b, c, d, e]) => a! + b! + c! + d! + e! - 5, ([, , c, d, e]) => c! - 2 * (d! + e!) + 3],
    value: 0,
    solution: [1, 1, 1, 1, 1],
    multipliers: { equal: [0, 0] },
  },
  {
    number: 51,
    objective: ([a, b, c, d, e]) => (a! - b!) ** 2 + (b! + c! - 2) ** 2 + (d! - 1) ** 2 + (e! - 1) ** 2,
    start: [2.5, 0.5, 2, -1, 0.5],
    equal: [([a, b]) => a! + 3 * b! - 4, ([, , c, d, e]) => c! + d! - 2 * e!, ([, b, , , e]) => b! - e!],
    value: 0,
    solution: [1, 1, 1, 1, 1],
  },
  {
    number: 52,
    objective: ([a, b, c, d, e]) => (4 * a! - b!) ** 2 + (b! + c! - 2) ** 2 + (d! - 1) ** 2 + (e! - 1) ** 2,
    start: [2, 2, 2, 2, 2],
    equal: [([a, b]) => a! + 3 * b!, ([, , c, d, e]) => c! + d! - 2 * e!, ([, b, , , e]) => b! - e!],
    value: 1859 / 349,
    solution: [-33 / 349, 11 / 349, 180 / 349, -158 / 349, 11 / 349],
  },
  {
    number: 53,
    objective: ([a, b, c, d, e]) => (a! - b!) ** 2 + (b! + c! - 2) ** 2 + (d! - 1) ** 2 + (e! - 1) ** 2,
    start: [2, 2, 2, 2, 2],
    bounds: all(5, [-10, 10]),
    equal: [([a, b]) => a! + 3 * b!, ([, , c, d, e]) => c! + d! - 2 * e!, ([, b, , , e]) => b! - e!],
    value: 176 / 43,
    solution: [-33 / 43, 11 / 43, 27 / 43, -5 / 43, 11 / 43],
  },
];

/** Those with bounds alone. */
export const hockSchittkowskiBounds: readonly ConstrainedProblem[] = [
  { number: 1, objective: rosenbrock, start: [-2, 1], bounds: [null, [-1.5, null]], value: 0, solution: [1, 1] },
  {
    number: 2,
    objective: rosenbrock,
    start: [2, 2],
    bounds: [null, [1.5, null]],
    value: rosenbrock([root2(0), 1.5]),
    solution: [root2(0), 1.5],
  },
  {
    // The other valley, where the book's start lies.
    number: 2.2,
    objective: rosenbrock,
    start: [-2, 1],
    bounds: [null, [1.5, null]],
    value: rosenbrock([root2(1), 1.5]),
    solution: [root2(1), 1.5],
  },
  {
    number: 4,
    objective: ([x, y]) => (x! + 1) ** 3 / 3 + y!,
    start: [1.125, 0.125],
    bounds: [
      [1, null],
      [0, null],
    ],
    value: 8 / 3,
    solution: [1, 0],
  },
  {
    number: 5,
    objective: ([x, y]) => Math.sin(x! + y!) + (x! - y!) ** 2 - 1.5 * x! + 2.5 * y! + 1,
    start: [0, 0],
    bounds: [
      [-1.5, 4],
      [-3, 3],
    ],
    value: -Math.sqrt(3) / 2 - Math.PI / 3,
    solution: [0.5 - Math.PI / 3, -0.5 - Math.PI / 3],
  },
];
