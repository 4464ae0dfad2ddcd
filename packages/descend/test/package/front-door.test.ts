import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { type BuildResult, build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Bundles a program that imports the library, as a page would get it. */
function bundle(program: string): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    stdin: { contents: program, resolveDir: root, loader: "ts" },
    alias: { descend: `${root}src/index.ts` },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    globalName: "result",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
}

describe("the front door of the library", () => {
  let whole: Awaited<ReturnType<typeof bundle>>;
  let formula: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    whole = await bundle('export * from "descend";');
    formula = await bundle(
      'import { minimizeFormula } from "descend"; export const solution = minimizeFormula("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 });',
    );
  });

  it("reaches no module of Node and no package but acorn (esbuild's own list of inputs)", () => {
    const builtin = new Set(builtinModules);
    for (const [path, { imports }] of Object.entries(whole.metafile.inputs)) {
      expect(path).toMatch(/^(<stdin>|packages\/descend\/src\/|src\/|.*node_modules\/acorn\/)/);
      for (const imported of imports) expect(builtin.has(imported.path.replace(/^node:/, "")) || imported.external === true).toBe(false);
    }
  });

  it("needs at most 60 kB gzip to minimize a formula", () => {
    expect(gzipSync(formula.outputFiles[0]!.contents, { level: 9 }).length).toBeLessThanOrEqual(60_000);
  });

  it("minimizes where nothing of Node exists: no process, no require, no Buffer, no console", () => {
    // Only what pages and workers have beside the language itself
    const context = createContext({ WebAssembly, TextEncoder, TextDecoder, performance: { now: () => 0 } });
    const { solution } = runInContext(`${formula.outputFiles[0]!.text}; result`, context) as {
      solution: { verdict: string; params: { x: number; y: number } };
    };
    expect(solution.verdict).toBe("converged");
    expect(solution.params.x).toBeCloseTo(1, 6);
    expect(solution.params.y).toBeCloseTo(1, 6);
  });

  it("calls its errors by their names, whatever a bundler calls their classes", () => {
    const context = createContext({ WebAssembly, TextEncoder, TextDecoder, performance: { now: () => 0 } });
    const program = `${whole.outputFiles[0]!.text};
      const { DescendError, InternalError, ...rest } = result;
      const kinds = Object.entries(rest).filter(([, value]) => value?.prototype instanceof DescendError);
      const names = kinds.map(([name, Kind]) => [name, new Kind("DATA_EMPTY", "", {}).name]);
      [["DescendError", new DescendError("DATA_EMPTY", "", {}).name], ["InternalError", new InternalError("").name], ...names]`;
    const names = runInContext(program, context) as [name: string, called: string][];
    expect(names.length).toBe(8);
    for (const [name, called] of names) expect(called).toBe(name);
  });

  it("has named exports only, and a file behind each entry of package.json", () => {
    const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
    expect(manifest.sideEffects).toBe(false);
    for (const entry of Object.values<Record<string, string>>(manifest.exports)) {
      for (const target of Object.values(entry)) {
        // dist/x.js and dist/x.d.ts come from src/x.ts, bundle/x.js from dist
        expect(
          existsSync(root + target.replace(/^\.\/dist\//, "src/").replace(/\.(d\.ts|js)$/, target.includes("/bundle/") ? ".js" : ".ts")),
        ).toBe(true);
      }
    }
    expect(whole.outputFiles[0]!.text).not.toMatch(/default:\s*\(\)/);
  });

  it("is a few files in Node, with the same names, and the same classes behind all of its entries", async () => {
    const program = `
      import * as descend from "descend";
      import { diagnose } from "descend/doctor";
      import { nesterov } from "descend/optim";
      const descent = descend.createDescent(([x]) => (x - 1) ** 2, [3], { method: nesterov({ learningRate: 0.1 }), maxSteps: 5 });
      descent.run();
      console.log(JSON.stringify({ file: import.meta.resolve("descend"), names: Object.keys(descend), report: diagnose(descent) }));`;
    const ran = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: root, encoding: "utf8" });
    const { file, names, report } = JSON.parse(ran);
    expect(file).toMatch(/descend\/bundle\/index\.js$/);
    expect(names.sort()).toEqual(Object.keys(await import("../../src/index.js")).sort());
    expect(report.findings).toBeInstanceOf(Array);
  });
});
