/**
 * Functions made to be misjudged: kinks, flat and degenerate places, hidden saddles, edges, cycles, scales.
 *
 * Oracle: calculus. Each case says which verdicts are right and where the minimizers are. Whatever is called converged is moreover compared
 * with the values of the plain function at points around it. `npm run verdicts` prints the table.
 */

import { afterAll, describe, expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";
import type { Verdict } from "../../src/minimize/verdict.js";
import { threefryUniform } from "../../src/numeric/random.js";
import type { Adversary, Point } from "./adversaries/adversary.js";
import { adversaries } from "./adversaries/index.js";

/** The lowest value of the plain function around a point, less that at the point; directions are random, and the axes. */
function lowestAround(f: (x: number[]) => number, x: Point): number {
  const here = f([...x]);
  let lowest = 0;
  for (let k = 0; k < 200; k++) {
    const radius = 10 ** -(4 + (k % 3));
    const axis = k % (2 * x.length);
    const direction = x.map((_, i) => (k < 100 ? (i === axis >> 1 ? 1 - 2 * (axis & 1) : 0) : 2 * threefryUniform(7, k, i) - 1));
    const change = f(x.map((value, i) => value + radius * Math.max(1e-3, Math.abs(value)) * direction[i]!)) - here;
    if (change < lowest) lowest = change;
  }
  return lowest;
}

interface Judged {
  readonly name: string;
  readonly verdict: Verdict;
  readonly params: Point;
  readonly right: boolean;
  /** A claim that is not true: a wrong name, or "converged" where no minimizer is. */
  readonly lie: string | undefined;
}

function judge({ name, objective, start, minimizers, within = 1e-4, options = {}, right }: Adversary): Judged {
  const { params, value, verdict } = minimize(objective, [...start], options);
  const found = verdict === "converged" || verdict === "precision-floor";
  const named = right.includes(verdict);
  let lie: string | undefined;
  if (!named && verdict !== "stalled" && verdict !== "budget") lie = `called ${verdict}`;
  if (found) {
    const isMinimizer =
      typeof minimizers === "function" ? minimizers(params) : minimizers.some((m) => m.every((x, i) => Math.abs(x - params[i]!) <= within));
    const tolerance = options.precision === "float32" || options.gradient !== undefined ? 1e-6 : 1e-12;
    const scale = Math.max(Math.abs(value), Math.min(1, Math.abs(objective([...start]))));
    if (!isMinimizer) lie = `called ${verdict} at ${params}`;
    else if (lowestAround(objective, params) < -tolerance * scale) lie = `called ${verdict} at ${params}, with lower points around`;
  }
  return { name, verdict, params, right: named && lie === undefined, lie };
}

const judged: Judged[] = [];

describe("a descent on an adversary", () => {
  it.each(adversaries)("says only what is true of $name", (adversary) => {
    const outcome = judge(adversary);
    judged.push(outcome);
    expect(outcome.lie).toBeUndefined();
  });

  it("calls no point converged that is none, and says what happened in 19 of 20 cases", () => {
    expect(judged.length).toBe(adversaries.length);
    expect(judged.length).toBeGreaterThanOrEqual(240);
    const falselyConverged = judged.filter(
      ({ lie, verdict }) => lie !== undefined && (verdict === "converged" || verdict === "precision-floor"),
    );
    expect(falselyConverged.length / judged.length).toBeLessThanOrEqual(0.01);
    expect(judged.filter(({ right }) => right).length / judged.length).toBeGreaterThanOrEqual(0.95);
  });

  afterAll(() => {
    if (process.env.VERDICTS !== "print") return;
    const wrong = judged.filter(({ right }) => !right).length;
    const lines = judged.map(
      ({ name, verdict, right, lie }) =>
        `${right ? "  " : lie === undefined ? "– " : "✗ "}${verdict.padEnd(22)}${name}${lie === undefined ? "" : `  (${lie})`}`,
    );
    process.stdout.write(
      `${lines.join("\n")}\n\n${judged.length} cases, ${judged.length - wrong} right, ${judged.filter(({ lie }) => lie !== undefined).length} untrue\n`,
    );
  });
});
