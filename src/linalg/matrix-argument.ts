import { shown } from '../algebra/argument.js';

/** @throws RangeError unless `count` is a whole number ≥ 0: the number of rows or columns of a matrix. */
export function dimension(where: string, argument: string, count: number): number {
  if (!(Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`${where}(${argument}): expected a whole number ≥ 0, got ${shown(count)}`);
  }
  return count;
}

/**
 * Passes a row-major array of `rows`·`columns` numbers through.
 *
 * @throws TypeError unless it is a Float64Array, RangeError unless it has just that many entries.
 */
export function entries(
  where: string,
  argument: string,
  values: Float64Array,
  rows: number,
  columns = 1,
): Float64Array {
  if (!(values instanceof Float64Array)) {
    throw new TypeError(`${where}(${argument}): expected a Float64Array, got ${shown(values)}`);
  }
  if (values.length !== rows * columns) {
    const size = columns === 1 ? `${rows}` : `${rows}×${columns} = ${rows * columns}`;
    throw new RangeError(`${where}(${argument}): expected ${size} entries, got ${values.length}`);
  }
  return values;
}

/** The array to write into: the caller's, checked, or a new one. */
export function target(
  where: string,
  into: Float64Array | undefined,
  rows: number,
  columns = 1,
): Float64Array {
  return into === undefined ? new Float64Array(rows * columns) : entries(where, 'into', into, rows, columns);
}
