import { chosen, number } from '../algebra/option.js';
import type { LineSearch } from './line-search.js';

export const fixedStepOptions = { alpha: number(1, '(0, ∞)', 'α, the length of every step') };

/**
 * Takes x⁺ = x + αp whatever happens to f: the step of the textbooks, without safety.
 *
 * @throws RangeError unless α > 0
 * @example bfgs({ search: fixedStep(0.15) })
 */
export function fixedStep(alpha = fixedStepOptions.alpha.default): LineSearch {
  chosen('fixedStep', fixedStepOptions, { alpha });
  return {
    name: 'fixedStep',
    options: { alpha },
    search: (line) => (line.tryStep(alpha) ? 'found' : 'nonFinite'),
  };
}
