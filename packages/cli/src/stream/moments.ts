/** The features of a streamed table by their moments: which vary, which repeat another, and rows that stand for all. */

import { columnStatistics, createMomentTable } from "descend";
import { constantReason, type FeatureColumn, type SetAside } from "../prepare/encoding.js";
import { Fingerprint } from "./row-walk.js";

export interface FeatureMoments {
  /** @param weights - how often each row counts. Default: once. */
  add(features: readonly FeatureColumn[], target: Float64Array, weights?: Float64Array): void;
  /** Features that vary and repeat no other, in a few weighted rows that stand for all; the rest goes to `setAside`. */
  finish(setAside: SetAside[]): StandIn;
}

export interface StandIn {
  readonly used: readonly { readonly name: string; readonly column: string }[];
  readonly features: Readonly<Record<string, Float64Array>>;
  readonly deviations: Readonly<Record<string, number>>;
  readonly target: Float64Array;
  readonly weights: Float64Array;
  /** Tells the rows from others, in their order: every feature in use, the target, and how often rows count. */
  readonly print: readonly string[];
}

export function createFeatureMoments(): FeatureMoments {
  let names: readonly { name: string; column: string }[] = [];
  let prints: readonly Fingerprint[] = [];
  const [ofTarget, ofWeights] = [new Fingerprint(), new Fingerprint()];
  let moments = createMomentTable(1);
  return {
    add(features, target, weights) {
      if (names.length === 0) {
        names = features.map(({ name, column }) => ({ name, column }));
        prints = features.map(() => new Fingerprint());
        moments = createMomentTable(features.length + 1);
      }
      moments.add([...features.map(({ values }) => values), target], weights);
      features.forEach(({ values }, j) => {
        prints[j]!.add(values);
      });
      ofTarget.add(target);
      if (weights !== undefined) ofWeights.add(weights);
    },
    finish(setAside) {
      const { columns, weights } = moments.rowsAlike();
      const byPrint = new Map<string, string>();
      const used: { name: string; column: string }[] = [];
      const features: Record<string, Float64Array> = {};
      const deviations: Record<string, number> = {};
      names.forEach(({ name, column }, j) => {
        const { mean, deviation } = columnStatistics(columns[j]!);
        const same = byPrint.get(prints[j]!.text);
        if (deviation === 0) {
          setAside.push({ column: name, ...constantReason(String(mean)) });
        } else if (same !== undefined) {
          setAside.push({ column: name, code: "duplicate", detail: same, reason: `the same values as ${same}` });
        } else {
          byPrint.set(prints[j]!.text, name);
          used.push({ name, column });
          features[name] = columns[j]!;
          deviations[name] = deviation;
        }
      });
      const print = [...byPrint.keys(), ofTarget.text, ofWeights.text];
      return { used, features, deviations, target: columns.at(-1)!, weights, print };
    },
  };
}
