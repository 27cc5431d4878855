import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { SolverSubject } from '../../subjects/second-order/subject.js';
import { inner, times } from '../dense/matrices.js';
import { type DampedParts, dampedTrace } from './damped-trace.js';

/** The same on any function: p = −(H + δD)⁻¹g, where that is positive definite. */
export function naiveDampedHessian(
  parts: DampedParts,
  { name = 'levenbergMarquardtNewton (naive)', claims = secondOrderClaims.levenbergMarquardtNewton } = {},
): SolverSubject {
  const {
    scale = (h, n, scaling) =>
      Float64Array.from({ length: n }, (_, k) =>
        scaling === 'identity' ? 1 : Math.abs(h[k * (n + 1)]) || 1,
      ),
    predicted = (h, g, p) => -inner(g, p) - inner(p, times(h, p)) / 2,
  } = parts;
  return {
    kind: 'solver',
    name,
    method: 'levenbergMarquardtNewton',
    epsilon: 2 ** -52,
    claims,
    trace: (problem, start, steps, choices) =>
      dampedTrace(parts, start, steps, choices, {
        value: problem.value,
        curvature: (x, n) =>
          Math.max(...Array.from({ length: n }, (_, k) => Math.abs(problem.hessian!(x)[k * (n + 1)]))) || 1,
        trial(x, delta) {
          const [h, g] = [problem.hessian!(x), problem.gradient!(x)];
          const n = x.length;
          const d = scale(h, n, choices.scaling ?? 'diagonal');
          const damped = h.map((entry, at) => (at % (n + 1) === 0 ? entry + delta * d[at % n] : entry));
          if (!definite(damped, n)) return undefined;
          const p = byElimination(damped, g);
          return { p, predicted: predicted(h, g, p) };
        },
      }),
    scope: (body) => body(),
  };
}

export const dampedHessianOracle = naiveDampedHessian({});

/** p = −A⁻¹g by elimination without pivoting, in which scaling by powers of two is exact. */
function byElimination(matrix: Float64Array, g: Float64Array): Float64Array {
  const n = g.length;
  const a = matrix.slice();
  const p = g.map((gi) => -gi);
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      for (let j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      p[i] -= factor * p[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) p[i] -= a[i * n + j] * p[j];
    p[i] /= a[i * n + i];
  }
  return p;
}

/** Whether elimination meets positive pivots only. */
function definite(matrix: Float64Array, n: number): boolean {
  const a = matrix.slice();
  for (let k = 0; k < n; k++) {
    if (!(a[k * n + k] > 0)) return false;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      for (let j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return true;
}
