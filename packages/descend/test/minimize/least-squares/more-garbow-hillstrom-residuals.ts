/**
 * Residuals of the problems of Moré, Garbow and Hillstrom, by name: the functions whose squares the catalogue of problems sums.
 *
 * Each stands on its own, so that its source can be read.
 */

export const moreGarbowHillstromResiduals: Readonly<Record<string, (x: number[]) => number[]>> = {
  Rosenbrock: ([x, y]) => [10 * (y! - x! ** 2), 1 - x!],
  PowellBadlyScaled: ([x, y]) => [1e4 * x! * y! - 1, Math.exp(-x!) + Math.exp(-y!) - 1.0001],
  BrownBadlyScaled: ([x, y]) => [x! - 1e6, y! - 2e-6, x! * y! - 2],
  Beale: ([x, y]) => [1.5, 2.25, 2.625].map((c, i) => c - x! * (1 - y! ** (i + 1))),
  HelicalValley: ([x, y, z]) => {
    let theta = Math.atan(y! / x!) / (2 * Math.PI);
    if (!(x! > 0)) theta += 0.5;
    return [10 * (z! - 10 * theta), 10 * (Math.sqrt(x! ** 2 + y! ** 2) - 1), z!];
  },
  Bard: ([a, b, c]) =>
    [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39].map((y, i) => {
      const u = i + 1;
      const v = 15 - i;
      return y - (a! + u / (v * b! + Math.min(u, v) * c!));
    }),
  Meyer: ([a, b, c]) =>
    [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872].map(
      (y, i) => a! * Math.exp(b! / (50 + 5 * i + c!)) - y,
    ),
  GulfResearch: ([a, b, c]) => {
    const residuals: number[] = [];
    for (let i = 1; i <= 99; i++) {
      const t = i / 100;
      const y = 25 + (-50 * Math.log(t)) ** (2 / 3);
      residuals.push(Math.exp(-(Math.abs(y - b!) ** c!) / a!) - t);
    }
    return residuals;
  },
  PowellSingular: ([a, b, c, d]) => [a! + 10 * b!, Math.sqrt(5) * (c! - d!), (b! - 2 * c!) ** 2, Math.sqrt(10) * (a! - d!) ** 2],
  Wood: ([a, b, c, d]) => [
    10 * (b! - a! ** 2),
    1 - a!,
    Math.sqrt(90) * (d! - c! ** 2),
    1 - c!,
    Math.sqrt(10) * (b! + d! - 2),
    (b! - d!) / Math.sqrt(10),
  ],
  BrownDennis: ([a, b, c, d]) => {
    const residuals: number[] = [];
    for (let i = 1; i <= 20; i++) {
      const t = i / 5;
      residuals.push((a! + t * b! - Math.exp(t)) ** 2 + (c! + d! * Math.sin(t) - Math.cos(t)) ** 2);
    }
    return residuals;
  },
  BiggsEXP6: (x) => {
    const residuals: number[] = [];
    for (let i = 1; i <= 13; i++) {
      const t = 0.1 * i;
      const y = Math.exp(-t) - 5 * Math.exp(-10 * t) + 3 * Math.exp(-4 * t);
      residuals.push(x[2]! * Math.exp(-t * x[0]!) - x[3]! * Math.exp(-t * x[1]!) + x[5]! * Math.exp(-t * x[4]!) - y);
    }
    return residuals;
  },
  Watson: (x) => {
    const residuals: number[] = [];
    for (let i = 1; i <= 29; i++) {
      const t = i / 29;
      let slope = 0;
      let value = 0;
      for (let j = 0; j < x.length; j++) {
        if (j > 0) slope += j * x[j]! * t ** (j - 1);
        value += x[j]! * t ** j;
      }
      residuals.push(slope - value ** 2 - 1);
    }
    residuals.push(x[0]!, x[1]! - x[0]! ** 2 - 1);
    return residuals;
  },
  ExtendedRosenbrock: (x) => {
    const residuals: number[] = [];
    for (let i = 0; i < x.length; i += 2) residuals.push(10 * (x[i + 1]! - x[i]! ** 2), 1 - x[i]!);
    return residuals;
  },
  ExtendedPowellSingular: (x) => {
    const residuals: number[] = [];
    for (let i = 0; i < x.length; i += 4) {
      residuals.push(x[i]! + 10 * x[i + 1]!, Math.sqrt(5) * (x[i + 2]! - x[i + 3]!));
      residuals.push((x[i + 1]! - 2 * x[i + 2]!) ** 2, Math.sqrt(10) * (x[i]! - x[i + 3]!) ** 2);
    }
    return residuals;
  },
  PenaltyI: (x) => {
    const residuals: number[] = [];
    let total = -0.25;
    for (let i = 0; i < x.length; i++) {
      residuals.push(Math.sqrt(1e-5) * (x[i]! - 1));
      total += x[i]! ** 2;
    }
    residuals.push(total);
    return residuals;
  },
  VariablyDimensioned: (x) => {
    const residuals: number[] = [];
    let total = 0;
    for (let i = 0; i < x.length; i++) {
      residuals.push(x[i]! - 1);
      total += (i + 1) * (x[i]! - 1);
    }
    residuals.push(total, total ** 2);
    return residuals;
  },
  DiscreteBoundaryValue: (x) => {
    const n = x.length;
    const h = 1 / (n + 1);
    const residuals: number[] = [];
    for (let i = 0; i < n; i++) {
      const before = i > 0 ? x[i - 1]! : 0;
      const after = i < n - 1 ? x[i + 1]! : 0;
      residuals.push(2 * x[i]! - before - after + (h ** 2 * (x[i]! + (i + 1) * h + 1) ** 3) / 2);
    }
    return residuals;
  },
  DiscreteIntegralEquation: (x) => {
    const n = x.length;
    const h = 1 / (n + 1);
    const residuals: number[] = [];
    for (let i = 1; i <= n; i++) {
      const t = i * h;
      let before = 0;
      let after = 0;
      for (let j = 1; j <= n; j++) {
        const cube = (x[j - 1]! + j * h + 1) ** 3;
        if (j <= i) before += j * h * cube;
        else after += (1 - j * h) * cube;
      }
      residuals.push(x[i - 1]! + (h * ((1 - t) * before + t * after)) / 2);
    }
    return residuals;
  },
  BroydenTridiagonal: (x) => {
    const n = x.length;
    const residuals: number[] = [];
    for (let i = 0; i < n; i++) {
      const before = i > 0 ? x[i - 1]! : 0;
      const after = i < n - 1 ? x[i + 1]! : 0;
      residuals.push((3 - 2 * x[i]!) * x[i]! - before - 2 * after + 1);
    }
    return residuals;
  },
  LinearFullRank: (x) => {
    let total = 0;
    for (let i = 0; i < x.length; i++) total += x[i]!;
    const residuals: number[] = [];
    for (let i = 0; i < 20; i++) residuals.push((i < x.length ? x[i]! : 0) - (2 / 20) * total - 1);
    return residuals;
  },
  LinearRank1Zero: (x) => {
    let total = 0;
    for (let j = 2; j <= x.length - 1; j++) total += j * x[j - 1]!;
    const residuals: number[] = [-1];
    for (let i = 2; i <= 19; i++) residuals.push((i - 1) * total - 1);
    residuals.push(-1);
    return residuals;
  },
};
