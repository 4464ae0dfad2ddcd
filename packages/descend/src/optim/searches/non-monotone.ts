/**
 * What decrease is measured from, so that a descent may rise for a while: along curved valleys a monotone search cuts steps short that
 * would pay later, above all those of Barzilai and Borwein.
 */

import { COUNT, FRACTION, type OptionTable, readOptions } from "../options.js";

/** A reference value r ≥ f that follows the values of a descent. Its memory is plain data. */
export interface ValueReference {
  readonly name: string;
  /** Memory after the first value. */
  init(value: number): Float64Array;
  /** Memory after another. */
  next(memory: Float64Array, value: number): Float64Array;
  /** r */
  reference(memory: Float64Array): number;
}

export interface GrippoLamparielloLucidiOptions {
  readonly memory?: number;
}

/** The rows of {@link GrippoLamparielloLucidiOptions}. */
export const grippoLamparielloLucidiTable: OptionTable<GrippoLamparielloLucidiOptions> = {
  memory: { kind: "number", default: 10, ...COUNT, meaning: "M: values whose largest is the reference; 1 is monotone" },
};

/**
 * The largest of the last values: r = max f(x₋ⱼ), 0 ≤ j < M.
 *
 * @param options.memory - M, whole, ≥ 1. Default 10.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Grippo, Lampariello, Lucidi 1986.
 */
export function grippoLamparielloLucidi(options: GrippoLamparielloLucidiOptions = {}): ValueReference {
  const { memory } = readOptions("grippoLamparielloLucidi", grippoLamparielloLucidiTable, options);
  return {
    name: "grippoLamparielloLucidi",
    init: (value) => Float64Array.of(value),
    next: (values, value) => Float64Array.of(...values.slice(Math.max(0, values.length + 1 - memory)), value),
    reference: (values) => values.reduce((largest, value) => Math.max(largest, value)),
  };
}

export interface ZhangHagerOptions {
  readonly decay?: number;
}

/** The rows of {@link ZhangHagerOptions}. */
export const zhangHagerTable: OptionTable<ZhangHagerOptions> = {
  decay: { kind: "number", default: 0.85, ...FRACTION, meaning: "η: weight of what was before; 0 is monotone" },
};

/**
 * A decaying mean of the values: Q ← η·Q + 1, C ← (η·Q_before·C + f)/Q, r = C.
 *
 * @param options.decay - η, 0 ≤ η < 1. Default 0.85.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zhang, Hager 2004, equation 1.5.
 */
export function zhangHager(options: ZhangHagerOptions = {}): ValueReference {
  const { decay } = readOptions("zhangHager", zhangHagerTable, options);
  return {
    name: "zhangHager",
    init: (value) => Float64Array.of(1, value),
    next([weight, mean], value) {
      const next = decay * weight! + 1;
      return Float64Array.of(next, (decay * weight! * mean! + value) / next);
    },
    reference: ([, mean]) => mean!,
  };
}
