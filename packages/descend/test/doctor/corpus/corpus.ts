/** The corpus: sick cases by finding, near misses, cured twins, and healthy descents. Everything from seeds. */

import type { CorpusCase, Injector } from "./corpus-case.js";
import * as data from "./injectors/data.js";
import * as geometry from "./injectors/geometry.js";
import * as numerics from "./injectors/numerics.js";
import * as steps from "./injectors/steps.js";
import * as stochastic from "./injectors/stochastic.js";
import { patched } from "./patched.js";

export const injectors: readonly Injector[] = [
  steps.lrTooLarge,
  steps.lrTooSmall,
  steps.stepStarved,
  steps.momentumRinging,
  steps.stoppedEarly,
  steps.illConditioned,
  geometry.unscaledFeatures,
  geometry.collinearFeatures,
  geometry.saddlePoint,
  geometry.localMinimum,
  geometry.plateau,
  geometry.kinkChatter,
  geometry.noFiniteMinimum,
  geometry.farStart,
  data.headLossMismatch,
  stochastic.sgdNoiseFloor,
  stochastic.adamNonconvergence,
  stochastic.unshuffledBatches,
  numerics.wrongGradient,
  numerics.numericOverflow,
  numerics.precisionFloor,
  data.nonfiniteData,
  data.outliers,
  data.unscaledTarget,
  data.uninformativeLabels,
  data.targetLeakage,
  data.overfitting,
  data.overRegularised,
];

/** Cases of the findings named, or of all; a case is made when it is asked for. */
export function sickCases(truths?: readonly string[]): (() => CorpusCase)[] {
  return injectors
    .filter(({ truth }) => truths === undefined || truths.includes(truth))
    .flatMap(({ truth, sick }) => sick.map((make, k) => () => ({ ...make(), id: `${truth}/${k}`, kind: "sick" as const, truth })));
}

/** Near misses of every finding, the cured twin of its fifth case, and healthy descents. */
export function wellCases(): (() => CorpusCase)[] {
  const nearMisses = injectors.map(
    ({ truth, nearMiss }) =>
      (): CorpusCase => ({ ...nearMiss(), id: `near-miss/${truth}`, kind: "near-miss", truth }),
  );
  const twins = injectors.flatMap(({ truth, sick }) => {
    const makers = [1, 4].map((k) => ({ k, make: sick[k]! }));
    return makers.map(({ k, make }) => (): CorpusCase | undefined => {
      const injected = make();
      if (injected.reference === undefined || injected.metric === undefined) return undefined;
      const cured = patched(injected.case, injected.reference);
      return cured === undefined ? undefined : { ...injected, case: cured, id: `twin/${truth}/${k}`, kind: "twin", truth };
    });
  });
  const healthy = [
    ...steps.healthyDescents.map((make) => () => make()),
    ...[231, 232, 233].map((seed) => () => ({ ...numerics.healthyTable(seed), name: `table-${seed}/default` })),
    ...[241, 242, 243].map((seed) => () => ({ ...stochastic.settledMiniBatches(seed), name: `mini-batches-${seed}` })),
    () => ({ ...numerics.simplifiedOverflow(), name: "simplified-overflow" }),
    () => ({ ...geometry.farMinimum(), name: "far-minimum" }),
    () => ({ ...data.penaltyThatHelps(), name: "penalty-that-helps" }),
  ].map((make) => (): CorpusCase => {
    const { name, ...injected } = make();
    return { ...injected, id: `healthy/${name}`, kind: "healthy", truth: "" };
  });
  return [...nearMisses, ...(twins as (() => CorpusCase)[]), ...healthy];
}
