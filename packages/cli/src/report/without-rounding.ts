/** Share of the distance between the starts below which a coordinate is no more than where a tolerance ended the descent. */
const NOTHING = 1e-7;

/** Coordinates of ends as one wants to read them: 0 in place of what is nothing beside the distance between the starts. */
export function withoutRounding(
  runs: readonly { readonly start: Readonly<Record<string, number>> }[],
): (name: string, value: number) => number {
  const extents = new Map<string, number>();
  const extentOf = (name: string): number => {
    const known = extents.get(name);
    if (known !== undefined) return known;
    const along = runs.map(({ start }) => start[name]!);
    const extent = along.reduce((most, x) => Math.max(most, x), along[0]!) - along.reduce((least, x) => Math.min(least, x), along[0]!);
    extents.set(name, extent);
    return extent;
  };
  return (name, value) => (Math.abs(value) <= NOTHING * extentOf(name) ? 0 : value);
}
