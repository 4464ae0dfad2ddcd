import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
const entries = Object.keys(JSON.parse(readFileSync(`${root}package.json`, "utf8")).exports).map((path) => `descend${path.slice(1)}`);

const PROGRAM = `
${entries.map((entry, k) => `import * as entry${k} from "${entry}";\nexport { entry${k} };`).join("\n")}
import { fit, minimize, minimizeAsync } from "descend";
export const params: number[] = minimize(([x, y]: number[]) => (1 - x!) ** 2 + y! ** 2, [-1.2, 1], { maxSteps: 5 }).x;
export const promised: Promise<number> = minimizeAsync(async (x: number) => x * x, 1).then(({ value }) => value);
export const fitted = fit;
`;

/** Oracle: the compiler, on a program that sees the package as its users do. */
describe("the declarations of the library", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "descend-declarations-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/descend"), "dir");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "program.ts"), PROGRAM);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What the compiler says; nothing if all is well. */
  const compiled = (options: object): string => {
    const compilerOptions = {
      target: "es2022",
      lib: ["es2022"],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      ...options,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    try {
      return execFileSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };

  it.each([
    ["esnext", "bundler"],
    ["node16", "node16"],
    ["nodenext", "nodenext"],
  ])(
    "compile with the language alone, without pages and Node, checked themselves: module %s, resolution %s",
    (module, moduleResolution) => {
      expect(compiled({ module, moduleResolution })).toBe("");
    },
  );

  it("take the signals of a page", () => {
    writeFileSync(
      join(folder, "program.ts"),
      `import { minimize, minimizeAsync } from "descend";
       const { signal } = new AbortController();
       minimize((x: number) => x * x, 1, { signal });
       minimizeAsync((x: number) => x * x, 1, { signal });`,
    );
    expect(compiled({ module: "nodenext", lib: ["es2022", "dom"] })).toBe("");
  });
});
