import { entries } from './matrix-argument.js';

/**
 * Σ xᵢyᵢ, in four interleaved sums: as accurate as one, and without its chain of dependent additions.
 *
 * @throws RangeError when lengths disagree.
 * @example dot(Float64Array.of(1, 2), Float64Array.of(3, 4)) // 11
 */
export function dot(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  if (y.length !== n) entries('dot', 'y', y, n);
  const whole = n - (n % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (let i = whole; i < n; i++) a += x[i] * y[i];
  return a + b + (c + d);
}

/** max |xᵢ|; NaN where an entry is NaN. */
export function largest(x: Float64Array): number {
  let most = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]);
    if (size <= most) continue;
    if (Number.isNaN(size)) return size;
    most = size;
  }
  return most;
}

/**
 * The length of a vector, √Σ xᵢ², scaled where the squares would overflow or vanish; NaN where an entry is NaN.
 *
 * @example norm(Float64Array.of(3, 4)) // 5
 */
export function norm(x: Float64Array): number {
  const plain = Math.sqrt(dot(x, x));
  if (plain > 1e-140 && plain < 1e140) return plain;
  const scale = largest(x);
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  let total = 0;
  for (let i = 0; i < x.length; i++) total += (x[i] / scale) ** 2;
  return scale * Math.sqrt(total);
}

/**
 * into ← Ax for a row-major m×n matrix, x of n and `into` of m entries; `into` must not be x.
 *
 * @throws RangeError when lengths disagree or `into` is x.
 * @example
 * const into = new Float64Array(2);
 * matrixVector(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 1), into); // into is [3, 7]
 */
export function matrixVector(a: Float64Array, x: Float64Array, into: Float64Array): void {
  const n = x.length;
  if (a.length !== into.length * n) entries('matrixVector', 'a', a, into.length, n);
  if (into === x) throw new RangeError('matrixVector(into): expected an array other than x, got x');
  const m = into.length;
  const whole = m - (m % 4);
  for (let i = 0; i < whole; i += 4) {
    // Four rows at a time share the reading of x and wait for no sum.
    let p = 0;
    let q = 0;
    let r = 0;
    let s = 0;
    for (let j = 0, at = i * n; j < n; j++, at++) {
      const xj = x[j];
      p += a[at] * xj;
      q += a[at + n] * xj;
      r += a[at + 2 * n] * xj;
      s += a[at + 3 * n] * xj;
    }
    into[i] = p;
    into[i + 1] = q;
    into[i + 2] = r;
    into[i + 3] = s;
  }
  for (let i = whole, row = whole * n; i < m; i++, row += n) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[row + j] * x[j];
    into[i] = sum;
  }
}
