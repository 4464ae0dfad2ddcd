/** Oracle: every message of every case that triggers a check has a Chinese sentence of its own, with its numbers in place. */

import { describe, expect, it } from "vitest";
import { diagnose, howInWords, inWords, type Message, unitInWords } from "../../../src/doctor/index.js";
import { checkedCases } from "../sick-cases.js";

const HAN = /\p{Script=Han}/u;
/** Two words in a row, which no name of a method or option is. */
const WORDS = /[a-z]{2,},? [a-z]{2,}/;

describe.each(checkedCases)("$id", ({ sick }) => {
  const report = diagnose(sick);
  const messages: Message[] = report.findings.flatMap(({ explanation, prescriptions }) => [
    explanation,
    ...prescriptions.map(({ message }) => message),
  ]);

  it("is said in Chinese, nothing left open", () => {
    for (const message of messages) {
      const sentence = inWords(message, "zh");
      expect(sentence, message.id).toMatch(HAN);
      expect(sentence, message.id).not.toMatch(/\?|undefined|NaN/);
    }
  });

  it("says in Chinese how each number was obtained, numbers kept", () => {
    for (const evidence of Object.values(report.measurements)) {
      const how = howInWords(evidence, "zh");
      expect(how, evidence.how).not.toMatch(WORDS);
      expect(how === evidence.how && /[a-z]{3}/.test(how), evidence.how).toBe(false);
      expect(how).not.toMatch(/undefined|\{\}/);
      expect(unitInWords(evidence, "zh")).not.toMatch(/[a-z]/);
      expect(howInWords(evidence, "en")).toBe(evidence.how);
    }
  });

  it("leaves no words of English in a sentence but names", () => {
    for (const message of messages) expect(inWords(message, "zh"), message.id).not.toMatch(WORDS);
  });

  it("is said in English as the message has it", () => {
    for (const message of messages) expect(inWords(message, "en")).toBe(message.text);
  });
});

describe("inWords", () => {
  it("fills numbers in three digits, and shares as percentages", () => {
    const message: Message = { id: "could-improve", values: { share: 0.12345 }, text: "" };
    expect(inWords(message, "zh")).toContain("12.3 %");
  });

  it("keeps the English sentence where it knows no other", () => {
    const message: Message = { id: "of-the-future", values: {}, text: "Something new." };
    expect(inWords(message, "zh")).toBe("Something new.");
  });
});

describe("recorded runs", () => {
  const fall = Array.from({ length: 20 }, (_, k) => 20 - k);
  const curves = {
    growing: { value: fall.map((_, k) => 2 ** k) },
    turning: { value: fall.map((_, k) => 3 + (-1) ** k) },
    falling: { value: fall, validation: fall.map((_, k) => (k < 8 ? 20 - k : 12 + k)) },
  };

  it.each(Object.entries(curves))("are said in Chinese: %s", (_, history) => {
    const { findings, measurements } = diagnose({ history });
    expect(findings.length).toBeGreaterThan(0);
    for (const { explanation } of findings) expect(inWords(explanation, "zh")).toMatch(HAN);
    for (const evidence of Object.values(measurements)) expect(howInWords(evidence, "zh"), evidence.how).not.toMatch(WORDS);
  });
});
