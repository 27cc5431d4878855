import { inRange } from '../algebra/argument.js';
import type { LineSearch } from './line-search.js';

/**
 * Takes x⁺ = x + αp whatever happens to f: the step of the textbooks, without safety.
 *
 * @throws RangeError unless α > 0
 * @example bfgs({ search: fixedStep(0.15) })
 */
export function fixedStep(alpha = 1): LineSearch {
  inRange('fixedStep', 'alpha', alpha, '(0, ∞)');
  return {
    name: 'fixedStep',
    options: { alpha },
    search: (line) => (line.tryStep(alpha) ? 'found' : 'nonFinite'),
  };
}
