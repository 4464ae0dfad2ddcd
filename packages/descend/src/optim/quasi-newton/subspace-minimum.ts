import { dot } from "../../numeric/blas1.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { luFactor } from "../../numeric/lu.js";
import type { CauchyPoint } from "./cauchy-point.js";
import type { CompactMatrix } from "./compact-matrix.js";

/**
 * From the Cauchy point to the minimum of the model over the coordinates that are free there, kept in the box.
 *
 * d = −(1/θ)·r − (1/θ²)·ZᵀW·(I − (1/θ)·M·WᵀZZᵀW)⁻¹·M·WᵀZ·r,  r = Zᵀ(g + θ(xᶜ − x) − W·M·c)
 *
 * The point is projected onto the box; if the way there does not descend, it is cut at the first bound instead.
 *
 * Source: Byrd, Lu, Nocedal, Zhu 1995, direct primal method; Morales, Nocedal 2011 for the projection.
 */
export function subspaceMinimum(
  params: Float64Array,
  gradient: Float64Array,
  box: Box,
  matrix: CompactMatrix,
  cauchy: CauchyPoint,
): Float64Array {
  const { scale, width, columns } = matrix;
  const free = Array.from(cauchy.free.keys()).filter((i) => cauchy.free[i] === 1);
  if (free.length === 0) return cauchy.params;
  const middle = matrix.multiplyMiddle(cauchy.projected);
  const residual = Float64Array.from(free, (i) => {
    let value = gradient[i]! + scale * (cauchy.params[i]! - params[i]!);
    for (let k = 0; k < width; k++) value -= columns[k]![i]! * middle[k]!;
    return value;
  });
  const correction = width === 0 ? undefined : reducedCorrection(matrix, free, residual);
  const step = residual.map((r, k) => {
    let value = -r / scale;
    if (correction !== undefined) {
      for (let j = 0; j < width; j++) value -= (columns[j]![free[k]!]! * correction[j]!) / (scale * scale);
    }
    return value;
  });
  const target = Float64Array.from(cauchy.params);
  free.forEach((i, k) => {
    target[i]! += step[k]!;
  });
  const projected = nearestInBox(box, target);
  const descent = dot(
    gradient,
    projected.map((x, i) => x - params[i]!),
  );
  if (descent < 0) return projected;

  let share = 1;
  free.forEach((i, k) => {
    const room = (step[k]! > 0 ? box.upper[i]! : box.lower[i]!) - cauchy.params[i]!;
    if (step[k] !== 0) share = Math.min(share, room / step[k]!);
  });
  const cut = Float64Array.from(cauchy.params);
  free.forEach((i, k) => {
    cut[i]! += share * step[k]!;
  });
  return nearestInBox(box, cut);
}

/** (I − (1/θ)·M·WᵀZZᵀW)⁻¹·M·WᵀZ·r, [2k]; undefined where it cannot be had, and the model is θ·I. */
function reducedCorrection(matrix: CompactMatrix, free: readonly number[], residual: Float64Array): Float64Array | undefined {
  const { scale, width, columns } = matrix;
  const sums = new Float64Array(width);
  const gram = Array.from({ length: width }, () => new Float64Array(width));
  for (let a = 0; a < width; a++) {
    const left = columns[a]!;
    free.forEach((i, k) => {
      sums[a]! += left[i]! * residual[k]!;
    });
    for (let b = 0; b <= a; b++) {
      const right = columns[b]!;
      let total = 0;
      for (const i of free) total += left[i]! * right[i]!;
      gram[a]![b] = total;
      gram[b]![a] = total;
    }
  }
  const system = new Float64Array(width * width);
  for (let b = 0; b < width; b++) {
    const column = matrix.multiplyMiddle(gram[b]!);
    for (let a = 0; a < width; a++) system[a * width + b] = (a === b ? 1 : 0) - column[a]! / scale;
  }
  return luFactor(system, width)?.solve(matrix.multiplyMiddle(sums));
}
