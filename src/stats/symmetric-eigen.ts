// Eigenvalues of small symmetric matrices, by Jacobi's rotations.

/** Rotations end when what is off the diagonal is this small beside the whole: the precision of a double. */
const negligible = 1e-30;
/** Convergence is quadratic: some 6 to 10 sweeps do for any matrix of this size; more would be a mistake. */
const mostSweeps = 50;

/**
 * Eigenvalues in descending order.
 * Source: Golub, Van Loan 2013, "Matrix computations", 8.5 (cyclic Jacobi; rotation by the smaller angle).
 * @param matrix symmetric, size x size, row by row; it is not changed
 * @throws where it does not converge: only for values that are not finite
 */
export function symmetricEigenvalues(matrix: ArrayLike<number>, size: number): Float64Array {
  const work = Float64Array.from(matrix);
  for (let sweep = 0; !isDiagonal(work, size); sweep++) {
    if (sweep === mostSweeps) throw new Error("eigenvalues of a matrix that is not finite");
    for (let row = 0; row < size - 1; row++) for (let column = row + 1; column < size; column++) rotate(work, size, row, column);
  }
  return Float64Array.from({ length: size }, (_, index) => work[index * size + index] as number)
    .sort()
    .reverse();
}

function isDiagonal(matrix: Float64Array, size: number): boolean {
  let off = 0;
  let all = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const square = (matrix[row * size + column] as number) ** 2;
      all += square;
      if (row !== column) off += square;
    }
  }
  return off <= negligible * all;
}

/** Makes the element at (p, q) zero by a rotation in the plane of both axes. */
function rotate(matrix: Float64Array, size: number, p: number, q: number): void {
  const element = matrix[p * size + q] as number;
  if (element === 0) return;
  const ratio = ((matrix[q * size + q] as number) - (matrix[p * size + p] as number)) / (2 * element);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  for (let at = 0; at < size; at++) turn(matrix, at * size + p, at * size + q, cosine, sine);
  for (let at = 0; at < size; at++) turn(matrix, p * size + at, q * size + at, cosine, sine);
}

function turn(matrix: Float64Array, first: number, second: number, cosine: number, sine: number): void {
  const one = matrix[first] as number;
  const other = matrix[second] as number;
  matrix[first] = cosine * one - sine * other;
  matrix[second] = sine * one + cosine * other;
}
