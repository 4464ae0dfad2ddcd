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

/** A coordinate to a thousandth of a unit, which no screen shows, without trailing zeros. */
export function coordinate(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return Object.is(rounded, -0) ? "0" : String(rounded);
}
