/** Descents from many starts side by side, each in a lane of the machine's vectors, all of them making the same number of steps. */

import { OptionError } from "../../errors.js";
import { EVALUATE } from "../objective/evaluate-program.js";
import type { SetUp } from "../set-up.js";
import * as cells from "../steppers/cells.js";
import { STEP_PROCEDURE } from "../steppers/step-program.js";
import { BEGIN, buildLockstepProgram } from "./lockstep-program.js";

/** Where one descent was and is. */
export interface LockstepEnd {
  readonly startValue: number;
  readonly params: Float64Array;
  readonly value: number;
  /** All that a descent alone needs to go on from there: the cells that the steps changed, and the gradients they took. */
  readonly reached: () => { readonly changed: Readonly<Record<string, ArrayLike<number>>>; readonly gradients: number };
}

/**
 * Makes `steps` steps of an update rule from each start.
 *
 * A block of lanes makes all its steps before the next block begins, so that it stays in the first cache. Elementary functions are in their short
 * form (wasm/math/short-functions.ts), the operations otherwise those of a step alone: ends differ from those of `createDescent(…).step(steps)` by
 * rounding, and are the same on every machine.
 *
 * @param setUp - of a descent whose rule and objective are compiled.
 * @returns what makes the descents; compiled once, it may be called for other starts. It ends early where `stopped` says so between blocks.
 * @throws OptionError OPTIONS_CONFLICT for methods that search, for tables, and for objectives that are called.
 */
export function lockstep(setUp: SetUp): (starts: readonly Float64Array[], steps: number, stopped?: () => boolean) => LockstepEnd[] {
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
  const ofLane = (values: ArrayLike<number>, lane: number): Float64Array =>
    Float64Array.from({ length: values.length / lanes }, (_, i) => values[i * lanes + lane]!);
  const gradientsPerStep = method.probe === undefined ? 1 : 2;

  return (starts, steps, stopped = () => false) => {
    const ends: LockstepEnd[] = [];
    for (let first = 0; first < starts.length && !(first > 0 && stopped()); first += lanes) {
      const count = Math.min(lanes, starts.length - first);
      for (let lane = 0; lane < lanes; lane++) {
        // Lanes without a start repeat the last one
        const start = starts[first + Math.min(lane, count - 1)]!;
        for (let j = 0; j < size; j++) block[j * lanes + lane] = start[j]!;
      }
      executable.write(cells.PARAMS, block);
      executable.run(EVALUATE);
      const startValues = executable.read(cells.VALUE).slice(0, count);
      executable.run(BEGIN);
      executable.run(STEP_PROCEDURE, steps);
      executable.run(EVALUATE);
      const values = executable.read(cells.VALUE);
      const all = executable.read(cells.PARAMS);
      const states = stateNames.map((name) => [name, executable.read(name).slice()] as const);
      for (let lane = 0; lane < count; lane++) {
        const params = ofLane(all, lane);
        const reached: LockstepEnd["reached"] = () => ({
          changed: {
            ...Object.fromEntries(states.map(([name, values]) => [name, ofLane(values, lane)])),
            [cells.PARAMS]: params,
            [cells.STEP]: [steps],
          },
          gradients: steps * gradientsPerStep,
        });
        ends.push({ startValue: startValues[lane]!, params, value: values[lane]!, reached });
      }
    }
    return ends;
  };
}

function refuse(reason: string, option: string): never {
  throw new OptionError("OPTIONS_CONFLICT", `lockstep: ${reason}`, { options: ["lockstep", option] });
}
