import { shown } from '../algebra/argument.js';
import type { Option } from '../algebra/option.js';

/** Chooses parameters by path: record keys and list positions joined by '/', as in 'dense/bias'. */
export type Selection = RegExp | ((path: string) => boolean);

/** Every parameter: the selection that excludes nothing. */
export function everything(_path: string): boolean {
  return true;
}

/**
 * A selection as a predicate.
 *
 * @throws TypeError unless it is a regular expression or a function
 */
export function selector(where: string, argument: string, chosen: Selection): (path: string) => boolean {
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

/** Parameters chosen by path, by default all. */
export function selection(meaning: string): Option<Selection> {
  return {
    default: everything,
    domain: 'a regular expression or a function of the path',
    meaning,
    check: (where, argument, given) => void selector(where, argument, given as Selection),
  };
}
