import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
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

  describe("after a process was killed in the middle of writing", () => {
    const compiled = pathToFileURL(fileURLToPath(new URL("../../dist/files/write-file-atomically.js", import.meta.url))).href;

    /** Writes until it is killed with its temporary file on the disk; returns the names of these. */
    async function killedWhileWriting(path: string): Promise<string[]> {
      const source = `import { writeFileAtomically } from ${JSON.stringify(compiled)};
        const contents = "x".repeat(50_000_000);
        process.stdout.write("begun");
        for (;;) await writeFileAtomically(process.argv[1], contents);`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", source, path], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout!, "data");
      let left: string[] = [];
      while (left.length === 0) left = (await readdir(folder)).filter((name) => name.endsWith(".tmp"));
      child.kill("SIGKILL");
      await once(child, "exit");
      return (await readdir(folder)).filter((name) => name.endsWith(".tmp"));
    }

    it("what it left is cleared away by the next that writes there, and nothing else", async () => {
      const path = join(folder, "fit.checkpoint.json");
      let left: string[] = [];
      // The kill may come between two writes
      while (left.length === 0) left = await killedWhileWriting(path);
      const [name] = left as [string];
      // Of a live process, of another file, of another machine, and what only looks alike
      const others = [
        name.replace(/-\d+-/, `-${process.pid}-`),
        name.replace(".fit.", ".other."),
        name.replace(/\.[0-9a-f]{8}-/, ".00000000-"),
        name.replace(/[0-9a-f]{12}\.tmp$/, "mine.tmp"),
        ".fit.checkpoint.json.tmp",
      ];
      for (const other of others) await writeFile(join(folder, other), "not to be touched");
      await writeFileAtomically(path, "whole");
      expect((await readdir(folder)).sort()).toEqual([...others, "fit.checkpoint.json"].sort());
      expect(await readFile(path, "utf8")).toBe("whole");
      // Another file of the folder clears its own
      await rename(join(folder, others[1]!), join(folder, name.replace(".fit.", ".second.")));
      await writeFileAtomically(join(folder, "second.checkpoint.json"), "whole");
      expect((await readdir(folder)).filter((each) => each.startsWith(".second"))).toEqual([]);
    });
  });
});
