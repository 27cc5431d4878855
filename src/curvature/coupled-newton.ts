import type { Algebra } from '../algebra/algebra.js';

export interface CoupledNewtonOptions {
  /** Added to the diagonal, relative to the largest eigenvalue; default 0. */
  ridge?: number;
  /** Where ‖M − I‖/√n is small enough for one last step to square it; default √ε of the arithmetic. */
  tolerance?: number;
  /** Default 100. */
  iterations?: number;
}

export type CoupledNewton<T> =
  | { readonly kind: 'inverted'; readonly root: T; readonly residual: number; readonly iterations: number }
  | { readonly kind: 'notConverged'; readonly residual: number; readonly iterations: number };

/**
 * A^(−1/p) by matrix products alone: Newton's iteration for the inverse p-th root, coupled with M = Xᵖ(A + ridge·λ₁I)
 * so that it is stable: T = ((p + 1)I − M)/p, X ← XT, M ← TᵖM, from X = z^(1/p)I, M = z(A + ridge·λ₁I) with
 * z = (p + 1)/(2‖A + ridge·λ₁I‖).
 *
 * λ₁ comes from power iteration, from below; the norm is Frobenius', which is no smaller than it, so that M starts
 * with eigenvalues in (0, (p + 1)/2]. A reading of one number an iteration tells how far M is from I; it ends where
 * that is below the tolerance, after one more step, and fails where it stops falling first.
 *
 * @param a n×n, symmetric positive definite, or semidefinite with a ridge
 * @param p whole, ≥ 1
 * Source: Guo and Higham 2006, equation 3.9 and section 4.
 *
 * @example coupledNewtonRoot(float64, float64.array([4, 0, 0, 16], [2, 2]), 2) // root: [0.5, 0, 0, 0.25]
 */
export function coupledNewtonRoot<T>(
  algebra: Algebra<T>,
  a: T,
  p: number,
  options: CoupledNewtonOptions = {},
): CoupledNewton<T> {
  const { ridge = 0, tolerance = Math.sqrt(algebra.epsilon), iterations: most = 100 } = options;
  const [n] = algebra.shape(a);
  const identity = identityOf(algebra, n);
  return algebra.scope(() => {
    const shift = ridge === 0 ? 0 : ridge * largestEigenvalue(algebra, a);
    const shifted = shift === 0 ? a : algebra.combine(1, a, shift, identity);
    const norm = Math.sqrt(algebra.number(algebra.dot(shifted, shifted)));
    const z = (p + 1) / (2 * norm);
    let x = algebra.mul(identity, z ** (1 / p));
    let m = algebra.mul(shifted, z);
    let residual = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration <= most; iteration++) {
      const gap = algebra.sub(m, identity);
      const now = Math.sqrt(algebra.number(algebra.dot(gap, gap)) / n);
      const t = algebra.combine((p + 1) / p, identity, -1 / p, m);
      if (now <= tolerance) {
        const root = symmetrised(algebra, algebra.matmul(x, t));
        return { kind: 'inverted', root, residual: now, iterations: iteration };
      }
      // While M is far from I the distance may stand still; near it, it must fall.
      const stuck = now < 0.5 && now >= residual;
      residual = now;
      if (stuck || !Number.isFinite(now) || iteration === most) break;
      x = algebra.matmul(x, t);
      m = algebra.matmul(power(algebra, t, p), m);
    }
    return { kind: 'notConverged', residual, iterations: most };
  });
}

/** λ₁ of a positive semidefinite matrix by 10 steps of power iteration from its column sums, from below. */
export function largestEigenvalue<T>(algebra: Algebra<T>, a: T): number {
  const [n] = algebra.shape(a);
  return algebra.scope(() => {
    let v = algebra.fill([n, 1], 1);
    let value = 0;
    for (let step = 0; step < 10; step++) {
      const image = algebra.matmul(a, v);
      value = Math.sqrt(algebra.number(algebra.dot(image, image)));
      if (!(value > 0)) return value;
      v = algebra.div(image, value);
    }
    return value;
  });
}

/** tᵖ by squaring. */
function power<T>(algebra: Algebra<T>, t: T, p: number): T {
  if (p === 1) return t;
  const half = power(algebra, t, Math.floor(p / 2));
  const even = algebra.matmul(half, half);
  return p % 2 === 0 ? even : algebra.matmul(even, t);
}

function symmetrised<T>(algebra: Algebra<T>, x: T): T {
  return algebra.combine(0.5, x, 0.5, algebra.transpose(x));
}

function identityOf<T>(algebra: Algebra<T>, n: number): T {
  const entries = new Float64Array(n * n);
  for (let i = 0; i < n; i++) entries[i * n + i] = 1;
  return algebra.array(entries, [n, n]);
}
