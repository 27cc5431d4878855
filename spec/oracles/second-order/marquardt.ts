import type { Residuals } from '../../../src/index.js';
import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { LeastSquaresSubject } from '../../subjects/second-order/subject.js';
import { inner, leastSquaresSolution, plus, times, transposed } from '../dense/matrices.js';
import { solved } from '../newton.js';
import { type DampedParts, dampedTrace } from './damped-trace.js';

/** Levenberg and Marquardt on residuals: [J; √δD]p = −[r; 0] by orthogonalization, accepted where ‖r‖ falls. */
export function naiveMarquardt(
  parts: DampedParts,
  { name = 'levenbergMarquardt (naive)', claims = secondOrderClaims.levenbergMarquardt } = {},
): LeastSquaresSubject {
  const {
    step = augmented,
    scale = (j, n, scaling) =>
      Float64Array.from({ length: n }, (_, k) => (scaling === 'identity' ? 1 : squaredColumn(j, n, k) || 1)),
    predicted = (j, r, p) => -inner(r, times(j, p)) - inner(times(j, p), times(j, p)) / 2,
  } = parts;
  return {
    kind: 'leastSquares',
    name,
    method: 'levenbergMarquardt',
    epsilon: 2 ** -52,
    claims,
    trace: (problem, start, steps, choices) =>
      dampedTrace(parts, start, steps, choices, {
        value: (x) => inner(problem.residuals(x), problem.residuals(x)) / 2,
        curvature: (x, n) => {
          const j = problem.jacobian(x);
          return Math.max(...Array.from({ length: n }, (_, k) => squaredColumn(j, n, k))) || 1;
        },
        trial(x, delta) {
          const [j, r] = [problem.jacobian(x), problem.residuals(x)];
          const d = scale(j, x.length, choices.scaling ?? 'diagonal');
          const p = step(
            j,
            r,
            d.map((di) => delta * di),
          );
          return { p, predicted: predicted(j, r, p) };
        },
      }),
    scope: (body) => body(),
  };
}

export const marquardtOracle = naiveMarquardt({});

/** Gauss–Newton by orthogonalization. */
export function naiveGaussNewton(
  step: (j: Float64Array, r: Float64Array, n: number) => Float64Array = (j, r, n) =>
    leastSquaresSolution(
      j,
      r.map((ri) => -ri),
      n,
    ),
  { name = 'gaussNewton (naive)', claims = secondOrderClaims.gaussNewton } = {},
): LeastSquaresSubject {
  return {
    kind: 'leastSquares',
    name,
    method: 'gaussNewton',
    epsilon: 2 ** -52,
    claims,
    trace(problem: Required<Residuals>, start, steps, { step: length = 1 }) {
      const points: Float64Array[] = [Float64Array.from(start)];
      for (let k = 0; k < steps; k++) {
        const x = points[k];
        const p = step(problem.jacobian(x), problem.residuals(x), x.length);
        points.push(plus(x, p, Number(length)));
      }
      return { points, trials: points.slice(1).map((x) => [{ x }]) };
    },
    scope: (body) => body(),
  };
}

export const gaussNewtonOracle = naiveGaussNewton();

/** JᵀJ + δD² solved as it stands, whose condition is squared. */
export function normalEquations(j: Float64Array, r: Float64Array, damping: Float64Array): Float64Array {
  const n = damping.length;
  const turned = transposed(j, r.length);
  const square = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      square[i * n + k] = inner(
        turned.subarray(i * r.length, (i + 1) * r.length),
        turned.subarray(k * r.length, (k + 1) * r.length),
      );
    }
    square[i * n + i] += damping[i];
  }
  return Float64Array.from(solved(square, [...times(turned, r)]), (entry) => -entry);
}

function augmented(j: Float64Array, r: Float64Array, damping: Float64Array): Float64Array {
  const n = damping.length;
  const rows = [
    ...j,
    ...[...damping].flatMap((d, i) => Array.from(damping, (_, k) => (i === k ? Math.sqrt(d) : 0))),
  ];
  return leastSquaresSolution(Float64Array.from(rows), [...r.map((ri) => -ri), ...new Float64Array(n)], n);
}

function squaredColumn(j: Float64Array, n: number, k: number): number {
  let total = 0;
  for (let at = k; at < j.length; at += n) total += j[at] * j[at];
  return total;
}
