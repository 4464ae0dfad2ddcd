import { OptionError } from "../../errors.js";
import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../graph/tensor-functions.js";
import { COUNT, checkNumber } from "../options.js";
import { type Hyperparameter, type Schedule, valueAt } from "./schedule.js";

/**
 * One schedule after the other; each counts its steps from its own start.
 *
 * α(t) = αᵢ(t − bᵢ)  for bᵢ ≤ t < bᵢ₊₁, with b₀ = 0
 *
 * @param parts - numbers or schedules, at least one.
 * @param boundaries - b₁ < b₂ < …: the step where each part but the first begins, whole numbers ≥ 1.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTIONS_CONFLICT
 */
export function joinSchedules(parts: readonly Hyperparameter[], boundaries: readonly number[]): Schedule {
  if (parts.length === 0 || boundaries.length !== parts.length - 1) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `joinSchedules: ${parts.length} parts need ${Math.max(parts.length - 1, 0)} boundaries between them, got ${boundaries.length}.`,
      { options: ["parts", "boundaries"] },
    );
  }
  for (const [i, boundary] of boundaries.entries()) {
    checkNumber("joinSchedules", "boundaries", boundary, { ...COUNT, minimum: i === 0 ? 1 : boundaries[i - 1]! + 1 });
  }
  return (step) =>
    boundaries.reduce<Tensor>(
      (before, boundary, i) => where(step.less(boundary), before, valueAt(parts[i + 1]!, step.sub(boundary))),
      valueAt(parts[0]!, step),
    );
}
