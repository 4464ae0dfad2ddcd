/** Where the numbers of a tree stand in its flat vector: for options that say something about some of the parameters. */

import { type Layout, mapLeaves } from "./tree.js";

/** Indices into the flat vector, in a tree of the names and lists that lead to them. */
export type Places = number | readonly Places[] | { readonly [name: string]: Places };

export function placesOf(layout: Layout): Places {
  return mapLeaves(layout, ({ offset, shape }) => {
    const nest = (axis: number, start: number): Places => {
      if (axis === shape.length) return start;
      const stride = shape.slice(axis + 1).reduce((product, d) => product * d, 1);
      return Array.from({ length: shape[axis]! }, (_, i) => nest(axis + 1, start + i * stride));
    };
    return nest(0, offset);
  }) as Places;
}

/** All indices at or below a place. */
export function indicesOf(places: Places): number[] {
  return typeof places === "number" ? [places] : Object.values(places).flatMap(indicesOf);
}
