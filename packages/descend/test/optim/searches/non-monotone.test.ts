import { describe, expect, it } from "vitest";
import { grippoLamparielloLucidi, zhangHager } from "../../../src/optim/searches/non-monotone.js";

const values = [5, 3, 4, 2, 1, 1.5, 0.5];

describe("grippoLamparielloLucidi", () => {
  it("is the largest of the last values", () => {
    const rule = grippoLamparielloLucidi({ memory: 3 });
    let memory = rule.init(values[0]!);
    values.forEach((value, k) => {
      if (k > 0) memory = rule.next(memory, value);
      expect(rule.reference(memory)).toBe(Math.max(...values.slice(Math.max(0, k - 2), k + 1)));
    });
  });
});

describe("zhangHager", () => {
  it("is the weighted mean Σ ηᵏ⁻ⁱ·fᵢ / Σ ηᵏ⁻ⁱ", () => {
    const eta = 0.6;
    const rule = zhangHager({ decay: eta });
    let memory = rule.init(values[0]!);
    values.forEach((value, k) => {
      if (k > 0) memory = rule.next(memory, value);
      const weights = values.slice(0, k + 1).map((_, i) => eta ** (k - i));
      const mean = weights.reduce((sum, w, i) => sum + w * values[i]!, 0) / weights.reduce((sum, w) => sum + w, 0);
      expect(rule.reference(memory)).toBeCloseTo(mean, 13);
    });
  });

  it("is the value itself without memory", () => {
    const rule = zhangHager({ decay: 0 });
    expect(rule.reference(rule.next(rule.init(7), 3))).toBe(3);
  });
});
