/** Oracle: the fault that each case was given, and for the near misses that they converge or are as good as they can be. */

import { describe, expect, it } from "vitest";
import { checks } from "../../src/doctor/checks/index.js";
import { diagnose, findingCatalogue } from "../../src/doctor/index.js";
import { checkedCases } from "./sick-cases.js";

/** Found first, or second behind a cause that is named as well. */
const failuresOf = (subject: Parameters<typeof diagnose>[0]): string[] =>
  diagnose(subject)
    .findings.filter(({ level }) => level === "failure")
    .map(({ id }) => id);

describe.each(checkedCases)("$id", ({ id, sick, miss, near }) => {
  it("is the first cause found", () => {
    expect(failuresOf(sick)[0]).toBe(id);
  });

  it(`is not found in a near miss: ${miss}`, () => {
    expect(failuresOf(near)).toEqual([]);
  });
});

describe("the cases", () => {
  it("cover every check for failures", () => {
    const failures = checks.map(({ id }) => id).filter((id) => findingCatalogue.find((record) => record.id === id)!.level === "failure");
    expect(checkedCases.map(({ id }) => id).sort()).toEqual([...failures].sort());
  });
});
