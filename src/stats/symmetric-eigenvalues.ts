// The eigenvalues of a symmetric matrix, by Jacobi's method.

/** Sweeps converge quadratically; matrices of some 50 rows need about ten. */
const mostSweeps = 40;

/** Off-diagonal elements below this share of the diagonal change no digit of the eigenvalues. */
const negligible = 1e-17;

/**
 * Eigenvalues of a symmetric matrix, descending. Absolute error about 1e-15 times the largest.
 * @param matrix `size` rows of `size` numbers, one after another; it is left as it is
 * Source: C. G. J. Jacobi 1846; rotations as in G. H. Golub and C. F. Van Loan, "Matrix Computations", 8.5.
 */
export function symmetricEigenvalues(matrix: ArrayLike<number>, size: number): Float64Array {
  const work = Float64Array.from(matrix);
  for (let sweep = 0; sweep < mostSweeps && !isDiagonal(work, size); sweep++) {
    for (let row = 0; row < size; row++) {
      for (let column = row + 1; column < size; column++) rotate(work, size, row, column);
    }
  }
  return Float64Array.from({ length: size }, (_, index) => work[index * size + index] as number).sort((a, b) => b - a);
}

function isDiagonal(work: Float64Array, size: number): boolean {
  let diagonal = 0;
  let rest = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const element = Math.abs(work[row * size + column] as number);
      if (row === column) diagonal = Math.max(diagonal, element);
      else rest = Math.max(rest, element);
    }
  }
  return rest <= negligible * diagonal;
}

/** Turns the plane of two axes so that the element between them becomes 0. */
function rotate(work: Float64Array, size: number, first: number, second: number): void {
  const element = work[first * size + second] as number;
  if (element === 0) return;
  const ratio = ((work[second * size + second] as number) - (work[first * size + first] as number)) / (2 * element);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  for (let at = 0; at < size; at++) turn(work, at * size + first, at * size + second, cosine, sine);
  for (let at = 0; at < size; at++) turn(work, first * size + at, second * size + at, cosine, sine);
}

function turn(work: Float64Array, one: number, other: number, cosine: number, sine: number): void {
  const a = work[one] as number;
  const b = work[other] as number;
  work[one] = cosine * a - sine * b;
  work[other] = sine * a + cosine * b;
}
