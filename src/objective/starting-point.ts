import { shown } from '../algebra/argument.js';
import { numbers } from '../algebra/numbers.js';

/**
 * A copy of a starting point.
 *
 * @throws TypeError unless it is a list of numbers; RangeError where it is empty, or naming the first that is not finite
 */
export function startingPoint(where: string, start: ArrayLike<number>): Float64Array {
  const x = new Float64Array(numbers(where, 'start', start));
  if (x.length === 0) {
    throw new RangeError(`${where}(start): expected a number for each variable, got ${shown([])}`);
  }
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i])) continue;
    throw new RangeError(`${where}(start): expected finite numbers, got ${start[i]} at index ${i}`);
  }
  return x;
}
