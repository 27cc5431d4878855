import { chosen, type OptionsOf, whole } from '../algebra/option.js';
import { CompactHessian } from '../curvature/compact-hessian.js';
import { curvatureOf, pairsOf } from '../curvature/limited-memory.js';
import type { Solver } from '../objective/solver.js';
import { boxStep, isFarFromBounds } from '../search/box-step.js';
import { type Direction, descend, firstStepAlong } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { strongWolfe } from '../search/strong-wolfe.js';
import { limitedMemory } from './lbfgs.js';

export interface LbfgsbOptions {
  /** How far to go. */
  search?: LineSearch;
  /** m, how many pairs are kept. */
  memory?: number;
}

export const lbfgsbOptions: OptionsOf<LbfgsbOptions> = {
  search: searchOption(strongWolfe()),
  memory: whole(10, '[1, ∞)', 'm, how many pairs are kept'),
};

/**
 * L-BFGS-B: L-BFGS in a box l ≤ x ≤ u, of any number of variables.
 *
 * The model gᵀp + ½pᵀBp of the last m pairs is minimized along the steepest path that bends at the bounds, then over
 * the variables that are free there; a search goes on from x towards that point. Without bounds, and while none is
 * near, the steps are those of `lbfgs` bit for bit. 4mn numbers of memory.
 * Source: Byrd, Lu, Nocedal and Zhu 1995; Morales and Nocedal 2011.
 *
 * @throws RangeError unless memory is a whole number ≥ 1
 * @example minimize(rosenbrock(2), [-1.2, 1], lbfgsb(), { bounds: { upper: [0.5, 2] } })
 */
export function lbfgsb(options: LbfgsbOptions = {}): Solver {
  const { search, memory } = chosen('lbfgsb', lbfgsbOptions, options);
  return descend(boundedMemory(memory), search);
}

function boundedMemory(memory: number): Direction {
  const unbounded = limitedMemory(memory, true);
  return {
    ...unbounded,
    name: 'lbfgsb',
    options: { memory },
    bounded: true,
    start(n, evaluations) {
      const { box } = evaluations;
      if (box === undefined) return unbounded.start(n, evaluations);
      const pairs = pairsOf(n, memory);
      const model = new CompactHessian(n, memory);
      return {
        propose(at, p) {
          const gamma = pairs.scaling();
          pairs.multiply(at.gradient, gamma, p);
          for (let i = 0; i < n; i++) p[i] = -p[i];
          // Before the first pair the model is as curved as puts its minimum along −g at the first step.
          const first = pairs.count > 0 ? 1 : firstStepAlong(at, box.free(at.x, at.gradient));
          if (isFarFromBounds(box, at, p, first)) return undefined;
          if (model.refresh(1 / (gamma * first))) boxStep(model, at, box, p);
          else p.fill(0);
          return undefined;
        },
        learn(s, y, at) {
          const curvature = curvatureOf(s, y);
          if (curvature === 0) return;
          pairs.push(s, y, curvature, at.gradient);
          model.push(s, y, curvature);
        },
        forget() {
          if (pairs.count === 0) return false;
          pairs.forget();
          model.forget();
          return true;
        },
      };
    },
  };
}
