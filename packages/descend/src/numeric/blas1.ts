/** Vector operations on plain and typed arrays. */

/** Σ aᵢ·bᵢ, left to right. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/**
 * Σ aᵢ·bᵢ of float64 vectors in four lanes, (l₀ + l₁) + (l₂ + l₃), what is left over in the first:
 * additions that do not wait for each other.
 */
export function laneDot(a: Float64Array, b: Float64Array): number {
  let l0 = 0;
  let l1 = 0;
  let l2 = 0;
  let l3 = 0;
  const n = a.length;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    l0 += a[i]! * b[i]!;
    l1 += a[i + 1]! * b[i + 1]!;
    l2 += a[i + 2]! * b[i + 2]!;
    l3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < n; i++) l0 += a[i]! * b[i]!;
  return l0 + l1 + (l2 + l3);
}

/** √Σ aᵢ², scaled so that it neither overflows nor underflows. */
export function twoNorm(a: ArrayLike<number>): number {
  const scale = maxNorm(a);
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    const ratio = a[i]! / scale;
    total += ratio * ratio;
  }
  return scale * Math.sqrt(total);
}

/** Largest |aᵢ|; NaN if any entry is NaN; 0 if empty. */
export function maxNorm(a: ArrayLike<number>): number {
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i]!);
    if (size <= norm) continue;
    if (Number.isNaN(size)) return Number.NaN;
    norm = size;
  }
  return norm;
}
