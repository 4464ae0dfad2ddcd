/** Text for people: numbers with the digits that matter, columns that line up (wide Chinese characters included). */

import { eastAsianWidth } from "get-east-asian-width";

/** A number with `digits` significant digits, without trailing zeros; powers of ten beyond 10⁻⁴ … 10⁹. */
export function formatNumber(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${trimZeros(mantissa!)}e${exponent!.replace("+", "")}`;
  }
  const rounded = value.toPrecision(digits);
  return rounded.includes("e") ? String(Number(rounded)) : trimZeros(rounded);
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A whole number with thin groups: 1 234 567. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}

/** Seconds as people say them. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export type Alignment = "left" | "right";

/** Line breaks, tabs and other control characters as the symbols that stand for them: what comes from a table moves no cursor. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\u2421";
  });
}

/** A name in so many places at most: of a longer one its beginning and its end, in which names of one kind differ. */
export function shortName(name: string, places = 40): string {
  const shown = visible(name);
  if (displayWidth(shown) <= places) return shown;
  const characters = [...shown];
  const head = cutToWidth(shown, Math.ceil((places - 1) / 2));
  const tail = cutToWidth(characters.reverse().join(""), Math.floor((places - 1) / 2));
  return `${head}…${[...tail].reverse().join("")}`;
}

/** Rows of cells as lines; columns are padded to their widest cell and two spaces apart. */
export function formatTable(cells: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const rows = cells.map((row) => row.map(visible));
  const widths = alignments.map((_, j) => Math.max(...rows.map((row) => displayWidth(row[j] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, j) => {
        const padding = " ".repeat(Math.max(0, widths[j]! - displayWidth(cell)));
        return alignments[j] === "right" ? padding + cell : cell + padding;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** As much of a text as fits into so many places of a terminal. */
export function cutToWidth(text: string, places: number): string {
  let width = 0;
  let kept = "";
  for (const character of text) {
    width += displayWidth(character);
    if (width > places) break;
    kept += character;
  }
  return kept;
}

/** Places a text takes on a terminal: two for a wide character, none for a mark that joins the one before it. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(/\p{M}/gu, "")) width += eastAsianWidth(character.codePointAt(0)!);
  return width;
}

/** "a", "a and b", "a, b and c", at most `most` of them. */
export function formatList(items: readonly string[], most = 8): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : [...items];
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}
