import { chosen, number } from '../algebra/option.js';
import { mapTree } from '../algebra/tree.js';
import { type Context, type Step, stateless, type Transform } from './transform.js';

const options = { most: number(1, '(0, ∞)', 'c, the largest entry let through') };

/**
 * Brings every entry into [−c, c]: u ← max(−c, min(c, u)). Elementwise; a NaN stays a NaN.
 *
 * Unlike {@link clipByNorm} it changes the direction.
 *
 * @throws RangeError unless most > 0
 * @example chain(clipByValue(0.5), learningRate(0.1))
 */
export function clipByValue(most = options.most.default): Transform {
  chosen('clipByValue', options, { most });
  return {
    name: 'clipByValue',
    options: { most },
    init: () => stateless,
    update<T>({ algebra, update }: Context<T>): Step<T> {
      const clipped = mapTree(algebra, (u) => algebra.max(algebra.min(u, most), -most), update);
      return { update: clipped, state: stateless };
    },
  };
}
