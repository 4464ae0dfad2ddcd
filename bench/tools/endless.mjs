/** Options under which nothing but the number of steps ends a descent. */
export const endless = {
  maxSteps: Number.MAX_SAFE_INTEGER,
  certify: false,
  stopping: { gradientTolerance: 0, relativeGradientTolerance: 0, patience: 1e15 },
};
