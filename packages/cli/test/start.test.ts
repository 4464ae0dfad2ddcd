/** How the program starts: from code that an earlier run compiled, where there is some. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const installed = fileURLToPath(new URL("../", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "descend-start-"));
  for (const part of ["bin", "package.json", "bundle/descend.cjs"]) cpSync(join(installed, part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const listMethods = (): string => execFileSync(process.execPath, [join(folder, "bin/descend.js"), "methods"], { encoding: "utf8" });
const keptCode = (): string[] => readdirSync(join(folder, "bundle")).filter((name) => name !== "descend.cjs");

test("a first run keeps its compiled code, later runs begin with it", () => {
  const first = listMethods();
  expect(first).toContain("schedule-free-adamw");
  expect(keptCode()).toEqual([`methods-${process.version}-${process.arch}.code`]);
  const [path] = keptCode().map((name) => join(folder, "bundle", name));
  const { ino } = statSync(path!);
  expect(listMethods()).toBe(first);
  expect(statSync(path!).ino, "written again").toBe(ino);
});

test("code of another runtime or a damaged file is compiled anew and replaced", () => {
  const first = listMethods();
  const path = join(folder, "bundle", keptCode()[0]!);
  const whole = readFileSync(path);
  for (const damaged of [Buffer.from("not code"), whole.subarray(0, whole.length >> 1), Buffer.alloc(0)]) {
    writeFileSync(path, damaged);
    expect(listMethods()).toBe(first);
    expect(readFileSync(path).length).toBeGreaterThan(whole.length / 2);
  }
  expect(keptCode()).toHaveLength(1);
});
