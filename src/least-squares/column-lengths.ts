/** ‖Jⱼ‖ of each of the n columns of a row-major Jacobian, where squares would overflow or vanish too. */
export function columnLengths(jacobian: Float64Array, n: number): Float64Array {
  const most = new Float64Array(n);
  jacobian.forEach((entry, k) => {
    most[k % n] = Math.max(most[k % n], Math.abs(entry));
  });
  const squares = new Float64Array(n);
  jacobian.forEach((entry, k) => {
    if (entry !== 0) squares[k % n] += (entry / most[k % n]) ** 2;
  });
  return squares.map((square, j) => most[j] * Math.sqrt(square));
}
