/** A patch as the code a user would write. */

import type { Patch } from "./patch.js";
import type { SettledCase } from "./settle-case.js";

/** One call with the options that the patch sets. */
export function patchCode(patch: Patch, settled: SettledCase): string {
  const options: string[] = [];
  const lines: string[] = [];
  const { method, methodOptions, learningRate, decay, clip, averageFrom } = patch;
  const name = method ?? settled.method.name;
  const rate = learningRate ?? settled.method.learningRate;
  const changed = [method, methodOptions, learningRate, decay, clip, averageFrom].some((part) => part !== undefined);
  if (changed && name === "lbfgs") options.push('method: "lbfgs"');
  else if (changed) {
    const inner = [
      ...(decay !== undefined
        ? [`learningRate: inverseTimeDecay({ initial: ${rate}, decay: ${decay.rate}, power: ${decay.power} })`]
        : rate === undefined
          ? []
          : [`learningRate: ${rate}`]),
      ...Object.entries({ ...(method === undefined ? plainOptions(settled) : {}), ...methodOptions }).map(
        ([key, value]) => `${key}: ${JSON.stringify(value)}`,
      ),
    ];
    let rule = `${name}({ ${inner.join(", ")} })`;
    if (clip !== undefined) rule = `chain(clipByNorm(${clip}), ${rule})`;
    if (averageFrom !== undefined) rule = `chain(${rule}, trackAverage({ from: ${averageFrom} }))`;
    options.push(`method: ${rule}`);
  }
  if (patch.maxSteps !== undefined) options.push(`maxSteps: ${patch.maxSteps}`);
  if (patch.relativeGradientTolerance !== undefined)
    options.push(`stopping: { relativeGradientTolerance: ${patch.relativeGradientTolerance} }`);
  if (patch.batch !== undefined) options.push(`batch: ${JSON.stringify(patch.batch)}`);
  if (patch.shuffle !== undefined) options.push(`shuffle: ${patch.shuffle}`);
  if (patch.precision !== undefined) options.push(`precision: "${patch.precision}"`);
  if (patch.gradient !== undefined) lines.push("// leave out your own gradient: it is derived from the objective");
  if (patch.sampler !== undefined) lines.push("// each epoch: all rows in shuffled order, the last batch smaller");
  if (patch.dropRows !== undefined) lines.push(`rows = rows.filter((_, i) => !dropped.has(i)); // ${patch.dropRows.length} rows`);
  if (patch.dropColumns !== undefined) lines.push(`// without the columns ${patch.dropColumns.join(", ")}`);
  if (patch.shiftTarget !== undefined)
    lines.push(`target = target.slice(${Math.max(0, patch.shiftTarget)}); // rows shifted by ${patch.shiftTarget}`);
  if (patch.recodeTarget !== undefined)
    lines.push(`target = target.map((y) => ${patch.recodeTarget.scale} * y + ${patch.recodeTarget.offset});`);
  if (patch.standardize !== undefined)
    lines.push("// standardize: x = (x − mean)/deviation, and fold the scales back into the weights: w/deviation (fit does both)");
  if (patch.model !== undefined) lines.push(`model = ${JSON.stringify(patch.model)};`);
  if (patch.l2 !== undefined)
    lines.push(
      settled.table === undefined
        ? `objective = (p) => f(p) + ${patch.l2 / 2} * squaredNorm(p);`
        : `model = { ...model, l2: ${patch.l2} };`,
    );
  if (patch.keepBestValidation === true) lines.push("// keep the parameters of the step with the lowest validation loss");
  if (patch.start !== undefined)
    lines.push(
      `start = [${patch.start
        .slice(0, 6)
        .map((x) => Number(x.toPrecision(6)))
        .join(", ")}${patch.start.length > 6 ? ", …" : ""}];`,
    );
  if (options.length > 0) lines.push(`minimize(objective, start, { ${options.join(", ")} });`);
  return lines.join("\n");
}

function plainOptions({ method }: SettledCase): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(method.options).filter(
      ([key, value]) => key !== "learningRate" && ["number", "string", "boolean"].includes(typeof value),
    ),
  );
}
