import { type Naive, naiveSubject, option } from './naive.js';

/** x ← x − ηH⁻¹g by Gauss–Jordan elimination with full row pivoting on [H | g]. */
export const newtonOracle = naiveSubject('newton', (options): Naive => {
  const eta = option(options, 'learningRate', 1);
  return {
    start: () => [],
    step(_x, g, _rows, _t, hessian) {
      if (hessian === undefined) throw new TypeError('newton(hessian): expected one, got none');
      return { update: solved(hessian, g).map((direction) => -eta * direction), rows: [] };
    },
  };
});

export function solved(matrix: Float64Array, right: readonly number[]): number[] {
  const n = right.length;
  const rows = right.map((entry, i) => [...matrix.subarray(i * n, (i + 1) * n), entry]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column; i < n; i++) {
      if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i][column] / rows[column][column];
      for (let j = column; j <= n; j++) rows[i][j] -= factor * rows[column][j];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}
