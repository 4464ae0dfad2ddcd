/** Runs the command line: in a process of its own as a user would, or in this one. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { main } from "../src/main.js";

const program = fileURLToPath(new URL("../bin/descend.js", import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON; throws if it is not one value. */
  // biome-ignore lint/suspicious/noExplicitAny: tests state the shape they expect
  json(): any;
}

/**
 * The same in this process: no start of a process, so many of these cost little. What is written to the standard streams
 * meanwhile is theirs, so two must not overlap.
 */
export async function callDescend(...args: readonly string[]): Promise<Run> {
  const written = { stdout: "", stderr: "" };
  const original = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const stream of ["stdout", "stderr"] as const) {
    process[stream].write = ((text: string | Uint8Array) => {
      written[stream] += typeof text === "string" ? text : Buffer.from(text).toString();
      return true;
    }) as typeof process.stdout.write;
  }
  try {
    const code = await main(args);
    // Colors depend on the terminal of whoever runs the tests
    const plain = { stdout: stripVTControlCharacters(written.stdout), stderr: stripVTControlCharacters(written.stderr) };
    return { code, ...plain, json: () => JSON.parse(plain.stdout) };
  } finally {
    process.stdout.write = original.stdout;
    process.stderr.write = original.stderr;
  }
}

/** Runs the built command line as a user would, in a process of its own. */
export function runDescend(...args: readonly string[]): Promise<Run> {
  return observeDescend(args, () => undefined);
}

/** The same, with a look at the process whenever it has written to standard error. */
export function observeDescend(args: readonly string[], onStderr: (child: ChildProcess) => void): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, NO_COLOR: "1" } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      onStderr(child);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) }));
  });
}

export interface Folder {
  readonly path: string;
  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "descend-test-"));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** One after the other. */
export async function inTurn<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}
