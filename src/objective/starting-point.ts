import { shown } from '../algebra/argument.js';
import { numbers } from '../algebra/numbers.js';

/**
 * A copy of a starting point.
 *
 * @throws TypeError unless it is a list of numbers; RangeError where it is empty, or naming the first that is not finite
 */
export function startingPoint(where: string, start: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(numbers(where, 'start', start));
  if (x.length === 0) {
    throw new RangeError(`${where}(start): expected a number for each variable, got ${shown([])}`);
  }
  const wrong = x.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(`${where}(start): expected finite numbers, got ${start[wrong]} at index ${wrong}`);
  }
  return x;
}
