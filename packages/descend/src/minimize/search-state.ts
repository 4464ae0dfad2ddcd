/** The state of a search as cells of a checkpoint, and back. */

import type { SearchState } from "../optim/search-method.js";

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
