/** Evidence of a point of a plain function, for tests of tests. */

import type { PointEvidence } from "../../../../src/minimize/judging/certificate/point-evidence.js";

export function pointOf(objective: (x: ArrayLike<number>) => number, params: number[], more: Partial<PointEvidence> = {}): PointEvidence {
  return {
    params: Float64Array.from(params),
    startParams: Float64Array.from(params, () => 1),
    value: objective(params),
    startValue: objective(params.map(() => 1)),
    gradient: new Float64Array(params.length),
    gradientScale: 1,
    hessianVector: undefined,
    curvatureError: 1e-8,
    maxProducts: 24,
    box: undefined,
    held: false,
    movable: true,
    evaluate: objective,
    roundoff: 2 ** -53,
    seed: 0,
    ...more,
  };
}
