/** All checks. A new one is a file of its own, a line here, a record in the catalogue and a place in `rank.ts`. */

import type { Check } from "../check.js";
import { adamNonconvergence } from "./adam-nonconvergence.js";
import { badInitScale } from "./bad-init-scale.js";
import { collinearFeatures, rankDeficientHarmless } from "./collinear-features.js";
import { couldImprove } from "./could-improve.js";
import { headLossMismatch } from "./head-loss-mismatch.js";
import { illConditioned } from "./ill-conditioned.js";
import { kinkChatter } from "./kink-chatter.js";
import { localMinimum } from "./local-minimum.js";
import { lrTooLarge } from "./lr-too-large.js";
import { lrTooSmall } from "./lr-too-small.js";
import { momentumRinging } from "./momentum-ringing.js";
import { noFiniteMinimum } from "./no-finite-minimum.js";
import { nonfiniteData } from "./nonfinite-data.js";
import { numericOverflow } from "./numeric-overflow.js";
import { outliers } from "./outliers.js";
import { overRegularised } from "./over-regularised.js";
import { overfitting } from "./overfitting.js";
import { plateau } from "./plateau.js";
import { precisionFloor } from "./precision-floor.js";
import { saddlePoint } from "./saddle-point.js";
import { sgdNoiseFloor } from "./sgd-noise-floor.js";
import { stepStarved } from "./step-starved.js";
import { stoppedEarly } from "./stopped-early.js";
import { targetLeakage } from "./target-leakage.js";
import { irreducibleLoss, uninformativeLabels } from "./uninformative-labels.js";
import { unscaledFeatures } from "./unscaled-features.js";
import { unscaledTarget } from "./unscaled-target.js";
import { unshuffledBatches } from "./unshuffled-batches.js";
import { unusedRows } from "./unused-rows.js";
import { wrongGradient } from "./wrong-gradient.js";

/** Those made before the run first. */
export const checks: readonly Check[] = [
  nonfiniteData,
  wrongGradient,
  unusedRows,
  headLossMismatch,
  adamNonconvergence,
  badInitScale,
  collinearFeatures,
  rankDeficientHarmless,
  couldImprove,
  illConditioned,
  kinkChatter,
  localMinimum,
  lrTooLarge,
  lrTooSmall,
  momentumRinging,
  noFiniteMinimum,
  numericOverflow,
  outliers,
  overRegularised,
  overfitting,
  plateau,
  precisionFloor,
  saddlePoint,
  sgdNoiseFloor,
  stepStarved,
  stoppedEarly,
  targetLeakage,
  uninformativeLabels,
  irreducibleLoss,
  unscaledFeatures,
  unscaledTarget,
  unshuffledBatches,
];
