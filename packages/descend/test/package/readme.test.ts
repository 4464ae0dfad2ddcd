import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const library = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** The TypeScript blocks of a page, and the lines `expression; // value` in them that state a result. */
function examplesOf(page: string): { program: string; claims: [string, string][] } {
  const blocks = [...readFileSync(root + page, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
  const claims: [string, string][] = [];
  const lines = blocks
    .join("\n")
    .split("\n")
    .filter((line) => !line.startsWith("import "))
    .map((line) => {
      const [, expression, value] = /^(minimize\(.*\)\.params|fitted\.[\w.]+); \/\/ ([[{].*)$/.exec(line) ?? [];
      if (expression === undefined) return line;
      claims.push([expression, value!]);
      return `results.push([${expression}, ${value}]);`;
    });
  return {
    program: `import { createDescent, leastSquares, minimize, multistart, race, sensitivityMap } from "descend";\nexport const results: unknown[][] = [];\n${lines.join("\n")}`,
    claims,
  };
}

/** Numbers of a result, in order. */
function numbersOf(value: unknown): number[] {
  return typeof value === "number" ? [value] : Object.values(value as object).flatMap(numbersOf);
}

describe.each(["README.md", "README.zh-CN.md", "docs/minimize.md"])("the examples of %s", (page) => {
  it("run and give the results they state, to 6 digits", async () => {
    const { program, claims } = examplesOf(page);
    expect(claims.length).toBeGreaterThanOrEqual(3);
    const built = await build({
      stdin: { contents: program, resolveDir: root, loader: "ts" },
      alias: { descend: library },
      bundle: true,
      write: false,
      format: "iife",
      globalName: "page",
      target: "es2022",
      logLevel: "silent",
    });
    const context = createContext({ WebAssembly, TextEncoder, TextDecoder, performance, console: { log: () => undefined } });
    const { results } = runInContext(`${built.outputFiles[0]!.text}; page`, context) as { results: [unknown, unknown][] };
    expect(results.length).toBe(claims.length);
    results.forEach(([got, stated], i) => {
      const expected = numbersOf(stated);
      numbersOf(got).forEach((value, k) => {
        expect(Math.abs(value - expected[k]!), claims[i]![0]).toBeLessThan(1e-6);
      });
    });
  });
});
