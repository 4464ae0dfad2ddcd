/** All checks. A new one is a file of its own, a line here, a record in the catalogue and a place in `rank.ts`. */

import type { Check } from "../check.js";
import { lrTooLarge } from "./lr-too-large.js";
import { nonfiniteData } from "./nonfinite-data.js";
import { wrongGradient } from "./wrong-gradient.js";

export const checks: readonly Check[] = [nonfiniteData, wrongGradient, lrTooLarge];
