#!/usr/bin/env node
// One file loads several times as fast as the library's hundreds. The doctor runs modules of the user, who imports the library by its name: it has to be the same one.
const { allowClosedPipe, main } = await import(process.argv[2] === "doctor" ? "../dist/main.js" : "../bundle/main.js");

allowClosedPipe();
process.exitCode = await main(process.argv.slice(2));
