import type { FigureOptions } from "./figure.js";
import type { Numbers } from "./finite.js";
import { lossCurve } from "./loss-curve.js";

export interface CoefficientPathSpec extends FigureOptions {
  /** Weights of the penalty, > 0, [n]. */
  readonly penalties: Numbers;
  /** One line a coefficient, [n] values each. */
  readonly coefficients: readonly { readonly name: string; readonly values: Numbers }[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Lines at most, those that reach furthest from 0. Default 6: as many as can be told apart. */
  readonly most?: number;
}

/** Coefficients over the weight of the penalty, on a logarithmic axis. */
export function coefficientPath(spec: CoefficientPathSpec): string {
  const { penalties, coefficients, most = 6, ...shared } = spec;
  const order = Array.from(penalties, (_, k) => k).sort((a, b) => penalties[a]! - penalties[b]!);
  const reach = (values: Numbers): number => Math.max(...Array.from(values, Math.abs));
  const shown = [...coefficients].sort((a, b) => reach(b.values) - reach(a.values)).slice(0, most);
  return lossCurve({
    ...shared,
    xScale: "log",
    series: shown.map(({ name, values }) => ({ name, x: order.map((k) => penalties[k]!), y: order.map((k) => values[k]!) })),
  });
}
