/** Descents from many starts side by side, each in a lane of the machine's vectors, all of them making the same number of steps. */

import { OptionError } from "../../errors.js";
import { EVALUATE } from "../objective/evaluate-program.js";
import type { SetUp } from "../set-up.js";
import * as cells from "../steppers/cells.js";
import { STEP_PROCEDURE } from "../steppers/step-program.js";
import { BEGIN, buildLockstepProgram } from "./lockstep-program.js";

/** All that a descent alone needs to go on from where it came to: the cells that the steps changed, and the gradients they took. */
export interface Reached {
  readonly changed: Readonly<Record<string, ArrayLike<number>>>;
  readonly gradients: number;
}

/** Where descents were and are, one after the other; fewer than the starts if they were stopped. */
export interface LockstepEnds {
  readonly count: number;
  /** The starts that came to an end, and the ends: `[count, size] row-major`. */
  readonly starts: Float64Array;
  readonly params: Float64Array;
  /** `[count]`. */
  readonly startValues: Float64Array;
  readonly values: Float64Array;
  readonly reached: (index: number) => Reached;
}

/**
 * Makes `steps` steps of an update rule from each start.
 *
 * A block of lanes makes all its steps before the next block begins, so that it stays in the first cache. Elementary functions are in their
 * short form (wasm/math/short-functions.ts), the operations otherwise those of a step alone: ends differ from those of
 * `createDescent(…).step(steps)` by rounding, and are the same on every machine.
 *
 * @param setUp - of a descent whose rule and objective are compiled.
 * @returns what makes the descents from starts `[count, size] row-major`; compiled once, it may be called for others. It ends
 * early where `stopped` says so between blocks.
 * @throws OptionError OPTIONS_CONFLICT for methods that search, for tables, and for objectives that are called.
 */
export function lockstep(setUp: SetUp): (starts: Float64Array, steps: number, stopped?: () => boolean) => LockstepEnds {
  const { layout, dtype, compile, compileOptions, choice, updateRule: method, table } = setUp;
  if (method === undefined) {
    refuse(
      `needs an update rule such as "gradientDescent" or "adam"; ${setUp.method} decides at each point by itself how to go on.`,
      "method",
    );
  }
  if (table !== undefined) refuse("is for objectives without a table; over rows, the vectors of the machine hold rows.", "data");
  if (choice.kind !== "exact") {
    refuse(
      `needs an objective that can be compiled. Its gradient is not: ${choice.reason ?? "it was given by the option gradient."}`,
      "gradient",
    );
  }
  const { size } = layout;
  const { program, lanes } = buildLockstepProgram({ layout, dtype, method, graph: choice.graph });
  const executable = compile(program, { ...compileOptions, shortFunctions: true });
  const block = new Float64Array(size * lanes);
  const stateNames = program.cells.map(({ name }) => name).filter((name) => name.startsWith(cells.STATE_PREFIX));
  const gradientsPerStep = method.probe === undefined ? 1 : 2;

  return (starts, steps, stopped = () => false) => {
    const total = starts.length / size;
    const params = new Float64Array(starts.length);
    const startValues = new Float64Array(total);
    const values = new Float64Array(total);
    /** Of each block, in the order of `stateNames`. */
    const states: ArrayLike<number>[][] = [];
    let count = 0;
    while (count < total && !(count > 0 && stopped())) {
      const first = count;
      count = Math.min(total, first + lanes);
      for (let lane = 0; lane < lanes; lane++) {
        // Lanes without a start repeat the last one
        const row = Math.min(first + lane, count - 1) * size;
        for (let j = 0; j < size; j++) block[j * lanes + lane] = starts[row + j]!;
      }
      executable.write(cells.PARAMS, block);
      executable.run(EVALUATE);
      startValues.set(executable.read(cells.VALUE).subarray(0, count - first), first);
      executable.run(BEGIN);
      executable.run(STEP_PROCEDURE, steps);
      executable.run(EVALUATE);
      values.set(executable.read(cells.VALUE).subarray(0, count - first), first);
      const ends = executable.read(cells.PARAMS);
      for (let i = first; i < count; i++) for (let j = 0; j < size; j++) params[i * size + j] = ends[j * lanes + i - first]!;
      states.push(stateNames.map((name) => executable.read(name).slice()));
    }

    const reached = (index: number): Reached => {
      const ofLane = (numbers: ArrayLike<number>): Float64Array =>
        Float64Array.from({ length: numbers.length / lanes }, (_, i) => numbers[i * lanes + (index % lanes)]!);
      const ownStates = states[Math.floor(index / lanes)]!.map((numbers, k) => [stateNames[k]!, ofLane(numbers)] as const);
      return {
        changed: {
          ...Object.fromEntries(ownStates),
          [cells.PARAMS]: params.subarray(index * size, (index + 1) * size),
          [cells.STEP]: [steps],
        },
        gradients: steps * gradientsPerStep,
      };
    };
    return {
      count,
      starts: starts.subarray(0, count * size),
      params: params.subarray(0, count * size),
      startValues: startValues.subarray(0, count),
      values: values.subarray(0, count),
      reached,
    };
  };
}

function refuse(reason: string, option: string): never {
  throw new OptionError("OPTIONS_CONFLICT", `lockstep: ${reason}`, { options: ["lockstep", option] });
}
