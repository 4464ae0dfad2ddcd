/** Residuals seen through a loss, or through some of the parameters only. */

import { dot } from "../../numeric/blas1.js";
import { type Box, firstOutsideBox, nearestInBox } from "../../numeric/box.js";
import { factorByReflections, type TriangularFactor } from "../../numeric/triangular-factor.js";
import { type RobustLoss, robustLosses, robustNorm, weighByLoss } from "../../optim/least-squares/robust-loss.js";
import type { CountedModel } from "./residual-models.js";

/**
 * A model whose sum of squares is Σ C²·ρ((r/C)²).
 *
 * @param scale - C > 0: residuals beyond it count as outliers.
 */
export function robustModel(model: CountedModel, name: RobustLoss, scale: number): CountedModel {
  const loss = robustLosses[name];
  let place: Float64Array | undefined;
  let here: ReturnType<CountedModel["jacobian"]> | undefined;
  // A trial is linearized at once: where it is accepted, nothing more is asked for.
  const at = (params: Float64Array): NonNullable<typeof here> => {
    if (here === undefined || params.some((x, j) => x !== place![j])) {
      here = model.jacobian(params);
      place = params.slice();
    }
    return here;
  };
  const weighed = (params: Float64Array): { residual: Float64Array; columns: Float64Array } => {
    const { residual, columns } = at(params);
    const copies = { residual: residual.slice(), columns: columns.slice() };
    weighByLoss(loss, scale, copies.residual, copies.columns);
    return copies;
  };
  const norm = (params: Float64Array): number => robustNorm(loss, scale, at(params).residual);
  return {
    size: model.size,
    evaluations: model.evaluations,
    norm,
    linearize(params) {
      const { residual, columns } = weighed(params);
      const factor = factorByReflections(columns, model.size, params.length, residual);
      return { ...factor, residualNorm: norm(params) };
    },
    product(params) {
      const { residual, columns } = weighed(params);
      return Float64Array.from(params, (_, j) => dot(columns.subarray(j * model.size, (j + 1) * model.size), residual));
    },
    residuals: (params) => model.residuals(params),
    jacobian: weighed,
  };
}

/**
 * A model of the parameters at `free`, the others held where `at` has them. Outside of the box its norm is infinite, so that no step leads
 * there, and other points are the nearest ones inside.
 */
export function restrictedModel(model: CountedModel, free: readonly number[], at: Float64Array, box: Box): CountedModel {
  const embed = (z: Float64Array): Float64Array => {
    const x = at.slice();
    free.forEach((j, k) => {
      x[j] = z[k]!;
    });
    return x;
  };
  const nearest = (z: Float64Array): Float64Array => nearestInBox(box, embed(z));
  return {
    size: model.size,
    evaluations: model.evaluations,
    norm(z) {
      const x = embed(z);
      return firstOutsideBox(box, x) < 0 ? model.norm(x) : Number.POSITIVE_INFINITY;
    },
    linearize: (z) => restrictFactor(model.linearize(nearest(z)), free),
    product(z) {
      const product = model.product(nearest(z));
      return Float64Array.from(free, (j) => product[j]!);
    },
    residuals: (z) => model.residuals(nearest(z)),
    jacobian(z) {
      const { residual, columns } = model.jacobian(nearest(z));
      const kept = new Float64Array(free.length * model.size);
      free.forEach((j, k) => {
        kept.set(columns.subarray(j * model.size, (j + 1) * model.size), k * model.size);
      });
      return { residual, columns: kept };
    },
  };
}

/** The factor of some of the columns, from that of all: those of R·Pᵀ, reflected anew. */
function restrictFactor(
  { n, triangle, order, transformed, columnNorms, residualNorm }: TriangularFactor,
  free: readonly number[],
): TriangularFactor {
  const place = new Map(Array.from(order, (j, k) => [j, k]));
  const columns = new Float64Array(n * free.length);
  free.forEach((j, c) => {
    const k = place.get(j)!;
    for (let i = 0; i <= k; i++) columns[c * n + i] = triangle[i * n + k]!;
  });
  const factor = factorByReflections(columns, n, free.length, transformed.slice());
  return { ...factor, columnNorms: Float64Array.from(free, (j) => columnNorms[j]!), residualNorm };
}
