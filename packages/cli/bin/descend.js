#!/usr/bin/env node
import { runBundle } from "./run-bundle.js";

const argv = process.argv.slice(2);
const command = argv.find((argument, k) => !argument.startsWith("-") && argv[k - 1] !== "--lang") ?? "help";
// The doctor runs modules of the user, who imports the library by its name: it has to be the same one.
const { allowClosedPipe, main, keepCode } =
  command === "doctor" ? await import("../dist/main.js") : runBundle(/^[a-z]+$/.test(command) ? command : "help");

allowClosedPipe();
process.exitCode = await main(argv);
// A command that was done, not one that was misspelled or that ended early.
if (process.exitCode <= 1) keepCode?.();
