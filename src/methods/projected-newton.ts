import { chosen, type OptionsOf } from '../algebra/option.js';
import { DensePath } from '../curvature/dense-path.js';
import { choleskySolve } from '../linalg/cholesky.js';
import { modifiedCholesky } from '../linalg/modified-cholesky.js';
import type { Solver } from '../objective/solver.js';
import { backtracking } from '../search/backtracking.js';
import { boxStep, isFarFromBounds } from '../search/box-step.js';
import { descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { hessianNotFinite } from './hessian-direction.js';

export interface ProjectedNewtonOptions {
  /** How far to go. */
  search?: LineSearch;
}

export const projectedNewtonOptions: OptionsOf<ProjectedNewtonOptions> = {
  search: searchOption(backtracking()),
};

/**
 * Newton's method in a box l ≤ x ≤ u, for few variables: the steepest path that bends at the bounds says which of them
 * hold, and (H + E)p = −g is solved over the other variables, E ≥ 0 diagonal and 0 where their H is positive definite.
 *
 * Converges quadratically once the bounds that hold at the minimum are found. Without bounds, and while none is near,
 * the steps are those of `modifiedNewton` bit for bit.
 * Source: Bertsekas 1982; Byrd, Lu, Nocedal and Zhu 1995, section 4 (the path); Gill and Murray 1974 (E).
 *
 * @example minimize(rosenbrock(2), [-1.2, 1], projectedNewton(), { bounds: { upper: [0.5, 2] } })
 */
export function projectedNewton(options: ProjectedNewtonOptions = {}): Solver {
  const { search } = chosen('projectedNewton', projectedNewtonOptions, options);
  return descend(
    {
      name: 'projectedNewton',
      options: {},
      homogeneous: true,
      bounded: true,
      start(n, evaluations) {
        const { box } = evaluations;
        const hessian = new Float64Array(n * n);
        const workspace = { factor: new Float64Array(n * n), added: new Float64Array(n) };
        const model = new DensePath(n, hessian, workspace.added);
        return {
          propose(at, p) {
            evaluations.hessian(at.x, hessian);
            const factored = modifiedCholesky(hessian, n, workspace);
            if (factored.kind !== 'factored') return hessianNotFinite;
            choleskySolve({ kind: 'factored', n, factor: factored.factor }, at.gradient, p);
            for (let i = 0; i < n; i++) p[i] = -p[i];
            if (box !== undefined && !isFarFromBounds(box, at, p, 1)) boxStep(model, at, box, p);
            return undefined;
          },
        };
      },
    },
    search,
  );
}
