import { chosen, number } from '../algebra/option.js';
import { dot, norm } from '../linalg/vector.js';
import { type Subproblem, type SubproblemEnd, toBoundary } from './quadratic-model.js';

export const steihaugOptions = {
  forcing: number(0.5, '(0, 1)', 'conjugate gradients stop when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖'),
};

/**
 * Minimizes the model in a trust region by conjugate gradients, which stop at the boundary, at a direction of
 * negative curvature, or when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖.
 *
 * Needs only products Hv. The first iterate is Cauchy's point, and each later one is lower and farther out.
 * Source: Steihaug 1983; Toint 1981; Nocedal and Wright 2006, algorithm 7.2.
 *
 * @throws RangeError unless 0 < forcing < 1
 * @example trustRegion({ subproblem: steihaug() })
 */
export function steihaug(forcing = steihaugOptions.forcing.default): Subproblem {
  chosen('steihaug', steihaugOptions, { forcing });
  return {
    name: 'steihaug',
    start(n) {
      const r = new Float64Array(n);
      const d = new Float64Array(n);
      const hd = new Float64Array(n);
      return {
        solve(model, radius, p): SubproblemEnd {
          const { gradient } = model;
          p.fill(0);
          r.set(gradient);
          for (let i = 0; i < n; i++) d[i] = -gradient[i];
          let rr = dot(r, r);
          const size = Math.sqrt(rr);
          const enough = Math.min(forcing, Math.sqrt(size)) * size;
          for (let k = 0; k < 2 * n + 10; k++) {
            model.apply(d, hd);
            const curvature = dot(d, hd);
            const alpha = rr / curvature;
            if (!(curvature > 0) || lengthAfter(p, d, alpha) >= radius) {
              addScaled(p, toBoundary(p, d, radius), d);
              return { multiplier: Number.NaN, onBoundary: true, negativeCurvature: !(curvature > 0) };
            }
            addScaled(p, alpha, d);
            addScaled(r, alpha, hd);
            const next = dot(r, r);
            if (Math.sqrt(next) <= enough) break;
            const beta = next / rr;
            rr = next;
            for (let i = 0; i < n; i++) d[i] = beta * d[i] - r[i];
          }
          return { multiplier: Number.NaN, onBoundary: norm(p) >= radius, negativeCurvature: false };
        },
      };
    },
  };
}

function addScaled(x: Float64Array, a: number, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] += a * y[i];
}

function lengthAfter(p: Float64Array, d: Float64Array, alpha: number): number {
  return Math.sqrt(dot(p, p) + 2 * alpha * dot(p, d) + alpha * alpha * dot(d, d));
}
