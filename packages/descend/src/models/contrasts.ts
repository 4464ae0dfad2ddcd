/**
 * An orthonormal basis of the vectors of length k that sum to 0, as columns, [k][k − 1] (Helmert's contrasts).
 *
 * Column j (from 1): j entries 1/√(j(j+1)), then −j/√(j(j+1)), then zeros.
 */
export function contrasts(k: number): number[][] {
  return Array.from({ length: k }, (_, i) =>
    Array.from({ length: k - 1 }, (_, column) => {
      const j = column + 1;
      if (i > j) return 0;
      return (i === j ? -j : 1) / Math.sqrt(j * (j + 1));
    }),
  );
}
