import { choice, chosen, type OptionsOf } from '../algebra/option.js';
import { dot, norm } from '../linalg/vector.js';
import type { Solver } from '../objective/solver.js';
import { carefulFirstLength, type Direction, descend } from '../search/descend.js';
import type { LineSearch } from '../search/line-search.js';
import { searchOption } from '../search/searches.js';
import { strongWolfe } from '../search/strong-wolfe.js';

export interface NonlinearConjugateGradientOptions {
  /** How β is chosen; over the zoo from eight multiples of its starts Polak and Ribière's asks a third less. */
  formula?: 'polakRibiere' | 'hagerZhang';
  /** How far to go: conjugacy wants a nearly exact step. */
  search?: LineSearch;
}

export const nonlinearConjugateGradientOptions: OptionsOf<NonlinearConjugateGradientOptions> = {
  formula: choice('polakRibiere', ['polakRibiere', 'hagerZhang'], 'how β is chosen'),
  search: searchOption(strongWolfe({ c2: 0.1 })),
};

/** η of the lower bound on Hager and Zhang's β. */
const lowerBound = 0.4;

/**
 * Nonlinear conjugate gradients: p⁺ = −g⁺ + βp, x⁺ = x + αp.
 *
 * 'polakRibiere': β = max(0, g⁺ᵀy/gᵀg) (PR+). 'hagerZhang': β = (y − 2p·yᵀy/pᵀy)ᵀg⁺/pᵀy, not below
 * 0.4·gᵀp/pᵀp, which has the units of β whatever those of f and x. A direction that does not descend is replaced by −g. 3n numbers of memory.
 * Source: Polak and Ribière 1969, Powell 1984; Hager and Zhang 2005, equation 1.3; 2013 (the bound).
 *
 * @throws TypeError on an unknown formula
 * @example minimize(rosenbrock(2), [-1.2, 1], nonlinearConjugateGradient())
 */
export function nonlinearConjugateGradient(options: NonlinearConjugateGradientOptions = {}): Solver {
  const { formula, search } = chosen(
    'nonlinearConjugateGradient',
    nonlinearConjugateGradientOptions,
    options,
  );
  return descend(conjugate(formula), search);
}

function conjugate(formula: 'polakRibiere' | 'hagerZhang'): Direction {
  return {
    name: 'nonlinearConjugateGradient',
    options: { formula },
    homogeneous: true,
    firstLength: carefulFirstLength,
    start(n) {
      const p = new Float64Array(n);
      const previous = new Float64Array(n); // the gradient p started from
      let beta = 0;
      let bent = false; // whether the direction proposed was other than −g
      let slope = 0; // gᵀp of the direction proposed, and of the one before it
      let slopeBefore = 0;
      let step = 1;
      return {
        propose(at, into) {
          for (let i = 0; i < n; i++) p[i] = beta * p[i] - at.gradient[i];
          bent = beta !== 0 && dot(p, at.gradient) < 0;
          if (!bent) for (let i = 0; i < n; i++) p[i] = -at.gradient[i];
          slope = dot(p, at.gradient);
          previous.set(at.gradient);
          into.set(p);
          return undefined;
        },
        learn(s, y, at) {
          step = norm(s) / norm(p);
          slopeBefore = slope;
          if (formula === 'polakRibiere') {
            beta = Math.max(0, dot(at.gradient, y) / dot(previous, previous));
            return;
          }
          const curvature = dot(p, y);
          const correction = (2 * dot(y, y)) / curvature;
          const unbounded = (dot(y, at.gradient) - correction * dot(p, at.gradient)) / curvature;
          const least = (lowerBound * slope) / dot(p, p);
          beta = curvature > 0 ? Math.max(unbounded, least) : 0;
        },
        forget() {
          // A last step along it may have taught β = 0; what failed was bent all the same.
          const learnt = bent || beta !== 0;
          beta = 0;
          bent = false;
          return learnt;
        },
        // The decrease to first order is expected to be that of the step before.
        firstStep: (line) => (slopeBefore < 0 ? (step * slopeBefore) / line.slope0 : 1),
      };
    },
  };
}
