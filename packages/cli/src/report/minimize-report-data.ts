/** A minimum as its report wants it: of two variables with the ground around the path. */

import { createDescent, type Descent, type Solution } from "descend";
import { descentReport, historyReport } from "../fit/fit-report-data.js";
import { foreseenReport } from "./foreseen-report.js";
import type { MinimizeReportData } from "./index.js";

export interface MinimizeContext {
  readonly formula: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly start: Readonly<Record<string, number>>;
  /** Undefined where bounds or constraints change what the curvature says. */
  readonly descent: Descent<never> | undefined;
  /** Its history holds the parameters of every step. */
  readonly solution: Solution<Record<string, number>>;
  readonly gradient: Readonly<Record<string, number>>;
  readonly interrupted: boolean;
  readonly seed: number | undefined;
  readonly learningRate: number | undefined;
  readonly command: string;
}

/** Places on the path where the gradient is drawn. */
const ARROWS = 8;

export async function minimizeReportData(context: MinimizeContext, version: string): Promise<MinimizeReportData> {
  const { formula, constants, start, descent, solution, gradient, interrupted, seed, learningRate, command } = context;
  const contour = Object.keys(start).length === 2 ? await contourOf(context) : undefined;
  return {
    command,
    seed,
    version,
    formula,
    constants,
    variables: Object.entries(solution.params).map(([name, end]) => ({ name, start: start[name]!, end, gradient: gradient[name]! })),
    descent: {
      ...descentReport(solution),
      interrupted,
      learningRate,
      ...historyReport(solution, 1, 1),
      ...(descent === undefined ? {} : foreseenReport({ descent, solution, valueUnit: 1 })),
    },
    ...(contour === undefined ? {} : { contour }),
  };
}

async function contourOf({
  formula,
  constants,
  start,
  solution,
}: MinimizeContext): Promise<NonNullable<MinimizeReportData["contour"]> | undefined> {
  const { history } = solution;
  if (history === undefined || history.length === 0) return undefined;
  const { boxAround, sampleGrid } = await import("descend/plot");
  const [first, second] = Object.keys(start) as [string, string];
  const x = Float64Array.from({ length: history.length }, (_, k) => history.params[2 * k]!);
  const y = Float64Array.from({ length: history.length }, (_, k) => history.params[2 * k + 1]!);
  const probe = createDescent(formula, start, { constants, certify: false });
  const moveTo = (a: number, b: number): typeof probe => {
    probe.params = { [first]: a, [second]: b };
    return probe;
  };
  const box = boxAround(x, y);
  const every = Math.max(1, Math.ceil(history.length / ARROWS));
  const gradients = [];
  for (let at = 0; at < history.length; at += every) {
    const { gradient } = moveTo(x[at]!, y[at]!);
    gradients.push({ at, x: gradient[first]!, y: gradient[second]! });
  }
  return { grid: sampleGrid((a, b) => moveTo(a, b).value, box.x, box.y), path: { x, y }, gradients };
}
