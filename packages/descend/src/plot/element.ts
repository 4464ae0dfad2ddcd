/** SVG as text: elements, attributes, and the escaping that lets any column name through. */

/** Attributes of an element; undefined leaves one out. Numbers are rounded to a thousandth of a unit. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `<name attributes>children</name>`; children are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let start = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    start += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeText(value)}"`;
  }
  const inner = children.join("");
  return inner === "" ? `${start}/>` : `${start}>${inner}</${name}>`;
}

/** Text that a parser of XML or HTML reads back as itself; characters that XML cannot hold become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"'\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Positions beyond this are so far outside that renderers, which count in single precision, would lose them. */
const FARTHEST = 1e7;

/** A coordinate to a thousandth of a unit, which no screen shows, without trailing zeros; none is farther out than 10⁷ units. */
export function coordinate(value: number): string {
  const rounded = Math.round(Math.max(-FARTHEST, Math.min(FARTHEST, value)) * 1000) / 1000;
  return Object.is(rounded, -0) ? "0" : String(rounded);
}
