/** Peers: C compiled on the spot, NumPy, packages of JavaScript. One that is not there is left out with a line that says so. */

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const peerFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), "peers");
/** One thread everywhere, whatever the library. */
const oneThread = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/** A folder for binaries and data, removed at the end. */
export function withTemporaryFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), "descend-bench-"));
  try {
    return body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Hands typed arrays over as raw binaries: `{ "x.f64": Float64Array }`. */
export function writeArrays(folder, arrays) {
  for (const [name, values] of Object.entries(arrays))
    writeFileSync(join(folder, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/**
 * Compiles bench/peers/<name>.c with gcc -O3 -march=native -ffast-math and runs it.
 *
 * @param options.define - macros: `{ COLUMNS: 20 }`.
 * @param options.optimize - other flags of the compiler.
 * @param options.libraries - to link with: `["-llbfgs"]`.
 * @returns its measurements `{ case, unit, samples, check }`, or undefined (with a note in the question) if there is no gcc or what it needs.
 */
export function runC(question, name, args, { folder, define = {}, optimize = ["-O3", "-march=native", "-ffast-math"], libraries = [] }) {
  const binary = join(folder, name);
  const macros = Object.entries(define).map(([macro, value]) => `-D${macro}=${value}`);
  if (existsSync(binary)) return runLines(question, `C (${name})`, binary, args);
  const compiled = spawnSync("gcc", [...optimize, ...macros, "-o", binary, join(peerFolder, `${name}.c`), ...libraries, "-lm", "-ldl"], {
    encoding: "utf8",
  });
  if (compiled.error !== undefined || compiled.status !== 0) {
    question.note(`C left out: ${compiled.error === undefined ? compiled.stderr.trim().split("\n")[0] : "there is no gcc here"}`);
    return undefined;
  }
  question.note(`C compiled by gcc ${gccVersion()} ${optimize.join(" ")}`);
  return runLines(question, `C (${name})`, binary, args);
}

/** Runs bench/peers/<name>.py with python3 and NumPy on one thread; undefined (with a note) where they are missing. */
export function runPython(question, name, args) {
  const found = spawnSync("python3", ["-c", "import numpy"], { encoding: "utf8" });
  if (found.error !== undefined || found.status !== 0) {
    question.note("NumPy left out: python3 with numpy is not installed");
    return undefined;
  }
  return runLines(question, `NumPy (${name})`, "python3", [join(peerFolder, `${name}.py`), ...args]);
}

/** A package outside this repository: DESCEND_BENCH_PACKAGES names a folder with node_modules in it. */
export function peerPackage(question, name) {
  const folder = process.env.DESCEND_BENCH_PACKAGES;
  if (folder === undefined || !existsSync(join(folder, "node_modules", name))) {
    question.note(`${name} left out: install it in a folder of its own and name that in DESCEND_BENCH_PACKAGES`);
    return undefined;
  }
  const load = createRequire(join(folder, "bench.cjs"));
  return { load, folder, version: load(`${name}/package.json`).version };
}

function runLines(question, label, command, args) {
  const ran = spawnSync(command, args.map(String), { encoding: "utf8", env: oneThread, maxBuffer: 1 << 26 });
  if (ran.status !== 0) {
    question.note(
      ran.status === 3
        ? `${label} left out: the library it measures is not installed`
        : `${label} failed: ${ran.stderr.trim().split("\n").at(-1)}`,
    );
    return undefined;
  }
  if (ran.stderr.trim() !== "") question.note(`${label}: ${ran.stderr.trim()}`);
  return ran.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The version of gcc, for the record. */
function gccVersion() {
  try {
    return execFileSync("gcc", ["-dumpfullversion"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
