/**
 * The order in which Descend adds. It is part of the language: an addition in another order gives other bits, so the
 * interpreter and the compiled program add in the order of this page, whatever the number of workers.
 *
 * Let L be the lanes of a 128-bit vector, 2 in float64 and 4 in float32, and let lanes be combined as l₀+l₁ or
 * (l₀+l₁)+(l₂+l₃).
 *
 * 1. *Elements of an array without rows* ({@link sumLanes}), e₀ … e₍m−1₎ row-major: fewer than 2L are added from left to right. Otherwise
 * lane l starts as e_l and adds e₍l+L₎, e₍l+2L₎, … as long as whole vectors last; the lanes are combined; what is left is added one by one.
 * 2. *Elements of one row* (sums over the other axes of a tensor with rows): from left to right, because the lanes hold rows.
 * 3. *Rows* ({@link sumRows}): the batch is cut into tiles of `tileRows` rows. In a tile lane l starts as 0 and adds the rows l, l+L, …;
 *    the lanes are combined. Tiles are dealt to S = min(segments, tiles) segments: segment s has the tiles ⌊s·tiles/S⌋ ≤ t <
 *    ⌊(s+1)·tiles/S⌋ and adds their sums from left to right, starting as 0. The segments are combined by {@link sumPairwise}.
 * 4. *Products summed over static axes* (`dot`): from left to right, starting as 0, over the contracted axes row-major; each product is
 *    rounded first. Over rows: products of one row as in 4, then rows as in 3.
 *
 * In float32 every sum is rounded to float32; `round` does that (a float64 addition of two float32 numbers, rounded to float32, is the
 * float32 addition, since 53 ≥ 2·24 + 2).
 */

/** How sums are laid out. */
export interface SumOrder {
  /** Elements of a vector: 2 in float64, 4 in float32. */
  readonly lanes: 2 | 4;
  /** Rows of a tile. */
  readonly tileRows: number;
  /** Most segments the tiles are dealt to. */
  readonly segments: number;
  /** Rounds to the number format: `Math.fround` in float32, the identity in float64. */
  readonly round: (value: number) => number;
}

const identity = (value: number): number => value;

/** Rows of a tile unless a program says otherwise: a few hundred values a row still fit the second-level cache. */
export const DEFAULT_TILE_ROWS = 128;
/** Most segments: enough for 64 workers, few enough to keep one accumulator each. */
export const DEFAULT_SEGMENTS = 64;

/** The order of a number format, with tiles of {@link DEFAULT_TILE_ROWS} rows unless given. */
export function sumOrder(
  dtype: "float64" | "float32",
  tileRows: number = DEFAULT_TILE_ROWS,
  segments: number = DEFAULT_SEGMENTS,
): SumOrder {
  return dtype === "float64" ? { lanes: 2, tileRows, segments, round: identity } : { lanes: 4, tileRows, segments, round: Math.fround };
}

/** Sum of an array without rows (rule 1); 0 if it is empty. */
export function sumLanes(values: ArrayLike<number>, order: SumOrder): number {
  const { lanes, round } = order;
  const count = values.length;
  if (count < 2 * lanes) return sumLeftToRight(values, 0, count, round);
  const inVectors = count - (count % lanes);
  const lane = Array.from({ length: lanes }, (_, l) => values[l]!);
  for (let i = lanes; i < inVectors; i++) lane[i % lanes] = round(lane[i % lanes]! + values[i]!);
  let total = combineLanes(lane, round);
  for (let i = inVectors; i < count; i++) total = round(total + values[i]!);
  return total;
}

/** values[start] + … + values[stop − 1], starting as the first; 0 if there is none. */
export function sumLeftToRight(
  values: ArrayLike<number>,
  start: number,
  stop: number,
  round: (value: number) => number = identity,
): number {
  if (start >= stop) return 0;
  let total = values[start]!;
  for (let i = start + 1; i < stop; i++) total = round(total + values[i]!);
  return total;
}

/** Sum of one number a row (rule 3); 0 if there is no row. */
export function sumRows(values: ArrayLike<number>, order: SumOrder): number {
  const { tileRows, segments, round } = order;
  const tiles = Math.ceil(values.length / tileRows);
  const used = Math.min(segments, tiles);
  const totals: number[] = [];
  for (let s = 0; s < used; s++) {
    let total = 0;
    for (let t = segmentStart(s, tiles, used); t < segmentStart(s + 1, tiles, used); t++) {
      total = round(total + sumTile(values, t * tileRows, Math.min(values.length, (t + 1) * tileRows), order));
    }
    totals.push(total);
  }
  return sumPairwise(totals, round);
}

/** First tile of segment `s` of `segments`. */
export function segmentStart(s: number, tiles: number, segments: number): number {
  return Math.floor((s * tiles) / segments);
}

/** Sum of rows start ≤ r < stop of one tile: lane l has the rows l, l+L, … counted from `start`. */
function sumTile(values: ArrayLike<number>, start: number, stop: number, order: SumOrder): number {
  const { lanes, round } = order;
  const lane: number[] = new Array<number>(lanes).fill(0);
  for (let r = start; r < stop; r++) lane[(r - start) % lanes] = round(lane[(r - start) % lanes]! + values[r]!);
  return combineLanes(lane, round);
}

/** Neighbors are added pair by pair, level by level; an odd one out goes up a level as it is. 0 if there is none. */
export function sumPairwise(values: readonly number[], round: (value: number) => number = identity): number {
  let level = [...values];
  while (level.length > 1) {
    const above: number[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(i + 1 < level.length ? round(level[i]! + level[i + 1]!) : level[i]!);
    level = above;
  }
  return level[0] ?? 0;
}

function combineLanes(lane: readonly number[], round: (value: number) => number): number {
  if (lane.length === 2) return round(lane[0]! + lane[1]!);
  return round(round(lane[0]! + lane[1]!) + round(lane[2]! + lane[3]!));
}
