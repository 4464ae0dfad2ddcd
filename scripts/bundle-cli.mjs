/**
 * Bundles the compiled command line, the library and what both depend on into one script, packages/cli/bundle/descend.cjs: hundreds of modules take
 * longer to load than a small fit. CommonJS, since only a script can be kept as compiled code (`packages/cli/bin/run-bundle.js`). What is loaded on
 * demand stays so: its modules run when they are first asked for.
 */

import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const cli = fileURLToPath(new URL("../packages/cli/", import.meta.url));

rmSync(`${cli}bundle`, { recursive: true, force: true });
await build({
  entryPoints: { descend: `${cli}dist/main.js` },
  outdir: `${cli}bundle`,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  // The database itself is native code.
  external: ["@duckdb/node-bindings"],
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  logLevel: "warning",
});
