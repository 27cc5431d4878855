import type { Outcome } from '../objective/outcome.js';

/** How runs of least squares end, the same for all methods. */
export const stepVanished: Outcome = { kind: 'converged', message: 'the step no longer changes x' };
export const atPrecision: Outcome = {
  kind: 'converged',
  message: 'no step changes the sum of squares by more than its rounding error',
};

/** A step that changes each variable by less than this fraction changes nothing. */
const shortest = 4 * Number.EPSILON;

/** Whether x + αp is x to a few units in the last place. */
export function vanishes(p: Float64Array, x: Float64Array, alpha = 1): boolean {
  for (let j = 0; j < p.length; j++) if (Math.abs(alpha * p[j]) > shortest * Math.abs(x[j])) return false;
  return true;
}
