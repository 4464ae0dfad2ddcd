/** Oracles: the pages are what the catalogue says; each example of a page has the finding of its page first. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnose, type FindingRecord, findingCatalogue, type Report } from "../../src/doctor/index.js";
import { inverseTimeDecay } from "../../src/optim/index.js";

const root = new URL("../../../../", import.meta.url);
const script = (await import(new URL("scripts/write-doctor-pages.mjs", root).href)) as {
  pageOf: (record: FindingRecord) => string;
  indexPage: () => string;
};
const { examples } = (await import(new URL("scripts/doctor-pages/examples.mjs", root).href)) as { examples: Record<string, string> };

describe("docs/doctor", () => {
  it.each(findingCatalogue)("$id has the page that its record makes (else: node scripts/write-doctor-pages.mjs)", (record) => {
    expect(readFileSync(new URL(record.page, root), "utf8")).toBe(script.pageOf(record));
  });

  it("lists every page", () => {
    expect(readFileSync(new URL("docs/doctor/README.md", root), "utf8")).toBe(script.indexPage());
  });

  it("has an example for every failure that is examined", () => {
    const examined = findingCatalogue.filter(({ level, appliesTo }) => level === "failure" && appliesTo.some((kind) => kind !== "network"));
    expect(Object.keys(examples).sort()).toEqual(examined.map(({ id }) => id).sort());
  });

  it.each(Object.entries(examples))("the example of %s shows it first", (id, code) => {
    const body = code.replace(/^import .*\n/, "").replace(/^diagnose\(/m, "return diagnose(");
    const run = new Function("diagnose", "inverseTimeDecay", body) as (...names: unknown[]) => Report;
    expect(run(diagnose, inverseTimeDecay).findings[0]?.id).toBe(id);
  });
});
