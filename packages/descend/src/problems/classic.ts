/**
 * Thirty classic test functions with their certified minima.
 *
 * Formulas from the cited sources. Minima without a closed form were refined by Newton's method in 60 digits and rounded to
 * the nearest double. Each function stands on its own, so that its source can be read.
 */

import type { Problem } from "./problem.js";

/** Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)². */
function chainedRosenbrock(x: number[]): number {
  let sum = 0;
  for (let i = 0; i < x.length - 1; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
  return sum;
}

/** The catalogue. */
export const classicProblems: readonly Problem[] = [
  {
    name: "Sphere",
    objective: (x) => x.reduce((sum, v) => sum + v ** 2, 0),
    dimension: 3,
    scalable: true,
    start: [2, -3, 4],
    minima: [{ x: [0, 0, 0], value: 0 }],
    source: "De Jong 1975, F1",
    domain: [
      [-5.12, 5.12],
      [-5.12, 5.12],
      [-5.12, 5.12],
    ],
  },
  {
    name: "Rosenbrock",
    objective: ([x, y]) => 100 * (y! - x! ** 2) ** 2 + (1 - x!) ** 2,
    dimension: 2,
    start: [-1.2, 1],
    minima: [{ x: [1, 1], value: 0 }],
    source: "Rosenbrock 1960",
    domain: [
      [-5, 10],
      [-5, 10],
    ],
  },
  {
    name: "Rosenbrock10",
    objective: chainedRosenbrock,
    dimension: 10,
    scalable: true,
    start: [-1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1],
    minima: [{ x: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], value: 0 }],
    source: "Rosenbrock 1960; chained form: Toint 1978",
    domain: [
      [-5, 10],
      [-5, 10],
      [-5, 10],
      [-5, 10],
      [-5, 10],
      [-5, 10],
      [-5, 10],
      [-5, 10],
      [-5, 10],
      [-5, 10],
    ],
    notes: "A second, local minimum with value 3.98658 lies near (−1, 1, …, 1).",
  },
  {
    name: "Beale",
    objective: ([x, y]) => (1.5 - x! + x! * y!) ** 2 + (2.25 - x! + x! * y! ** 2) ** 2 + (2.625 - x! + x! * y! ** 3) ** 2,
    dimension: 2,
    start: [1, 1],
    minima: [{ x: [3, 0.5], value: 0 }],
    source: "Beale 1958",
    domain: [
      [-4.5, 4.5],
      [-4.5, 4.5],
    ],
  },
  {
    name: "Booth",
    objective: ([x, y]) => (x! + 2 * y! - 7) ** 2 + (2 * x! + y! - 5) ** 2,
    dimension: 2,
    start: [0, 0],
    minima: [{ x: [1, 3], value: 0 }],
    source: "Jamil and Yang 2013, no. 17",
    domain: [
      [-10, 10],
      [-10, 10],
    ],
  },
  {
    name: "Himmelblau",
    objective: ([x, y]) => (x! ** 2 + y! - 11) ** 2 + (x! + y! ** 2 - 7) ** 2,
    dimension: 2,
    start: [0, 0],
    minima: [
      { x: [3, 2], value: 0 },
      { x: [-2.805118086952745, 3.131312518250573], value: 0 },
      { x: [-3.779310253377747, -3.2831859912861696], value: 0 },
      { x: [3.5844283403304917, -1.8481265269644036], value: 0 },
    ],
    source: "Himmelblau 1972",
    domain: [
      [-6, 6],
      [-6, 6],
    ],
  },
  {
    name: "Rastrigin",
    objective: (x) => 10 * x.length + x.reduce((sum, v) => sum + v ** 2 - 10 * Math.cos(2 * Math.PI * v), 0),
    dimension: 2,
    scalable: true,
    start: [2.2, -3.7],
    minima: [{ x: [0, 0], value: 0 }],
    source: "Rastrigin 1974; Mühlenbein et al. 1991",
    domain: [
      [-5.12, 5.12],
      [-5.12, 5.12],
    ],
  },
  {
    name: "Ackley",
    objective: (x) => {
      const n = x.length;
      let squares = 0;
      let cosines = 0;
      for (const v of x) {
        squares += v ** 2;
        cosines += Math.cos(2 * Math.PI * v);
      }
      return -20 * Math.exp(-0.2 * Math.sqrt(squares / n)) - Math.exp(cosines / n) + 20 + Math.E;
    },
    dimension: 2,
    scalable: true,
    start: [2.5, -1.5],
    minima: [{ x: [0, 0], value: 0 }],
    source: "Ackley 1987",
    domain: [
      [-32.768, 32.768],
      [-32.768, 32.768],
    ],
    notes: "The square root has a kink at the minimizer.",
  },
  {
    name: "Griewank",
    objective: (x) => {
      let sum = 0;
      let product = 1;
      x.forEach((v, i) => {
        sum += v ** 2;
        product *= Math.cos(v / Math.sqrt(i + 1));
      });
      return 1 + sum / 4000 - product;
    },
    dimension: 3,
    scalable: true,
    start: [5, -7.5, 3],
    minima: [{ x: [0, 0, 0], value: 0 }],
    source: "Griewank 1981",
    domain: [
      [-600, 600],
      [-600, 600],
      [-600, 600],
    ],
    notes: "Many regularly spread local minima.",
  },
  {
    name: "Schwefel",
    objective: (x) => 418.9828872724339 * x.length - x.reduce((sum, v) => sum + v * Math.sin(Math.sqrt(Math.abs(v))), 0),
    dimension: 2,
    scalable: true,
    start: [300, -100],
    minima: [{ x: [420.96874635998205, 420.96874635998205], value: 0 }],
    source: "Schwefel 1981, 2.26",
    domain: [
      [-500, 500],
      [-500, 500],
    ],
    notes: "Not smooth at 0.",
  },
  {
    name: "StyblinskiTang",
    objective: (x) => 0.5 * x.reduce((sum, v) => sum + v ** 4 - 16 * v ** 2 + 5 * v, 0),
    dimension: 3,
    scalable: true,
    start: [-1, 2, 0.5],
    minima: [{ x: [-2.903534027771177, -2.903534027771177, -2.903534027771177], value: -117.49849711131425 }],
    source: "Styblinski and Tang 1990",
    domain: [
      [-5, 5],
      [-5, 5],
      [-5, 5],
    ],
  },
  {
    name: "Levy",
    objective: (x) => {
      const w = x.map((v) => 1 + (v - 1) / 4);
      const last = w[w.length - 1]!;
      let sum = Math.sin(Math.PI * w[0]!) ** 2;
      for (let i = 0; i < w.length - 1; i++) sum += (w[i]! - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * w[i]! + 1) ** 2);
      return sum + (last - 1) ** 2 * (1 + Math.sin(2 * Math.PI * last) ** 2);
    },
    dimension: 2,
    scalable: true,
    start: [-3, 4],
    minima: [{ x: [1, 1], value: 0 }],
    source: "Levy and Montalvo 1985; Surjanovic and Bingham",
    domain: [
      [-10, 10],
      [-10, 10],
    ],
  },
  {
    name: "PowellSingular",
    objective: ([a, b, c, d]) => (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
    dimension: 4,
    start: [3, -1, 0, 1],
    minima: [{ x: [0, 0, 0, 0], value: 0 }],
    source: "Powell 1962",
    domain: [
      [-4, 5],
      [-4, 5],
      [-4, 5],
      [-4, 5],
    ],
    notes: "The Hessian is singular at the minimizer.",
  },
  {
    name: "Zakharov",
    objective: (x) => {
      let squares = 0;
      let weighted = 0;
      for (let i = 0; i < x.length; i++) {
        squares += x[i]! ** 2;
        weighted += 0.5 * (i + 1) * x[i]!;
      }
      return squares + weighted ** 2 + weighted ** 4;
    },
    dimension: 3,
    scalable: true,
    start: [2, -1, 3],
    minima: [{ x: [0, 0, 0], value: 0 }],
    source: "Jamil and Yang 2013, no. 173",
    domain: [
      [-5, 10],
      [-5, 10],
      [-5, 10],
    ],
  },
  {
    name: "SixHumpCamel",
    objective: ([x, y]) => (4 - 2.1 * x! ** 2 + x! ** 4 / 3) * x! ** 2 + x! * y! + (-4 + 4 * y! ** 2) * y! ** 2,
    dimension: 2,
    start: [1, 1],
    minima: [
      { x: [0.08984201310031806, -0.7126564030207396], value: -1.0316284534898774 },
      { x: [-0.08984201310031806, 0.7126564030207396], value: -1.0316284534898774 },
    ],
    source: "Dixon and Szegő 1978",
    domain: [
      [-3, 3],
      [-2, 2],
    ],
  },
  {
    name: "ThreeHumpCamel",
    objective: ([x, y]) => 2 * x! ** 2 - 1.05 * x! ** 4 + x! ** 6 / 6 + x! * y! + y! ** 2,
    dimension: 2,
    start: [2, -2],
    minima: [{ x: [0, 0], value: 0 }],
    source: "Dixon and Szegő 1978",
    domain: [
      [-5, 5],
      [-5, 5],
    ],
  },
  {
    name: "Matyas",
    objective: ([x, y]) => 0.26 * (x! ** 2 + y! ** 2) - 0.48 * x! * y!,
    dimension: 2,
    start: [4, -6],
    minima: [{ x: [0, 0], value: 0 }],
    source: "Jamil and Yang 2013, no. 71",
    domain: [
      [-10, 10],
      [-10, 10],
    ],
  },
  {
    name: "Easom",
    objective: ([x, y]) => -Math.cos(x!) * Math.cos(y!) * Math.exp(-((x! - Math.PI) ** 2) - (y! - Math.PI) ** 2),
    dimension: 2,
    start: [2, 2.5],
    minima: [{ x: [Math.PI, Math.PI], value: -1 }],
    source: "Easom 1990",
    domain: [
      [-100, 100],
      [-100, 100],
    ],
  },
  {
    name: "GoldsteinPrice",
    objective: ([x, y]) => {
      const a = 1 + (x! + y! + 1) ** 2 * (19 - 14 * x! + 3 * x! ** 2 - 14 * y! + 6 * x! * y! + 3 * y! ** 2);
      const b = 30 + (2 * x! - 3 * y!) ** 2 * (18 - 32 * x! + 12 * x! ** 2 + 48 * y! - 36 * x! * y! + 27 * y! ** 2);
      return a * b;
    },
    dimension: 2,
    start: [-0.5, 0.5],
    minima: [{ x: [0, -1], value: 3 }],
    source: "Goldstein and Price 1971",
    domain: [
      [-2, 2],
      [-2, 2],
    ],
  },
  {
    name: "Branin",
    objective: ([x, y]) => {
      const valley = y! - (5.1 * x! ** 2) / (4 * Math.PI ** 2) + (5 * x!) / Math.PI - 6;
      return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x!) + 10;
    },
    dimension: 2,
    start: [2.5, 7.5],
    minima: [
      { x: [-Math.PI, 12.275], value: 0.3978873577297383 },
      { x: [Math.PI, 2.275], value: 0.3978873577297383 },
      { x: [9.42477796076938, 2.475], value: 0.3978873577297383 },
    ],
    source: "Branin 1972; Dixon and Szegő 1978",
    domain: [
      [-5, 10],
      [0, 15],
    ],
  },
  {
    name: "McCormick",
    objective: ([x, y]) => Math.sin(x! + y!) + (x! - y!) ** 2 - 1.5 * x! + 2.5 * y! + 1,
    dimension: 2,
    start: [0, 0],
    minima: [{ x: [-0.5471975511965976, -1.5471975511965976], value: -1.9132229549810364 }],
    source: "McCormick 1976",
    domain: [
      [-1.5, 4],
      [-3, 4],
    ],
    notes: "A periodic shift gives lower values outside the domain.",
  },
  {
    name: "Bohachevsky1",
    objective: ([x, y]) => x! ** 2 + 2 * y! ** 2 - 0.3 * Math.cos(3 * Math.PI * x!) - 0.4 * Math.cos(4 * Math.PI * y!) + 0.7,
    dimension: 2,
    start: [1.1, -0.9],
    minima: [{ x: [0, 0], value: 0 }],
    source: "Bohachevsky, Johnson and Stein 1986",
    domain: [
      [-100, 100],
      [-100, 100],
    ],
  },
  {
    name: "Trid",
    objective: (x) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        sum += (x[i]! - 1) ** 2;
        if (i > 0) sum -= x[i]! * x[i - 1]!;
      }
      return sum;
    },
    dimension: 6,
    scalable: true,
    start: [0, 0, 0, 0, 0, 0],
    minima: [{ x: [6, 10, 12, 12, 10, 6], value: -50 }],
    source: "Neumaier; Hedar 2005",
    domain: [
      [-36, 36],
      [-36, 36],
      [-36, 36],
      [-36, 36],
      [-36, 36],
      [-36, 36],
    ],
    notes: "The minimizer of dimension n is x_i = i (n + 1 − i), its value −n (n + 4)(n − 1) / 6.",
  },
  {
    name: "DixonPrice",
    objective: (x) => {
      let sum = (x[0]! - 1) ** 2;
      for (let i = 1; i < x.length; i++) sum += (i + 1) * (2 * x[i]! ** 2 - x[i - 1]!) ** 2;
      return sum;
    },
    dimension: 3,
    scalable: true,
    start: [2, 1, -1],
    minima: [
      { x: [1, Math.SQRT1_2, 0.5946035575013605], value: 0 },
      { x: [1, Math.SQRT1_2, -0.5946035575013605], value: 0 },
    ],
    source: "Dixon and Price 1989",
    domain: [
      [-10, 10],
      [-10, 10],
      [-10, 10],
    ],
  },
  {
    name: "SumSquares",
    objective: (x) => x.reduce((sum, v, i) => sum + (i + 1) * v ** 2, 0),
    dimension: 4,
    scalable: true,
    start: [3, -2, 1, 4],
    minima: [{ x: [0, 0, 0, 0], value: 0 }],
    source: "Jamil and Yang 2013; also the axis-parallel hyper-ellipsoid",
    domain: [
      [-10, 10],
      [-10, 10],
      [-10, 10],
      [-10, 10],
    ],
  },
  {
    name: "DropWave",
    objective: ([x, y]) => {
      const squares = x! ** 2 + y! ** 2;
      return -(1 + Math.cos(12 * Math.sqrt(squares))) / (0.5 * squares + 2);
    },
    dimension: 2,
    start: [0.2, 0.1],
    minima: [{ x: [0, 0], value: -1 }],
    source: "Surjanovic and Bingham",
    domain: [
      [-5.12, 5.12],
      [-5.12, 5.12],
    ],
    notes: "Smooth at the minimizer, but √ is not: its derivative there is not a number.",
  },
  {
    name: "Hartmann3",
    objective: (x) => {
      const weights = [1, 1.2, 3, 3.2];
      const scales = [
        [3, 10, 30],
        [0.1, 10, 35],
        [3, 10, 30],
        [0.1, 10, 35],
      ];
      const centers = [
        [0.3689, 0.117, 0.2673],
        [0.4699, 0.4387, 0.747],
        [0.1091, 0.8732, 0.5547],
        [0.0381, 0.5743, 0.8828],
      ];
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        let distance = 0;
        for (let i = 0; i < x.length; i++) distance += scales[k]![i]! * (x[i]! - centers[k]![i]!) ** 2;
        sum -= weights[k]! * Math.exp(-distance);
      }
      return sum;
    },
    dimension: 3,
    start: [0.5, 0.5, 0.5],
    minima: [{ x: [0.11458887665506895, 0.5556488946169301, 0.8525469846866774], value: -3.8627797873326624 }],
    source: "Hartman 1973; Dixon and Szegő 1978",
    domain: [
      [0, 1],
      [0, 1],
      [0, 1],
    ],
  },
  {
    name: "Michalewicz",
    objective: (x) => -x.reduce((sum, v, i) => sum + Math.sin(v) * Math.sin(((i + 1) * v ** 2) / Math.PI) ** 20, 0),
    dimension: 2,
    scalable: true,
    start: [2, 1.5],
    minima: [{ x: [2.2029055201726093, 1.5707963267948966], value: -1.8013034100985525 }],
    source: "Michalewicz 1992",
    domain: [
      [0, Math.PI],
      [0, Math.PI],
    ],
  },
  {
    name: "CrossInTray",
    objective: ([x, y]) => {
      const wave = Math.sin(x!) * Math.sin(y!) * Math.exp(Math.abs(100 - Math.sqrt(x! ** 2 + y! ** 2) / Math.PI));
      return -0.0001 * (Math.abs(wave) + 1) ** 0.1;
    },
    dimension: 2,
    start: [1, 1.5],
    minima: [
      { x: [1.3494066171539107, 1.3494066171539107], value: -2.0626118708227383 },
      { x: [1.3494066171539107, -1.3494066171539107], value: -2.0626118708227383 },
      { x: [-1.3494066171539107, 1.3494066171539107], value: -2.0626118708227383 },
      { x: [-1.3494066171539107, -1.3494066171539107], value: -2.0626118708227383 },
    ],
    source: "Mishra 2006",
    domain: [
      [-10, 10],
      [-10, 10],
    ],
    notes: "Not smooth where a sine is 0; four equal minima.",
  },
  {
    name: "Quartic",
    objective: (x) => x.reduce((sum, v, i) => sum + (i + 1) * v ** 4, 0),
    dimension: 4,
    scalable: true,
    start: [1, -1, 0.5, -0.5],
    minima: [{ x: [0, 0, 0, 0], value: 0 }],
    source: "De Jong 1975, F4 without noise",
    domain: [
      [-1.28, 1.28],
      [-1.28, 1.28],
      [-1.28, 1.28],
      [-1.28, 1.28],
    ],
    notes: "The Hessian is singular at the minimizer.",
  },
];
