import { chosen, number } from '../algebra/option.js';
import { mapTree, treeDot } from '../algebra/tree.js';
import { type Context, type MeasureDescription, type Step, stateless, type Transform } from './transform.js';

const options = { most: number(1, '(0, ∞)', 'c, the longest update let through') };

const measures: readonly MeasureDescription[] = [
  { name: 'kept', kind: 'number', meaning: 'min(1, c/‖u‖), the share of the update that clipping kept' },
];

/**
 * Shortens an update that is too long, keeping its direction: u ← u·min(1, c/‖u‖), where ‖u‖ is the Euclidean
 * norm over all leaves together. An update no longer than c passes bit for bit.
 *
 * Measures `kept`, the factor. A norm that overflows makes the update NaN, which ends the run; it does not make it zero.
 *
 * Source: Pascanu, Mikolov and Bengio 2013, algorithm 1.
 *
 * @throws RangeError unless most > 0
 * @example chain(clipByNorm(1), momentum(0.9), learningRate(0.1))
 */
export function clipByNorm(most = options.most.default): Transform {
  chosen('clipByNorm', options, { most });
  return {
    name: 'clipByNorm',
    options: { most },
    measures,
    init: () => stateless,
    update<T>({ algebra, update }: Context<T>): Step<T> {
      const norm = algebra.sqrt(treeDot(algebra, update, update));
      const shortened = algebra.div(algebra.fill([], most), algebra.max(norm, most)); // exactly 1 if not longer
      const overflow = algebra.mul(norm, 0); // 0, or NaN for an infinite norm
      const factor = algebra.add(shortened, overflow);
      const clipped = mapTree(algebra, (u) => algebra.mul(u, factor), update);
      return { update: clipped, state: stateless, measures: { kept: factor } };
    },
  };
}
