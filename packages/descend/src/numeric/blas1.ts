/** Vector operations on plain and typed arrays. */

/** Σ aᵢ·bᵢ, left to right. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
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
    if (!(size <= norm)) norm = size;
    if (Number.isNaN(norm)) return Number.NaN;
  }
  return norm;
}
