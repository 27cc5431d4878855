import type { Minimization } from '../../../src/index.js';
import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { SolverSubject, Trial } from '../../subjects/second-order/subject.js';
import { inner, plus, times } from '../dense/matrices.js';
import { eigenSolve } from './regions.js';

/** What of a trust region may be done wrong. */
export interface RegionParts {
  /** Δ after a trial of this length and gain ratio. */
  next?(radius: number, gainRatio: number, length: number): number;
  predicted?(hessian: Float64Array, gradient: Float64Array, p: Float64Array): number;
}

/** The trust-region method in the eigenbasis. */
export function naiveTrustRegion(
  { next = radiusRule, predicted = (h, g, p) => -inner(g, p) - inner(p, times(h, p)) / 2 }: RegionParts,
  { name = 'trustRegion (naive)', claims = secondOrderClaims.trustRegion } = {},
): SolverSubject {
  return {
    kind: 'solver',
    name,
    method: 'trustRegion',
    epsilon: 2 ** -52,
    claims,
    trace(problem: Minimization, start, steps, { radius = 1 }) {
      const points: Float64Array[] = [Float64Array.from(start)];
      const trials: Trial[][] = [];
      let now = radius;
      for (let k = 0; k < steps; k++) {
        const x = points[k];
        const [g, h] = [problem.gradient!(x), problem.hessian!(x)];
        const tried: Trial[] = [];
        while (tried.length < 30 && points.length === k + 1) {
          const p = eigenSolve(g, h, now).step;
          const there = plus(x, p);
          const promised = predicted(h, g, p);
          if (!(promised > 2 ** -48 * Math.abs(problem.value(x)))) break;
          const gainRatio = (problem.value(x) - problem.value(there)) / promised;
          tried.push({ x: there, radius: now, gainRatio });
          now = next(now, gainRatio, Math.hypot(...p));
          if (gainRatio > 1e-4) points.push(there);
        }
        if (tried.length > 0) trials.push(tried);
        if (points.length === k + 1) break;
      }
      return { points, trials };
    },
    scope: (body) => body(),
  };
}

export function radiusRule(radius: number, gainRatio: number, length: number): number {
  if (!(gainRatio >= 0.25)) return length / 4;
  return gainRatio > 0.75 && length >= 0.99 * radius ? 2 * radius : radius;
}

export const trustRegionOracle = naiveTrustRegion({});
