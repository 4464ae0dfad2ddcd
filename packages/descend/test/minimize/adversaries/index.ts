import type { Adversary } from "./adversary.js";
import { noMinimizer } from "./no-minimizer.js";
import { nonSmooth } from "./non-smooth.js";
import { smooth } from "./smooth.js";
import { stationary } from "./stationary.js";

export const adversaries: readonly Adversary[] = [...smooth, ...noMinimizer, ...stationary, ...nonSmooth];
