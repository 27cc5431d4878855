import { number } from '../algebra/option.js';
import { mapTree } from '../algebra/tree.js';
import { type Context, type Step, stateless, type Transform } from './transform.js';

/**
 * Scales an update: u ← c·u. For groups whose rates are to stand in a fixed ratio under one learning rate.
 *
 * @throws RangeError unless factor ≥ 0
 * @example
 * grouped((path) => (path.endsWith('bias') ? 'bias' : 'kernel'), { kernel: sign(), bias: chain(sign(), scale(0.1)) })
 */
export function scale(factor: number): Transform {
  number(1, '[0, ∞)', 'c').check('scale', 'factor', factor);
  return {
    name: 'scale',
    options: { factor },
    init: () => stateless,
    update: <T>({ algebra, update }: Context<T>): Step<T> => ({
      update: mapTree(algebra, (u) => algebra.mul(u, factor), update),
      state: stateless,
    }),
  };
}
