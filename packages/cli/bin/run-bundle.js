/**
 * Runs the bundled command line from code that an earlier run has compiled. Reading and compiling the source takes longer than a small fit;
 * V8 can hand out what it has compiled and take it in again.
 */

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, Script } from "node:vm";

/**
 * @param name - of the command: each keeps the code that it ran.
 * @returns what the bundle exports, and `keepCode`, to be called when the command is done.
 */
export function runBundle(name) {
  const filename = fileURLToPath(new URL("../bundle/descend.cjs", import.meta.url));
  const kept = fileURLToPath(new URL(`../bundle/${name}-${process.version}-${process.arch}.code`, import.meta.url));
  const cachedData = read(kept);
  // The bundle is ASCII, which is decoded fastest as Latin-1. The parameters are those of any CommonJS module.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "latin1")}\n})`;
  const script = new Script(source, { filename, cachedData, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, dirname(filename));
  const keepCode = () => {
    if (cachedData === undefined || script.cachedDataRejected) write(kept, script.createCachedData());
  };
  return { ...module.exports, keepCode };
}

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: other runs may be reading. Where the package cannot be written to, every run compiles. */
function write(path, bytes) {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}
