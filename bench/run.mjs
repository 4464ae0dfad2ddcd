/**
 * Runs the benchmarks, one process each, one after the other.
 *
 *     npm run bench                 all of them
 *     npm run bench -- matmul       those whose name contains a word
 */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const all = readdirSync(folder)
  .filter((name) => name.endsWith(".bench.mjs"))
  .sort();
const chosen = all.filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(
    `No benchmark contains ${words.join(" or ")}. There are:\n${all.map((name) => `  ${name.replace(".bench.mjs", "")}`).join("\n")}`,
  );
  process.exit(2);
}
let failed = 0;
for (const name of chosen) {
  const ran = spawnSync(process.execPath, ["--expose-gc", join(folder, name)], { stdio: "inherit" });
  if (ran.status !== 0) failed++;
}
if (failed > 0) {
  console.error(`\n${failed} of ${chosen.length} benchmarks failed.`);
  process.exit(1);
}
