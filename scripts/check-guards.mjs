/**
 * Proves that the lint guards fire: lays out a copy of the rooms with one offence a file, runs Biome with the project's own
 * configuration over it, and compares what it found with what it must find. A guard that inspects nothing is worse than none.
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Which rooms of the library each room may import; the one table of `docs/architecture.md`. */
const mayImport = {
  numeric: [],
  tree: ["numeric"],
  data: ["numeric"],
  plot: ["numeric"],
  graph: ["tree", "numeric"],
  autodiff: ["graph", "tree", "numeric"],
  optim: ["graph", "tree", "numeric"],
  problems: ["graph", "tree", "numeric"],
  wasm: ["graph", "numeric"],
  minimize: ["graph", "tree", "numeric", "autodiff", "optim", "wasm"],
  models: ["minimize", "graph", "data", "tree", "numeric"],
  doctor: ["minimize", "optim", "autodiff", "data", "tree", "numeric"],
};

/** One file each: path, text, and the rule that must reject it (null: nothing may be found). */
const cases = [
  ["packages/descend/src/graph/clean.ts", "export const one: number = Math.sqrt(1);", null],
  ["packages/descend/src/index.ts", 'export { one } from "./graph/clean.js";', null],
  ["packages/descend/src/errors.ts", 'export type { A } from "./numeric/a.js";', "noRestrictedImports"],
  ["packages/descend/src/graph/door.ts", 'export type { A } from "../index.js";', "noRestrictedImports"],
  ["packages/descend/src/graph/node.ts", 'export { join } from "node:path";', "noNodejsModules"],
  ["packages/descend/src/graph/bare-node.ts", 'export { join } from "path";', "noNodejsModules"],
  ["packages/descend/src/graph/package.ts", 'export { parse } from "left-pad";', "noUndeclaredDependencies"],
  ["packages/descend/src/graph/random.ts", "export const roll = (): number => Math.random();", "plugin"],
  ["packages/descend/src/graph/console.ts", 'console.log("x");', "noConsole"],
  ["packages/descend/src/graph/default.ts", "export default 1;", "noDefaultExport"],
  ["packages/descend/src/graph/enum.ts", "export enum Color { Red }", "noEnum"],
  ["packages/descend/src/tree/cycle-a.ts", 'import type { B } from "./cycle-b.js";\nexport type A = B | 1;', "noImportCycles"],
  ["packages/descend/src/tree/cycle-b.ts", 'import type { A } from "./cycle-a.js";\nexport type B = A | 2;', "noImportCycles"],
  ["packages/cli/src/inside.ts", 'export type { A } from "../../descend/src/graph/clean.js";', "noRestrictedImports"],
  ["packages/cli/src/built.ts", 'export type { A } from "descend/dist/index.js";', "noRestrictedImports"],
  ["packages/cli/src/package.ts", 'export { parse } from "left-pad";', "noUndeclaredDependencies"],
  ["packages/cli/src/clean.ts", "console.log(process.argv, performance.now(), new Date());", null],
];
for (const name of ["process", "document", "window", "console", "performance", "Date", "setTimeout"]) {
  cases.push([`packages/descend/src/graph/global-${name}.ts`, `export const host: unknown = ${name};`, "noRestrictedGlobals"]);
}
for (const [room, allowed] of Object.entries(mayImport)) {
  for (const other of Object.keys(mayImport)) {
    if (other === room) continue;
    const expected = allowed.includes(other) ? null : "noRestrictedImports";
    cases.push([`packages/descend/src/${room}/imports-${other}.ts`, `export type { A } from "../${other}/a.js";`, expected]);
    cases.push([`packages/descend/src/${room}/deep/imports-${other}.ts`, `export type { A } from "../../${other}/a.js";`, expected]);
  }
}

const folder = mkdtempSync(join(tmpdir(), "descend-guards-"));
let failures = 0;
try {
  for (const name of ["package.json", "packages/descend/package.json", "packages/cli/package.json", "scripts/lint"]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  const configuration = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  configuration.vcs = { enabled: false };
  writeFileSync(join(folder, "biome.json"), JSON.stringify(configuration));
  for (const [path, text] of cases) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const run = spawnSync(process.execPath, [biome, "lint", "--reporter=json", "--max-diagnostics=none", "packages"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const report = JSON.parse(run.stdout);
  /** Rules that fired, by path. */
  const found = new Map();
  for (const diagnostic of report.diagnostics) {
    const path = diagnostic.location.path?.file ?? diagnostic.location.path;
    found.set(path, [...(found.get(path) ?? []), diagnostic.category.split("/").at(-1)]);
  }
  for (const [path, text, expected] of cases) {
    const rules = found.get(path) ?? [];
    if (expected === null ? rules.length === 0 : rules.includes(expected)) continue;
    failures += 1;
    console.error(`${path}: expected ${expected ?? "nothing"}, Biome found ${rules.join(", ") || "nothing"} in\n  ${text}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`guards: ${cases.length} offences and controls tried, ${failures} judged wrongly`);
process.exitCode = failures === 0 ? 0 : 1;
