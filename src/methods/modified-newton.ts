import { chosen, type OptionsOf } from '../algebra/option.js';
import { choleskySolve } from '../linalg/cholesky.js';
import { modifiedCholesky } from '../linalg/modified-cholesky.js';
import type { Solver } from '../objective/solver.js';
import { backtracking } from '../search/backtracking.js';
import { descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { hessianDirection, hessianNotFinite } from './hessian-direction.js';

export interface ModifiedNewtonOptions {
  /** How far to go. */
  search?: LineSearch;
}

export const modifiedNewtonOptions: OptionsOf<ModifiedNewtonOptions> = {
  search: searchOption(backtracking()),
};

/**
 * Newton's method with a modified Cholesky factorization: x⁺ = x − α(H + E)⁻¹g, E ≥ 0 diagonal and as small as
 * makes H + E safely positive definite.
 *
 * It descends from everywhere, saddles aside, and is Newton's method near a minimum.
 * Source: Gill and Murray 1974; Nocedal and Wright 2006, algorithm 3.2.
 *
 * @example minimize(rosenbrock(2), [-1.2, 1], modifiedNewton())
 */
export function modifiedNewton(options: ModifiedNewtonOptions = {}): Solver {
  const { search } = chosen('modifiedNewton', modifiedNewtonOptions, options);
  return descend(
    hessianDirection('modifiedNewton', {}, (n) => {
      const workspace = { factor: new Float64Array(n * n), added: new Float64Array(n) };
      return (hessian, gradient, p) => {
        const factored = modifiedCholesky(hessian, n, workspace);
        if (factored.kind !== 'factored') return hessianNotFinite;
        choleskySolve({ kind: 'factored', n, factor: factored.factor }, gradient, p);
        for (let i = 0; i < n; i++) p[i] = -p[i];
        return undefined;
      };
    }),
    search,
  );
}
