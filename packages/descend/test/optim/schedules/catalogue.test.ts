/** Contracts that every schedule of the catalogue keeps, and the text form against schedules made in code. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findSchedule, parseSchedule, scheduleCatalogue } from "../../../src/optim/schedules/catalogue.js";
import { cosineDecay } from "../../../src/optim/schedules/cosine-decay.js";
import { multiStepDecay } from "../../../src/optim/schedules/multi-step-decay.js";
import { oneCycle } from "../../../src/optim/schedules/one-cycle.js";
import { warmUp } from "../../../src/optim/schedules/warm-up.js";
import { scheduleValues } from "../run-rule.js";

const root = new URL("../../../../../", import.meta.url);

/** A value for each option that must be given. */
const needed = (record: (typeof scheduleCatalogue)[number]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record.options)
      .filter(([, spec]) => spec.default === undefined && spec.otherwise === undefined)
      .map(([option, spec]) => {
        if (spec.kind === "numbers") return [option, [3, 7]];
        return [option, spec.kind === "number" && spec.whole === true ? 10 : 0.5];
      }),
  );

describe.each(scheduleCatalogue.map((record) => [record.name, record] as const))("%s", (_, record) => {
  it("is made from its required options, with finite values ≥ 0 for many steps", () => {
    const values = scheduleValues(record.create(needed(record)), 60);
    expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  });

  it("has its defaults in the table: given explicitly they change nothing", () => {
    const defaults = Object.fromEntries(
      Object.entries(record.options)
        .filter(([, spec]) => spec.default !== undefined)
        .map(([option, spec]) => [option, spec.default]),
    );
    const [plain, explicit] = [record.create(needed(record)), record.create({ ...needed(record), ...defaults })];
    expect(scheduleValues(explicit, 30)).toEqual(scheduleValues(plain, 30));
  });

  it("refuses what is not a number, by the name of the option", () => {
    for (const [option, spec] of Object.entries(record.options)) {
      const wrong = spec.kind === "numbers" ? [Number.NaN] : spec.kind === "number" ? Number.NaN : "neither";
      expect(() => record.create({ ...needed(record), [option]: wrong }), option).toThrow(
        expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option }) }),
      );
    }
  });

  it("stands on its page with every option, and its source in the references", () => {
    const page = new URL("docs/methods/schedules.md", root);
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, "utf8");
    expect(text).toContain(`## \`${record.name}\``);
    expect(text).toContain(record.formula);
    for (const [option, spec] of Object.entries(record.options)) {
      const usual = spec.default ?? spec.otherwise ?? "required";
      expect(text, option).toContain(`| \`${option}\` | ${usual} |`);
    }
    if (record.source !== undefined) expect(readFileSync(new URL("docs/references.bib", root), "utf8")).toContain(`{${record.source},`);
  });

  it("has a rate that a learning rate stands for", () => expect(record.options[record.rate]?.kind).toBe("number"));
});

describe("the catalogue of schedules", () => {
  it("has no name or alias twice, and finds them whatever the case and the hyphens", () => {
    const names = scheduleCatalogue
      .flatMap((record) => [record.name, ...record.aliases])
      .map((name) => name.toLowerCase().replaceAll("-", ""));
    expect(new Set(names).size).toBe(names.length);
    expect(findSchedule("Cosine_Annealing")?.name).toBe("cosineDecay");
    expect(findSchedule("cosinus")).toBeUndefined();
  });
});

describe("parseSchedule", () => {
  it.each([
    ["cosine:steps=40", cosineDecay({ initial: 0.1, steps: 40 })],
    ["cosineDecay: steps=40, initial=0.5, afterwards=return", cosineDecay({ initial: 0.5, steps: 40, afterwards: "return" })],
    ["multi-step:milestones=10+20,factor=0.5", multiStepDecay({ initial: 0.1, milestones: [10, 20], factor: 0.5 })],
    ["one-cycle:steps=30", oneCycle({ peak: 0.1, steps: 30 })],
    ["warm-up:steps=5,from=0.01/cosine:steps=40", warmUp(cosineDecay({ initial: 0.1, steps: 40 }), { steps: 5, from: 0.01 })],
  ])("reads %s", (text, expected) => expect(scheduleValues(parseSchedule(text, 0.1), 45)).toEqual(scheduleValues(expected, 45)));

  it.each([
    ["cosinee:steps=40", "OPTION_UNKNOWN", { option: "cosinee", nearest: "cosine" }],
    ["cosine:step=40", "OPTION_UNKNOWN", { option: "step", nearest: "steps" }],
    ["cosine:steps=many", "OPTION_OUT_OF_RANGE", { option: "steps", got: "many" }],
    ["cosine:steps=", "OPTION_OUT_OF_RANGE", { option: "steps" }],
    ["cosine", "OPTION_OUT_OF_RANGE", { option: "steps" }],
    ["multi-step:milestones=3+x", "OPTION_OUT_OF_RANGE", { option: "milestones", got: "x" }],
    ["cosine:steps=4/step:every=3", "OPTION_UNKNOWN", {}],
    ["", "OPTION_UNKNOWN", {}],
  ])("refuses %j", (text, code, details) =>
    expect(() => parseSchedule(text, 0.1)).toThrow(expect.objectContaining({ code, details: expect.objectContaining(details) })),
  );
});
