/** Pages as text: one file that asks for nothing from anywhere. */

import { escapeText, fontStack, type Palette, palettes } from "descend/plot";

/** Markup of a table; cells are markup already. `numeric` lists the columns that hold numbers. */
export interface HtmlTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly numeric?: readonly number[];
  /** On narrow screens each row becomes a block, with the heads of the columns before the cells. */
  readonly stacked?: boolean;
}

export function tableOf({ head, rows, numeric = [], stacked = false }: HtmlTable): string {
  const className = (column: number): string => (numeric.includes(column) ? ' class="number"' : "");
  const heads = head.map((text, k) => `<th scope="col"${className(k)}>${text}</th>`);
  // A head in front of its cell is a copy for the eye only; the first cell names the row by itself.
  const label = (k: number): string => (stacked && k > 0 ? `<span class="label" aria-hidden="true">${head[k]!}</span>` : "");
  const body = rows.map(
    (row) => `<tr>${row.map((text, k) => `<td${className(k)}>${text === "" ? "" : label(k)}${text}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll"><table${stacked ? ' class="stacked"' : ""}><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

/** A list of names with their values; pairs without a value are left out. Values are markup already. */
export function factsOf(facts: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = facts.filter(([, value]) => value !== undefined && value !== "");
  if (shown.length === 0) return "";
  return `<dl>${shown.map(([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${value}</dd></div>`).join("")}</dl>`;
}

/** A section with its heading; nothing if it has no contents. */
export function sectionOf(heading: string, ...contents: readonly string[]): string {
  const inner = contents.filter((part) => part !== "").join("\n");
  return inner === "" ? "" : `<section><h2>${escapeText(heading)}</h2>\n${inner}\n</section>`;
}

export function paragraph(text: string, className?: string): string {
  return text === "" ? "" : `<p${className === undefined ? "" : ` class="${className}"`}>${escapeText(text)}</p>`;
}

/** Figures side by side where there is room. */
export function figuresOf(figures: readonly string[]): string {
  return figures.length === 0 ? "" : `<div class="figures">${figures.map((svg) => `<figure>${svg}</figure>`).join("\n")}</div>`;
}

export interface Page {
  readonly language: string;
  readonly title: string;
  /** Sections, as markup. */
  readonly body: readonly string[];
}

/** The whole page. Its policy forbids every request and every script. */
export function pageOf({ language, title, body }: Page): string {
  return `<!doctype html>
<html lang="${escapeText(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Descend">
<link rel="icon" href="data:,">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${body.filter((part) => part !== "").join("\n")}
</main>
</body>
</html>
`;
}

const variables = ({ paper, ink, muted, grid, axis, series }: Palette, ground: string, good: string, caution: string): string =>
  `--paper:${paper};--ink:${ink};--muted:${muted};--rule:${grid};--axis:${axis};--accent:${series[0]};--ground:${ground};--good:${good};--caution:${caution}`;

const pageStyle = `
:root{${variables(palettes.light, "#f2f4f7", "#00684b", "#a84300")}}
@media (prefers-color-scheme:dark){:root{${variables(palettes.dark, "#0b0d10", "#4fd6a8", "#ffa763")}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 ${fontStack};font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:1120px;margin:0 auto;padding:20px 16px 48px}
h1{font-size:1.7rem;line-height:1.25;margin:8px 0 16px;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 8px}
h3{font-size:1rem;margin:20px 0 6px}
p{margin:0 0 10px;max-width:72ch;overflow-wrap:anywhere}
section{background:var(--paper);border:1px solid var(--rule);border-radius:10px;padding:18px 20px;margin:0 0 16px}
.muted,.evidence{color:var(--muted)}
.evidence{display:block;font-size:.87rem}
.verdict{border-left:6px solid var(--caution)}
.verdict.good{border-left-color:var(--good)}
.verdict h2{font-size:1.35rem;color:var(--caution)}
.verdict.good h2{color:var(--good)}
.passed{color:var(--good);font-weight:600;white-space:nowrap}
.failed{color:var(--caution);font-weight:600;white-space:nowrap}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:10px 28px;margin:6px 0 12px}
dt{color:var(--muted);font-size:.87rem}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:6px 0 12px;background:linear-gradient(to right,var(--paper) 30%,transparent) left/40px 100% no-repeat local,linear-gradient(to left,var(--paper) 30%,transparent) right/40px 100% no-repeat local,linear-gradient(to right,var(--axis),transparent) left/10px 100% no-repeat scroll,linear-gradient(to left,var(--axis),transparent) right/10px 100% no-repeat scroll}
.label{display:none}
table{border-collapse:collapse;font-size:.95rem;min-width:min(100%,340px)}
th{text-align:left;font-weight:600;color:var(--muted);font-size:.87rem;vertical-align:bottom}
th,td{padding:6px 18px 6px 0;border-bottom:1px solid var(--rule)}
td{vertical-align:top;overflow-wrap:break-word;min-width:3.5em;max-width:26em}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:14px;margin:10px 0 14px;align-items:start}
figure{margin:0;border:1px solid var(--rule);border-radius:8px;overflow:hidden}
figure svg{display:block;width:100%;height:auto}
pre{background:var(--ground);border-radius:6px;padding:12px 14px;margin:6px 0 12px;overflow-wrap:anywhere;white-space:pre-wrap;font:.9rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
summary{cursor:pointer;color:var(--accent);padding:6px 0}
ul{margin:0;padding-left:20px}
li{margin:0 0 6px;overflow-wrap:anywhere}
@media (max-width:520px){main{padding:10px 8px 32px}section{padding:14px 12px}h1{font-size:1.4rem}th,td{padding-right:12px}figure{margin:0 -6px}
.stacked{min-width:0;width:100%}.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.stacked tr{display:block;padding:8px 0;border-bottom:1px solid var(--rule)}.stacked td{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 12px;text-align:left;border:0;padding:1px 0;max-width:none;white-space:normal}.stacked td:first-child{display:block;font-weight:600}.stacked td:first-child .evidence{font-weight:400}.stacked td:empty{display:none}.stacked .label{display:inline;color:var(--muted);font-weight:400}}
@media print{body{background:none}section{break-inside:avoid-page;border:0;padding:0}}
`;
