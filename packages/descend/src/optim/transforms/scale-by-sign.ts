import { stateless, type Transformation } from "../transformation.js";

/**
 * Keeps only the sign of each element: −1, 0 or 1.
 *
 * u ← sign(u)
 *
 * Source: Bernstein et al. 2018, "signSGD".
 */
export function scaleBySign(): Transformation {
  return stateless("scaleBySign", (updates) => updates.sign());
}
