/**
 * Bundles what was compiled for Node, which takes longer to load hundreds of modules than to fit a small model. Pages and bundlers get the
 * modules themselves, of which they keep what they use.
 */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [library, cli] = ["descend", "cli"].map((name) => fileURLToPath(new URL(`../packages/${name}/`, import.meta.url)));
const common = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };

/** The entries of the library by the names that one imports, such as "descend/plot". */
const entries = new Map(
  Object.entries(JSON.parse(readFileSync(`${library}package.json`, "utf8")).exports).map(([path, targets]) => [
    path.replace(".", "descend"),
    { modules: `${library}${targets.default}`, bundle: targets.node.replace(/^\.\/bundle\/(.*)\.js$/, "$1") },
  ]),
);

// The library: a file for each entry, and what they share in files of their own.
rmSync(`${library}bundle`, { recursive: true, force: true });
await build({
  ...common,
  entryPoints: Object.fromEntries([...entries.values()].map(({ modules, bundle }) => [bundle, modules])),
  outdir: `${library}bundle`,
  chunkNames: "shared-[hash]",
  splitting: true,
  format: "esm",
  packages: "external",
  sourcemap: true,
  sourcesContent: false,
});

// The command line with the library and what both depend on: one script. CommonJS, since only a script can be kept as compiled code
// (`packages/cli/bin/run-bundle.js`). What is loaded on demand stays so: its modules run when they are first asked for.
rmSync(`${cli}bundle`, { recursive: true, force: true });
await build({
  ...common,
  entryPoints: { descend: `${cli}dist/main.js` },
  outdir: `${cli}bundle`,
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  alias: Object.fromEntries([...entries].map(([name, { modules }]) => [name, modules])),
  // The database itself is native code.
  external: ["@duckdb/node-bindings"],
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
});

// It is read as Latin-1, and esbuild leaves regular expressions as they are; in these and in comments an escape says the same.
const script = `${cli}bundle/descend.cjs`;
const escaped = readFileSync(script, "utf8").replace(
  /[^\0-\x7f]/g,
  (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
);
writeFileSync(script, escaped);
