import { elementCount } from "../../graph/graph.js";
import type { Tensor } from "../../graph/tensor.js";
import { tensor, zeros } from "../../graph/tensor-functions.js";
import type { Leaf } from "../../tree/tree.js";
import { leafOf, mapLeaves } from "../leaves.js";
import { NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { State, Transformation } from "../transformation.js";

export interface ScaleByAdafactorOptions {
  readonly relativeStep?: Hyperparameter;
  readonly decayPower?: Hyperparameter;
  readonly threshold?: Hyperparameter;
  readonly epsilon?: Hyperparameter;
  readonly machineFloor?: boolean;
  readonly smallestScale?: Hyperparameter;
}

/** The rows of {@link ScaleByAdafactorOptions}. */
export const scaleByAdafactorTable: OptionTable<ScaleByAdafactorOptions> = {
  relativeStep: {
    kind: "hyperparameter",
    default: 0.01,
    ...NON_NEGATIVE,
    meaning: "α: largest step relative to the root mean square of the leaf",
  },
  decayPower: { kind: "hyperparameter", default: 0.8, ...NON_NEGATIVE, meaning: "c: the means decay by 1 − t⁻ᶜ at step t" },
  threshold: {
    kind: "hyperparameter",
    default: 1,
    ...POSITIVE,
    meaning: "d: root mean square above which the update of a leaf is shortened",
  },
  epsilon: {
    kind: "hyperparameter",
    default: 2 ** -52,
    ...POSITIVE,
    meaning: "ε₁: below it a mean square counts as ε₁ (its square, elementwise)",
  },
  machineFloor: {
    kind: "boolean",
    default: true,
    meaning: "ε₁ is at least the spacing of numbers at 1: 2⁻⁵² in float64, 2⁻²³ in float32",
  },
  smallestScale: { kind: "hyperparameter", default: 1e-3, ...NON_NEGATIVE, meaning: "ε₂: least root mean square a leaf counts as having" },
};

const MACHINE_EPSILON = { float64: 2 ** -52, float32: 2 ** -23 };

/** Of a matrix the means of its rows and columns, of anything smaller the mean square of each element. */
type LeafState = { readonly rows: Tensor; readonly columns: Tensor } | { readonly v: Tensor };

/**
 * Divides by the root of a mean of squares of which, for matrices, only row and column means are kept; the step is relative to the leaf.
 *
 * R ← R + t⁻ᶜ·(mean over columns of G² − R),  C likewise over rows,  V = R·Cᵀ/mean(R);  for vectors and scalars V of each element
 * U = G/√V,  update = max(ε₂, rms(X))·min(α, 1/√t)·U/max(1, rms(U)/d)      for each leaf X with gradient G
 *
 * Leaves with more than two axes are taken as stacks of matrices of the last two. The learning rate is inside: end the chain with
 * `scaleByLearningRate(1)`.
 *
 * @param options.relativeStep - α ≥ 0, or a schedule. Default 0.01.
 * @param options.decayPower - c ≥ 0. Default 0.8.
 * @param options.threshold - d > 0. Default 1.
 * @param options.epsilon - ε₁ > 0. Default 2⁻⁵².
 * @param options.machineFloor - ε₁ is at least the machine epsilon of the number format. Default true.
 * @param options.smallestScale - ε₂ ≥ 0. Default 1e-3.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Memory: rows + columns of each matrix in place of rows × columns.
 * Source: Shazeer, Stern 2018, algorithms 4 and 5; the places of ε₁ and its floor are PyTorch's.
 */
export function scaleByAdafactor(options: ScaleByAdafactorOptions = {}): Transformation {
  const { relativeStep, decayPower, threshold, epsilon, machineFloor, smallestScale } = readOptions(
    "scaleByAdafactor",
    scaleByAdafactorTable,
    options,
  );
  return {
    name: "scaleByAdafactor",
    init(_params, { leaves }) {
      const state: Record<string, State> = {};
      leaves.forEach((leaf, i) => {
        state[leafKey(leaf, i)] = startOfLeaf(leaf);
      });
      return state;
    },
    update(updates, state, { params, step, leaves, dtype = "float64" }) {
      const count = step.add(1);
      const least = machineFloor ? valueAt(epsilon, step).maximum(MACHINE_EPSILON[dtype]) : valueAt(epsilon, step);
      const gain = count.pow(valueAt(decayPower, step).neg());
      const length = valueAt(relativeStep, step).minimum(tensor(1).div(count.sqrt()));
      const next: Record<string, State> = {};
      const result = mapLeaves(leaves, (leaf) => {
        const key = leafKey(leaf, leaves.indexOf(leaf));
        const g = leafOf(updates, leaf).reshape(leaf.shape);
        const { square, after } = nextSquare(g, state[key] as LeafState, gain, least);
        next[key] = after;
        const direction = g.div(square.maximum(least.square()).sqrt());
        const scale = rootMeanSquare(leafOf(params, leaf)).maximum(valueAt(smallestScale, step)).mul(length);
        return direction
          .mul(scale.div(rootMeanSquare(direction).div(valueAt(threshold, step)).maximum(1)))
          .reshape([elementCount(leaf.shape)]);
      });
      return { updates: result, state: next };
    },
  };
}

/** The name of a leaf's state: its path, or its number where there is no path. */
function leafKey(leaf: Leaf, index: number): string {
  return leaf.path === "" ? `leaf${index}` : leaf.path.replace(/^\./, "");
}

function startOfLeaf({ shape }: Leaf): LeafState {
  if (shape.length < 2) return { v: zeros(shape) };
  const stack = shape.slice(0, -2);
  return { rows: zeros([...stack, shape.at(-2)!, 1]), columns: zeros([...stack, 1, shape.at(-1)!]) };
}

function nextSquare(g: Tensor, state: LeafState, gain: Tensor, epsilon: Tensor): { square: Tensor; after: LeafState } {
  const towards = (mean: Tensor, value: Tensor): Tensor => mean.add(value.sub(mean).mul(gain));
  if ("v" in state) {
    const v = towards(state.v, g.square());
    return { square: v, after: { v } };
  }
  const rows = towards(state.rows, g.square().mean(-1, { keepDims: true }));
  const columns = towards(state.columns, g.square().mean(-2, { keepDims: true }));
  return { square: rows.mul(columns).div(rows.mean(-2, { keepDims: true }).maximum(epsilon)), after: { rows, columns } };
}

function rootMeanSquare(x: Tensor): Tensor {
  return x.square().mean().sqrt();
}
