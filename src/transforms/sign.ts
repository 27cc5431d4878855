import { mapTree } from '../algebra/tree.js';
import { type Context, type Step, stateless, type Transform } from './transform.js';

/**
 * Keeps of each entry only its sign: u ← sign(u), with sign(0) = 0. A NaN stays a NaN.
 *
 * Source: Bernstein et al. 2018, algorithm 1 (signSGD).
 *
 * @example chain(sign(), learningRate(0.001))
 */
export function sign(): Transform {
  return {
    name: 'sign',
    options: {},
    init: () => stateless,
    update: <T>({ algebra, update }: Context<T>): Step<T> => ({
      update: mapTree(algebra, (u) => algebra.sign(u), update),
      state: stateless,
    }),
  };
}
