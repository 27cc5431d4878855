import { shown } from './argument.js';

/** Whether a value is a list: an array or a typed array, not a text or a function, which have lengths too. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return (
    value !== null && typeof value === 'object' && typeof (value as { length?: unknown }).length === 'number'
  );
}

/**
 * What is wrong with a list that should hold numbers, as `null at index 2`; undefined where nothing is.
 *
 * JavaScript counts null, '' and false as 0, true as 1 and a Date as its milliseconds as soon as they enter a
 * Float64Array. NaN and ±∞ are numbers. A typed array holds nothing else, and is not looked through.
 */
export function noNumber(list: ArrayLike<unknown>): string | undefined {
  if (list instanceof Float64Array) return undefined;
  if (ArrayBuffer.isView(list) && typeof list[0] !== 'bigint') return undefined;
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] !== 'number') return `${shown(list[i])} at index ${i}`;
  }
  return undefined;
}

/**
 * Passes a list of numbers through.
 *
 * @throws TypeError `regression(y): expected numbers, got null at index 2`
 */
export function numbers(where: string, argument: string, list: unknown): ArrayLike<number> {
  if (!isList(list)) {
    throw new TypeError(`${where}(${argument}): expected a list of numbers, got ${shown(list)}`);
  }
  const wrong = noNumber(list);
  if (wrong !== undefined) throw new TypeError(`${where}(${argument}): expected numbers, got ${wrong}`);
  return list as ArrayLike<number>;
}
