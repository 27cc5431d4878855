import { chosen, type OptionsOf, option } from '../algebra/option.js';
import type { Iterate } from '../objective/iterate.js';
import { lengthAt } from '../objective/own-units.js';
import type { Solver } from '../objective/solver.js';
import { solverMeasures } from '../objective/solver-measures.js';
import { univariate } from './univariate-newton.js';

export interface SecantOptions {
  /** x₋₁ − x₀, the distance to the second starting point; 'relative' is a hundredth of |x₀|, at 0 of |f/f′|. */
  offset?: number | 'relative';
}

export const secantOptions: OptionsOf<SecantOptions> = {
  offset: option<number | 'relative'>(
    'relative',
    {
      kind: 'either',
      of: [
        { kind: 'number', interval: '(-∞, 0)', whole: false },
        { kind: 'number', interval: '(0, ∞)', whole: false },
        { kind: 'words', words: ['relative'] },
      ],
    },
    'x₋₁ − x₀, the distance to the second starting point',
  ),
};

/**
 * The secant method for f′ = 0 in one variable: x⁺ = x − f′(x)(x − x₋)/(f′(x) − f′(x₋)).
 *
 * Newton's method with f″ estimated from the last two slopes: one gradient a step, of order 1.618, with
 * e⁺/(e·e₋) → f‴/2f″. It ends with the same named failures.
 * Source: Ortega and Rheinboldt 1970, section 7.2; Papakonstantinou and Tapia 2013 (history).
 *
 * @throws RangeError on an offset of 0 or a function of more than one variable
 * @example minimize({ value: ([x]) => x ** 4 - x }, [1], secant())
 */
export function secant(options: SecantOptions = {}): Solver {
  const { offset } = chosen('secant', secantOptions, options);
  return {
    name: 'secant',
    measures: solverMeasures('curvature'),
    options: { offset },
    start(evaluations, at) {
      let previous = at.x[0] + (offset === 'relative' ? lengthOf(at) / 100 : offset);
      const slopeAtPrevious = new Float64Array(1);
      if (evaluations.n === 1) evaluations.gradient(Float64Array.of(previous), slopeAtPrevious);
      return univariate('secant', evaluations, at, ([x], [slope]) => {
        const curvature = (slope - slopeAtPrevious[0]) / (x - previous);
        previous = x;
        slopeAtPrevious[0] = slope;
        return { curvature, stepLength: 1 };
      });
    },
  };
}

/** How long the start is; 1 where nothing tells. */
function lengthOf(at: Iterate): number {
  const length = lengthAt(at);
  return length > 0 && Number.isFinite(length) ? length : 1;
}
