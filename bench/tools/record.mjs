/** A question's answer: a table on the terminal and a record with its provenance in bench/results/. */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { summarize } from "./timing.mjs";

const benchFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where and when the numbers were taken. */
function provenance(seed) {
  const git = (...args) => {
    try {
      return execFileSync("git", args, { cwd: benchFolder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      return "unknown";
    }
  };
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    commit: git("rev-parse", "HEAD"),
    workingTreeChanged: git("status", "--porcelain", "--untracked-files=no") !== "",
    machine: {
      cpu: processors[0]?.model ?? "unknown",
      cores: processors.length,
      memoryBytes: totalmem(),
      platform: `${process.platform} ${process.arch}`,
    },
    runtime: { node: process.version, v8: process.versions.v8, flags: process.execArgv },
    loadAtStart: loadavg()[0],
    seed,
  };
}

/** Collects the measurements of one question. */
export class Question {
  /**
   * @param name - of the file, without `.bench.mjs`.
   * @param options.seed - of the generated inputs, if any.
   */
  constructor(name, title, { seed } = {}) {
    this.name = name;
    this.title = title;
    this.provenance = provenance(seed);
    this.cases = [];
    this.notes = [];
    const load = this.provenance.loadAtStart;
    if (load > 0.5) this.note(`the machine was busy when this began (load ${load.toFixed(1)}): look at ratios and smallest times`);
    console.log(`\n${title}`);
  }

  /**
   * Adds one measurement; what is measured again (in another round) adds its samples to those that are there.
   *
   * @param who - "descend" or the peer.
   * @param samples - in `unit`; for rates more is better, for times less.
   * @param check - a value that every side must come to, if there is one.
   */
  add(caseName, who, unit, samples, { check, note } = {}) {
    const known = this.cases.find((entry) => entry.case === caseName && entry.who === who);
    if (known !== undefined) Object.assign(known, summarize([...known.samples, ...samples]));
    else
      this.cases.push({
        case: caseName,
        who,
        unit,
        ...summarize(samples),
        ...(check === undefined ? {} : { check }),
        ...(note === undefined ? {} : { note }),
      });
  }

  /** Says something that belongs to the answer: a peer left out, a limit missed. */
  note(text) {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /**
   * Prints the table and writes the record. Descend's median is set against each peer of the same case.
   *
   * @param options.targets - per case and peer, the ratio to reach: `{ "gd": { "C": 1.3 } }`. A ratio is work per time, so it is
   *   descend/peer for times and peer/descend for rates: smaller is better for Descend.
   * @param options.tolerance - relative difference of the checks of two sides from which on they are said to differ. Default 1e-3.
   */
  finish({ targets = {}, tolerance = 1e-3 } = {}) {
    const ratios = [];
    for (const name of new Set(this.cases.map((entry) => entry.case))) {
      const entries = this.cases.filter((entry) => entry.case === name);
      const own = entries.find((entry) => entry.who === "descend");
      for (const entry of entries) {
        let against = "";
        if (own !== undefined && entry !== own && entry.unit === own.unit) {
          const isRate = entry.unit.endsWith("/s");
          const ratio = isRate ? entry.median / own.median : own.median / entry.median;
          const target = targets[name]?.[entry.who];
          ratios.push({ case: name, peer: entry.who, ratio, ...(target === undefined ? {} : { target, reached: ratio <= target }) });
          against = `descend takes ${digits(ratio)} × as long${target === undefined ? "" : ` (to reach: ${target}, ${ratio <= target ? "reached" : "missed"})`}`;
        }
        const spread = `± ${digits(entry.mad)}`;
        console.log(
          `  ${name.padEnd(30)} ${entry.who.padEnd(20)} ${digits(entry.median).padStart(9)} ${spread.padEnd(10)} ${entry.unit.padEnd(11)} ${against}`,
        );
      }
    }
    for (const own of this.cases) {
      if (own.who !== "descend" || own.check === undefined) continue;
      for (const entry of this.cases) {
        if (entry.case !== own.case || entry.check === undefined) continue;
        const agree = Math.abs(entry.check - own.check) <= tolerance * Math.max(Math.abs(entry.check), Math.abs(own.check));
        if (!agree) this.note(`${own.case}: the results differ, descend ${own.check}, ${entry.who} ${entry.check}`);
      }
    }
    for (const text of this.notes) console.log(`  · ${text}`);
    mkdirSync(join(benchFolder, "results"), { recursive: true });
    const record = { question: this.title, provenance: this.provenance, cases: this.cases, ratios, notes: this.notes };
    writeFileSync(join(benchFolder, "results", `${this.name}.json`), `${JSON.stringify(record, null, 1)}\n`);
  }
}

function digits(value) {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
