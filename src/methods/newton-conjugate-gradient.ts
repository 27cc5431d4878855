import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { dot, matrixVector } from '../linalg/vector.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Solver } from '../objective/solver.js';
import { backtracking } from '../search/backtracking.js';
import { type Direction, descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';

export interface NewtonConjugateGradientOptions {
  /** How far to go. */
  search?: LineSearch;
  /** The inner iteration stops when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖. */
  forcing?: number;
}

export const newtonConjugateGradientOptions: OptionsOf<NewtonConjugateGradientOptions> = {
  search: searchOption(backtracking()),
  forcing: number(0.5, '(0, 1)', 'the inner iteration stops when ‖r‖ ≤ min(forcing, √‖g‖)·‖g‖'),
};

/**
 * Newton–CG: Newton's equations Hp = −g solved by conjugate gradients, cut off early far from the minimum and
 * at the first direction of negative curvature.
 *
 * Needs only products Hv (the problem's, its Hessian's, or differences of its gradient): 5n numbers of memory.
 * Converges superlinearly.
 * Source: Dembo, Eisenstat and Steihaug 1982; Nocedal and Wright 2006, algorithm 7.1.
 *
 * @throws RangeError unless 0 < forcing < 1
 * @example minimize(rosenbrock(2), [-1.2, 1], newtonConjugateGradient())
 */
export function newtonConjugateGradient(options: NewtonConjugateGradientOptions = {}): Solver {
  const { search, forcing } = chosen('newtonConjugateGradient', newtonConjugateGradientOptions, options);
  return descend(truncated(forcing), search);
}

function truncated(forcing: number): Direction {
  return {
    name: 'newtonConjugateGradient',
    options: { forcing },
    homogeneous: true,
    start(n, evaluations) {
      const r = new Float64Array(n);
      const d = new Float64Array(n);
      const hd = new Float64Array(n);
      const apply = products(evaluations);
      return {
        propose(at, p) {
          apply.moveTo(at.x);
          for (let i = 0; i < n; i++) d[i] = -at.gradient[i];
          r.set(at.gradient);
          p.fill(0);
          let rr = dot(r, r);
          const size = Math.sqrt(rr);
          const enough = Math.min(forcing, Math.sqrt(size)) * size;
          for (let k = 0; k < 2 * n + 10; k++) {
            apply.to(d, hd);
            const curvature = dot(d, hd);
            if (Number.isNaN(curvature)) {
              return { kind: 'nonFinite', message: 'a product with the Hessian is not finite' };
            }
            if (curvature <= Number.EPSILON * dot(d, d)) {
              if (k === 0) p.set(d); // steepest descent: nothing better is known
              break;
            }
            const alpha = rr / curvature;
            for (let i = 0; i < n; i++) {
              p[i] += alpha * d[i];
              r[i] += alpha * hd[i];
            }
            const next = dot(r, r);
            if (Math.sqrt(next) <= enough) break;
            for (let i = 0; i < n; i++) d[i] = (next / rr) * d[i] - r[i];
            rr = next;
          }
          return undefined;
        },
      };
    },
  };
}

/** v ↦ Hv at x: by the user's product or differences of the gradient; by the Hessian where only that is given. */
function products(evaluations: Evaluations) {
  let at: Float64Array = new Float64Array(0);
  const hessian = new Float64Array(evaluations.matrixFree ? 0 : evaluations.n ** 2);
  return {
    moveTo(x: Float64Array) {
      at = x;
      if (!evaluations.matrixFree) evaluations.hessian(x, hessian);
    },
    to(v: Float64Array, into: Float64Array) {
      if (evaluations.matrixFree) evaluations.hessianVectorProduct(at, v, into);
      else matrixVector(hessian, v, into);
    },
  };
}
