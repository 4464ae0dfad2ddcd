import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomically } from "../../src/files/write-file-atomically.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "descend-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a file written atomically", () => {
  it("holds the new text, and nothing else is left in the folder", async () => {
    const path = join(folder, "报告 report.html");
    await writeFileAtomically(path, "first");
    await writeFileAtomically(path, "第二");
    expect(await readFile(path, "utf8")).toBe("第二");
    expect(await readdir(folder)).toEqual(["报告 report.html"]);
  });

  it("is never seen half written: readers find the old or the new contents", async () => {
    const path = join(folder, "model.json");
    const contents = ["a", "b"].map((letter) => letter.repeat(2_000_000));
    await writeFileAtomically(path, contents[0]!);
    let done = false;
    const writing = (async () => {
      for (let k = 0; k < 20; k++) await writeFileAtomically(path, contents[k % 2]!);
      done = true;
    })();
    let reads = 0;
    while (!done) {
      const seen = await readFile(path, "utf8");
      expect(contents.includes(seen)).toBe(true);
      reads++;
    }
    await writing;
    expect(reads).toBeGreaterThan(0);
  });

  it("leaves the old file and no rubbish where it cannot be written", async () => {
    const path = join(folder, "taken");
    await writeFile(join(folder, "keep"), "old");
    await expect(writeFileAtomically(join(folder, "missing", "report.html"), "new")).rejects.toMatchObject({ code: "ENOENT" });
    await (await import("node:fs/promises")).mkdir(join(path, "inside"), { recursive: true });
    await expect(writeFileAtomically(path, "new")).rejects.toThrow();
    expect((await readdir(folder)).sort()).toEqual(["keep", "taken"]);
  });
});
