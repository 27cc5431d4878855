/** Matrices as a first reader would treat them: row-major, plain triple loops, nothing shared with src. */

export function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}

export function times(a: Float64Array, x: ArrayLike<number>): Float64Array {
  const n = x.length;
  const product = new Float64Array(a.length / n);
  for (let i = 0; i < product.length; i++) for (let j = 0; j < n; j++) product[i] += a[i * n + j] * x[j];
  return product;
}

/** AB for square matrices. */
export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) c[i * n + j] += a[i * n + k] * b[k * n + j];
  return c;
}

/** Aᵀ for a matrix of so many rows. */
export function transposed(a: Float64Array, rows: number): Float64Array {
  const columns = a.length / rows;
  return Float64Array.from(a, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)]);
}

export function outer(x: Float64Array, y: Float64Array): Float64Array {
  return Float64Array.from({ length: x.length * y.length }, (_, at) => {
    return x[Math.floor(at / y.length)] * y[at % y.length];
  });
}

export function inner(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i] * y[i];
  return total;
}

/** x + cy. */
export function plus(x: Float64Array, y: ArrayLike<number>, c = 1): Float64Array {
  return x.map((xi, i) => xi + c * y[i]);
}

/** The matrix of a linear map, column by column. */
export function matrixOf(n: number, apply: (v: Float64Array) => Float64Array): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = apply(Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)));
    for (let i = 0; i < n; i++) matrix[i * n + j] = column[i];
  }
  return matrix;
}

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix by cyclic Jacobi rotations (Jacobi 1846). */
export function jacobi(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const q = identity(n);
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const off = a[i * n + j];
        if (off === 0) continue;
        const theta = (a[j * n + j] - a[i * n + i]) / (2 * off);
        const t = Number.isFinite(theta * theta)
          ? (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
          : 1 / (2 * theta);
        const c = 1 / Math.sqrt(1 + t * t);
        const s = c * t;
        for (let k = 0; k < n; k++) rotate(a, k * n + i, k * n + j, c, s);
        for (let k = 0; k < n; k++) rotate(a, i * n + k, j * n + k, c, s);
        for (let k = 0; k < n; k++) rotate(q, k * n + i, k * n + j, c, s);
      }
    }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors: q };
}

function rotate(a: Float64Array, i: number, j: number, c: number, s: number): void {
  const [x, y] = [a[i], a[j]];
  a[i] = c * x - s * y;
  a[j] = s * x + c * y;
}

/** f(A) = Q f(Λ) Qᵀ applied to v. */
export function functionOf(
  matrix: Float64Array,
  v: ArrayLike<number>,
  f: (eigenvalue: number, largest: number) => number,
): Float64Array {
  const n = v.length;
  const { values, vectors } = jacobi(matrix, n);
  const largest = Math.max(...values.map(Math.abs));
  const result = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let along = 0;
    for (let i = 0; i < n; i++) along += vectors[i * n + k] * v[i];
    for (let i = 0; i < n; i++) result[i] += f(values[k], largest) * along * vectors[i * n + k];
  }
  return result;
}

/**
 * The x that minimizes ‖Ax − b‖ for an m×n matrix of full column rank, by modified Gram–Schmidt on [A | b]
 * (Björck 1967).
 */
export function leastSquaresSolution(a: Float64Array, b: ArrayLike<number>, n: number): Float64Array {
  const m = b.length;
  const columns: Float64Array[] = Array.from({ length: n + 1 }, (_, j) =>
    Float64Array.from({ length: m }, (_, i) => (j < n ? a[i * n + j] : b[i])),
  );
  const r = new Float64Array((n + 1) * (n + 1));
  for (let k = 0; k < n; k++) {
    const length = Math.hypot(...columns[k]);
    r[k * (n + 1) + k] = length;
    const unit = columns[k].map((entry) => entry / length);
    for (let j = k + 1; j <= n; j++) {
      const along = inner(unit, columns[j]);
      r[k * (n + 1) + j] = along;
      columns[j] = plus(columns[j], unit, -along);
    }
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let total = r[i * (n + 1) + n];
    for (let j = i + 1; j < n; j++) total -= r[i * (n + 1) + j] * x[j];
    x[i] = total / r[i * (n + 1) + i];
  }
  return x;
}

/** L with A = LLᵀ, by the formula entry by entry; NaN where A is not positive definite. */
export function choleskyFactor(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let total = a[i * n + j];
      for (let k = 0; k < j; k++) total -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(total) : total / l[j * n + j];
    }
  }
  return l;
}
