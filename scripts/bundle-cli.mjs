/** Bundles the compiled command line with the library into packages/cli/bundle: a few files in place of hundreds, so that it starts at once. Commands stay apart, loaded when they are called. */

import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const cli = fileURLToPath(new URL("../packages/cli/", import.meta.url));

rmSync(`${cli}bundle`, { recursive: true, force: true });
await build({
  entryPoints: [`${cli}dist/main.js`],
  outdir: `${cli}bundle`,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["commander", "picocolors", "get-east-asian-width"],
  logLevel: "warning",
});
