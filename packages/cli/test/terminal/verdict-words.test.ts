import type { Solution } from "descend";
import { describe, expect, it } from "vitest";
import { reportTexts } from "../../src/report/texts.js";
import { verdictInWords } from "../../src/terminal/verdict-words.js";

type Verdict = Solution<unknown>["verdict"];

/** Every verdict there is; the type says so. */
const verdicts = Object.keys({
  converged: 0,
  stalled: 0,
  "noise-limited": 0,
  orbiting: 0,
  saddle: 0,
  maximum: 0,
  unbounded: 0,
  "infimum-not-attained": 0,
  plateau: 0,
  "precision-floor": 0,
  infeasible: 0,
  budget: 0,
  stopped: 0,
  "broken-input": 0,
} satisfies Record<Verdict, 0>) as Verdict[];

describe("a verdict in words", () => {
  it.each(verdicts)("says what %s means, on the terminal and in the reports of both languages", (verdict) => {
    const solution = { verdict, converged: verdict === "converged", terminationReason: "max-steps", gradientNorm: 0.25 };
    const words = verdictInWords(solution as Solution<unknown>);
    expect(words).toContain(verdict);
    expect(words).toMatch(/max-steps, ‖g‖∞ = 0\.25/);
    // All but the good end need a sentence
    if (verdict !== "converged") expect(words.length).toBeGreaterThan(verdict.length + 40);
    for (const texts of [reportTexts.en, reportTexts.zh]) {
      const { headline, meaning } = texts.verdicts[verdict];
      expect(headline).not.toBe("");
      expect(meaning).not.toBe("");
    }
    // The two languages say it each in its own words
    expect(reportTexts.en.verdicts[verdict].headline).not.toBe(reportTexts.zh.verdicts[verdict].headline);
  });
});
