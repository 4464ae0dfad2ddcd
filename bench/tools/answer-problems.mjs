/**
 * Answers for the problems of Moré, Garbow and Hillstrom, so that a method in another language meets the same functions and gradients: reads lines
 * `{"problem": 0, "x": […]}` and writes lines `{"value": …, "gradient": […]}`.
 */

import { createInterface } from "node:readline";
import { createDescent } from "descend";
import { moreGarbowHillstromProblems } from "descend/problems";

const descents = moreGarbowHillstromProblems.map(({ objective, start }) => createDescent(objective, [...start], { certify: false }));

for await (const line of createInterface({ input: process.stdin })) {
  const { problem, x } = JSON.parse(line);
  const descent = descents[problem];
  descent.params = x;
  // JSON has no word for what is not finite
  process.stdout.write(`${JSON.stringify({ value: descent.value, gradient: descent.gradient }).replaceAll("null", "NaN")}\n`);
}
