/**
 * How much memory and time does a table larger than memory take? 20 features, streamed from Parquet and CSV, or as LARGE_FORMATS says
 * ("parquet"); 10⁶ rows, or as many as LARGE_ROWS says, and all models, or those that LARGE_MODELS names ("linear,logistic"). Temporary
 * files go to TMPDIR: twice the size of the table.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeLargeTable } from "./tools/large-table.mjs";
import { Question } from "./tools/record.mjs";

const rows = Number(process.env.LARGE_ROWS ?? 1e6);
const bin = fileURLToPath(new URL("../packages/cli/bin/descend.js", import.meta.url));
const features = Array.from({ length: 20 }, (_, k) => `x${k + 1}`).join(",");
const models = process.env.LARGE_MODELS?.split(",");
const formats = (process.env.LARGE_FORMATS ?? "parquet,csv").split(",");
const fits = [
  ["linear", ["--target", "y"]],
  ["logistic", ["--target", "two"]],
  ["Huber", ["--target", "y", "--model", "huber"]],
  ["softmax", ["--target", "three"]],
].filter(([name]) => models?.includes(name) ?? true);
/** Reports its largest resident memory, in kB, and its processor time, in µs, as its last line of standard error. */
const measured = `process.on("exit", () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); console.error(maxRSS, userCPUTime + systemCPUTime); }); process.argv.splice(1, 0, "descend"); await import(${JSON.stringify(`file://${bin}`)})`;

const name = "how-much-memory-does-a-large-table-take";
const part = [...(rows === 1e6 && models === undefined ? [] : [rows]), ...(formats.length === 1 ? formats : [])];
const question = new Question([name, ...part].join("-"), `How much memory does a streamed table of ${rows} × 20 take?`, {
  seed: 1,
});
const folder = mkdtempSync(join(tmpdir(), "descend-large-"));
try {
  for (const format of formats) {
    const table = join(folder, `large.${format}`);
    await writeLargeTable(table, rows);
    for (const [name, options] of fits) {
      const start = performance.now();
      const run = spawnSync(
        process.execPath,
        ["--input-type=module", "-e", measured, "fit", table, ...options, "--features", features, "--stream", "--json"],
        { encoding: "utf8", maxBuffer: 1e8 },
      );
      const seconds = (performance.now() - start) / 1000;
      const { verdict, steps, findings } = JSON.parse(run.stdout);
      const [kilobytes, microseconds] = run.stderr.trim().split("\n").at(-1).split(" ").map(Number);
      question.add(`${name}, ${format}`, "descend", "MB", [kilobytes / 1024], {
        note: `${verdict} after ${steps} steps; ${findings[0].message}`,
      });
      question.add(`${name}, ${format}, time`, "descend", "s", [seconds]);
      question.add(`${name}, ${format}, processor time`, "descend", "s", [microseconds / 1e6]);
    }
    rmSync(table);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
question.finish();
