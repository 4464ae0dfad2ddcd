/** The doctor beside `descend minimize`: its advice for a formula, and the descent that is proven to be better. */

import type { Descent, DescentOptions } from "descend";
import { type Case, caseMethod } from "descend/doctor";
import { type Advice, advise } from "./advice.js";
import { type Flags, patchFlags } from "./patch-flags.js";

export { adviceLines, adviceRecord } from "./advice.js";

type Point = Record<string, number>;

/** A formula, where it was started and how. */
export interface FormulaDescent {
  readonly formula: string;
  readonly start: Point;
  readonly options: DescentOptions;
  /** As it was made and watched. */
  readonly made?: Descent<Point> | undefined;
}

export function adviseFormula(descent: FormulaDescent, { treat }: { treat: boolean }): Advice {
  const variables = Object.keys(descent.start);
  const { learningRate } = descent.options;
  const rate = typeof learningRate === "number" ? learningRate : undefined;
  return advise((descent.made as Descent<never> | undefined) ?? caseOf(descent), {
    treat,
    flagsOf: (patch) => patchFlags(patch, { variables, rate }) ?? (patch.l2 === undefined ? undefined : CURE),
  });
}

/** What no flag says of a formula, such as a penalty, the command does by itself. */
const CURE: Flags = { "--cure": "" };

/** The descent with what is proven to help, and the rate to be shown while it runs; undefined where nothing is proven. */
export function treatedFormula(
  descent: FormulaDescent,
  advice: Advice,
): (FormulaDescent & { readonly maxSteps: number | undefined; readonly learningRate: number | undefined }) | undefined {
  if ("skipped" in advice || !("patch" in advice.report) || advice.report.patch === null) return undefined;
  const { patch } = advice.report;
  const { formula, start, options } = descent;
  const variables = Object.keys(start);
  const { rule, learningRate } = caseMethod(caseOf(descent), patch);
  const maxSteps = patch.maxSteps ?? options.maxSteps;
  const { relativeGradientTolerance } = patch;
  // A patch penalizes the parameters themselves: ½·l2·‖params‖²
  const penalty = patch.l2 === undefined ? "" : ` + ${patch.l2 / 2} * (${variables.map((name) => `${name}^2`).join(" + ")})`;
  return {
    formula: penalty === "" ? formula : `(${formula})${penalty}`,
    start: patch.start === undefined ? start : Object.fromEntries(variables.map((name, k) => [name, patch.start![k]!])),
    options: {
      ...options,
      method: rule,
      learningRate: undefined,
      maxSteps,
      ...(relativeGradientTolerance === undefined ? {} : { stopping: { relativeGradientTolerance } }),
    },
    maxSteps,
    learningRate,
  };
}

function caseOf({ formula, start, options }: FormulaDescent): Case {
  const { history: _, ...given } = options;
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { objective: formula, start, ...defined };
}
