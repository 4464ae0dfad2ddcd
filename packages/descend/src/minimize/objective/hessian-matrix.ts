/** The matrix of second derivatives, for methods that factor it. */

/** [n, n] from products with the unit vectors, made exactly symmetric. */
export function hessianMatrix(multiply: (direction: Float64Array) => Float64Array, n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit[j] = 1;
    matrix.set(multiply(unit), j * n);
    unit[j] = 0;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (matrix[i * n + j]! + matrix[j * n + i]!);
      matrix[i * n + j] = mean;
      matrix[j * n + i] = mean;
    }
  }
  return matrix;
}
