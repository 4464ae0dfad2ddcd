import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const cars = fileURLToPath(new URL("../../../node_modules/vega-datasets/data/cars.json", import.meta.url));
const program = fileURLToPath(new URL("../bin/descend.js", import.meta.url));

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<number | NodeJS.Signals | null> } {
  const child = spawn(process.execPath, [program, ...args], { stdio: "ignore" });
  return { child, ended: new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal))) };
}

/** What decides predictions: every number of it in full. */
const modelIn = (path: string): unknown => JSON.parse(readFileSync(path, "utf8")).model;

/** The same moments each time: a generator of Park and Miller, seeded. */
function moments(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Waits until a file is replaced, or a process has ended. */
async function change(path: string, child: ChildProcess): Promise<void> {
  const before = statSync(path, { throwIfNoEntry: false })?.ino;
  while (child.exitCode === null && statSync(path, { throwIfNoEntry: false })?.ino === before) await delay(4);
}

// Long fits whose states differ: plain steps; moments and a shuffled order of rows. Neither ends before its budget
const fits: readonly (readonly [string, readonly string[]])[] = [
  ["gradient descent", ["--method", "gradient-descent", "--learning-rate", "1e-7", "--max-steps", "1000000"]],
  ["adam with batches", ["--method", "adam", "--learning-rate", "1e-6", "--batch", "16", "--max-steps", "100000"]],
];

describe("a fit that is killed", () => {
  // Oracle: the uninterrupted fit
  it.concurrent.each(fits)(
    "%s goes on to the same bits after nine kills and a Ctrl-C, and leaves no half-written file",
    async (what, options) => {
      const random = moments(what.length);
      const place = (name: string): string => join(folder.path, `${what.replaceAll(" ", "-")}-${name}`);
      const command = ["fit", cars, "--target", "Miles_per_Gallon", "--no-advice", ...options];
      const whole = start([...command, "--save", place("whole.json")]);
      const checkpoint = place("checkpoint.json");
      const files = [
        "--checkpoint",
        checkpoint,
        "--checkpoint-every",
        "0.02",
        "--save",
        place("model.json"),
        "--report",
        place("report.html"),
      ];
      const resume = (): string[] => (existsSync(checkpoint) ? ["--resume", checkpoint] : []);
      let kills = 0;
      let steps = 0;
      while (kills < 10) {
        const { child, ended } = start([...command, ...files, ...resume()]);
        const isInterrupt = kills === 5;
        // Some before anything is written, the others soon after a checkpoint: there it is about to write, or writing, the next one
        await (kills % 4 === 3 ? delay(200 * random()) : change(checkpoint, child));
        await delay(60 * random());
        child.kill(isInterrupt ? "SIGINT" : "SIGKILL");
        const outcome = await ended;
        if (!isInterrupt && outcome !== "SIGKILL") break;
        kills++;
        if (existsSync(checkpoint)) {
          const reached = JSON.parse(readFileSync(checkpoint, "utf8")).steps;
          expect(reached).toBeGreaterThanOrEqual(steps);
          steps = reached;
        }
        if (existsSync(place("model.json"))) modelIn(place("model.json"));
        if (existsSync(place("report.html"))) expect(readFileSync(place("report.html"), "utf8")).toMatch(/<\/html>\s*$/);
      }
      expect(kills).toBe(10);
      expect(steps).toBeGreaterThan(0);
      const last = start([...command, ...files, ...resume()]);
      // The budget ends it: not converged
      expect(await last.ended).toBe(1);
      expect(await whole.ended).toBe(1);
      expect(modelIn(place("model.json"))).toEqual(modelIn(place("whole.json")));
      expect(readFileSync(place("report.html"), "utf8")).toMatch(/<\/html>\s*$/);
    },
  );
});

describe("--resume", () => {
  const table = folder.write("line.csv", `x,y\n${Array.from({ length: 40 }, (_, i) => `${i},${2 * i + ((i * 7) % 5)}`).join("\n")}\n`);
  const fit = ["fit", table, "--target", "y", "--method", "gradient-descent", "--learning-rate", "0.001"];

  it("refuses a checkpoint of another setting or another table, and says which", async () => {
    const checkpoint = folder.write(
      "line-checkpoint.json",
      JSON.stringify({
        format: "descend-fit-checkpoint",
        version: 1,
        fingerprint: "0",
        settings: { method: "adam" },
        steps: 1,
        descent: {},
      }),
    );
    const run = await callDescend(...fit, "--resume", checkpoint, "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe("CHECKPOINT_INVALID");
    expect(run.json().error.message).toContain('method (then "adam", now "gradient-descent")');
  });

  it.each([
    ["text that is no JSON", "half of {"],
    ["JSON that is no checkpoint", "[]"],
    ["a checkpoint of another version", '{"format":"descend-fit-checkpoint","version":2}'],
    ["a checkpoint with parts missing", '{"format":"descend-fit-checkpoint","version":1}'],
  ])("refuses %s", async (what, content) => {
    const run = await callDescend(...fit, "--resume", folder.write(`${what}.json`, content), "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe("CHECKPOINT_INVALID");
  });
});
