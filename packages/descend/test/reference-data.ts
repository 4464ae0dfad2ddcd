/**
 * Certified results and data sets that live beside the repository, not in it: tests that need them skip where they are absent.
 *
 * @example
 * const nist = dataText("nist-linear.json");
 * describe.skipIf(nist === undefined)("NIST linear problems (needs ../shared/data)", () => { … });
 */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder with `data`, `reference` and `peers`: `shared`, next to the root of the repository. */
const sharedFolder = fileURLToPath(new URL("../../../../shared/", import.meta.url));

/** The parsed contents of `reference/<name>` (name with its extension, such as "models.json"), or undefined where the folder is absent. */
// biome-ignore lint/suspicious/noExplicitAny: each test states the shape of the part it reads
export function referenceJson<T = any>(name: string): T | undefined {
  const text = textOf(`reference/${name}`);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** The text of `data/<name>`, or undefined where the folder is absent. */
export function dataText(name: string): string | undefined {
  return textOf(`data/${name}`);
}

/** The path of `data/<name>`, or undefined where the folder is absent: for programs that read the file themselves. */
export function dataPath(name: string): string | undefined {
  const path = `${sharedFolder}data/${name}`;
  return existsSync(path) ? path : undefined;
}

function textOf(path: string): string | undefined {
  const whole = sharedFolder + path;
  return existsSync(whole) ? readFileSync(whole, "utf8") : undefined;
}
