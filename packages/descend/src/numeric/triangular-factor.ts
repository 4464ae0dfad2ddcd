/**
 * A matrix of residual derivatives reduced to a triangle: all that a step of least squares needs to know about it.
 *
 * J·P = Q·R;  ‖J·p + r‖² = ‖R·Pᵀp + Qᵀr‖² + const, with R upper triangular [n, n] and only the first n entries of Qᵀr.
 *
 * From J itself by Householder reflections with column pivoting, which loses no digits of J; or from JᵀJ and Jᵀr by a pivoted Cholesky
 * factorization, which loses twice as many as the condition number of J costs, but needs no memory per row.
 *
 * Source: Businger and Golub 1965 and Moré 1978 (MINPACK `qrfac`) for the first, Higham 2002,
 * algorithm 10.3 of section 10.3 for the second.
 */

/** R, P and Qᵀr of a matrix J [rows, n] and a vector r [rows]. */
export interface TriangularFactor {
  readonly n: number;
  /** R, [n, n] row-major, zeros below the diagonal; |R_kk| does not grow with k (up to the downdating of norms). */
  readonly triangle: Float64Array;
  /** Column k of R belongs to column order[k] of J. */
  readonly order: Int32Array;
  /** The first n entries of Qᵀr. */
  readonly transformed: Float64Array;
  /** ‖J_j‖₂ for each column j of J, [n]. */
  readonly columnNorms: Float64Array;
  /** ‖r‖₂. */
  readonly residualNorm: number;
}

/** Below this share of a norm, downdating has lost half of the digits and the norm is computed anew (MINPACK's test). */
const DOWNDATED = 0.05;
const EPSILON = 2 ** -52;

/**
 * The factor of a matrix by Householder reflections with column pivoting.
 *
 * @param columns - J, [rows, n] column-major; overwritten.
 * @param residual - r, [rows]; overwritten with Qᵀr.
 * Fewer rows than columns are taken as completed by rows of zeros.
 *
 * Cost: 2·rows·n² flops, in place.
 */
export function factorByReflections(columns: Float64Array, rows: number, n: number, residual: Float64Array): TriangularFactor {
  const residualNorm = norm(residual, 0, rows);
  const columnNorms = new Float64Array(n);
  for (let j = 0; j < n; j++) columnNorms[j] = norm(columns, j * rows, (j + 1) * rows);
  const remaining = columnNorms.slice();
  const reference = columnNorms.slice();
  const order = Int32Array.from({ length: n }, (_, j) => j);
  const triangle = new Float64Array(n * n);
  const last = Math.min(n, rows);
  for (let k = 0; k < last; k++) {
    let best = k;
    for (let j = k + 1; j < n; j++) if (remaining[j]! > remaining[best]!) best = j;
    if (best !== k) {
      swapColumns(columns, rows, k, best);
      // Rows of R that are finished move with their columns
      for (let i = 0; i < k; i++) swap(triangle, i * n + k, i * n + best);
      remaining[best] = remaining[k]!;
      reference[best] = reference[k]!;
      const moved = order[k]!;
      order[k] = order[best]!;
      order[best] = moved;
    }
    const start = k * rows;
    let length = norm(columns, start + k, start + rows);
    if (length !== 0) {
      if (columns[start + k]! < 0) length = -length;
      const inverse = 1 / length;
      if (Number.isFinite(inverse)) for (let i = start + k; i < start + rows; i++) columns[i]! *= inverse;
      else for (let i = start + k; i < start + rows; i++) columns[i]! /= length;
      columns[start + k]! += 1;
      const head = columns[start + k]!;
      for (let j = k + 1; j < n; j++) {
        const other = j * rows;
        let product = 0;
        for (let i = k; i < rows; i++) product += columns[start + i]! * columns[other + i]!;
        const factor = product / head;
        for (let i = k; i < rows; i++) columns[other + i]! -= factor * columns[start + i]!;
        downdate(columns, other, rows, k, j, remaining, reference);
      }
      let product = 0;
      for (let i = k; i < rows; i++) product += columns[start + i]! * residual[i]!;
      const factor = product / head;
      for (let i = k; i < rows; i++) residual[i]! -= factor * columns[start + i]!;
    }
    triangle[k * n + k] = -length;
    for (let j = k + 1; j < n; j++) triangle[k * n + j] = columns[j * rows + k]!;
  }
  const transformed = new Float64Array(n);
  for (let k = 0; k < last; k++) transformed[k] = residual[k]!;
  return { n, triangle, order, transformed, columnNorms, residualNorm };
}

/** ‖J_j‖ of the rows after k, from that of the rows from k on. */
function downdate(
  columns: Float64Array,
  start: number,
  rows: number,
  k: number,
  j: number,
  remaining: Float64Array,
  reference: Float64Array,
): void {
  const before = remaining[j]!;
  if (before === 0) return;
  const share = columns[start + k]! / before;
  const after = before * Math.sqrt(Math.max(0, 1 - share * share));
  remaining[j] = after;
  if (DOWNDATED * (after / reference[j]!) ** 2 <= EPSILON) {
    remaining[j] = norm(columns, start + k + 1, start + rows);
    reference[j] = remaining[j]!;
  }
}

/**
 * The same factor from the normal equations.
 *
 * @param gram - JᵀJ, [n, n] row-major, symmetric; its upper triangle is read.
 * @param product - Jᵀr, [n].
 * @param residualNorm - ‖r‖₂.
 *
 * Columns are scaled to unit norm first. A column that depends on the others to n·√ε gets a zero row in R, like all that follow.
 */
export function factorByGram(gram: ArrayLike<number>, product: ArrayLike<number>, n: number, residualNorm: number): TriangularFactor {
  const columnNorms = Float64Array.from({ length: n }, (_, j) => Math.sqrt(Math.max(0, gram[j * n + j]!)));
  const order = Int32Array.from({ length: n }, (_, j) => j);
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const scale = columnNorms[i]! * columnNorms[j]!;
      work[i * n + j] = scale > 0 ? gram[i * n + j]! / scale : 0;
      work[j * n + i] = work[i * n + j]!;
    }
  }
  const triangle = new Float64Array(n * n);
  const transformed = new Float64Array(n);
  const floor = n * EPSILON;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let j = k + 1; j < n; j++) if (work[j * n + j]! > work[best * n + best]!) best = j;
    if (!(work[best * n + best]! > floor)) break;
    if (best !== k) {
      for (let i = 0; i < n; i++) swap(work, i * n + k, i * n + best);
      for (let i = 0; i < n; i++) swap(work, k * n + i, best * n + i);
      for (let i = 0; i < k; i++) swap(triangle, i * n + k, i * n + best);
      const moved = order[k]!;
      order[k] = order[best]!;
      order[best] = moved;
    }
    const pivot = Math.sqrt(work[k * n + k]!);
    triangle[k * n + k] = pivot;
    for (let j = k + 1; j < n; j++) triangle[k * n + j] = work[k * n + j]! / pivot;
    for (let i = k + 1; i < n; i++) {
      for (let j = i; j < n; j++) {
        work[i * n + j]! -= triangle[k * n + i]! * triangle[k * n + j]!;
        work[j * n + i] = work[i * n + j]!;
      }
    }
    const column = columnNorms[order[k]!]!;
    let value = product[order[k]!]! / column;
    for (let i = 0; i < k; i++) value -= triangle[i * n + k]! * transformed[i]!;
    transformed[k] = value / pivot;
  }
  // Back from unit columns to those of J: only now, since Rᵀ·(Qᵀr) = Jᵀr was solved in the scaled ones
  for (let k = 0; k < n; k++) for (let j = k; j < n; j++) triangle[k * n + j]! *= columnNorms[order[j]!]!;
  return { n, triangle, order, transformed, columnNorms, residualNorm };
}

/** Number of leading columns of J·P that are independent to rounding: pivots above 8·n·2⁻⁵² of their column's norm. */
export function rankOf({ n, triangle, order, columnNorms }: TriangularFactor): number {
  for (let k = 0; k < n; k++) if (!(Math.abs(triangle[k * n + k]!) > 8 * n * EPSILON * columnNorms[order[k]!]!)) return k;
  return n;
}

/**
 * F = P·R⁻¹ of a factor of full rank, [n, n] row-major: J·F has orthonormal columns, and F·Fᵀ = (JᵀJ)⁻¹.
 *
 * @returns undefined if a diagonal entry of R is 0.
 */
export function inverseOfTriangle({ n, triangle, order }: TriangularFactor): Float64Array | undefined {
  const inverse = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    for (let k = c; k >= 0; k--) {
      let value = k === c ? 1 : 0;
      for (let j = k + 1; j <= c; j++) value -= triangle[k * n + j]! * inverse[order[j]! * n + c]!;
      const pivot = triangle[k * n + k]!;
      if (pivot === 0) return undefined;
      inverse[order[k]! * n + c] = value / pivot;
    }
  }
  return inverse;
}

/**
 * |R̃₁₁| / |R̃_kk| at the smallest pivot, R̃ being R with the columns of J scaled to unit norm: a lower bound of the condition number of
 * the scaled J, rarely far below it. Infinite if J is singular.
 */
export function scaledCondition({ n, triangle, order, columnNorms }: TriangularFactor): number {
  // Column norms change the pivots only through their ratio to the norm of the whole column
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < n; k++) {
    const scale = columnNorms[order[k]!]!;
    const pivot = scale === 0 ? 0 : Math.abs(triangle[k * n + k]!) / scale;
    if (pivot > largest) largest = pivot;
    if (!(pivot >= smallest)) smallest = pivot;
  }
  return smallest === 0 ? Number.POSITIVE_INFINITY : largest / smallest;
}

function swap(values: Float64Array, a: number, b: number): void {
  const value = values[a]!;
  values[a] = values[b]!;
  values[b] = value;
}

function swapColumns(columns: Float64Array, rows: number, a: number, b: number): void {
  for (let i = a * rows, j = b * rows, end = i + rows; i < end; i++, j++) swap(columns, i, j);
}

/** Squares between these neither overflow nor lose digits to underflow. */
const SAFE_LOW = 1e-280;
const SAFE_HIGH = 1e280;

/** ‖x‖₂ of the entries `first ≤ i < end`. */
function norm(x: Float64Array, first: number, end: number): number {
  let total = 0;
  for (let i = first; i < end; i++) total += x[i]! * x[i]!;
  if (total > SAFE_LOW && total < SAFE_HIGH) return Math.sqrt(total);
  let largest = 0;
  for (let i = first; i < end; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  total = 0;
  for (let i = first; i < end; i++) total += (x[i]! / largest) ** 2;
  return largest * Math.sqrt(total);
}
