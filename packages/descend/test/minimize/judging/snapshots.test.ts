import { describe, expect, it } from "vitest";
import { Snapshots } from "../../../src/minimize/judging/snapshots.js";

describe("snapshots", () => {
  it("keep points at equal distances, no more than 24, whatever the length of the way", () => {
    const snapshots = new Snapshots(1, 5);
    for (let step = 0; step < 10_000; ) {
      step += snapshots.stepsLeft(step);
      snapshots.take(step, [step]);
    }
    const kept = snapshots.between(0, Number.POSITIVE_INFINITY).map(([x]) => x!);
    expect(kept.length).toBeGreaterThanOrEqual(12);
    expect(kept.length).toBeLessThan(24);
    expect(new Set(kept.slice(1).map((x, k) => x - kept[k]!)).size).toBe(1);
    expect(snapshots.between(5000, 7000).every(([x]) => x! >= 5000 && x! < 7000)).toBe(true);
  });

  it("are few for many parameters, and none for too many", () => {
    expect(new Snapshots(1e7, 1).stepsLeft(0)).toBe(Number.POSITIVE_INFINITY);
  });
});
