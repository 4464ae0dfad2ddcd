/** Oracle: every message of every case that triggers a check has a Chinese sentence of its own, with its numbers in place. */

import { describe, expect, it } from "vitest";
import { diagnose, inWords, type Message } from "../../../src/doctor/index.js";
import { checkedCases } from "../sick-cases.js";

const HAN = /\p{Script=Han}/u;

describe.each(checkedCases)("$id", ({ sick }) => {
  const messages: Message[] = diagnose(sick).findings.flatMap(({ explanation, prescriptions }) => [
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
