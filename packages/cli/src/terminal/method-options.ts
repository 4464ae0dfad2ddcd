/** Options of a method as one types them, `name=value`, read as the method's own table of options says. */

import { findMethod, OptionError } from "descend";

type Given = Readonly<Record<string, string>>;

/**
 * One more `name=value`.
 *
 * @param before - those of earlier occurrences of the flag.
 * @throws OptionError OPTION_OUT_OF_RANGE for what is no such pair, or a name given twice
 */
export function methodOption(text: string, before: Given = {}): Given {
  const [, spelt, value] = /^\s*([A-Za-z][\w-]*)\s*=(.*)$/s.exec(text) ?? [];
  const name = spelt?.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (name === undefined || value!.trim() === "" || name in before) {
    const expected = "name=value, each name once";
    throw new OptionError(
      "OPTION_OUT_OF_RANGE",
      `--method-option: expected ${expected}, got "${text.trim()}". For example: --method adam --method-option beta1=0.95`,
      { option: "--method-option", expected, got: text.trim() },
    );
  }
  return { ...before, [name]: value!.trim() };
}

/**
 * The options as values: numbers, truths, lists with + between their numbers, words. What the method does not have, or what is out of its
 * range, passes: the method refuses it by name.
 *
 * @throws OptionError OPTIONS_CONFLICT without a method
 */
export function methodOptionsOf(method: string | undefined, given: Given | undefined): Record<string, unknown> | undefined {
  if (given === undefined) return undefined;
  if (method === undefined) {
    throw new OptionError("OPTIONS_CONFLICT", "--method-option: belongs to a method, which must be named: expected --method as well.", {
      options: ["--method-option", "--method"],
    });
  }
  const specs = findMethod(method)?.options ?? {};
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const kind = Object.hasOwn(specs, name) ? specs[name]!.kind : undefined;
      if (kind === "numbers") return [name, text.split("+").map(Number)];
      if (kind === "boolean") return [name, text === "true" ? true : text === "false" ? false : text];
      const value = Number(text);
      return [name, kind === "choice" || Number.isNaN(value) ? text : value];
    }),
  );
}
