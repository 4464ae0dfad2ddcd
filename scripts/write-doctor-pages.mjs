/**
 * Writes docs/doctor: a page for every finding, in English and Chinese, from the catalogue of the doctor. After a
 * build: node scripts/write-doctor-pages.mjs
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { findingCatalogue } from "../packages/descend/dist/doctor/index.js";
import { chinese } from "./doctor-pages/chinese.mjs";
import { examples } from "./doctor-pages/examples.mjs";

const SUBJECTS = { function: ["plain functions", "普通函数"], table: ["models over tables", "表上的模型"] };
const folder = new URL("../docs/doctor/", import.meta.url);

const list = (items) => items.map((item) => `- ${item}`).join("\n");

/** The code of an example with its import in front. */
function program(code) {
  const head = 'import { diagnose } from "descend/doctor";\n';
  return code.startsWith("import") ? head + code : `${head}\n${code}`;
}

/** The page of a finding, as it stands in docs/doctor. */
export function pageOf(record) {
  const { id, level, appliesTo, summary, symptom, measures, remedies, cost, source } = record;
  const [name, what, seen, measured, cures] = chinese[id];
  const example = examples[id];
  const examined = appliesTo.filter((kind) => kind !== "network");
  const code = example === undefined ? "" : `\n\`\`\`js\n${program(example)}\n\`\`\`\n`;
  const english = [
    `# ${id}`,
    summary,
    `${level === "note" ? "A note, never a failure. " : ""}${examined.length === 0 ? "Of networks, which the doctor does not examine yet." : `Looked for in ${examined.map((kind) => SUBJECTS[kind][0]).join(" and ")}.`}`,
    `**What one sees.** ${symptom}`,
    `**How it is measured** (${cost}):\n\n${list(measures)}`,
    ...(remedies.length > 0 ? [`**What helps**, the first to try first:\n\n${list(remedies)}`] : []),
    ...(source === undefined ? [] : [`Source: ${source} in [references.bib](../references.bib).`]),
    ...(example === undefined
      ? []
      : [`**Try it.** \`cure\` in place of \`diagnose\` tries the remedies against the untreated run.\n${code}`]),
  ];
  const translated = [
    `## ${name}`,
    what,
    `${level === "note" ? "只是提示，不是故障。" : ""}${examined.length === 0 ? "针对神经网络，医生目前还不检查。" : `适用于：${examined.map((kind) => SUBJECTS[kind][1]).join("、")}。`}`,
    `**看到什么。** ${seen}`,
    `**怎样测量：**\n\n${list(measured)}`,
    ...(cures.length > 0 ? [`**怎样治，** 先试排在前面的：\n\n${list(cures)}`] : []),
    ...(example === undefined ? [] : ["**试一试：** 运行上面的例子；把 `diagnose` 换成 `cure`，就会把各个处方与不治疗的对照比较。"]),
  ];
  return `${[...english, ...translated]
    .join("\n\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}

/** The list of all pages. */
export function indexPage() {
  const rows = findingCatalogue.map(({ id, summary }) => `| [${id}](${id}.md) | ${chinese[id][0]} | ${summary} |`);
  return `# What the doctor looks for · 医生查什么

A page a finding, with an example to run. How it works: [architecture](../architecture.md). · 每种发现一页，附可运行的例子。

| finding | 中文 | what it is |
|---|---|---|
${rows.join("\n")}
`;
}

if (process.argv[1] !== undefined && import.meta.url.endsWith(process.argv[1].split("/").at(-1))) {
  mkdirSync(folder, { recursive: true });
  for (const record of findingCatalogue) writeFileSync(new URL(`${record.id}.md`, folder), pageOf(record));
  writeFileSync(new URL("README.md", folder), indexPage());
}
