/** The plain central difference with the step ε^⅓·max(1, |x|), for functions of variables about 1. */
const stepAt = (x: number) => Math.cbrt(2 ** -52) * Math.max(1, Math.abs(x));

/** The Jacobian of a vector function, row-major m×n. */
export function plainJacobian(
  f: (x: Float64Array) => ArrayLike<number>,
  x: Float64Array,
  into: Float64Array,
): void {
  const n = x.length;
  for (let j = 0; j < n; j++) {
    const [above, below] = [x.slice(), x.slice()];
    above[j] += stepAt(x[j]);
    below[j] -= stepAt(x[j]);
    const [high, low] = [Float64Array.from(f(above)), Float64Array.from(f(below))];
    for (let i = 0; i < high.length; i++) into[i * n + j] = (high[i] - low[i]) / (above[j] - below[j]);
  }
}

/** The Hessian from a gradient, symmetrised. */
export function plainHessian(
  gradient: (x: Float64Array) => Float64Array,
  x: Float64Array,
  into: Float64Array,
): void {
  const n = x.length;
  plainJacobian(gradient, x, into);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) into[i * n + j] = into[j * n + i] = (into[i * n + j] + into[j * n + i]) / 2;
  }
}
