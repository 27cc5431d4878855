import { shown } from '../algebra/argument.js';
import { type Option, option } from '../algebra/option.js';

/**
 * Chooses parameters by path, record keys and list positions joined by '/', as in 'dense/bias', and, by a function,
 * by shape too.
 */
export type Selection = RegExp | ((path: string, shape: readonly number[]) => boolean);

/** Every parameter: the selection that excludes nothing. */
export function everything(_path: string): boolean {
  return true;
}

/** No parameter. */
export function nothing(_path: string): boolean {
  return false;
}

/**
 * A selection as a predicate.
 *
 * @throws TypeError unless it is a regular expression or a function
 */
export function selector(
  where: string,
  argument: string,
  chosen: Selection,
): (path: string, shape: readonly number[]) => boolean {
  if (typeof chosen === 'function') return chosen;
  if (!(chosen instanceof RegExp)) {
    throw new TypeError(
      `${where}(${argument}): expected a regular expression or a function of the path, got ${shown(chosen)}`,
    );
  }
  const stateful = /[gy]/g; // with these flags `test` would remember where it stood
  const pattern = new RegExp(chosen.source, chosen.flags.replace(stateful, ''));
  return (path) => pattern.test(path);
}

/** A selection as a plain value. */
export function describeSelection(chosen: Selection): string {
  return chosen instanceof RegExp ? String(chosen) : chosen.name || 'function';
}

/** Parameters chosen by path and shape, by default all: an option. */
export function selection(meaning: string, otherwise: Selection = everything): Option<Selection> {
  const what = 'a regular expression or a function of the path';
  const includes = (value: unknown) => typeof value === 'function' || value instanceof RegExp;
  return option<Selection>(otherwise, { kind: 'like', what, includes }, meaning);
}
