/**
 * The whole corpus: `npm run doctor:corpus [finding …] [--well] [--verbose] [--seed=1]`. Prints what was found and repaired, and the table
 * of metrics. Another seed draws another corpus: what holds of it was not fitted to.
 */

import { sickCases, wellCases } from "./corpus.js";
import type { CorpusCase } from "./corpus-case.js";
import { drawCorpus } from "./draw.js";
import { baselines, type Evaluation, evaluate, repairs } from "./evaluate.js";
import { confusionLines, overhead, score, scoreLines } from "./score.js";

const [, , ...words] = process.argv;
const verbose = words.includes("--verbose");
const seed = Number(words.find((word) => word.startsWith("--seed="))?.slice("--seed=".length) ?? 0);
drawCorpus(seed);
const truths = words.filter((word) => !word.startsWith("-"));
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const selected = truths.length === 0 ? undefined : truths;
const makers = [...sickCases(selected), ...(selected === undefined || words.includes("--well") ? wellCases() : [])];
const cases = makers.map((make) => make()).filter((each): each is CorpusCase => each !== undefined);
const evaluations: Evaluation[] = [];
for (const each of cases) {
  const result = evaluate(each, () => performance.now());
  evaluations.push(result);
  const wrong = each.kind === "sick" ? !result.correct || !result.repaired || result.harmed : result.found.length > 0 || result.harmed;
  if (wrong || verbose || !result.admitted) {
    const closed = Number.isNaN(result.closed) ? "" : ` closed ${result.closed.toFixed(3)}`;
    const state = `${result.cured ? "cured" : "not cured"}${closed}${result.harmed ? " HARMED" : ""}`;
    print(
      `${result.id.padEnd(28)} ${result.severity.padEnd(6)} ${(result.found.slice(0, 3).join(", ") || "nothing").padEnd(50)} ${state}; ${overhead(result.costs).toFixed(2)}, ${result.seconds.toFixed(2)} s ${result.admission}`,
    );
  }
}
print("");
for (const line of confusionLines(evaluations)) print(line);
print("");
for (const line of scoreLines(score(evaluations))) print(line);
print("");
const sick = cases.filter(({ kind, metric }) => kind === "sick" && metric !== undefined);
const own = evaluations.filter(({ kind, closed }) => kind === "sick" && !Number.isNaN(closed));
print(`repaired where there is a metric: the doctor ${own.filter(({ repaired }) => repaired).length}/${own.length}`);
for (const { name, patch } of baselines) {
  const count = sick.filter((each, index) => repairs(each, patch(each, index))).length;
  print(`${name.padEnd(22)} ${count}/${sick.length}`);
}
