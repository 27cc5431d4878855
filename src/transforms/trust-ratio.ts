import { chosen, number } from '../algebra/option.js';
import { mapTree } from '../algebra/tree.js';
import { type Context, type MeasureDescription, type Step, stateless, type Transform } from './transform.js';

export interface TrustRatioOptions {
  /** c > 0: the length of an update relative to its weights. */
  coefficient?: number;
  /** ε ≥ 0, added to ‖u‖. */
  epsilon?: number;
}

export const trustRatioOptions = {
  coefficient: number(1, '(0, ∞)', 'c, the length of an update relative to its weights'),
  epsilon: number(0, '[0, ∞)', 'ε, added to the norm of the update'),
};

const measures: readonly MeasureDescription[] = [
  { name: 'smallest trust ratio', kind: 'number', meaning: 'min c‖x‖/(‖u‖ + ε) over the leaves' },
  { name: 'largest trust ratio', kind: 'number', meaning: 'max c‖x‖/(‖u‖ + ε) over the leaves' },
];

/**
 * Makes each leaf's update as long as its weights are: u ← u·c‖x‖/(‖u‖ + ε), leaf by leaf.
 *
 * A leaf whose weights or whose update are all zero passes unchanged, so that a layer that starts at zero can
 * leave it. Measures the smallest and the largest factor. The weight decay belongs before it. A norm that overflows makes the update NaN.
 *
 * Source: You, Gitman and Ginsburg 2017, equation 6 (LARS; there the denominator is ‖g‖ + λ‖x‖, here, as in
 * LAMB and in today's implementations, the norm of the sum); You et al. 2020, algorithm 2 (LAMB, φ(z) = z).
 *
 * @throws RangeError on a value outside its interval
 * @example chain(weightDecay(1e-4), trustRatio({ coefficient: 0.001 }), momentum(0.9), learningRate(1))
 */
export function trustRatio(options: TrustRatioOptions = {}): Transform {
  const { coefficient, epsilon } = chosen('trustRatio', trustRatioOptions, options);
  return {
    name: 'trustRatio',
    options: { coefficient, epsilon },
    measures,
    init: () => stateless,
    update<T>({ algebra, update, parameters }: Context<T>): Step<T> {
      const factors: T[] = [];
      const norm = (x: T) => algebra.sqrt(algebra.dot(x, x));
      const scaled = (u: T, x: T) => {
        const length = norm(u);
        const weight = norm(x);
        // 0 where both norms are positive, 1 where one is zero, NaN where one is NaN: selects without a branch.
        const positive = algebra.mul(algebra.sign(weight), algebra.sign(length));
        const empty = algebra.sub(algebra.fill([], 1), positive);
        const divisor = algebra.add(algebra.add(length, epsilon), empty);
        const ratio = algebra.div(algebra.mul(weight, coefficient), divisor);
        const overflow = algebra.mul(length, 0); // 0, or NaN for an infinite norm
        const factor = algebra.add(algebra.add(algebra.mul(ratio, positive), empty), overflow);
        factors.push(factor);
        return algebra.mul(u, factor);
      };
      const made = { update: mapTree(algebra, scaled, update, parameters), state: stateless };
      if (factors.length === 0) return made;
      return {
        ...made,
        measures: {
          'smallest trust ratio': factors.reduce((least, factor) => algebra.min(least, factor)),
          'largest trust ratio': factors.reduce((most, factor) => algebra.max(most, factor)),
        },
      };
    },
  };
}
