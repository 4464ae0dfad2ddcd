import { chain, named } from "../chain.js";
import { FRACTION, learningRateSpec, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { partition } from "../partition.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addDecayedWeights } from "../transforms/add-decayed-weights.js";
import { ema } from "../transforms/ema.js";
import { type OrthogonalizeOptions, orthogonalize, orthogonalizeTable } from "../transforms/orthogonalize.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { adamw } from "./adamw.js";
import type { Method } from "./method.js";

export interface MuonOptions extends OrthogonalizeOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
  readonly nesterov?: boolean;
  readonly weightDecay?: Hyperparameter;
  readonly adamLearningRate?: LearningRate;
}

/** The rows of {@link MuonOptions}. */
export const muonTable: OptionTable<MuonOptions> = {
  learningRate: learningRateSpec(1e-3),
  momentum: { kind: "hyperparameter", default: 0.95, ...FRACTION, meaning: "μ: decay of the mean of gradients" },
  nesterov: { kind: "boolean", default: true, meaning: "blend the gradient in once more" },
  weightDecay: { kind: "hyperparameter", default: 0.1, ...NON_NEGATIVE, meaning: "λ: each step multiplies the parameters by 1 − α·λ" },
  ...orthogonalizeTable,
  adamLearningRate: { ...learningRateSpec(1e-3), meaning: "α of AdamW for the leaves that are not matrices" },
};

/**
 * Muon: the mean gradient of each matrix, made orthogonal, so that all its directions get steps of one length; AdamW for the other leaves.
 *
 * M ← μ·M + (1−μ)·G,  X ← (1 − α·λ)·X − α·s·orth(μ·M + (1−μ)·G)   with s = √max(1, rows/columns)
 *
 * @param options.learningRate - α ≥ 0, or a schedule, for matrices. Default 1e-3.
 * @param options.momentum - μ, 0 ≤ μ < 1, or a schedule. Default 0.95.
 * @param options.nesterov - false: orth(M). Default true.
 * @param options.weightDecay - λ ≥ 0, or a schedule, for all leaves. Default 0.1.
 * @param options.iterations - steps of the Newton–Schulz iteration, ≥ 1. Default 5.
 * @param options.coefficients - a, b, c of that iteration. Default 3.4445, −4.775, 2.0315.
 * @param options.epsilon - > 0. Default 1e-7.
 * @param options.scale - s: "shape" as above, "rms" for 0.2·√max(rows, columns), or "none". Default "shape".
 * @param options.adamLearningRate - ≥ 0, or a schedule, for the other leaves. Default 1e-3.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Jordan et al. 2024. PyTorch's Muon is the same for matrices and refuses the rest.
 */
export function muon(options: MuonOptions = {}): Method {
  const { learningRate, momentum, nesterov, weightDecay, adamLearningRate, ...rest } = readOptions("muon", muonTable, options);
  const matrices = chain(
    ema({ decay: momentum, nesterov }),
    orthogonalize(rest),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate),
  );
  const others = adamw({ learningRate: adamLearningRate, weightDecay });
  return named(
    "muon",
    partition({ matrices, others }, ({ shape }) => (shape.length === 2 ? "matrices" : "others")),
    { ...options },
  );
}
