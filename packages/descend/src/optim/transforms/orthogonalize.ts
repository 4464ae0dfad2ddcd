import { OptionError } from "../../errors.js";
import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { leafOf, mapLeaves } from "../leaves.js";
import { COUNT, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { stateless, type Transformation } from "../transformation.js";

export interface OrthogonalizeOptions {
  readonly iterations?: number;
  readonly coefficients?: readonly number[];
  readonly epsilon?: number;
  readonly scale?: "shape" | "rms" | "none";
}

/** Coefficients of the quintic that drives singular values into [0.7, 1.2] fastest. Source: Jordan et al. 2024. */
const QUINTIC: readonly number[] = [3.4445, -4.775, 2.0315];

/** The rows of {@link OrthogonalizeOptions}. */
export const orthogonalizeTable: OptionTable<OrthogonalizeOptions> = {
  iterations: { kind: "number", default: 5, ...COUNT, meaning: "steps of the Newton–Schulz iteration" },
  coefficients: {
    kind: "numbers",
    default: QUINTIC,
    meaning: "a, b, c of the quintic aσ + bσ³ + cσ⁵ that each step applies to singular values",
  },
  epsilon: { kind: "number", default: 1e-7, ...POSITIVE, meaning: "least norm the iteration divides by" },
  scale: {
    kind: "choice",
    choices: ["shape", "rms", "none"],
    default: "shape",
    meaning: "√max(1, rows/columns), 0.2·√max(rows, columns) (the size of Adam's updates), or 1",
  },
};

/**
 * Replaces the update of each matrix by the nearest matrix with orthogonal rows or columns, approximately; others pass.
 *
 * P·S·Qᵀ → P·Qᵀ, its singular values set to about 1, by X ← U/‖U‖_F and some times X ← a·X + (b·XXᵀ + c·(XXᵀ)²)·X
 *
 * @param options.iterations - ≥ 1. Default 5.
 * @param options.coefficients - a, b, c. Default 3.4445, −4.775, 2.0315; 1.875, −1.25, 0.375 converges to 1 itself.
 * @param options.epsilon - > 0. Default 1e-7.
 * @param options.scale - factor of the result. Default "shape".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Accuracy: singular values that are not tiny at first end between 0.7 and 1.2, on purpose; singular vectors are kept.
 * Source: Jordan et al. 2024 (Muon); the iteration runs in the program's own format, where PyTorch has bfloat16.
 */
export function orthogonalize(options: OrthogonalizeOptions = {}): Transformation {
  const { iterations, coefficients, epsilon, scale } = readOptions("orthogonalize", orthogonalizeTable, options);
  if (coefficients.length !== 3) {
    const expected = "three numbers a, b, c";
    throw new OptionError("OPTION_OUT_OF_RANGE", `orthogonalize({ coefficients }): expected ${expected}, got ${coefficients.length}.`, {
      option: "coefficients",
      expected,
      got: coefficients.length,
    });
  }
  return stateless("orthogonalize", (updates, { leaves }) =>
    mapLeaves(leaves, (leaf) => {
      const part = leafOf(updates, leaf);
      if (leaf.shape.length !== 2) return part;
      const [rows, columns] = leaf.shape as readonly [number, number];
      const factor =
        scale === "shape" ? Math.sqrt(Math.max(1, rows / columns)) : scale === "rms" ? 0.2 * Math.sqrt(Math.max(rows, columns)) : 1;
      return newtonSchulz(part.reshape([rows, columns]), iterations, coefficients as Quintic, epsilon)
        .mul(factor)
        .reshape([rows * columns]);
    }),
  );
}

type Quintic = readonly [a: number, b: number, c: number];

/** The quintic iteration on the side with the smaller Gram matrix. */
function newtonSchulz(matrix: Tensor, iterations: number, [a, b, c]: Quintic, epsilon: number): Tensor {
  const isTall = matrix.shape[0]! > matrix.shape[1]!;
  let x = isTall ? matrix.transpose() : matrix;
  x = x.mul(tensor(1).div(matrix.square().sum().sqrt().maximum(epsilon)));
  for (let i = 0; i < iterations; i++) {
    const gram = x.matmul(x.transpose());
    x = x.mul(a).add(gram.mul(b).add(gram.matmul(gram).mul(c)).matmul(x));
  }
  return isTall ? x.transpose() : x;
}
