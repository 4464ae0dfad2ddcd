/** What a search goes on from, as cells of a checkpoint, and back. */

import { DataError } from "../../errors.js";
import type { SearchPoint, SearchState } from "../../optim/search-method.js";
import { type Measures, measureNames, toleranceNames } from "../stopping.js";

/** Everything a search goes on from. */
export interface SearchMemento {
  readonly start: Float64Array;
  readonly point: SearchPoint;
  readonly best: SearchPoint;
  readonly extent: number | undefined;
  readonly steps: number;
  readonly patience: ArrayLike<number>;
  readonly measures: Measures;
  readonly tolerance: Record<(typeof toleranceNames)[number], number>;
  /** Of the method. */
  readonly memory: SearchState;
}

/** Writes and reads the cells of a search. */
export interface SearchCells {
  /** What the method remembers, as copies. */
  state(memory: SearchState): Record<string, Float64Array>;
  save(memento: SearchMemento): Record<string, ArrayLike<number>>;
  /**
   * @param like - a memento of the same search, which says what kinds of entries there are.
   * @throws DataError CHECKPOINT_INVALID
   */
  load(saved: Readonly<Record<string, ArrayLike<number>>>, like: SearchMemento): SearchMemento;
}

const STATE_PREFIX = "state.";

export const searchCells: SearchCells = {
  state: (memory) => cellsOf(memory, ""),

  save: ({ start, point, best, extent, steps, patience, measures, tolerance, memory }) => ({
    start: start.slice(),
    params: point.params.slice(),
    value: [point.value],
    ...(point.gradient && { gradient: point.gradient.slice() }),
    bestParams: best.params.slice(),
    bestValue: [best.value],
    ...(extent !== undefined && { extent: [extent] }),
    step: [steps],
    patience,
    measures: measureNames.map((name) => measures[name]),
    tolerances: toleranceNames.map((name) => tolerance[name]),
    ...cellsOf(memory, STATE_PREFIX),
  }),

  load(saved, like) {
    const vector = (name: string, length = like.start.length): Float64Array => {
      const values = saved[name];
      if (values?.length === length) return Float64Array.from(values);
      const reason = `expected ${length} numbers in "${name}", got ${values?.length ?? "nothing"}`;
      throw new DataError("CHECKPOINT_INVALID", `checkpoint: ${reason}. It belongs to another objective or method.`, { reason });
    };
    const number = (name: string): number => vector(name, 1)[0]!;
    return {
      start: vector("start"),
      point: { params: vector("params"), value: number("value"), gradient: like.point.gradient && vector("gradient") },
      best: { params: vector("bestParams"), value: number("bestValue"), gradient: undefined },
      extent: saved.extent?.[0],
      steps: number("step"),
      patience: vector("patience", like.patience.length),
      measures: named(measureNames, vector("measures", measureNames.length)),
      tolerance: named(toleranceNames, vector("tolerances", toleranceNames.length)),
      memory: stateFrom(saved, like.memory, STATE_PREFIX),
    };
  },
};

/** A record of numbers by name. */
export function named<N extends string>(names: readonly N[], values: ArrayLike<number>): Record<N, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<N, number>;
}

/** Copies of the entries of a state by name; vectors of a list by the name of the list and their place in it. */
export function cellsOf(state: SearchState, prefix: string): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(state).flatMap(([key, entry]) => {
      const name = prefix + key;
      if (typeof entry === "number") return [[name, Float64Array.of(entry)]];
      return entry instanceof Float64Array ? [[name, entry.slice()]] : entry.map((vector, k) => [`${name}.${k}`, vector.slice()]);
    }),
  );
}

/** A state from its cells; `like` says of what kind its entries are. */
export function stateFrom(cells: Readonly<Record<string, ArrayLike<number>>>, like: SearchState, prefix: string): SearchState {
  const vector = (name: string): Float64Array => Float64Array.from(cells[name] ?? []);
  return Object.fromEntries(
    Object.entries(like).map(([key, entry]) => {
      const name = prefix + key;
      if (typeof entry === "number") return [key, vector(name)[0]!];
      if (entry instanceof Float64Array) return [key, vector(name)];
      const list: Float64Array[] = [];
      while (`${name}.${list.length}` in cells) list.push(vector(`${name}.${list.length}`));
      return [key, list];
    }),
  );
}
