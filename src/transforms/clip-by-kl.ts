import { chosen, number } from '../algebra/option.js';
import { mapTree, treeDot } from '../algebra/tree.js';
import { type Context, type MeasureDescription, type Step, stateless, type Transform } from './transform.js';

const options = {
  most: number(
    0.1,
    '(0, ∞)',
    'c, the most that a step of rate 1 may change the outputs’ distribution, as uᵀCu',
  ),
};

const measures: readonly MeasureDescription[] = [
  {
    name: 'kl',
    kind: 'number',
    meaning: 'gᵀu: twice what a step of rate 1 changes the outputs’ distribution by',
  },
];

/**
 * Shortens a natural gradient u = C⁻¹g that would change the model's distribution too much: u ← u·min(1, √(c/gᵀu)),
 * since ½uᵀCu is the Kullback–Leibler divergence to second order. A rate η that follows changes it by η² times that.
 *
 * Measures `kl`, before clipping. A divergence ≤ 0 is not clipped.
 * Source: Ba, Grosse and Martens 2017, section 5, with c for their κ/η².
 *
 * @throws RangeError unless most > 0
 * @example chain(precondition(kroneckerCurvature()), clipByKl(0.1), learningRate(0.1))
 */
export function clipByKl(most = options.most.default): Transform {
  chosen('clipByKl', options, { most });
  return {
    name: 'clipByKl',
    options: { most },
    measures,
    init: () => stateless,
    update<T>({ algebra, update, gradient }: Context<T>): Step<T> {
      const kl = treeDot(algebra, gradient, update);
      // √(c / max(kl, c)) is 1 up to c, and NaN where kl is.
      const factor = algebra.sqrt(algebra.div(algebra.fill([], most), algebra.max(kl, most)));
      return {
        update: mapTree(algebra, (u) => algebra.mul(u, factor), update),
        state: stateless,
        measures: { kl },
      };
    },
  };
}
