/** A gradient of the user's own that is not that of the objective, found before the first step. */

import { checkGradient, type GradientCheck } from "../../autodiff/check-gradient.js";
import { median } from "../../numeric/averages.js";
import { twoNorm } from "../../numeric/blas1.js";
import { threefryUniform } from "../../numeric/random.js";
import { flattenLike, type Params, pathOf, unflatten } from "../../tree/tree.js";
import { type Check, type Draft, short } from "../check.js";
import type { Examination } from "../examination.js";

/** Relative error from which a gradient is wrong; healthy code shows less than 10⁻⁷. */
const WRONG = 1e-3;
/** How far a common factor may scatter and still be one. */
const FACTOR_SPREAD = 0.02;

export const wrongGradient: Check = {
  id: "wrong-gradient",
  explains: ["before"],
  examine(examination): Draft | undefined {
    const { settled, probe } = examination;
    const { source, patch, layout, startParams, seed } = settled;
    if (patch.gradient === "exact") return undefined;
    const given = ownGradient(examination);
    if (given === undefined) return undefined;
    const scale = Math.max(twoNorm(startParams) / Math.sqrt(layout.size), 1e-3) || 1;
    // Points without symmetry: at special ones errors hide
    const points = [1, 2].map((k) =>
      startParams.map((x, i) => x + 0.05 * Math.max(scale, 0.1) * (2 * threefryUniform(seed, 0x9c + k, i) - 1)),
    );
    const before = probe.spent;
    const checked = points.map((point) =>
      checkGradient(
        (x) => given.value(x),
        (x) => given.gradient(x),
        point,
        { seed, rtol: 1e-4, path: (i) => pathOf(layout, i) },
      ),
    );
    const wrong = checked.filter(({ maxRelativeError, ok }) => !ok && maxRelativeError > WRONG);
    const cost = probe.spent - before + checked.reduce((sum, { evaluations }) => sum + evaluations, 0) / 3;
    const error = Math.max(...checked.map(({ maxRelativeError }) => maxRelativeError));
    const how = `slopes by the gradient given against difference quotients of the objective, at 2 points near the start (seed ${seed})`;
    const evidence = [examination.note("gradient-error", error, { threshold: WRONG, how, cost })];
    if (wrong.length < points.length) return undefined;
    const ratio = commonFactor(points.map((point) => ({ given: given.gradient(point), derived: given.derived(point) })));
    const worst = worstComponent(wrong[0]!);
    if (ratio !== undefined)
      evidence.push(
        examination.note("gradient-factor", ratio, {
          threshold: 1,
          how: "median ratio of the components given to those derived, equal in all of them",
        }),
      );
    const { rows } = settled;
    const batch = given.batchRows;
    const named = ratio === undefined ? undefined : nameOfFactor(ratio, rows, batch);
    const text =
      ratio === undefined
        ? `The gradient is wrong in ${worst.path || "its one component"}: ${short(worst.got)} where difference quotients give ${short(worst.expected)}.`
        : `The gradient is ${short(ratio)} times the true one${named === undefined ? "" : `: ${named}`}.`;
    return {
      confidence: 0.99,
      evidence,
      text,
      values: {
        path: worst.path,
        got: Number.isFinite(worst.got) ? worst.got : "NaN",
        expected: Number.isFinite(worst.expected) ? worst.expected : "NaN",
        error: Number.isFinite(error) ? error : "Infinity",
        ...(ratio === undefined ? {} : { factor: ratio }),
        ...(named === undefined ? {} : { named }),
      },
      remedies: [
        {
          id: "derive",
          patch: { gradient: "exact" },
          fixLevel: "code",
          text: "Leave the gradient away: it is derived from the objective.",
        },
      ],
    };

    function ownGradient(exam: Examination):
      | {
          value: (x: Float64Array) => number;
          gradient: (x: Float64Array) => Float64Array;
          derived: (x: Float64Array) => Float64Array;
          batchRows: number;
        }
      | undefined {
      const flat = (tree: unknown): Float64Array => flattenLike(layout, tree as Params, "gradient");
      const { sign } = settled;
      if (source.batchGradient !== undefined) {
        const rows = source.batches?.(0)[0] ?? Array.from({ length: settled.rows }, (_, i) => i);
        const call = source.batchGradient as (params: unknown, rows: readonly number[]) => unknown;
        return {
          value: (x) => exam.probe.over(rows, x).value,
          gradient: (x) => flat(call(unflatten(layout, x), rows)).map((g) => sign * g),
          derived: (x) => exam.probe.over(rows, x).gradient,
          batchRows: rows.length,
        };
      }
      if (typeof source.gradient !== "function") return undefined;
      const call = source.gradient as (params: unknown) => unknown;
      return {
        value: (x) => exam.probe.value(x),
        gradient: (x) => flat(call(unflatten(layout, x))).map((g) => sign * g),
        derived: (x) => exam.probe.at(x).gradient,
        batchRows: settled.rows,
      };
    }
  },
};

function worstComponent({ components, maxRelativeError }: GradientCheck): { path: string; got: number; expected: number } {
  return components[0] ?? { path: "", got: maxRelativeError, expected: 0 };
}

/** The factor that the whole gradient is off by, if it is one. */
function commonFactor(pairs: readonly { given: Float64Array; derived: Float64Array }[]): number | undefined {
  const ratios = pairs.flatMap(({ given, derived }) => {
    const size = derived.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    return Array.from(given, (g, i) => ({ ratio: g / derived[i]!, counts: Math.abs(derived[i]!) > 1e-6 * size }))
      .filter(({ counts }) => counts)
      .map(({ ratio }) => ratio);
  });
  if (ratios.length < 2) return ratios[0];
  const middle = median(ratios);
  return ratios.every((ratio) => Math.abs(ratio - middle) <= FACTOR_SPREAD * Math.abs(middle)) && Math.abs(middle - 1) > WRONG
    ? middle
    : undefined;
}

/** Factors that are known mistakes. */
function nameOfFactor(ratio: number, rows: number, batch: number): string | undefined {
  const near = (value: number): boolean => Math.abs(ratio - value) <= FACTOR_SPREAD * Math.abs(value);
  if (near(-1)) return "its sign is turned round";
  if (batch > 0 && batch < rows && near(batch / rows)) return `the sum over a batch of ${batch} rows is divided by all ${rows} rows`;
  if (batch > 0 && near(batch)) return `the sum over ${batch} rows is not divided by their number`;
  if (rows > 0 && near(1 / rows)) return `it is divided by the ${rows} rows twice`;
  if (near(2)) return "a factor 2 too many, as of ½ in the objective that the gradient does not know of";
  if (near(0.5)) return "a factor 2 is missing, as of the derivative of a square";
  return undefined;
}
