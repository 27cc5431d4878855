import { shown } from '../algebra/argument.js';

/**
 * A copy of a starting point.
 *
 * @throws TypeError unless it is a list of numbers; RangeError naming the first that is not finite
 */
export function startingPoint(where: string, start: ArrayLike<number>): Float64Array {
  if (start === null || typeof start !== 'object' || typeof start.length !== 'number') {
    throw new TypeError(`${where}(start): expected a list of numbers, got ${shown(start)}`);
  }
  const x = Float64Array.from(start);
  const wrong = x.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(`${where}(start): expected finite numbers, got ${start[wrong]} at index ${wrong}`);
  }
  return x;
}
