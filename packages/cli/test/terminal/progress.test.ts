import { describe, expect, it, vi } from "vitest";
import { createProgress } from "../../src/terminal/progress.js";

/** A stream that remembers what was written. */
function streamOf(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  return { stream: { isTTY, columns: 20, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream, written };
}

describe("progress", () => {
  it("moves one line on a terminal, cut to its width, and removes it at the end", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { stream, written } = streamOf(true);
    const progress = createProgress(stream);
    progress.update(() => "too early");
    vi.advanceTimersByTime(150);
    progress.update(() => "a line that is longer than the terminal is wide");
    progress.finish();
    expect(written).toEqual(["\r\x1b[2Ka line that is long", "\r\x1b[2K"]);
    vi.useRealTimers();
  });

  it("writes plain lines elsewhere: the first after a second, then one every ten", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { stream, written } = streamOf(false);
    const progress = createProgress(stream);
    for (let tenth = 0; tenth < 250; tenth++) {
      progress.update(() => `at ${tenth / 10}`);
      vi.advanceTimersByTime(100);
    }
    progress.finish();
    expect(written).toEqual(["at 1\n", "at 11\n", "at 21\n"]);
    vi.useRealTimers();
  });
});
