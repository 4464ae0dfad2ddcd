/**
 * A slice of the corpus: one sick case of every finding, and some that are well. Oracle: the fault that was planted, and the metric of the
 * case in plain arithmetic with an optimum known apart from the doctor. The whole: `npm run doctor:corpus`.
 */

import { beforeAll, describe, expect, it } from "vitest";
import { sickCases, wellCases } from "./corpus/corpus.js";
import type { CorpusCase } from "./corpus/corpus-case.js";
import { type Evaluation, evaluate } from "./corpus/evaluate.js";
import { score, wilson } from "./corpus/score.js";

/** Which of its seven cases a finding is tried on, one finding after the other. */
const PICKED = [0, 3, 4, 1] as const;

/** What the cases are made into; timed by nobody. */
function evaluated(makers: readonly (() => CorpusCase | undefined)[]): Evaluation[] {
  return makers
    .map((make) => make())
    .filter((each): each is CorpusCase => each !== undefined)
    .map((each) => evaluate(each, () => 0));
}

/** One case a finding, of all severities, and every fourth that is well. */
let sick: readonly Evaluation[] = [];
let well: readonly Evaluation[] = [];
beforeAll(() => {
  sick = evaluated(sickCases().filter((_, index) => index % 7 === PICKED[Math.floor(index / 7) % PICKED.length]!));
  well = evaluated(wellCases().filter((_, index) => index % 4 === 0));
});

describe("a slice of the corpus", () => {
  it("holds cases that are as sick, or as well, as they claim", () => {
    expect([...sick, ...well].filter(({ admitted }) => !admitted).map(({ id, admission }) => `${id}: ${admission}`)).toEqual([]);
  });

  it("is found sick, by the right cause in most cases, and repaired", () => {
    const result = score(sick);
    expect(sick.length).toBe(28);
    expect(result.detection.count).toBe(sick.length);
    expect(result.strict.count / sick.length).toBeGreaterThanOrEqual(0.9);
    expect(result.lenient.count / sick.length).toBeGreaterThanOrEqual(0.95);
    expect(result.repairedOfAutomatic.count / result.repairedOfAutomatic.of).toBeGreaterThanOrEqual(0.95);
    expect(result.diagnosisOverhead).toBeLessThanOrEqual(1);
  });

  it("raises no alarm over what is well", () => {
    expect(well.length).toBeGreaterThan(15);
    expect(well.filter(({ found }) => found.length > 0).map(({ id, found }) => `${id}: ${found.join(", ")}`)).toEqual([]);
  });

  it("is harmed in no case", () => {
    expect([...sick, ...well].filter(({ harmed }) => harmed).map(({ id }) => id)).toEqual([]);
  });
});

describe("wilson", () => {
  it("is 0 to 3.3 % for none of 112, and 98.3 % upwards for all of 224", () => {
    expect(wilson(0, 112).high).toBeCloseTo(0.033, 3);
    expect(wilson(224, 224).low).toBeCloseTo(0.983, 3);
  });
});
