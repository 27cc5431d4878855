/** Σ xᵢyᵢ, in four interleaved sums: as accurate as one, and without its chain of dependent additions. */
export function dot(x: Float64Array, y: Float64Array): number {
  const n = x.length;
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
    if (Number.isNaN(size)) return size;
    if (size > most) most = size;
  }
  return most;
}

/** √Σ xᵢ², scaled where the squares would overflow or vanish. */
export function norm(x: Float64Array): number {
  const plain = Math.sqrt(dot(x, x));
  if (plain > 1e-140 && plain < 1e140) return plain;
  const scale = largest(x);
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  let total = 0;
  for (let i = 0; i < x.length; i++) total += (x[i] / scale) ** 2;
  return scale * Math.sqrt(total);
}

/** into ← Ax for a row-major [m, n] matrix; `into` must not be x. */
export function matrixVector(a: Float64Array, x: Float64Array, into: Float64Array): void {
  const n = x.length;
  const whole = n - (n % 4);
  for (let i = 0, row = 0; i < into.length; i++, row += n) {
    let p = 0;
    let q = 0;
    let r = 0;
    let s = 0;
    for (let j = 0; j < whole; j += 4) {
      p += a[row + j] * x[j];
      q += a[row + j + 1] * x[j + 1];
      r += a[row + j + 2] * x[j + 2];
      s += a[row + j + 3] * x[j + 3];
    }
    for (let j = whole; j < n; j++) p += a[row + j] * x[j];
    into[i] = p + q + (r + s);
  }
}
