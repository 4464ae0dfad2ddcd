/** Classic objectives with certified answers: the public names of the room. */

export { classicProblems } from "./classic.js";
export { moreGarbowHillstromProblems } from "./more-garbow-hillstrom.js";
export type { Minimum, Problem } from "./problem.js";
