/** The end of a sweep: accumulators of segments become one. */

import type { FunctionBuilder, ModuleBuilder } from "../encode/assembler.js";
import type { Format } from "../format.js";

/**
 * Adds the function (address, bytes of a segment, segments, sums, maxima) that combines the accumulators of segments pair by
 * pair, level by level, into those of segment 0. Counts of sums and maxima are in numbers.
 */
export function emitCombine(module: ModuleBuilder, format: Format): FunctionBuilder {
  const f = module.addFunction(["i32", "i32", "i32", "i32", "i32"], []);
  const [base, segmentBytes, segments, sums, maxima] = [0, 1, 2, 3, 4];
  const [step, s, a, b, end] = Array.from({ length: 5 }, () => f.local("i32")) as [number, number, number, number, number];
  const { scalar, vector, bytes } = format;

  const wholeVectors = (): void => {
    f.block((done) => {
      f.loop((again) => {
        f.get(a).i32(16).op("i32.add").get(end).op("i32.gt_u").brIf(done);
        f.get(a).get(a).memory("v128.load").get(b).memory("v128.load").op(`${vector}.add`).memory("v128.store");
        f.get(a).i32(16).op("i32.add").set(a).get(b).i32(16).op("i32.add").set(b).br(again);
      });
    });
  };
  const oneByOne = (operation: "add" | "max"): void => {
    f.block((done) => {
      f.loop((again) => {
        f.get(a).get(end).op("i32.ge_u").brIf(done);
        f.get(a).get(a).memory(`${scalar}.load`).get(b).memory(`${scalar}.load`).op(`${scalar}.${operation}`).memory(`${scalar}.store`);
        f.get(a).i32(bytes).op("i32.add").set(a).get(b).i32(bytes).op("i32.add").set(b).br(again);
      });
    });
  };
  const combinePair = (): void => {
    f.get(base).get(s).get(segmentBytes).op("i32.mul").op("i32.add").set(a);
    f.get(a).get(step).get(segmentBytes).op("i32.mul").op("i32.add").set(b);
    f.get(a).get(sums).i32(bytes).op("i32.mul").op("i32.add").set(end);
    wholeVectors();
    oneByOne("add");
    f.get(a).get(maxima).i32(bytes).op("i32.mul").op("i32.add").set(end);
    oneByOne("max");
  };
  f.i32(1).set(step);
  f.block((done) => {
    f.loop((nextLevel) => {
      f.get(step).get(segments).op("i32.ge_s").brIf(done);
      f.i32(0).set(s);
      f.block((levelDone) => {
        f.loop((nextPair) => {
          f.get(s).get(step).op("i32.add").get(segments).op("i32.ge_s").brIf(levelDone);
          combinePair();
          f.get(s).get(step).i32(1).op("i32.shl").op("i32.add").set(s).br(nextPair);
        });
      });
      f.get(step).i32(1).op("i32.shl").set(step).br(nextLevel);
    });
  });
  return f;
}
