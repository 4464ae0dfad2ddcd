/** A strict reader of XML as the figures use it, and the way back from positions to numbers: an oracle apart from the code that draws. */

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlNode | string)[];
}

/** The root element. Throws where the text is not well-formed: unbalanced, unquoted, doubled or unescaped. */
export function readXml(text: string): XmlNode {
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${text.slice(Math.max(0, at - 40), at + 40)}`);
  };
  const decode = (raw: string): string => {
    if (/[<]/.test(raw)) fail("unescaped <");
    if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(raw)) fail("a character that XML does not have");
    return raw.replace(/&(#?\w*)(;?)/g, (_, reference: string, end: string) => {
      if (end !== ";") fail("unescaped &");
      const named: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
      if (reference.startsWith("#")) return String.fromCodePoint(Number(reference.slice(1)));
      return named[reference] ?? fail(`unknown reference ${reference}`);
    });
  };
  const element = (): XmlNode => {
    const open = /<([a-z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*="[^"]*")*)\s*(\/?)>/y;
    open.lastIndex = at;
    const match = open.exec(text) ?? fail("expected an element");
    at = open.lastIndex;
    const attributes: Record<string, string> = {};
    for (const [, key, value] of match[2]!.matchAll(/([a-zA-Z][a-zA-Z0-9-]*)="([^"]*)"/g)) {
      if (key! in attributes) fail(`attribute ${key} twice`);
      attributes[key!] = decode(value!);
    }
    const children: (XmlNode | string)[] = [];
    if (match[3] === "/") return { name: match[1]!, attributes, children };
    for (;;) {
      const next = text.indexOf("<", at);
      if (next < 0) fail(`${match[1]} is never closed`);
      if (next > at) children.push(decode(text.slice(at, next)));
      at = next;
      if (text.startsWith("</", at)) {
        const close = `</${match[1]}>`;
        if (!text.startsWith(close, at)) fail(`expected ${close}`);
        at += close.length;
        return { name: match[1]!, attributes, children };
      }
      children.push(element());
    }
  };
  const root = element();
  if (at !== text.length) fail("text after the root");
  return root;
}

/** All elements under a node, itself included, in order. */
export function elementsOf(node: XmlNode): XmlNode[] {
  return [node, ...node.children.flatMap((child) => (typeof child === "string" ? [] : elementsOf(child)))];
}

/** All text of a node. */
export function textOf(node: XmlNode): string {
  return node.children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

export function withClass(node: XmlNode, name: string): XmlNode[] {
  return elementsOf(node).filter(({ attributes }) => (attributes.class ?? "").split(" ").includes(name));
}

export function withRole(node: XmlNode, role: string): XmlNode[] {
  return elementsOf(node).filter(({ attributes }) => attributes["data-role"] === role);
}

/** The numbers after M and L of path data. */
export function pathPoints(d: string): [number, number][] {
  return [...d.matchAll(/[ML](-?[\d.e+-]+),(-?[\d.e+-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** From a position in the area back to the numbers, by the scales the figure states. */
export function inverse(svg: XmlNode): (point: readonly [number, number]) => [number, number] {
  const [area] = withClass(svg, "df-area");
  const axis = (name: "x" | "y"): ((position: number) => number) => {
    const of = (key: string): number[] => area!.attributes[`data-${name}-${key}`]!.split(" ").map(Number);
    const [[d0, d1], [r0, r1]] = [of("domain"), of("range")] as [[number, number], [number, number]];
    return (position) => {
      const t = (position - r0) / (r1 - r0);
      return area!.attributes[`data-${name}-scale`] === "log"
        ? Math.exp(Math.log(d0) + t * (Math.log(d1) - Math.log(d0)))
        : d0 + t * (d1 - d0);
    };
  };
  const [x, y] = [axis("x"), axis("y")];
  return ([px, py]) => [x(px), y(py)];
}

/** What one rounding of positions (to 0.0005 of at most 400 units) does to a number on a linear axis, relative to the width of the axis. */
export const POSITION_ROUNDING = 0.0005 / 170;
