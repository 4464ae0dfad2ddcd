import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

describe("the front door", () => {
  it("loads neither the figures nor their libraries, so that programs that minimize stay small", async () => {
    const inputsOf = async (entry: string): Promise<string[]> => {
      const { metafile } = await build({
        entryPoints: [fileURLToPath(new URL(`../../src/${entry}`, import.meta.url))],
        bundle: true,
        write: false,
        format: "esm",
        metafile: true,
        treeShaking: false,
      });
      return Object.keys(metafile.inputs);
    };
    const drawing = /d3-|\/plot\//;
    expect((await inputsOf("index.ts")).filter((path) => drawing.test(path))).toEqual([]);
    expect((await inputsOf("plot/index.ts")).some((path) => path.includes("d3-contour"))).toBe(true);
  });
});
