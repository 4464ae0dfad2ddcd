/**
 * Twenty-two of the least-squares problems of Moré, Garbow and Hillstrom, as sums of squares (without a factor ½).
 *
 * Each is written from the formulas of the paper with its standard start. Minima were refined in higher precision; the paper
 * prints about six digits. Each function stands on its own, so that its source can be read.
 *
 * Source: J. J. Moré, B. S. Garbow, K. E. Hillstrom, Testing Unconstrained Optimization Software, ACM Transactions on
 * Mathematical Software 7(1), 1981, 17–41.
 */

import type { Problem } from "./problem.js";

/** The catalogue, with the numbers of the problems in the paper. */
export const moreGarbowHillstromProblems: readonly (Problem & { readonly number: number })[] = [
  {
    number: 1,
    name: "Rosenbrock",
    objective: ([x, y]) => (10 * (y! - x! ** 2)) ** 2 + (1 - x!) ** 2,
    dimension: 2,
    start: [-1.2, 1],
    minima: [{ x: [1, 1], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 1",
  },
  {
    number: 3,
    name: "PowellBadlyScaled",
    objective: ([x, y]) => (1e4 * x! * y! - 1) ** 2 + (Math.exp(-x!) + Math.exp(-y!) - 1.0001) ** 2,
    dimension: 2,
    start: [0, 1],
    minima: [{ x: [1.0981593296998053e-5, 9.106146739866624], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 3",
  },
  {
    number: 4,
    name: "BrownBadlyScaled",
    objective: ([x, y]) => (x! - 1e6) ** 2 + (y! - 2e-6) ** 2 + (x! * y! - 2) ** 2,
    dimension: 2,
    start: [1, 1],
    minima: [{ x: [1000000, 2e-6], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 4",
  },
  {
    number: 5,
    name: "Beale",
    objective: ([x, y]) => {
      const measured = [1.5, 2.25, 2.625];
      let sum = 0;
      for (let i = 1; i <= 3; i++) sum += (measured[i - 1]! - x! * (1 - y! ** i)) ** 2;
      return sum;
    },
    dimension: 2,
    start: [1, 1],
    minima: [{ x: [3, 0.5], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 5",
  },
  {
    number: 7,
    name: "HelicalValley",
    objective: ([x, y, z]) => {
      let theta = Math.atan(y! / x!) / (2 * Math.PI);
      if (!(x! > 0)) theta += 0.5;
      return (10 * (z! - 10 * theta)) ** 2 + (10 * (Math.sqrt(x! ** 2 + y! ** 2) - 1)) ** 2 + z! ** 2;
    },
    dimension: 3,
    start: [-1, 0, 0],
    minima: [{ x: [1, 0, 0], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 7",
    notes: "The angle jumps where x1 = 0.",
  },
  {
    number: 8,
    name: "Bard",
    objective: ([a, b, c]) => {
      const measured = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];
      let sum = 0;
      for (let u = 1; u <= 15; u++) {
        const v = 16 - u;
        const w = Math.min(u, v);
        sum += (measured[u - 1]! - (a! + u / (v * b! + w * c!))) ** 2;
      }
      return sum;
    },
    dimension: 3,
    start: [1, 1, 1],
    minima: [{ x: [0.08241055974978899, 1.1330360920297224, 2.3436951786425366], value: 0.00821487730657898 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 8",
    notes: "The value tends to 17.4286 for x1 = 0.8406 and x2, x3 → −∞.",
  },
  {
    number: 10,
    name: "Meyer",
    objective: ([a, b, c]) => {
      const measured = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872];
      return measured.reduce((sum, y, i) => sum + (a! * Math.exp(b! / (45 + 5 * (i + 1) + c!)) - y) ** 2, 0);
    },
    dimension: 3,
    start: [0.02, 4000, 250],
    minima: [{ x: [0.005609636471028053, 6181.346346286372, 345.2236346241365], value: 87.94585517085112 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 10",
  },
  {
    number: 11,
    name: "GulfResearch",
    objective: ([a, b, c]) => {
      let sum = 0;
      for (let i = 1; i <= 99; i++) {
        const t = i / 100;
        const y = 25 + (-50 * Math.log(t)) ** (2 / 3);
        sum += (Math.exp(-(Math.abs(y - b!) ** c!) / a!) - t) ** 2;
      }
      return sum;
    },
    dimension: 3,
    start: [5, 2.5, 0.15],
    minima: [{ x: [50, 25, 1.5], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 11",
  },
  {
    number: 13,
    name: "PowellSingular",
    objective: ([a, b, c, d]) => (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
    dimension: 4,
    start: [3, -1, 0, 1],
    minima: [{ x: [0, 0, 0, 0], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 13",
    notes: "The Hessian is singular at the minimizer.",
  },
  {
    number: 14,
    name: "Wood",
    objective: ([a, b, c, d]) =>
      (10 * (b! - a! ** 2)) ** 2 + (1 - a!) ** 2 + 90 * (d! - c! ** 2) ** 2 + (1 - c!) ** 2 + 10 * (b! + d! - 2) ** 2 + (b! - d!) ** 2 / 10,
    dimension: 4,
    start: [-3, -1, -3, -1],
    minima: [{ x: [1, 1, 1, 1], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 14",
  },
  {
    number: 16,
    name: "BrownDennis",
    objective: ([a, b, c, d]) => {
      let sum = 0;
      for (let i = 1; i <= 20; i++) {
        const t = i / 5;
        sum += ((a! + t * b! - Math.exp(t)) ** 2 + (c! + d! * Math.sin(t) - Math.cos(t)) ** 2) ** 2;
      }
      return sum;
    },
    dimension: 4,
    start: [25, 5, -5, -1],
    minima: [{ x: [-11.594439904762165, 13.203630051207204, -0.4034394881768595, 0.23677877445573625], value: 85822.20162635634 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 16",
  },
  {
    number: 18,
    name: "BiggsEXP6",
    objective: ([a, b, c, d, e, f]) => {
      let sum = 0;
      for (let i = 1; i <= 13; i++) {
        const t = 0.1 * i;
        const y = Math.exp(-t) - 5 * Math.exp(-10 * t) + 3 * Math.exp(-4 * t);
        sum += (c! * Math.exp(-t * a!) - d! * Math.exp(-t * b!) + f! * Math.exp(-t * e!) - y) ** 2;
      }
      return sum;
    },
    dimension: 6,
    start: [1, 2, 1, 1, 1, 1],
    minima: [
      { x: [1, 10, 1, 5, 4, 3], value: 0 },
      {
        x: [1.7114159947195875, 17.683198180949066, 1.1631436609188925, 5.186561551993451, 1.7114159947195875, 1.1631436609188925],
        value: 0.005655649925499933,
        kind: "saddle",
      },
    ],
    source: "Moré, Garbow and Hillstrom 1981, problem 18",
    notes:
      "The second point has x1 = x5, so only x3 + x6 is determined there (the one with x3 = x6 is listed). The literature calls it a local minimum and solvers often stop there, but its Hessian has a small negative eigenvalue.",
  },
  {
    number: 20,
    name: "Watson",
    objective: (x) => {
      const n = x.length;
      let sum = x[0]! ** 2 + (x[1]! - x[0]! ** 2 - 1) ** 2;
      for (let i = 1; i <= 29; i++) {
        const t = i / 29;
        let derivative = 0;
        let polynomial = 0;
        for (let j = 0; j < n; j++) {
          if (j > 0) derivative += j * x[j]! * t ** (j - 1);
          polynomial += x[j]! * t ** j;
        }
        sum += (derivative - polynomial ** 2 - 1) ** 2;
      }
      return sum;
    },
    dimension: 6,
    scalable: true,
    start: [0, 0, 0, 0, 0, 0],
    minima: [
      {
        x: [-0.015725086401458355, 1.0124348693691099, -0.2329916259567374, 1.2604300877996075, -1.5137289227222785, 0.9929964324311342],
        value: 0.0022876700535524193,
      },
    ],
    source: "Moré, Garbow and Hillstrom 1981, problem 20",
    notes: "The minimum listed is that of 6 variables.",
  },
  {
    number: 21,
    name: "ExtendedRosenbrock",
    objective: (x) => {
      let sum = 0;
      for (let i = 0; i < x.length; i += 2) sum += (10 * (x[i + 1]! - x[i]! ** 2)) ** 2 + (1 - x[i]!) ** 2;
      return sum;
    },
    dimension: 10,
    scalable: true,
    start: [-1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1],
    minima: [{ x: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 21",
    notes: "The number of variables is even.",
  },
  {
    number: 22,
    name: "ExtendedPowellSingular",
    objective: (x) => {
      let sum = 0;
      for (let i = 0; i < x.length; i += 4) {
        sum +=
          (x[i]! + 10 * x[i + 1]!) ** 2 +
          5 * (x[i + 2]! - x[i + 3]!) ** 2 +
          (x[i + 1]! - 2 * x[i + 2]!) ** 4 +
          10 * (x[i]! - x[i + 3]!) ** 4;
      }
      return sum;
    },
    dimension: 12,
    scalable: true,
    start: [3, -1, 0, 1, 3, -1, 0, 1, 3, -1, 0, 1],
    minima: [{ x: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 22",
    notes: "The number of variables is a multiple of 4. The Hessian is singular at the minimizer.",
  },
  {
    number: 23,
    name: "PenaltyI",
    objective: (x) => {
      let penalty = 0;
      let squares = 0;
      for (const v of x) {
        penalty += 1e-5 * (v - 1) ** 2;
        squares += v ** 2;
      }
      return penalty + (squares - 0.25) ** 2;
    },
    dimension: 4,
    scalable: true,
    start: [1, 2, 3, 4],
    minima: [{ x: [0.2500074995875379, 0.2500074995875379, 0.2500074995875379, 0.2500074995875379], value: 2.2499775008999372e-5 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 23",
    notes: "The minimum listed is that of 4 variables.",
  },
  {
    number: 25,
    name: "VariablyDimensioned",
    objective: (x) => {
      let sum = 0;
      let weighted = 0;
      x.forEach((v, i) => {
        sum += (v - 1) ** 2;
        weighted += (i + 1) * (v - 1);
      });
      return sum + weighted ** 2 + weighted ** 4;
    },
    dimension: 10,
    scalable: true,
    start: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.30000000000000004, 0.19999999999999996, 0.09999999999999998, 0],
    minima: [{ x: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], value: 0 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 25",
  },
  {
    number: 28,
    name: "DiscreteBoundaryValue",
    objective: (x) => {
      const n = x.length;
      const h = 1 / (n + 1);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const left = i > 0 ? x[i - 1]! : 0;
        const right = i < n - 1 ? x[i + 1]! : 0;
        sum += (2 * x[i]! - left - right + (h ** 2 * (x[i]! + (i + 1) * h + 1) ** 3) / 2) ** 2;
      }
      return sum;
    },
    dimension: 10,
    scalable: true,
    start: [
      -0.08264462809917356, -0.1487603305785124, -0.1983471074380165, -0.23140495867768596, -0.24793388429752064, -0.24793388429752067,
      -0.23140495867768596, -0.1983471074380165, -0.14876033057851237, -0.08264462809917358,
    ],
    minima: [
      {
        x: [
          -0.04316498251876487, -0.08157715653538689, -0.11448571438052929, -0.14097357686259668, -0.15990869618198314,
          -0.16987720231277492, -0.16908998378120835, -0.15524953522183182, -0.125355891678935, -0.07541653368589209,
        ],
        value: 0,
      },
    ],
    source: "Moré, Garbow and Hillstrom 1981, problem 28",
  },
  {
    number: 29,
    name: "DiscreteIntegralEquation",
    objective: (x) => {
      const n = x.length;
      const h = 1 / (n + 1);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const t = (i + 1) * h;
        let below = 0;
        for (let j = 0; j <= i; j++) below += (j + 1) * h * (x[j]! + (j + 1) * h + 1) ** 3;
        let above = 0;
        for (let j = i + 1; j < n; j++) above += (1 - (j + 1) * h) * (x[j]! + (j + 1) * h + 1) ** 3;
        sum += (x[i]! + (h * ((1 - t) * below + t * above)) / 2) ** 2;
      }
      return sum;
    },
    dimension: 10,
    scalable: true,
    start: [
      -0.08264462809917356, -0.1487603305785124, -0.1983471074380165, -0.23140495867768596, -0.24793388429752064, -0.24793388429752067,
      -0.23140495867768596, -0.1983471074380165, -0.14876033057851237, -0.08264462809917358,
    ],
    minima: [
      {
        x: [
          -0.04316498251876487, -0.08157715653538689, -0.11448571438052928, -0.14097357686259668, -0.15990869618198314,
          -0.16987720231277492, -0.16908998378120835, -0.1552495352218318, -0.12535589167893496, -0.07541653368589203,
        ],
        value: 0,
      },
    ],
    source: "Moré, Garbow and Hillstrom 1981, problem 29",
  },
  {
    number: 30,
    name: "BroydenTridiagonal",
    objective: (x) => {
      const n = x.length;
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const left = i > 0 ? x[i - 1]! : 0;
        const right = i < n - 1 ? x[i + 1]! : 0;
        sum += ((3 - 2 * x[i]!) * x[i]! - left - 2 * right + 1) ** 2;
      }
      return sum;
    },
    dimension: 10,
    scalable: true,
    start: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
    minima: [
      {
        x: [
          -0.5707221320112248, -0.681806949984275, -0.7022100760176601, -0.7055106298950804, -0.7049061557287437, -0.7014966070298512,
          -0.6918893223547983, -0.6657965144058537, -0.5960351090263657, -0.4164122575286934,
        ],
        value: 0,
      },
    ],
    source: "Moré, Garbow and Hillstrom 1981, problem 30",
  },
  {
    number: 32,
    name: "LinearFullRank",
    objective: (x) => {
      const n = x.length;
      const m = 2 * n;
      const total = x.reduce((sum, v) => sum + v, 0);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (x[i]! - (2 / m) * total - 1) ** 2;
      return sum + (m - n) * ((-2 / m) * total - 1) ** 2;
    },
    dimension: 10,
    scalable: true,
    start: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    minima: [{ x: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1], value: 10 }],
    source: "Moré, Garbow and Hillstrom 1981, problem 32",
    notes: "With 2n residuals.",
  },
  {
    number: 34,
    name: "LinearRank1Zero",
    objective: (x) => {
      const n = x.length;
      const m = 2 * n;
      let weighted = 0;
      for (let j = 2; j < n; j++) weighted += j * x[j - 1]!;
      let sum = 2;
      for (let i = 2; i < m; i++) sum += ((i - 1) * weighted - 1) ** 2;
      return sum;
    },
    dimension: 10,
    scalable: true,
    start: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    minima: [
      {
        x: [
          0, 0.0005709935287400076, 0.0008564902931100114, 0.0011419870574800152, 0.001427483821850019, 0.0017129805862200228,
          0.0019984773505900264, 0.0022839741149600305, 0.002569470879330034, 0,
        ],
        value: 6.135135135135135,
      },
    ],
    source: "Moré, Garbow and Hillstrom 1981, problem 34",
    notes: "With 2n residuals. Every x with Σ j·x_j = 3 / (2m − 3) over j = 2…n−1 is a minimizer; the one of least norm is listed.",
  },
];
